"""By which keys a statement is found (xapi.keys): entries of a key and a statement's primary key.

SQLite's FTS5 keeps them as an inverted index whose words are the keys: a batch is appended as one piece, and pieces are
merged as they grow old, where a B-tree would write a page for almost every entry. PostgreSQL has the table of
`xapi.models.StatementKey`, since it writes single entries to its log.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection
from django.db.models.expressions import RawSQL

from xapi.insertion import into_sqlite

Filter = Sequence[int]  # keys of which a statement must have one

FIRST, LAST = 0, 2**63 - 1  # primary keys
_WORDS = "SELECT rowid FROM xapi_statementindex WHERE xapi_statementindex MATCH %s"
_OTHER = "SELECT 1 FROM xapi_statementkey other WHERE other.statement_id = walked.statement_id"


def add(entries: Mapping[int, Iterable[int]]) -> None:
    """Keys by the primary key of their statement. Entries that are there already stay."""
    if _in_postgresql():
        pairs = sorted((key, statement) for statement, found_by in entries.items() for key in found_by)
        with connection.wrap_database_errors:  # past Django's cursor, which would write all of them as text
            psycopg.Cursor(connection.connection).execute(
                "INSERT INTO xapi_statementkey (key, statement_id)"
                " SELECT * FROM unnest(%b::bigint[], %b::bigint[]) ON CONFLICT DO NOTHING",
                [[key for key, _ in pairs], [statement for _, statement in pairs]],
            )
        return
    rows = [(statement, _words(entries[statement])) for statement in sorted(entries)]  # in order: each is appended
    if rows:
        into_sqlite("INSERT INTO xapi_statementindex (rowid, keys)", rows)


def remove(statement: int, found_by: Collection[int]) -> None:
    """From now on the statement, a primary key, is not found by these."""
    if _in_postgresql():
        _execute("DELETE FROM xapi_statementkey WHERE key = ANY(%s) AND statement_id = %s", [list(found_by), statement])
    else:
        _execute(
            "INSERT INTO xapi_statementindex (xapi_statementindex, rowid, keys) VALUES ('delete', %s, %s)",
            [statement, _words(found_by)],
        )


def with_any(found_by: Filter) -> RawSQL:
    """A subquery of the primary keys of statements that have one of the keys."""
    if _in_postgresql():
        return RawSQL("SELECT statement_id FROM xapi_statementkey WHERE key = ANY(%s)", [list(found_by)])
    return RawSQL("SELECT rowid FROM xapi_statementindex WHERE xapi_statementindex MATCH %s", [_any(found_by)])


def walk(filters: Sequence[Filter], low: int, high: int, *, ascending: bool, limit: int, offset: int = 0) -> list[int]:
    """The first primary keys between low and high, both inclusive, of statements that fit every filter, in order."""
    direction = "ASC" if ascending else "DESC"
    if not _in_postgresql():
        sql = f"{_WORDS} AND rowid BETWEEN %s AND %s ORDER BY rowid {direction} LIMIT %s OFFSET %s"
        wanted = " AND ".join(f"({_any(each)})" for each in filters)
        return [place for (place,) in _execute(sql, [wanted, low, high, limit, offset])]
    walked, *others = filters
    also = "".join(f" AND EXISTS ({_OTHER} AND other.key = ANY(%s))" for _ in others)
    sql = (
        f"SELECT statement_id FROM xapi_statementkey walked WHERE key = %s{also} AND statement_id BETWEEN %s AND %s"  # noqa: S608
        f" ORDER BY statement_id {direction} LIMIT %s"
    )
    also_any = [list(each) for each in others]
    found = {
        place for key in walked for (place,) in _execute(sql, [key, *also_any, low, high, offset + limit])
    }  # of each of the keys, since the database would sort all that have any of them
    return sorted(found, reverse=not ascending)[offset : offset + limit]


def after(found_by: Filter, last: int, *, limit: int) -> list[int]:
    """The next primary keys after one, of statements that have one of the keys."""
    return walk([found_by], last + 1, LAST, ascending=True, limit=limit)


def _in_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _any(found_by: Filter) -> str:
    return " OR ".join(map(_word, found_by))


def _words(found_by: Iterable[int]) -> str:
    return " ".join(map(_word, found_by))


@lru_cache(maxsize=20_000)
def _word(key: int) -> str:
    """64 bits as one word."""
    return f"{key & 0xFFFFFFFFFFFFFFFF:x}"


def _execute(sql: str, parameters: Sequence[Any]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []
