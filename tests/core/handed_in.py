"""Files as people hand them in, and a kind of table that writes schedules."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django import forms
from django.core.files.base import ContentFile

from core.models import Schedule, TableImport
from core.table_columns import Column
from core.table_kinds import Kind, Problem, TableRow, Verdict, Work


def xlsx(*rows: Sequence[Any], sheet: str = "Danh sách") -> bytes:
    """A workbook of one sheet as a spreadsheet program writes it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    room = io.BytesIO()
    book.save(room)
    return room.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    room = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return room.getvalue()


def file(content: bytes, name: str = "lịch.xlsx") -> ContentFile:
    """As Django hands it on."""
    return ContentFile(content, name)


class SecondsForm(forms.Form):
    """What the table itself does not say."""

    kind = forms.CharField(label="Loại")


class ScheduleWork(Work):
    """Writes each row as a schedule by its name."""

    def __init__(self, table_import: TableImport) -> None:
        self.kind = table_import.arguments.get("kind", "x")
        self.seen: dict[str, int] = {}

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        known = {each.name: each for each in Schedule.objects.filter(name__in=[row["name"] for row in rows])}
        return [self._verdict(row, known) for row in rows]

    def _verdict(self, row: TableRow, known: dict[str, Schedule]) -> Verdict:
        verdict = Verdict()
        if not row["name"]:
            verdict.problems.append(Problem("name", "Thiếu tên."))
        if not row["seconds"].isdecimal():
            verdict.problems.append(Problem("seconds", "Không phải số."))
        if self.seen.setdefault(row["name"], row.line) != row.line:
            verdict.problems.append(Problem("", f"Trùng dòng {self.seen[row['name']]}."))
        if row["name"].islower():
            verdict.problems.append(Problem("name", "Nên viết hoa.", fatal=False))
        if old := known.get(row["name"]):
            verdict.outcome = "same" if str(old.every_seconds) == row["seconds"] else "change"
        return verdict

    def write(self, rows: Iterable[tuple[TableRow, Verdict]]) -> list[str]:
        details = []
        for row, verdict in rows:
            if verdict.outcome != "same":
                Schedule.objects.update_or_create(
                    name=row["name"],
                    defaults={"kind": self.kind, "every_seconds": row["seconds"], "next_at": "2026-01-01T00:00Z"},
                )
            details.append(f"số {row['name']}")
        return details


class ScheduleKind(Kind):
    """A table of schedules."""

    name = "schedules"
    title = "Lịch"
    permission = "core.add_schedule"
    form = SecondsForm
    batch = 2
    columns = (
        Column("name", "Họ và tên", also=("Name",), required=True, example="Sao lưu"),
        Column("seconds", "Số giây", also=("Seconds", "Every"), required=True, as_text=True, choices=("60", "3600")),
        Column("note", "Ghi chú"),
    )

    def work(self, table_import: TableImport) -> Work:
        return ScheduleWork(table_import)
