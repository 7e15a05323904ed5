"""Finding statements: one narrow key per filter, pages by the order of storing (Communication 2.1.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from xapi import authority, clock, index, keys
from xapi.models import Credential, Statement

PAGE = 100  # statements in an answer at most
STRETCH = 10_000  # entries of an index that one step looks at, where several filters must fit


@dataclass(slots=True)
class Query:
    """What is asked for. Each filter is a tuple of keys of which a statement must have one."""

    filters: list[index.Filter] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    cursor: int | None = None
    limit: int = PAGE
    ascending: bool = False
    only_of: UUID | None = None  # leave out what is found by this registration and does not belong to it
    stop: int | None = None  # the last key to look at


def filters(
    *,
    registration: UUID | None,
    agent: str | None,
    activity: str | None,
    verb: str | None,
    related_agents: bool,
    related_activities: bool,
) -> list[index.Filter]:
    """The filters of a query, the one that usually finds least first, since the search walks along it."""
    found: list[index.Filter] = []
    if registration is not None:
        found.append((keys.registration(registration),))
    if agent is not None:
        related = (keys.related_agent(agent), keys.authority(agent)) if related_agents else ()
        found.append((keys.agent(agent), *related))
    if activity is not None and verb is not None and not related_activities:
        found.append((keys.activity_verb(activity, verb),))
        return found
    if activity is not None:
        found.append((keys.activity(activity), *([keys.related_activity(activity)] if related_activities else [])))
    if verb is not None:
        found.append((keys.verb(verb),))
    return found


def sent_by(credential: Credential | None) -> tuple[int, ...]:
    """The filter for what this credential sent, or this site itself said."""
    return (keys.authority(authority.identifier(credential)),)


def page(query: Query) -> tuple[list[bytes], int | None]:
    """The statements as they are kept, and the cursor of the next page if there may be one.

    Where filters hardly ever fit together, a page may be shorter than asked for, or empty, and the next one go on.
    """
    if len(query.filters) > 1:
        keep_short(query)
    ids = primary_keys(query)
    shown = ids[: query.limit]
    bodies = _bodies(shown, only_of=query.only_of) if shown else {}
    more = ids[query.limit - 1] if len(ids) > query.limit else query.stop
    return [bodies[each] for each in shown if each in bodies], more


def one(statement_id: UUID, *, voided: bool) -> Statement | None:
    """A statement by its id: one that stands, or one that is voided."""
    return Statement.objects.filter(statement_id=statement_id, voided=voided).first()


def keep_short(query: Query) -> None:
    """Walk along the filter with the fewest statements ahead, and no further than a stretch."""
    ends = [_end_of_stretch(query, each) for each in query.filters]
    sign = 1 if query.ascending else -1
    order = sorted(range(len(ends)), key=lambda n: (ends[n] is not None, -sign * (ends[n] or 0)))
    query.filters = [query.filters[n] for n in order]
    query.stop = ends[order[0]]


def _end_of_stretch(query: Query, walked: index.Filter) -> int | None:
    """Where a stretch along these keys ends; None when it reaches the end of the range."""
    ends = index.walk([walked], *key_range(query), ascending=query.ascending, limit=1, offset=STRETCH - 1)
    return ends[0] if ends else None


def primary_keys(query: Query) -> list[int]:
    """Primary keys of the page and of one statement more."""
    low, high = key_range(query)
    if query.filters:
        return index.walk(query.filters, low, high, ascending=query.ascending, limit=query.limit + 1)
    direction = "ASC" if query.ascending else "DESC"
    sql = f"SELECT id FROM xapi_statement WHERE NOT voided AND id BETWEEN %s AND %s ORDER BY id {direction} LIMIT %s"  # noqa: S608
    return [key for (key,) in _rows(sql, [low, high, query.limit + 1])]


def _bodies(ids: Sequence[int], *, only_of: UUID | None) -> dict[int, bytes]:
    """Statements as they are kept, by primary key; with only_of those of this registration."""
    sql, parameters = f"SELECT id, body FROM xapi_statement WHERE NOT voided AND id IN ({_places(ids)})", list[Any](ids)  # noqa: S608
    if only_of is not None:
        sql += " AND registration = %s"
        parameters.append(only_of if connection.vendor == "postgresql" else only_of.hex)
    return {key: bytes(body) for key, body in _rows(sql, parameters)}


def _rows(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _places(values: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(values))


def key_range(query: Query) -> tuple[int, int]:
    """First and last primary key. since is exclusive, until inclusive, both to the millisecond we show."""
    step = clock.NANOSECONDS_A_MILLISECOND
    low = clock.keys_from(query.since) + step if query.since else index.FIRST
    high = clock.keys_from(query.until) + step - 1 if query.until else index.LAST
    if query.cursor is not None:
        low, high = (max(low, query.cursor + 1), high) if query.ascending else (low, min(high, query.cursor - 1))
    if query.stop is not None:
        low, high = (low, min(high, query.stop)) if query.ascending else (max(low, query.stop), high)
    return min(max(low, index.FIRST), index.LAST), max(min(high, index.LAST), index.FIRST)
