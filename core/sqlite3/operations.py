"""What Django's SQLite operations do not know: tables that are an inverted index alone."""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import Style
from django.db.backends.sqlite3 import operations

_CONTENTLESS = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5(%content=''''%'"


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, with indexes emptied too."""

    def sql_flush(self, style: Style, tables: Sequence[str], **options: Any) -> list[str]:
        """Also empties every FTS5 table without content of its own, from which nothing can be deleted by DELETE."""
        with self.connection.cursor() as cursor:
            cursor.execute(_CONTENTLESS)
            indexes = [self.quote_name(name) for (name,) in cursor.fetchall()]
        emptied = [f"INSERT INTO {name} ({name}) VALUES ('delete-all');" for name in indexes]  # noqa: S608
        return [*super().sql_flush(style, tables, **options), *emptied]
