"""Where documents come from. Search knows no model: packages register what they have in AppConfig.ready()."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
