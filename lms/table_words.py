"""The words of a table for wagtail-localize, which knows no tables: the caption, and each text once however many cells
have it.

A text is named by itself, not by its place, so that a row that is put in or moved loses no translation.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from wagtail_localize.segments import StringSegmentValue

CAPTION = "caption"


def segments(table: Any) -> list[StringSegmentValue]:
    """What there is to translate, in the order of reading. table: as Wagtail's table block keeps it."""
    if not table:
        return []
    caption = [StringSegmentValue(CAPTION, table["table_caption"])] if table.get("table_caption") else []
    texts = dict.fromkeys(_texts(table))
    return caption + [StringSegmentValue(_name(text), text) for text in texts]


def translated(table: Any, words: Iterable[StringSegmentValue]) -> Any:
    """The same table in other words; a text without any stays."""
    by_name = {segment.path: segment.render_text() for segment in words}
    rows = [[by_name.get(_name(cell), cell) if _is_text(cell) else cell for cell in row] for row in table["data"]]
    return table | {"data": rows, "table_caption": by_name.get(CAPTION, table.get("table_caption"))}


def _texts(table: Any) -> Iterator[str]:
    yield from (cell for row in table["data"] for cell in row if _is_text(cell))


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and bool(cell.strip())


def _name(text: str) -> str:
    return str(uuid5(NAMESPACE_OID, text))
