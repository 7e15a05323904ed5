"""Finding statements for people who look through them: pages in both directions, and all of a search in batches.

The search walks the same keys as a query of the protocol. Since people may ask for what hardly ever goes together, one
step looks at a bounded stretch of an index: it may end before its page is full, and says where to go on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from xapi import index, keys, references, retrieval
from xapi.models import Statement
from xapi.retrieval import Query

PAGE = 50
BATCH = 500
VOIDED_STRETCH = 500  # voided statements that one step reads; they are in no index but their own


@dataclass(frozen=True, slots=True)
class Search:
    """What staff look for. since is exclusive, until inclusive, both times of storing.

    verb: that of the statement itself; the key of a verb also finds what is said about such statements.
    """

    filters: Sequence[index.Filter] = ()
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None
    voided: bool = False
    oldest_first: bool = False


@dataclass(slots=True)
class Step:
    """Primary keys in the search's order; the key behind which the next step begins, None where nothing more is.

    cut: the stretch ended before the step was full.
    """

    ids: list[int]
    following: int | None
    cut: bool = False


@dataclass(slots=True)
class Page:
    """Statements in the search's order, and the keys from which the pages before and after it go on."""

    rows: list[Statement] = field(default_factory=list)
    back: int | None = None
    after: int | None = None
    cut: bool = False


def page(search: Search, *, after: int | None = None, back: int | None = None) -> Page:
    """The first page, the one after a key, or the one before a key."""
    if back is not None:
        opposite = replace(search, oldest_first=not search.oldest_first)
        found = step(opposite, cursor=back, limit=PAGE)
        if found.following is not None:
            ids = found.ids[::-1]
            return Page(_rows(ids, search), back=found.following, after=ids[-1] if ids else back, cut=found.cut)
        after = None  # these are the first ones: show a full page
    found = step(search, cursor=after, limit=PAGE)
    before = None if after is None else (found.ids or [after])[0]
    return Page(_rows(found.ids, search), back=before, after=found.following, cut=found.cut)


def batches(search: Search) -> Iterator[list[Statement]]:
    """All that the search finds, in its order; nothing stays open in the database between two batches."""
    cursor: int | None = None
    while True:
        found = step(search, cursor=cursor, limit=BATCH)
        if rows := _rows(found.ids, search):
            yield rows
        if found.following is None:
            return
        cursor = found.following


def until_now(search: Search) -> Search:
    """The same without what is stored later, so that reading oldest first comes to an end."""
    now = datetime.now(UTC)
    return replace(search, until=min(search.until, now) if search.until else now)


def step(search: Search, *, cursor: int | None, limit: int) -> Step:
    """The next ones behind the cursor, `limit` at most."""
    query = Query(
        filters=list(search.filters),
        since=search.since,
        until=search.until,
        cursor=cursor,
        limit=limit,
        ascending=search.oldest_first,
    )
    if search.voided:
        return _voided(query)
    if len(query.filters) > 1:
        retrieval.keep_short(query)
    ids = retrieval.primary_keys(query)
    if len(ids) > limit:
        return Step(ids[:limit], ids[limit - 1])
    return Step(ids, query.stop, cut=query.stop is not None)


def _rows(ids: Sequence[int], search: Search) -> list[Statement]:
    """The statements in the order of these keys, with their credentials."""
    rows = Statement.objects.select_related("credential").in_bulk(ids)
    found = [rows[each] for each in ids if each in rows]
    return [row for row in found if not search.verb or row.verb == search.verb]


def _voided(query: Query) -> Step:
    """Voided statements have no keys any more: read them one after the other, and ask each for the keys it had."""
    low, high = retrieval.key_range(query)
    rows = Statement.objects.filter(voided=True, pk__gte=low, pk__lte=high).select_related("credential")
    read = list(rows.order_by("pk" if query.ascending else "-pk")[:VOIDED_STRETCH])
    ids = [row.pk for row in read if not query.filters or _fits(row, query.filters)]
    if len(ids) > query.limit:
        return Step(ids[: query.limit], ids[query.limit - 1])
    cut = len(read) == VOIDED_STRETCH
    return Step(ids, read[-1].pk if cut else None, cut=cut)


def _fits(row: Statement, filters: Sequence[index.Filter]) -> bool:
    had = keys.found_by(references.model_of(row)) | set(retrieval.sent_by(row.credential))
    return all(not had.isdisjoint(each) for each in filters)
