"""What stands in the index of statements, on either database."""

from django.db import connection

from xapi.models import Statement, StatementKey


def entries() -> set[tuple[str, int]]:
    """Pairs of a word, made from a key, and the primary key of a statement that is found by it."""
    if connection.vendor == "postgresql":
        pairs = StatementKey.objects.values_list("key", "statement_id")
        return {(f"{key & 0xFFFFFFFFFFFFFFFF:x}", statement) for key, statement in pairs}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.entries USING fts5vocab(main, xapi_statementindex, instance)"
        )
        cursor.execute("SELECT term, doc FROM temp.entries")
        return set(cursor.fetchall())


def count_of(row: Statement) -> int:
    """By how many keys the statement is found."""
    return sum(statement == row.pk for _, statement in entries())
