"""What every engine does. The differences end here: pages, queues and rebuilds know only this."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from search import highlighting, matching
from search.documents import Document
from search.exceptions import TooDeep
from search.fields import SCHEMA, updated
from search.queries import MAX_DEPTH, MAX_SIZE, Hit, Query, Results

MAX_VALUES = 50  # values of a facet that are shown
COUNTED_VALUES = 500  # values of a facet that are counted, so that equal counts are cut alike on every engine


@dataclass(frozen=True)
class Find:
    """What an engine is asked: the tree (None: everything), filters by field, what to count, one page."""

    tree: matching.Node | None
    filters: Sequence[tuple[str, Sequence[str]]]
    counted: Sequence[str]
    offset: int
    size: int
    sort: str


@dataclass(frozen=True)
class Found:
    """What an engine answers: stored documents in their order and counts by field."""

    total: int
    stored: Sequence[Mapping[str, Any]]
    counts: Mapping[str, Mapping[str, int]]


class Writer(ABC):
    """Puts documents into one index."""

    @abstractmethod
    def write(self, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
        """Add or replace documents and take out the removed ids. Seen by readers after the writing block."""


class Engine(ABC):
    """An index of documents. Indexes have names; the live one is what readers search."""

    @abstractmethod
    def live(self) -> str:
        """The live index. Raises IndexMissing where there is none with today's fields."""

    @abstractmethod
    def check(self) -> None:
        """Read the live index once. Raises IndexMissing when that fails."""

    @abstractmethod
    def find(self, asked: Find) -> Found:
        """Search the live index."""

    @abstractmethod
    def writing(self, index: str) -> AbstractContextManager[Writer]:
        """Write into an index. What is left by an exception is as before, or will be done again."""

    @abstractmethod
    def refresh(self) -> None:
        """Make what was written visible to readers at once."""

    @abstractmethod
    def ids(self, kind: str) -> Iterator[str]:
        """The ids of a kind's documents in the live index."""

    @abstractmethod
    def create(self) -> str:
        """A new empty index beside the live one."""

    @abstractmethod
    def go_live(self, index: str) -> None:
        """Make an index the live one, in one step."""

    @abstractmethod
    def clean(self) -> None:
        """Remove every index but the live one: the one before and leftovers of rebuilds that were killed."""

    def search(self, query: Query) -> Results:
        """Answer a query: all words, else any word."""
        size = max(1, min(query.size, MAX_SIZE))
        offset = (max(1, query.page) - 1) * size
        if offset + size > MAX_DEPTH:
            raise TooDeep(f"Page {query.page} lies behind the first {MAX_DEPTH} hits; ask for something narrower")
        asked = matching.wanted(query.text)
        if query.text.strip() and not asked.units:
            return Results(0, (), dict.fromkeys(query.facets, ()))
        chosen = matching.filters([("kind", query.kinds), *query.filters.items()])
        counted = [matching.facet_field(name) for name in query.facets]
        tree = matching.all_words(asked) if asked.units else None
        found = self.find(Find(tree, chosen, counted, offset, size, query.sort))
        any_word = False
        if not found.total and len(asked.units) > 1:
            tree = matching.any_word(asked)
            found = self.find(Find(tree, chosen, counted, offset, size, query.sort))
            any_word = found.total > 0
        hits = tuple(_hit(stored, asked) for stored in found.stored)
        counts = {name: _most_frequent(found.counts[matching.facet_field(name)]) for name in query.facets}
        return Results(found.total, hits, counts, any_word)


def is_current(index: str, prefix: str = "") -> bool:
    """Whether an index bears the number of today's fields."""
    return index.startswith(f"{prefix}v{SCHEMA}-")


def others(filters: Sequence[tuple[str, Sequence[str]]], field: str) -> tuple[tuple[str, Sequence[str]], ...]:
    """The filters without a field's own, under which its values are counted."""
    return tuple(one for one in filters if one[0] != field)


def _most_frequent(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MAX_VALUES]


def _hit(stored: Mapping[str, Any], asked: matching.Wanted) -> Hit:
    return Hit(
        kind=stored["kind"],
        key=stored["key"],
        title=stored["title"],
        title_html=highlighting.whole(stored["title"], asked),
        subtitle=stored["subtitle"],
        snippet_html=highlighting.snippet(stored["text"], asked),
        url=stored["url"],
        language=stored["language"],
        year=stored["year"],
        creators=tuple(stored["creators"]),
        subjects=tuple(stored["subjects"]),
        updated=updated(stored),
    )
