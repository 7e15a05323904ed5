"""Who sees whom: exact sets per role, for lists of every kind."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from people import accounts, roles
from people.models import (
    Audience,
    AudienceMembership,
    Group,
    GroupMembership,
    Household,
    ManagerAssignment,
    Organisation,
    Representation,
    Unit,
    User,
)
from tests.people.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(land: SimpleNamespace) -> SimpleNamespace:
    """Learners in several units, a class with a trainer, managers of a province, a commune and a former district."""
    today = timezone.localdate()
    people = {
        "mua": land.pung_luong, "sung": land.la_pan_tan, "giang": land.cao_pha, "vang": land.tu_le,
        "lo": land.moc_chau, "homeless": None, "trainer": land.moc_chau, "past_trainer": land.moc_chau,
        "province_manager": None, "commune_manager": None, "district_manager": None, "past_manager": None,
    }  # fmt: skip
    made = {name: person(name.replace("_", "."), unit=where) for name, where in people.items()}
    made["administrator"] = accounts.create(full_name="Quản Trị", username="admin.1", roles=[roles.ADMINISTRATOR])
    made["superuser"] = User.objects.create_superuser(username="root", full_name="Root")
    made["closed"] = person("closed", unit=land.tu_le, is_active=False)
    for name, where, until in (
        ("province_manager", land.lao_cai, None),
        ("commune_manager", land.pung_luong, None),
        ("district_manager", land.mu_cang_chai, None),
        ("past_manager", land.lao_cai, today - timedelta(days=1)),
    ):
        ManagerAssignment.objects.create(person=made[name], unit=where, since="2026-01-01", until=until)
    group = Group.objects.create(name="Lớp 1", since="2026-01-01")
    for name, leader, until in (
        ("trainer", True, None),
        ("past_trainer", True, today - timedelta(days=1)),
        ("lo", False, None),
        ("vang", False, None),
        ("mua", False, today - timedelta(days=1)),
    ):
        GroupMembership.objects.create(group=group, person=made[name], leader=leader, since="2026-01-01", until=until)
    return SimpleNamespace(land=land, group=group, **made)


def seen_by(user: object) -> set[str]:
    return set(User.objects.visible_to(user).values_list("username", flat=True))


EVERYONE = {
    "mua", "sung", "giang", "vang", "lo", "homeless", "trainer", "past.trainer", "province.manager", "commune.manager",
    "district.manager", "past.manager", "admin.1", "root", "closed",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("mua", {"mua"}),
        ("homeless", {"homeless"}),
        ("trainer", {"trainer", "lo", "vang"}),
        ("past_trainer", {"past.trainer"}),
        ("province_manager", {"province.manager", "mua", "sung", "giang", "vang", "closed"}),
        ("commune_manager", {"commune.manager", "mua", "sung"}),
        ("district_manager", {"district.manager", "sung", "giang"}),
        ("past_manager", {"past.manager"}),
        ("administrator", EVERYONE),
        ("superuser", EVERYONE),
        ("closed", set()),
    ],
)
def test_people(village: SimpleNamespace, role: str, seen: set[str]) -> None:
    assert seen_by(getattr(village, role)) == seen


def test_nobody_sees_nobody(village: SimpleNamespace) -> None:
    for nobody in (AnonymousUser(), None):
        for model in (User, Unit, Group, Household, Organisation, Representation, AudienceMembership, GroupMembership):
            assert not model.objects.visible_to(nobody).exists(), model


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("mua", {"Púng Luông"}),
        ("homeless", set()),
        ("commune_manager", {"Púng Luông", "La Pán Tẩn"}),
        ("district_manager", {"Mù Cang Chải", "La Pán Tẩn", "Cao Phạ"}),
        ("province_manager", {"Lào Cai", "Púng Luông", "Tú Lệ", "Yên Bái", "Mù Cang Chải", "La Pán Tẩn", "Cao Phạ"}),
    ],
)
def test_units(village: SimpleNamespace, role: str, seen: set[str]) -> None:
    visible = Unit.objects.visible_to(getattr(village, role))
    assert set(visible.values_list("short_name", flat=True)) == seen


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("trainer", True), ("lo", True), ("past_trainer", False), ("mua", False), ("sung", False),
        ("province_manager", True), ("commune_manager", False), ("administrator", True),
    ],
)  # fmt: skip
def test_groups(village: SimpleNamespace, role: str, sees: bool) -> None:
    assert Group.objects.visible_to(getattr(village, role)).exists() is sees


def test_households_and_organisations(village: SimpleNamespace) -> None:
    land = village.land
    near = Household.objects.create(name="Hộ Mùa", unit=land.pung_luong)
    far = Household.objects.create(name="Hộ Lò", unit=land.moc_chau)
    cooperative = Organisation.objects.create(name="HTX Chè", kind="cooperative", unit=land.tu_le)
    Representation.objects.create(person=village.mua, household=far)
    Representation.objects.create(person=village.vang, organisation=cooperative)
    assert set(Household.objects.visible_to(village.mua)) == {far}
    assert set(Household.objects.visible_to(village.vang)) == set()
    assert set(Organisation.objects.visible_to(village.vang)) == {cooperative}
    assert set(Household.objects.visible_to(village.province_manager)) == {near}
    assert set(Organisation.objects.visible_to(village.province_manager)) == {cooperative}
    assert set(Household.objects.visible_to(village.administrator)) == {near, far}
    assert {row.subject for row in Representation.objects.visible_to(village.trainer)} == {cooperative}
    assert {row.subject for row in Representation.objects.visible_to(village.mua)} == {far}


def test_rows_about_a_person_follow_the_person(village: SimpleNamespace) -> None:
    rows = {
        name: AudienceMembership.objects.create(person=getattr(village, name), audience=Audience.VILLAGE_HEADS)
        for name in ("mua", "lo", "giang")
    }
    assert set(AudienceMembership.objects.visible_to(village.mua)) == {rows["mua"]}
    assert set(AudienceMembership.objects.visible_to(village.trainer)) == {rows["lo"]}
    assert set(AudienceMembership.objects.visible_to(village.province_manager)) == {rows["mua"], rows["giang"]}


def test_constant_queries(village: SimpleNamespace, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(5):  # the role, the assignments, their units, the few by key, the people
        assert len(User.objects.visible_to(village.province_manager)) == 6


def test_audience_membership_on_a_day(village: SimpleNamespace) -> None:
    AudienceMembership.objects.create(person=village.mua, audience="households", since="2026-01-01", until="2026-06-30")
    for day, count in (("2025-12-31", 0), ("2026-01-01", 1), ("2026-06-30", 1), ("2026-07-01", 0)):
        assert AudienceMembership.objects.on(day).count() == count, day
