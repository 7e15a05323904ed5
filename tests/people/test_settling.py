"""The list of those whose old unit was split, and settling them."""

from types import SimpleNamespace

import pytest

from core import jobs
from core.models import AuditEntry
from people import accounts, roles, settling, villages
from people.exceptions import NotPossible
from people.models import Household, ManagerAssignment, Organisation, User
from people.signals import moved
from tests.people.conftest import NEW, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(land: SimpleNamespace) -> User:
    """Of the province of today."""
    user = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=user, unit=land.lao_cai)
    return user


@pytest.fixture
def told() -> object:
    """What people.signals.moved said."""
    heard: list[tuple[type, list[int]]] = []

    def hear(sender: type, keys: list[int], **_more: object) -> None:
        heard.append((sender, keys))

    moved.connect(hear)
    yield heard
    moved.disconnect(hear)


def test_who_waits(land: SimpleNamespace, manager: User, django_assert_num_queries: object) -> None:
    person("whole", unit=land.la_pan_tan)
    person("today", unit=land.tu_le)
    split, district = person("split", unit=land.cao_pha), person("district", unit=land.mu_cang_chai)
    Household.objects.create(name="Hộ", unit=land.cao_pha)
    Organisation.objects.create(name="HTX", kind="cooperative", unit=land.cao_pha)
    far = accounts.create(full_name="Sơn La", username="son.la", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=far, unit=land.moc_chau)
    assert set(settling.waiting("people", manager)) == {split, district}
    assert [(row.unit.short_name, row.counts, row.total) for row in settling.by_old_unit(manager)] == [
        ("Cao Phạ", {"people": 1, "households": 1, "organisations": 1}, 3),
        ("Mù Cang Chải", {"people": 1}, 1),
    ]
    assert settling.by_old_unit(far) == []
    assert settling.by_old_unit(split) == [settling.ToSettle(land.cao_pha, {"people": 1})]


def test_where_they_may_go(land: SimpleNamespace) -> None:
    assert settling.successors(land.cao_pha) == [land.pung_luong, land.tu_le]
    assert settling.successors(land.mu_cang_chai) == [land.pung_luong, land.tu_le]
    village = villages.add(commune=land.tu_le, name="Bản Một", since=NEW, by=None)
    villages.end(village=village, last_day=village.valid_from.replace(year=2026), heirs=[], document="", by=None)
    village.refresh_from_db()
    assert settling.successors(village) == [land.tu_le]


def test_settle_some(land: SimpleNamespace, manager: User, told: list[object]) -> None:
    first, second, third = (person(name, unit=land.cao_pha) for name in ("a", "b", "c"))
    assert settling.settle(kind="people", keys=[first.pk, second.pk], to=land.tu_le, by=manager) == 2
    assert list(User.objects.of_unit(land.tu_le).order_by("pk")) == [first, second]
    assert set(settling.waiting("people", manager)) == {third}
    entry = AuditEntry.objects.get(action="people.settle")
    assert (entry.by, entry.subject) == (manager.uuid, "unit:04492")
    assert entry.detail == {
        "kind": "people", "from": land.cao_pha.pk, "to": land.tu_le.pk, "uuids": [str(first.uuid), str(second.uuid)],
    }  # fmt: skip
    assert told == [(User, [first.pk, second.pk])]


def test_people_of_a_former_unit_are_found_by_it(land: SimpleNamespace) -> None:
    """So that what was once said of all its people, such as who is enrolled in a class, can be said of them again."""
    learner = person("a", unit=land.cao_pha)
    person("b", unit=land.tu_le)
    assert list(User.objects.of_unit(land.cao_pha)) == [learner]
    assert learner in User.objects.of_unit(land.lao_cai)
    assert learner not in User.objects.of_unit(land.tu_le)


def test_only_to_a_successor_and_only_whom_one_sees(land: SimpleNamespace, manager: User) -> None:
    learner = person("a", unit=land.cao_pha)
    for place in (land.moc_chau, land.lao_cai, land.cao_pha):
        with pytest.raises(NotPossible, match="không kế thừa Xã Cao Phạ"):
            settling.settle(kind="people", keys=[learner.pk], to=place, by=manager)
    assert settling.settle(kind="people", keys=[learner.pk], to=land.tu_le, by=person("nobody")) == 0
    learner.refresh_from_db()
    assert learner.unit == land.cao_pha


def test_settle_all_as_a_job(land: SimpleNamespace, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "BATCH", 2)
    for number in range(5):
        Household.objects.create(name=f"Hộ {number}", unit=land.mu_cang_chai)
    Household.objects.create(name="Hộ khác", unit=land.cao_pha)
    settling.start_settle_all(kind="households", old=land.mu_cang_chai, to=land.pung_luong, by=manager)
    with pytest.raises(NotPossible):
        settling.start_settle_all(kind="households", old=land.mu_cang_chai, to=land.moc_chau, by=manager)
    job = jobs.run_next()
    assert job is not None
    assert (job.state, job.done, job.started_by) == ("done", 5, manager.uuid)
    assert Household.objects.filter(unit=land.pung_luong).count() == 5
    assert settling.waiting("households", manager).get().name == "Hộ khác"
    assert AuditEntry.objects.filter(action="people.settle").count() == 3
