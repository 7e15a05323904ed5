"""The one query model and the one answer, whatever the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils.safestring import SafeString

from search import sources

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Sort = Literal["relevance", "newest", "title", "year"]
MAX_SIZE = 100  # hits on a page
MAX_DEPTH = 10_000  # hits that can be paged through


@dataclass(frozen=True)
class Query:
    """What a reader asks for.

    All words of text must match (see search.matching); empty text matches everything. filters are accepted values by
    facet name: any of the values of each name. facets are names to count, each without its own filter, so that a
    reader sees what else could be chosen. "kind" and "language" are facets too.
    """

    text: str = ""
    kinds: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facets: Sequence[str] = ()
    page: int = 1
    size: int = 20
    sort: Sort = "relevance"


@dataclass(frozen=True)
class Hit:
    """One document found. title_html and snippet_html are escaped, with the matching words in <mark>."""

    kind: str
    key: str
    title: str
    title_html: SafeString
    subtitle: str
    snippet_html: SafeString
    url: str
    language: str
    year: int | None
    creators: tuple[str, ...]
    subjects: tuple[str, ...]
    updated: datetime | None

    @property
    def label(self) -> "StrOrPromise":
        """What pages call its kind."""
        source = sources.source(self.kind)
        return source.label if source else self.kind


@dataclass(frozen=True)
class Results:
    """One page of hits; facets are (value, count) by name, most frequent first.

    any_word says that nothing had all the words, so these have at least one.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[tuple[str, int]]]
    any_word: bool = False
