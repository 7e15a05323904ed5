"""A search written out as it is read: JSON Lines, or a table.

The last line says how many statements there were. A file without it was cut off.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import spreadsheets
from xapi import browsing, meanings, sentences
from xapi.browsing import Search
from xapi.models import Statement
from xapi.sentences import Line


def json_lines(search: Search, reader: Any) -> Iterator[bytes]:
    """Each statement as it is kept, on a line of its own, and {"end": true, "count": N} on the last."""
    count = 0
    for rows in browsing.batches(search):
        yield b"".join(_on_one_line(bytes(row.body)) + b"\n" for row in rows)
        count += len(rows)
    yield orjson.dumps({"end": True, "count": count}) + b"\n"


def table(search: Search, reader: Any) -> Iterator[bytes]:
    """Each statement as a row, in words where the reader may see whom it is about; on the last row the count."""
    yield (spreadsheets.BYTE_ORDER_MARK + "".join(spreadsheets.lines([_headings()]))).encode()
    count = 0
    for rows in browsing.batches(search):
        lines = sentences.in_words(rows, reader=reader)
        yield "".join(spreadsheets.lines(map(_cells, lines))).encode("utf-8", "replace")
        count += len(rows)
    yield "".join(spreadsheets.lines([[_("Hết: %(count)d bản ghi") % {"count": count}]])).encode()


FORMATS: dict[str, tuple[Callable[[Search, Any], Iterator[bytes]], str]] = {
    "jsonl": (json_lines, "application/jsonl; charset=utf-8"),
    "csv": (table, "text/csv; charset=utf-8"),
}


def speaking(language: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks, made in this language: by the time they are sent, the view and its language are gone."""
    while True:
        with override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _on_one_line(body: bytes) -> bytes:
    """Line breaks in JSON stand between tokens only, where a blank says the same."""
    return body.replace(b"\r", b" ").replace(b"\n", b" ") if b"\n" in body or b"\r" in body else body


def _headings() -> list[str]:
    return [
        _("Ghi nhận lúc"),
        _("Học lúc"),
        _("Định danh người học"),
        _("Họ và tên"),
        _("Động từ (IRI)"),
        _("Đã làm gì"),
        _("Đối tượng (IRI)"),
        _("Tên đối tượng"),
        _("Khóa học"),
        _("Mã lượt ghi danh"),
        _("Đúng hoặc đạt"),
        _("Đã xong"),
        _("Điểm từ -1 đến 1"),
        _("Điểm"),
        _("Điểm tối đa"),
        _("Thời lượng (ISO 8601)"),
        _("Nguồn"),
        _("Hiệu lực"),
        _("Mã bản ghi"),
    ]


def _cells(line: Line) -> Sequence[Any]:
    row, data = line.row, line.row.data
    result = data.get("result") or {}
    score = result.get("score") or {}
    return [
        _moment(line.stored),
        _moment(line.happened),
        meanings.text_of(data["actor"]) or line.actor,
        line.person,
        row.verb,
        line.did,
        _object_id(row),
        line.what,
        line.course,
        str(row.registration or ""),
        _yes_or_no(result.get("success")),
        _yes_or_no(result.get("completion")),
        score.get("scaled", ""),
        score.get("raw", ""),
        score.get("max", ""),
        result.get("duration", ""),
        line.by or "Nhà Sàn",
        _("đã bị hủy") if row.voided else _("còn hiệu lực"),
        str(row.statement_id),
    ]


def _object_id(row: Statement) -> str:
    """The IRI of an activity, the id of a statement, the identifier of an actor."""
    target = row.data["object"]
    kind = target.get("objectType", "Activity")
    if kind in {"Activity", "StatementRef"}:
        return str(target["id"])
    return "" if kind == "SubStatement" else sentences.identifier(target)


def _moment(time: datetime) -> str:
    """In the one order that every spreadsheet reads and sorts."""
    return time.isoformat(sep=" ", timespec="seconds")


def _yes_or_no(value: bool | None) -> str:  # noqa: FBT001 - three values
    return "" if value is None else _("có") if value else _("không")
