"""Names as lists spell them, beside those of the register."""

from types import SimpleNamespace

import pytest

from people import accounts, name_spelling
from people.models import User
from tests.people.test_import_people import SU, checked, imported, problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mùa A Sử", "MÙA A SỬ", True),
        ("Mùa A Sử", "Mua A Su", True),
        ("Lò Thị Hoà", "Lò Thị Hòa", True),  # the tone on either vowel
        ("Mùa A Sử", "Mùa A Sú", False),
        ("Lò Thị Hoa", "Lò Thị Hòa", False),
        ("Đinh Thị Sơn", "Dinh Thị Sơn", False),
        ("Mùa A Sử", "Mùa A Páo", False),
    ],
)
def test_one_persons_spellings(one: str, other: str, same: bool) -> None:
    assert name_spelling.is_same(one, other) is same
    assert name_spelling.is_same(other, one) is same


def test_a_name_that_differs_by_its_marks_is_somebody_else(land: SimpleNamespace) -> None:
    """Born the same year in the same commune, as is common where names are short; the first keeps their name."""
    accounts.create(full_name="Mùa A Sử", username="su", unit=land.tu_le, birth_year=1985)
    made = imported({**SU, "full_name": "Mùa A Sú", "phone": ""})
    assert made.came == {"add": 1}
    assert "Có thể đã có: Mùa A Sử, 1985" in problems(made)[0][2]
    assert set(User.objects.values_list("full_name", flat=True)) == {"Mùa A Sử", "Mùa A Sú"}


@pytest.mark.parametrize("written", ["MÙA A SỬ", "Mua A Su", "A Sử"])
def test_a_list_in_capitals_or_without_marks_spoils_no_name(land: SimpleNamespace, written: str) -> None:
    imported(SU)
    assert imported({**SU, "full_name": written}).came == {"same": 1}
    assert User.objects.get().full_name == "Mùa A Sử"


def test_a_better_spelling_is_taken(land: SimpleNamespace) -> None:
    imported({**SU, "full_name": "MÙA A SỬ"})
    assert imported(SU).came == {"change": 1}
    assert User.objects.get().full_name == "Mùa A Sử"


def test_a_number_that_serves_two_brothers_makes_them_not_one(land: SimpleNamespace) -> None:
    """Of nearly the same name and another year of birth: said, not written over. A slip in the year alone is mended."""
    imported(SU)
    made = imported({**SU, "full_name": "Mùa A Sú", "birth": "1990"})
    assert made.came == {"wrong": 1}
    assert "Đang là của Mùa A Sử" in problems(made)[0][2]
    assert imported({**SU, "birth": "1986"}).came == {"change": 1}
    assert imported({**SU, "full_name": "Mùa A Sứ", "birth": ""}).came == {"change": 1}


@pytest.mark.parametrize("text", ["Tổng cộng: hai người", "NGƯỜI LẬP BIỂU", "Xã Tú Lệ"])
def test_a_line_that_is_nothing_but_a_name_is_no_person(land: SimpleNamespace, text: str) -> None:
    """Titles of groups, sums and signatures stand in the column of names."""
    made = checked(SU, {"full_name": text})
    assert made.found == {"add": 1, "wrong": 1}
    assert "Dòng chỉ có họ tên" in problems(made)[0][2]
