"""SQLite keeps the keys of statements in their primary key alone: half the writing, half the space."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = """
CREATE TABLE xapi_statementkey_narrow (
    key bigint NOT NULL, statement_id bigint NOT NULL, PRIMARY KEY (key, statement_id)
) WITHOUT ROWID
"""


def rebuild(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "sqlite":
        return
    editor.execute(TABLE)
    editor.execute(
        "INSERT INTO xapi_statementkey_narrow SELECT key, statement_id FROM xapi_statementkey ORDER BY key, statement_id"
    )
    editor.execute("DROP TABLE xapi_statementkey")
    editor.execute("ALTER TABLE xapi_statementkey_narrow RENAME TO xapi_statementkey")


class Migration(migrations.Migration):
    dependencies = [("xapi", "0001_initial")]

    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop, elidable=False)]
