"""Finding people, households and organisations by words among a million: an index of words in each database's own way.

SQLite has a full-text table that triggers keep equal to the column; PostgreSQL a GIN index over the words. Both find
words by how they begin, so "lo van" finds "Lò Văn Thử", and "0912" the telephone number. The index is made after every
migration where it is missing: SQLite loses triggers when a migration remakes the table.
"""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, models

from core.folding import fold
from people.folding import SearchKeyField

TABLES = ("people_user", "people_household", "people_organisation")
POSTGRES = "array_to_tsvector(array_remove(string_to_array({column}, ' '), ''))"


@SearchKeyField.register_lookup
class Words(models.Lookup):
    """search_key__words="lo van": rows with a word that begins with "lo" and one with "van"."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """By the full-text table."""
        column, parameters = self.process_lhs(compiler, connection)
        key = column.rsplit(".", 1)[0] + '."id"'
        index = _index(self.lhs.target.model._meta.db_table)
        match = " AND ".join(f'"{word}" *' for word in _words(self.rhs))
        return f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", (*parameters, match)  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """By the index of the words."""
        column, parameters = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{word}':*" for word in _words(self.rhs))
        return f"{POSTGRES.format(column=column)} @@ %s::tsquery", (*parameters, query)


def _words(text: str) -> list[str]:
    """The words as both indexes hold them: nothing in them is a sign of their query languages."""
    return [word for word in fold(text).split() if any(sign.isalnum() for sign in word)]


def has_words(text: str) -> bool:
    """Whether there is anything to look for."""
    return bool(_words(text))


def ensure_after_migrate(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """The post_migrate receiver: make what is missing, and fill it."""
    if using != DEFAULT_DB_ALIAS:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                expression = POSTGRES.format(column="search_key")
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {_index(table)} ON {table} USING gin ({expression})")
            else:
                _ensure_full_text(cursor, table)


def _index(table: str) -> str:
    return f"{table}_words"


def _ensure_full_text(cursor: Any, table: str) -> None:
    index = _index(table)
    cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{index}%"])
    there = {name for (name,) in cursor.fetchall()}
    if index not in there:
        cursor.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5(search_key, content='{table}', content_rowid='id', "
            "tokenize=\"unicode61 tokenchars '+@._-'\", prefix='2 3')"
        )
    triggers = _triggers(table)
    if missing := triggers.keys() - there:
        for name in missing:
            cursor.execute(f"CREATE TRIGGER {name} {triggers[name]}")
        cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608


def _triggers(table: str) -> dict[str, str]:
    """What keeps the full-text table equal to the column, by name."""
    index = _index(table)
    old = f"INSERT INTO {index} ({index}, rowid, search_key) VALUES ('delete', old.id, old.search_key);"  # noqa: S608
    new = f"INSERT INTO {index} (rowid, search_key) VALUES (new.id, new.search_key);"  # noqa: S608
    return {
        f"{index}_insert": f"AFTER INSERT ON {table} BEGIN {new} END",
        f"{index}_delete": f"AFTER DELETE ON {table} BEGIN {old} END",
        f"{index}_update": f"AFTER UPDATE OF search_key ON {table} WHEN old.search_key <> new.search_key "
        f"BEGIN {old} {new} END",
    }
