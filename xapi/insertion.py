"""The rows of a batch into their tables, many at a time.

Written in SQL since Django's bulk_create costs more than all other work on a statement together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.db import connection

Item = TypeVar("Item")


@dataclass(slots=True)
class NewRow:
    """A statement on its way into its table: the columns of `xapi.models.Statement`, without the cost of a model."""

    id: int
    statement_id: UUID
    stored: datetime
    timestamp: datetime
    actor_key: int
    verb: str
    object_key: int
    registration: UUID | None
    voided: bool
    refers_to: UUID | None
    voids: UUID | None
    credential_id: int | None
    body: bytes


_COLUMNS = [each.name for each in fields(NewRow)]
_INTO = f"INSERT INTO xapi_statement ({', '.join(_COLUMNS)})"
_FEW = 32  # rows
_COPY = f"COPY xapi_statement ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT binary)"
_TYPES = [
    "int8",
    "uuid",
    "timestamptz",
    "timestamptz",
    "int8",
    "text",
    "int8",
    "uuid",
    "bool",
    "uuid",
    "uuid",
    "int8",
    "bytea",
]
_values = attrgetter(*_COLUMNS)


def statements(rows: Iterable[NewRow]) -> None:
    """On PostgreSQL in the order of their ids, so that two writers of the same ids never wait in a circle."""
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection).copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in sorted(rows, key=attrgetter("statement_id.int")):
                copy.write_row(_values(row))
    else:
        into_sqlite(_INTO, [_as_sqlite(row) for row in rows])


def primary_keys(column: str, ids: Sequence[UUID]) -> list[int]:
    """Of statements whose `statement_id`, or `refers_to`, is one of these: asked for every batch, so in SQL."""
    places = ", ".join(["%s"] * len(ids))
    values = ids if connection.vendor == "postgresql" else [each.hex for each in ids]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM xapi_statement WHERE {column} IN ({places})", values)  # noqa: S608
        return [key for (key,) in cursor]


def in_chunks(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Lists of at most `size`, since a query takes only so many parameters."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def _as_sqlite(row: NewRow) -> Sequence[Any]:
    """The row's values as Django writes them."""
    return (
        row.id,
        row.statement_id.hex,
        _sqlite_time(row.stored),
        _sqlite_time(row.timestamp),
        row.actor_key,
        row.verb,
        row.object_key,
        row.registration and row.registration.hex,
        row.voided,
        row.refers_to and row.refers_to.hex,
        row.voids and row.voids.hex,
        row.credential_id,
        row.body,
    )


def into_sqlite(into: str, rows: Sequence[Sequence[Any]]) -> None:
    """Past Django's cursor, which would look at each row.

    A few go in one command: between two, another thread may take the interpreter and let all who wait to store wait
    longer. For many rows that command would cost more than one for each.
    """
    with connection.wrap_database_errors:
        if len(rows) <= _FEW:
            connection.connection.execute(_with_values(into, len(rows), len(rows[0])), list(chain.from_iterable(rows)))
        else:
            connection.connection.executemany(_with_values(into, 1, len(rows[0])), rows)


@lru_cache(maxsize=3 * _FEW)
def _with_values(into: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"{into} VALUES {', '.join([row] * rows)}"


@lru_cache(maxsize=64)
def _sqlite_time(value: datetime) -> str:
    """UTC without its offset."""
    return value.replace(tzinfo=None).isoformat(" ")
