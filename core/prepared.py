"""Reads by key whose SQL is made once in a process, for the pages that learners open most.

Django takes 0.1 to 1.3 ms to build and compile such a read, the database some 0.02 ms to answer it.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
Key = int | str

_FIRST = 2**62  # stands for the first key while the SQL is made; no key of ours and no value in a query


class Prepared(Generic[Row]):
    """A query of which only the keys change.

    rows: the query for the keys, which it passes on as values and does nothing else with; what it reads beside them,
    such as the time, would stay as it was at the first read. It selects columns of one model, each once; annotations
    come as the database gives them (SQLite: 0 and 1 for false and true).
    """

    def __init__(self, rows: Callable[..., QuerySet[Row]]) -> None:
        self._rows = rows
        self._made: tuple[QuerySet[Row], str, list[Any]] | None = None

    def __call__(self, *keys: Key) -> list[Row]:
        """The rows; keys as the columns hold them."""
        if self._made is None:
            self._made = self._make(len(keys))
        rows, sql, parameters = self._made
        given = [keys[each.number] if isinstance(each, _Place) else each for each in parameters]
        return list(rows.raw(sql, given))

    def _make(self, count: int) -> tuple[QuerySet[Row], str, list[Any]]:
        places = {str(_FIRST + number): _Place(number) for number in range(count)}
        rows = self._rows(*(_FIRST + number for number in range(count)))
        sql, parameters = rows.query.get_compiler(rows.db).as_sql()
        return rows, sql, [places.get(str(each), each) for each in parameters]


class _Place:
    """Where a key goes."""

    def __init__(self, number: int) -> None:
        self.number = number
