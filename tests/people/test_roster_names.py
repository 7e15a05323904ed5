"""A full name in two or three columns."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile

from core import table_imports
from core.models import TableImport
from people.models import User
from people.roster import RosterKind
from tests.core.handed_in import xlsx
from tests.people.test_import_people import problems

pytestmark = pytest.mark.django_db


def imported(*rows: list[Any]) -> TableImport:
    made = table_imports.start(
        kind="people", file=ContentFile(xlsx(*rows), name="lop.xlsx"), by=None, arguments={}, in_background=False
    )
    list(table_imports.check(made))
    if made.state == TableImport.State.CHECKED:
        table_imports.accept(made, in_background=False)
        list(table_imports.write(made))
    return made


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (["Họ đệm", "Tên"], ["Mùa A", "Sử"]),
        (["Tên", "Họ đệm"], ["Sử", "Mùa A"]),  # however they stand
        (["Họ và tên đệm", "Tên"], ["Mùa A", "Sử"]),
        (["HỌ VÀ CHỮ ĐỆM (*)", "TÊN (*)"], ["Mùa A", "Sử"]),
        (["Họ", "Tên"], ["Mùa", "A Sử"]),
        (["Họ", "Đệm", "Tên"], ["Mùa", "A", "Sử"]),
        (["Họ", "Tên đệm", "Tên"], ["Mùa", "A", "Sử"]),
        (["Ho dem", "Ten"], ["Mùa A", "Sử"]),
        (["Ho", "Ten"], ["Mùa A", "Sử"]),
        (["Surname/middle name", "Given name"], ["Mùa A", "Sử"]),
        (["Last name", "First name"], ["Mùa A", "Sử"]),
        (["Họ và tên", ""], ["Mùa A", "Sử"]),  # one heading over two cells that are merged
        (["Họ và tên", "Tên"], ["Mùa A Sử", "Sử"]),
        (["Họ và tên", "Họ"], ["Mùa A Sử", "Mùa"]),
        (["Họ và tên", "Hộ"], ["Mùa A Sử", ""]),
        (["Tên", "Tên đăng nhập"], ["Mùa A Sử", "su"]),
    ],
)
def test_two_columns_are_one_name_in_vietnamese_order(
    land: SimpleNamespace, headings: list[str], cells: list[str]
) -> None:
    made = imported(["STT", *headings, "Năm sinh", "Xã"], [1, *cells, "1985", "Tú Lệ"])
    assert problems(made) == []
    assert User.objects.get().full_name == "Mùa A Sử"


def test_headings_over_two_lines(land: SimpleNamespace) -> None:
    made = imported(
        ["STT", "Họ và tên", "", "Năm sinh", "Nơi ở"],
        ["", "Họ đệm", "Tên", "", "Xã"],
        [1, "Mùa A", "Sử", 1985, "Tú Lệ"],
    )
    assert problems(made) == []
    assert list(User.objects.values_list("full_name", "birth_year", "unit__name")) == [("Mùa A Sử", 1985, "Xã Tú Lệ")]


def test_a_household_is_no_family_name(land: SimpleNamespace) -> None:
    """ "Hộ" and "Họ" differ by their marks only."""
    imported(["Họ", "Tên", "Hộ", "Năm sinh", "Xã"], ["Mùa A", "Sử", "Hộ ông Páo", "1985", "Tú Lệ"])
    su = User.objects.get()
    assert su.full_name == "Mùa A Sử"
    assert [row.household.name for row in su.representations.all()] == ["Hộ ông Páo"]


def test_what_is_missing_of_a_name_is_said(land: SimpleNamespace) -> None:
    made = imported(
        ["Họ đệm", "Tên", "Năm sinh", "Xã"],
        ["Mùa A", "", "1985", "Tú Lệ"],
        ["", "Sử", "1985", "Tú Lệ"],
        ["", "Lò Thị Mỷ", "1985", "Tú Lệ"],
        ["", "", "1985", "Tú Lệ"],
    )
    assert [(line, column, text[:40]) for line, column, text in problems(made)] == [
        (2, "Họ và tên", "Có họ, chữ đệm mà chưa có tên. Hãy ghi t"),
        (3, "Họ và tên", "Mới có tên, chưa có họ và chữ đệm. Nếu t"),
        (5, "Họ và tên", "Hãy ghi họ và tên."),
    ]
    assert sorted(User.objects.values_list("full_name", flat=True)) == ["Lò Thị Mỷ", "Sử"]
    assert imported(["Họ đệm", "Năm sinh"], ["Mùa A", "1985"]).refusal.startswith("Thiếu cột “Họ và tên”")


@pytest.mark.parametrize("beside", ["x", "12", "đã chuyển đi", "?"])
def test_a_cell_beside_the_name_without_a_heading_may_be_no_name(land: SimpleNamespace, beside: str) -> None:
    """A mark or a note is not made part of anybody's name."""
    made = imported(["Họ và tên", "", "Năm sinh", "Xã"], ["Mùa A Sử", beside, "1985", "Tú Lệ"])
    [(line, column, text)] = problems(made)
    assert (line, column) == (2, "Họ và tên")
    assert text.startswith(f"Ô bên phải ghi “{beside}” nhưng cột ấy không có tiêu đề.")
    assert made.came == {"wrong": 1}


def test_an_empty_column_beside_the_name_is_nothing(land: SimpleNamespace) -> None:
    made = imported(["Họ và tên", "", "Năm sinh", "Xã"], ["Mùa A Sử", "", "1985", "Tú Lệ"])
    assert (problems(made), made.came) == ([], {"add": 1})


def test_columns_that_say_less_are_named_as_not_used(land: SimpleNamespace) -> None:
    made = imported(["Họ và tên", "Tên", "Năm sinh", "Xã"], ["Mùa A Sử", "Sử", "1985", "Tú Lệ"])
    assert made.headings["ignored"] == ["Tên"]


def test_the_template_asks_for_one_column() -> None:
    assert [column.name for column in RosterKind().template_columns][:2] == ["full_name", "phone"]
