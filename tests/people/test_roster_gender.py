"""Rosters with "Nam" and "Nữ" as columns of their own, as state forms have them."""

from types import SimpleNamespace
from typing import Any

import pytest

from people.models import User
from tests.people.test_import_people import problems
from tests.people.test_roster_names import imported

pytestmark = pytest.mark.django_db


def written() -> list[tuple[Any, ...]]:
    return list(User.objects.order_by("full_name").values_list("full_name", "gender", "birth_year"))


def test_year_of_birth_stands_below_nam_or_nu(land: SimpleNamespace) -> None:
    """One heading over both, merged: nobody's year is lost, and the column says the gender."""
    made = imported(
        ["TT", "Họ và tên", "Năm sinh", "", "Xã"],
        ["", "", "Nam", "Nữ", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, "Mùa A Sử", 1985, "", "Tú Lệ"],
        [2, "Giàng Thị Dợ", "", "12/03/1990", "Tú Lệ"],
    )
    assert problems(made) == []
    assert written() == [("Giàng Thị Dợ", "female", 1990), ("Mùa A Sử", "male", 1985)]


def test_a_mark_says_the_gender(land: SimpleNamespace) -> None:
    made = imported(
        ["Họ và tên", "Năm sinh", "Nam", "Nữ", "Xã"],
        ["Mùa A Sử", "1985", "x", "", "Tú Lệ"],
        ["Giàng Thị Dợ", "1990", "0", "X", "Tú Lệ"],
        ["Lý A Dê", "1991", "", "", "Tú Lệ"],
    )
    assert problems(made) == []
    assert written() == [("Giàng Thị Dợ", "female", 1990), ("Lý A Dê", "", 1991), ("Mùa A Sử", "male", 1985)]


def test_what_is_not_clear_is_asked(land: SimpleNamespace) -> None:
    made = imported(
        ["Họ và tên", "Giới tính", "Nam", "Nữ", "Xã"],
        ["Mùa A Sử", "", "1985", "1986", "Tú Lệ"],
        ["Giàng A Páo", "Nam", "", "x", "Tú Lệ"],
        ["Lý A Dê", "", "có lẽ", "", "Tú Lệ"],
    )
    assert [(line, column) for line, column, _text in problems(made)] == [(2, "Nữ"), (3, "Nữ"), (4, "Nam")]
    assert written() == []


def test_a_year_headed_by_one_word_is_no_gender(land: SimpleNamespace) -> None:
    """ "Năm" and "Nam" differ by their marks only."""
    made = imported(["Họ và tên", "Năm", "Xã"], ["Mùa A Sử", "1985", "Tú Lệ"])
    assert problems(made) == []
    assert written() == [("Mùa A Sử", "", 1985)]
