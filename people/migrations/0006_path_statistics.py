"""More of the paths is known to PostgreSQL's planner; without it, it reads all units for a commune now and then.

A commune holds some 30 of 100,000 units. With 100 histogram bounds, the default, none may lie near it: it was then
taken for 1,000 units, and the join with the units whose people count there went through the whole table (in 5 of 60
analyses of the same rows).
"""

from typing import Any

from django.db import migrations

_SET = "ALTER TABLE people_unit ALTER COLUMN path SET STATISTICS {}"


def _more(apps: Any, schema_editor: Any) -> None:
    _set(schema_editor, 1000)


def _default(apps: Any, schema_editor: Any) -> None:
    _set(schema_editor, -1)


def _set(schema_editor: Any, bounds: int) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_SET.format(bounds))


class Migration(migrations.Migration):
    dependencies = [("people", "0005_list_indexes")]

    operations = [migrations.RunPython(_more, _default, elidable=False)]
