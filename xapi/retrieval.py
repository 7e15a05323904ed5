"""Finding statements: one narrow key per filter, pages by the order of storing (Communication 2.1.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from xapi import authority, clock, keys
from xapi.models import Credential, Statement, StatementKey

PAGE = 100  # statements in an answer at most
_FIRST, _LAST = 0, 2**63 - 1


@dataclass(slots=True)
class Query:
    """What is asked for. Each filter is a tuple of keys of which a statement must have one."""

    filters: list[tuple[int, ...]] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    cursor: int | None = None
    limit: int = PAGE
    ascending: bool = False


def filters(
    *,
    registration: UUID | None,
    agent: str | None,
    activity: str | None,
    verb: str | None,
    related_agents: bool,
    related_activities: bool,
) -> list[tuple[int, ...]]:
    """The filters of a query, the one that usually finds least first, since the search walks along it."""
    found: list[tuple[int, ...]] = []
    if registration is not None:
        found.append((keys.registration(registration),))
    if agent is not None:
        related = (keys.related_agent(agent), keys.authority(agent)) if related_agents else ()
        found.append((keys.agent(agent), *related))
    if activity is not None:
        found.append((keys.activity(activity), *([keys.related_activity(activity)] if related_activities else [])))
    if verb is not None:
        found.append((keys.verb(verb),))
    return found


def sent_by(credential: Credential) -> tuple[int, ...]:
    """The filter for what this credential sent."""
    return (keys.authority(authority.identifier(credential)),)


def page(query: Query) -> tuple[list[bytes], int | None]:
    """The statements as they are kept, and the cursor of the next page if there is one."""
    ids = _ids(query)
    bodies = dict(Statement.objects.filter(pk__in=ids[: query.limit]).values_list("id", "body"))
    more = ids[query.limit - 1] if len(ids) > query.limit else None
    return [bytes(bodies[each]) for each in ids[: query.limit] if each in bodies], more


def one(statement_id: UUID, *, voided: bool) -> Statement | None:
    """A statement by its id: one that stands, or one that is voided."""
    return Statement.objects.filter(statement_id=statement_id, voided=voided).first()


def _ids(query: Query) -> list[int]:
    """Primary keys of the page and of one statement more."""
    count = query.limit + 1
    if not query.filters:
        return _walk(Statement.objects.unvoided(), "id", query, count)
    walked, *others = query.filters
    found: set[int] = set()
    for key in walked:
        rows = StatementKey.objects.filter(key=key)
        for other in others:
            also = StatementKey.objects.filter(key__in=other, statement_id=OuterRef("statement_id"))
            rows = rows.filter(Exists(also))
        found.update(_walk(rows, "statement_id", query, count))
    return sorted(found, reverse=not query.ascending)[:count]


def _walk(rows: QuerySet, column: str, query: Query, count: int) -> list[int]:
    """The first values of the column, in the query's range and order."""
    low, high = _range(query)
    rows = rows.filter(**{f"{column}__gte": low, f"{column}__lte": high})
    ordered: Iterable[int] = rows.order_by(column if query.ascending else f"-{column}").values_list(column, flat=True)
    return list(ordered[:count])  # type: ignore[index]


def _range(query: Query) -> tuple[int, int]:
    """First and last primary key. since is exclusive, until inclusive, both to the millisecond we show."""
    step = clock.NANOSECONDS_A_MILLISECOND
    low = clock.keys_from(query.since) + step if query.since else _FIRST
    high = clock.keys_from(query.until) + step - 1 if query.until else _LAST
    if query.cursor is not None:
        low, high = (max(low, query.cursor + 1), high) if query.ascending else (low, min(high, query.cursor - 1))
    return max(low, _FIRST), min(high, _LAST)
