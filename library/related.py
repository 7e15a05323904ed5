"""What to read next: records about the same, by the same, of the same series, as the search finds them."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from library import subjects
from library.documents import facet_names, series
from library.marc import MarcRecord
from search.engines import engine
from search.exceptions import SearchError
from search.queries import Hit, Query

logger = logging.getLogger(__name__)
SHOWN = 4  # of each sort
LOOKED_AT = 30  # hits that are weighed by the subjects they share


@dataclass(frozen=True)
class Group:
    """A sort of related records."""

    label: str | Promise
    hits: list[Hit]


def groups(key: str, marc: MarcRecord) -> list[Group]:
    """Three questions to the search at most, whatever the record; nothing where the search is down."""
    wanted = (
        (_("Cùng tùng thư"), "series", series(marc)),
        (_("Cùng tác giả"), "author", facet_names(marc)),
        (_("Cùng chủ đề"), "subject", subjects.of(marc)),
    )
    found: list[Group] = []
    seen = {key}
    try:
        for label, facet, values in wanted:
            if values:
                hits = _found(facet, values, seen)
                seen |= {hit.key for hit in hits}
                found += [Group(label, hits)] if hits else []
    except SearchError as error:
        logger.warning("library: no related records: %s", error)
    return found


def _found(facet: str, values: Iterable[str], seen: set[str]) -> list[Hit]:
    wanted = set(values)
    query = Query(kinds=("record",), filters={facet: tuple(wanted)[:20]}, size=LOOKED_AT, sort="newest")
    hits = [hit for hit in engine().search(query).hits if hit.key not in seen]
    if facet == "subject":
        hits.sort(key=lambda hit: -len(wanted & set(hit.subjects)))
    return hits[:SHOWN]
