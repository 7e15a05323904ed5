"""The rows of a batch into their tables, many at a time.

Written in SQL since Django's bulk_create costs more than all other work on a statement together.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from xapi.models import Statement

Item = TypeVar("Item")

_COLUMNS = [str(field.column) for field in Statement._meta.concrete_fields]
_values = attrgetter(*(field.attname for field in Statement._meta.concrete_fields))
_INSERT = f"INSERT INTO xapi_statement ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608


def statements(rows: Sequence[Statement]) -> None:
    """In the order of their ids, so that two writers of the same ids wait for one another and never in a circle."""
    values = [_values(row) for row in sorted(rows, key=attrgetter("statement_id.int"))]
    if connection.vendor == "sqlite":
        values = [tuple(_AS_SQLITE.get(type(value), _as_is)(value) for value in row) for row in values]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, values)


def keys(pairs: Iterable[tuple[int, int]]) -> None:
    """Pairs of key and statement; those that are there already stay."""
    rows = sorted(pairs)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "INSERT INTO xapi_statementkey (key, statement_id)"
                " SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
                [[key for key, _ in rows], [statement for _, statement in rows]],
            )
        else:
            cursor.executemany("INSERT OR IGNORE INTO xapi_statementkey (key, statement_id) VALUES (%s, %s)", rows)


def in_chunks(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Lists of at most `size`, since a query takes only so many parameters."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def _as_is(value: Any) -> Any:
    return value


def _sqlite_time(value: datetime) -> str:
    """UTC without its offset, as Django writes it."""
    return value.replace(tzinfo=None).isoformat(" ")


_AS_SQLITE: dict[type, Callable[[Any], Any]] = {UUID: attrgetter("hex"), datetime: _sqlite_time}
