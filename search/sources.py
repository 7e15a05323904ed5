"""Where documents come from. Search knows no model: packages register what they have in AppConfig.ready()."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from search.documents import Document

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Source:
    """One kind of document.

    documents(keys) yields the public ones among keys, as they are at that time; a key not yielded leaves the index.
    keys() yields all that may be public, without holding them all in memory. label is the kind's name on pages,
    facets the labels of the facets that pages show, in their order.
    """

    kind: str
    documents: Callable[[Sequence[str]], Iterable[Document]]
    keys: Callable[[], Iterable[str]]
    label: "StrOrPromise"
    facets: "Mapping[str, StrOrPromise]" = field(default_factory=dict)


_sources: dict[str, Source] = {}


def register(
    kind: str,
    *,
    documents: Callable[[Sequence[str]], Iterable[Document]],
    keys: Callable[[], Iterable[str]],
    label: "StrOrPromise",
    facets: "Mapping[str, StrOrPromise] | None" = None,
) -> None:
    """Make a kind of document searchable."""
    if ":" in kind:
        raise ValueError(f"Kind {kind!r}: write it without a colon, which parts kind and key")
    _sources[kind] = Source(kind, documents, keys, label, facets or {})


def unregister(kind: str) -> None:
    """Forget a kind (tests)."""
    _sources.pop(kind, None)


def source(kind: str) -> Source | None:
    """The source of a kind, or None when no installed package has it."""
    return _sources.get(kind)


def sources() -> list[Source]:
    """All sources, in the order of their registration."""
    return list(_sources.values())


def facet_labels() -> "dict[str, StrOrPromise]":
    """The facets that pages show with their labels, over all kinds."""
    return {name: label for each in sources() for name, label in each.facets.items()}


def read(ids: Sequence[str]) -> tuple[list[Document], list[str]]:
    """What the ids (KIND:KEY) name, as it is now: the public documents, and the ids of all others."""
    by_kind: dict[str, list[str]] = {}
    for each in dict.fromkeys(ids):
        kind, _, key = each.partition(":")
        by_kind.setdefault(kind, []).append(key)
    documents: list[Document] = []
    for kind, keys in by_kind.items():
        if its_source := source(kind):
            documents += its_source.documents(keys)
    public = {document.id for document in documents}
    return documents, [each for each in dict.fromkeys(ids) if each not in public]


def all_keys(of: Source) -> Iterator[str]:
    """All keys of a source, read off to a file first.

    A query left open while the same connection writes is refused by SQLite as soon as anyone else has written.
    """
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as spool:
        spool.writelines(map("{}\n".format, of.keys()))
        spool.seek(0)
        for line in spool:
            yield line[:-1]


def at_most(number: int) -> bool:
    """Whether all sources together have at most so many keys; looks no further than that."""
    keys = chain.from_iterable(each.keys() for each in sources())
    return len(list(islice(keys, number + 1))) <= number


def batches(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    """The keys in lists of at most size."""
    iterator = iter(keys)
    while batch := list(islice(iterator, size)):
        yield batch
