"""Tables for Excel and LibreOffice as CSV: UTF-8 with a byte order mark, and no text that runs as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_FORMULA) else value


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Each row as a line of CSV."""
    room = io.StringIO()
    writer = csv.writer(room)
    for row in rows:
        writer.writerow([defused(value) for value in row])
        yield room.getvalue()
        room.seek(0)
        room.truncate()
