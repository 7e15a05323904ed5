"""Who enters people looks after them."""

from types import SimpleNamespace

import pytest

from people import accounts, cards, entered, roles
from people.models import Group, GroupMembership, ManagerAssignment, User
from tests.people.conftest import person

pytestmark = pytest.mark.django_db


def test_a_trainer_sees_those_just_entered(land: SimpleNamespace) -> None:
    trainer = accounts.create(full_name="Nguyễn Thị Dạy", username="day", roles=[roles.TRAINER], unit=land.tu_le)
    first, second, other = (person(name, unit=land.tu_le) for name in ("a", "b", "c"))
    assert not cards.receivers(trainer).exists()
    entered.keep([first], by=trainer)
    entered.keep([first, second], by=trainer)
    assert set(cards.receivers(trainer)) == {first, second}
    assert not User.objects.visible_to(trainer).filter(pk=other.pk).exists()
    group = Group.objects.get()
    assert group.name == "Người do Nguyễn Thị Dạy nhập"
    assert set(group.memberships.values_list("person", "leader")) == {
        (trainer.pk, True), (first.pk, False), (second.pk, False),
    }  # fmt: skip


def test_who_sees_them_anyhow_needs_no_group(land: SimpleNamespace) -> None:
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    administrator = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    new = person("a", unit=land.tu_le)
    for by in (manager, administrator, None):
        entered.keep([new], by=by)
    assert not GroupMembership.objects.exists()
