"""Records from tables, by a map of columns that librarians keep."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from core import table_imports
from core.models import TableImport
from core.spreadsheets import Heading, Sheet, write_xlsx
from library.marc import DataField
from library.models import Record, RecordColumn
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
HEADINGS = ("Nhan đề", "Tác giả", "Năm", "NXB", "Chủ đề", "ISBN", "Số trang", "Ngôn ngữ")
EPIC = ("Sử thi Đăm Săn", "Hà Công Tài", "2003", "Khoa học xã hội", "Sử thi; Ê-đê", "9780306406157", "512 tr.", "rad")


def hand_in(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, **chosen: str) -> TableImport:
    """A table, checked."""
    file = io.BytesIO()
    write_xlsx([Sheet("Sách", [Heading(text) for text in headings], rows)], file)
    arguments = {"match_on": "title", "on_match": "skip"} | chosen
    made = table_imports.start(
        kind="records",
        file=ContentFile(file.getvalue(), "sach.xlsx"),
        by=None,
        arguments=arguments,
        in_background=False,
    )
    list(table_imports.check(made))
    return made


def written(made: TableImport) -> TableImport:
    table_imports.accept(made, in_background=False)
    list(table_imports.write(made))
    return made


def test_each_cell_goes_where_the_map_says() -> None:
    made = written(hand_in(EPIC))
    assert made.came == {"add": 1}
    record = Record.objects.get()
    assert (record.title, record.author, record.year, record.language, record.status) == (
        "Sử thi Đăm Săn", "Hà Công Tài", 2003, "rad", "draft",
    )  # fmt: skip
    assert [each for each in record.marc.fields if isinstance(each, DataField)] == [
        DataField("020", "  \x1fa9780306406157"),
        DataField("100", "1 \x1faHà Công Tài"),
        DataField("245", "10\x1faSử thi Đăm Săn"),
        DataField("264", " 1\x1fbKhoa học xã hội\x1fc2003"),
        DataField("300", "  \x1fa512 tr."),
        DataField("650", " 4\x1faSử thi"),
        DataField("650", " 4\x1faÊ-đê"),
    ]
    assert len(record.marc.control("008")) == 40


def test_a_librarian_may_change_the_map() -> None:
    RecordColumn.objects.create(heading="Kho sách", target="852 ## b")
    RecordColumn.objects.filter(heading="Chủ đề").update(target="653 ## a", separator=",")
    written(hand_in(("Dệt", "Văn hóa, Thái", "Kho mở"), headings=("Nhan đề", "Chủ đề", "Kho sách")))
    fields = [each for each in Record.objects.get().marc.fields if each.tag in {"653", "852"}]
    assert fields == [
        DataField("653", "  \x1faVăn hóa"),
        DataField("653", "  \x1faThái"),
        DataField("852", "  \x1fbKho mở"),
    ]


def test_what_is_wrong_is_said_before_anything_is_written() -> None:
    made = hand_in(("", "Ai đó", "", "", "", "", "", ""), (*EPIC[:7], "tiếng Ê-đê"))
    assert made.found == {"wrong": 2}
    assert [(problem.line, problem.column) for problem in made.problems.all()] == [(2, "Nhan đề"), (3, "Ngôn ngữ")]
    assert Record.objects.count() == 0


@pytest.mark.parametrize(("on_match", "came"), [("skip", {"same": 1, "add": 1}), ("overlay", {"change": 1, "add": 1})])
def test_rows_that_are_here_are_skipped_or_replaced(on_match: str, came: dict[str, int]) -> None:
    written(hand_in(EPIC))
    again = written(hand_in((*EPIC[:6], "600 tr.", "rad"), ("Dệt", "Ai", "1999"), on_match=on_match))
    assert again.found == came
    assert again.came == came
    pages = Record.objects.get(title="Sử thi Đăm Săn").marc.first("300")
    assert pages is not None
    assert pages.first("a") == ("512 tr." if on_match == "skip" else "600 tr.")


def test_the_same_table_again_adds_nothing() -> None:
    written(hand_in(EPIC, ("Dệt", "Ai", "1999"), on_match="overlay"))
    assert written(hand_in(EPIC, ("Dệt", "Ai", "1999"), on_match="overlay")).came == {"same": 2}
    assert Record.objects.count() == 2


@pytest.mark.parametrize(("target", "good"), [("245 10 a", True), ("008/07-10", True), ("001", True), ("24 1", False)])
def test_the_map_is_edited_in_the_admin(client: Client, librarian: Any, target: str, *, good: bool) -> None:
    desk = sign_in_staff(client, librarian)
    form = {"heading": "Cột mới", "also": "", "target": target, "separator": "", "order": "5"}
    response = desk.post(reverse("library_columns:add"), form)
    assert response.status_code == (302 if good else 200)
    assert RecordColumn.objects.filter(heading="Cột mới").exists() is good
