"""Inserting many rows at once, several times sooner than bulk_create: plain values go to the database as they are."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.utils import timezone

PLAIN = (
    models.BigIntegerField,
    models.BinaryField,
    models.CharField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)
Getter = Callable[[Any], Any]


def insert(
    model: type[models.Model],
    rows: Sequence[models.Model],
    *,
    unique: Sequence[str] = (),
    replaced: Sequence[str] = (),
) -> None:
    """Insert rows of one model in the caller's transaction; they get no primary keys and send no signals.

    A row whose `unique` columns are taken replaces the `replaced` columns of the one that has them.
    """
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    getters = [_getter(field) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of ours
    if unique:
        column = {field.name: quote(str(field.column)) for field in fields}
        news = ", ".join(f"{column[name]} = EXCLUDED.{column[name]}" for name in replaced)
        sql += f" ON CONFLICT ({', '.join(column[name] for name in unique)}) DO UPDATE SET {news}"
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, [[get(row) for get in getters] for row in rows])


def _getter(field: Any) -> Getter:
    """What gives a row's value of this field as the database's driver wants it."""
    now = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if isinstance(field, models.DateTimeField):
        adapted = lru_cache(maxsize=8)(connection.ops.adapt_datetimefield_value)  # rows share a few times
        if now:
            at = adapted(timezone.now())
            return lambda row: at
        return lambda row, name=field.attname: adapted(row.__dict__[name])  # type: ignore[misc]
    if isinstance(field, PLAIN):
        return lambda row, name=field.attname: row.__dict__[name]  # type: ignore[misc]
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), connection)
