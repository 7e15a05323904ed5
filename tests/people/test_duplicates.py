"""Who may already be here."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import accounts, roles
from people.duplicates import Sought, candidates, names_are_near, visible_among
from people.models import ManagerAssignment, Unit
from tests.people.conftest import person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def su(land: SimpleNamespace) -> Any:
    made = person("su", unit=land.tu_le, birth_year=1985, phone="0912345678", email="su@example.vn")
    made.full_name, made.national_id = "Mùa A Sử", "010085000123"
    made.save()
    return made


def reasons(found: list[Any]) -> list[tuple[str, list[str]]]:
    return [(each.person.username, each.reasons) for each in found]


def test_each_reason(land: SimpleNamespace, su: Any) -> None:
    village = unit("v1", Unit.Level.VILLAGE, "Bản Mới", land.tu_le)
    asked = [
        Sought(national_id="010085000123", phone="+84912345678"),
        Sought(email="su@example.vn"),
        Sought(username="su"),
        Sought(full_name="Mua A Su", birth_year=1985, unit=land.tu_le),
        Sought(full_name="Mùa A Sử", unit=village),
        Sought(full_name="Mùa A Sừn", birth_year=1985, unit=land.tu_le),
        Sought(full_name="Mùa A Sừn", unit=land.tu_le),
        Sought(full_name="Mùa A Sử", birth_year=1986, unit=land.tu_le),
        Sought(full_name="Mùa A Sử", birth_year=1985, unit=land.moc_chau),
        Sought(full_name="Giàng A Páo", birth_year=1985, unit=land.tu_le),
    ]
    assert [reasons(found) for found in candidates(asked)] == [
        [("su", ["national_id", "phone"])],
        [("su", ["email"])],
        [("su", ["username"])],
        [("su", ["same_name"])],
        [("su", ["same_name"])],
        [("su", ["near_name"])],
        [],
        [],
        [],
        [],
    ]
    assert candidates(asked[:1], but=su.pk) == [[]]


def test_many_cost_the_same_as_two(land: SimpleNamespace, su: Any) -> None:
    def queries(count: int) -> int:
        asked = [
            Sought(f"Người {n}", "010085000123", f"+8491234{n:04}", f"p{n}@example.vn", f"p{n}", 1985, land.tu_le)
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            candidates(asked)
        return len(captured)

    assert queries(2) == queries(200) == 6


def test_of_people_elsewhere_only_the_reason_may_be_said(land: SimpleNamespace, su: Any) -> None:
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.moc_chau)
    [found] = candidates([Sought(phone="+84912345678")])
    assert visible_among(found, manager) == ([], found)
    ManagerAssignment.objects.create(person=manager, unit=land.tu_le)
    assert visible_among(found, manager) == (found, [])


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("mua a su", "mua asu", True), ("mua a su", "a su mua", True), ("mua a su", "mua a sua", True),
        ("mua a sung", "mua a sunh", True), ("mua a su", "vang a su", False), ("lo a", "lo b", False),
        ("mua a su", "mua a suong", False),
    ],
)  # fmt: skip
def test_near_names(one: str, other: str, near: bool) -> None:
    assert names_are_near(one, other) is near
    assert names_are_near(other, one) is near
