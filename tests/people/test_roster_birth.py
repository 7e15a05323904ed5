"""Days of birth as people type them: the year is read, or a problem says why not."""

from contextlib import suppress
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people import roster_birth
from people.models import User
from people.roster_cells import Unclear
from tests.people.test_import_people import SU, imported, problems

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_birth.timezone, "localdate", lambda: TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "1985", "12/03/1985", "12-3-1985", "12.03.1985", "12 / 03 / 1985", "1985-03-12", "1985/3/12",
        "1985-03-12 00:00", "1985.0", "03/1985", "3-1985", "12/03/85", "12-3-85", "12.03.85", "tháng 3 năm 1985",
        "Tháng 3/1985", "ngày 12 tháng 3 năm 1985", "12 tháng 3 năm 85", "năm 1985", "Sinh năm 1985", "00/00/1985",
    ],
)  # fmt: skip
def test_the_year_of_a_day(text: str) -> None:
    assert roster_birth.read_birth_year(text) == 1985


@pytest.mark.parametrize(
    ("text", "year"),
    [("30/12/26", 1926), ("29/11/27", 1927), ("28/11/25", 2025), ("29/02/00", 2000), ("01/01/05", 2005)],
)
def test_the_century_by_which_the_person_is_up_to_a_hundred_years_old(text: str, year: int) -> None:
    assert roster_birth.read_birth_year(text) == year


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12/03/26", "“12/03/26”: không rõ là năm nào"),  # newborn, or a hundred years old
        ("29/11/26", "“29/11/26”: không rõ là năm nào"),
        ("năm 25", "“năm 25”: không rõ là năm nào"),  # born late in 1925 one is a hundred still
        ("29/02/1985", "Không có ngày này"),
        ("03/25/1985", "Không có ngày này"),
        ("31/11/85", "Không có ngày này"),
        ("13/1985", "Không có ngày này"),
        ("05/00/1985", "Không có ngày này"),
        ("12/12/2026", "Ngày này chưa đến"),
        ("2027", "Năm sinh phải từ 1906 đến 2026"),
        ("0085", "Năm sinh phải từ 1906 đến 2026"),
        ("85", "Hãy ghi ngày sinh như"),
        ("12/03", "Hãy ghi ngày sinh như"),
        ("3/85", "Hãy ghi ngày sinh như"),
        ("12/03-1985", "Hãy ghi ngày sinh như"),
        ("31118", "Hãy ghi ngày sinh như"),  # Excel's number of a day that lost its format
        ("1985 1986", "Hãy ghi ngày sinh như"),
    ],
)
def test_what_is_not_sure_or_not_possible_is_said(text: str, why: str) -> None:
    with pytest.raises(Unclear, match=why):
        roster_birth.read_birth_year(text)


@given(st.dates(date(1930, 1, 1), date(2025, 11, 28)), st.sampled_from("/-."), st.booleans())
def test_any_day_in_any_spelling(day: date, sign: str, short: bool) -> None:
    """All days by which a person is 1 to 96 years old, short years too: the other century is out of reach."""
    text = sign.join([str(day.day), f"{day.month:02}", f"{day.year % 100:02}" if short else str(day.year)])
    assert roster_birth.read_birth_year(text) == day.year


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{1,4}[/.-][0-9]{1,4}([/.-][0-9]{1,4})?", fullmatch=True))
def test_anything_else_is_a_year_or_a_problem(text: str) -> None:
    with suppress(Unclear):
        assert TODAY.year - roster_birth.OLDEST <= roster_birth.read_birth_year(text) <= TODAY.year


@pytest.mark.django_db
def test_days_and_numbers_of_excel(land: SimpleNamespace) -> None:
    rows: list[Any] = [{**SU, "birth": date(1985, 3, 12)}, {**SU, "phone": "0912345679", "birth": 1986}]
    assert problems(imported(*rows)) == []
    assert list(User.objects.order_by("pk").values_list("birth_year", flat=True)) == [1985, 1986]
