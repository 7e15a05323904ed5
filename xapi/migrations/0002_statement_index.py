"""Statements about others are found by a column of their own, and SQLite finds all by an inverted index (xapi.index)."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import orjson
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

STEP = 500
INDEX = """
CREATE VIRTUAL TABLE xapi_statementindex USING fts5(keys, content='', columnsize=0, detail=none, tokenize='ascii')
"""


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Say of each stored statement which other it is about."""
    statement = apps.get_model("xapi", "Statement")
    last = 0
    while rows := statement.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "body")[:STEP]:
        for pk, body in rows:
            target = orjson.loads(body)["object"] if b"StatementRef" in bytes(body) else {}
            if target.get("objectType") == "StatementRef":
                statement.objects.filter(pk=pk).update(refers_to=UUID(target["id"]))
            last = pk


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "sqlite":
        return
    editor.execute(INDEX)
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT statement_id, key FROM xapi_statementkey ORDER BY statement_id")
        editor.connection.connection.executemany(
            "INSERT INTO xapi_statementindex (rowid, keys) VALUES (?, ?)", entries(iter(cursor.fetchone, None))
        )
    editor.execute("DROP TABLE xapi_statementkey")


def entries(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """What xapi.index.add writes."""
    for statement, found in groupby(pairs, itemgetter(0)):
        yield statement, " ".join(f"{key & 0xFFFFFFFFFFFFFFFF:x}" for _, key in found)


class Migration(migrations.Migration):
    dependencies = [("xapi", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="refers_to",
            field=models.UUIDField(null=True, blank=True, help_text="the statement that this one is about"),
        ),
        migrations.AlterField(
            model_name="statement",
            name="voids",
            field=models.UUIDField(null=True, blank=True, help_text="the same where this one voids it"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(
                fields=["refers_to"], condition=models.Q(refers_to__isnull=False), name="xapi_statement_refers_to"
            ),
        ),
        migrations.RunPython(build, migrations.RunPython.noop, elidable=False),
    ]
