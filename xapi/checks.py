"""System checks of the record store: each names the failure that would otherwise come silently."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def sqlite_lacks_fts5(databases: Sequence[str] | None, **options: Any) -> list[CheckMessage]:
    """Otherwise the first migrate stops at "no such module"."""
    if "default" not in (databases or ()) or connections["default"].vendor != "sqlite":
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")
        if cursor.fetchone() != (0,):
            return []
    return [
        Error(
            "This Python's SQLite has no FTS5, by which statements are found.",
            hint="Take a Python with a usual SQLite, such as Debian's, or PostgreSQL by DATABASE_URL.",
            id="xapi.E001",
        )
    ]
