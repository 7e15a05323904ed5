"""Accounts of one person: together and apart again."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from people import accounts, actors, merging, roles
from people.exceptions import CannotMerge
from people.models import ActorIdentifier, AudienceMembership, Group, GroupMembership, User, UserAlias
from tests.people.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> User:
    return accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])


def rows() -> list[dict[str, object]]:
    """Every person as stored; the identity number as it reads, since sealing it again looks otherwise."""
    stored = User.objects.order_by("pk")
    return [{**row, "national_id_sealed": user.national_id} for row, user in zip(stored.values(), stored, strict=True)]


def test_together_and_apart_leaves_no_trace(land: SimpleNamespace, admin: User) -> None:
    kept = person("su", unit=land.tu_le)
    other = person("su.2", phone="0912345678", birth_year=1985, ethnic_group="08", unit=land.moc_chau)
    other.national_id = "010085000123"
    other.save()
    kept.refresh_from_db()
    other.refresh_from_db()
    before = rows()
    alias = merging.merge(kept=kept, merged=other, by=admin)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.phone, kept.birth_year, kept.ethnic_group, kept.national_id) == (
        "+84912345678",
        1985,
        "08",
        "010085000123",
    )
    assert (kept.unit, kept.username, other.phone, other.username) == (land.tu_le, "su", None, "su.2")
    assert not other.is_active
    merging.unmerge(alias, by=admin)
    assert rows() == before
    assert not UserAlias.objects.exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "by")) == [
        ("people.merge", admin.uuid),
        ("people.unmerge", admin.uuid),
    ]


def test_the_merged_account_can_no_longer_sign_in(admin: User, client: Client) -> None:
    kept, other = person("su"), person("su.2")
    client.force_login(other, backend="people.sign_in.SignInBackend")
    assert client.get(reverse("home:my")).status_code == 200
    alias = merging.merge(kept=kept, merged=other, by=admin)
    assert client.get(reverse("home:my")).status_code == 302
    assert not client.login(username="su.2", password="mật khẩu dài")
    merging.unmerge(alias, by=admin)
    assert client.login(username="su.2", password="mật khẩu dài")


def test_all_actors_mean_the_one_kept(admin: User) -> None:
    kept, other, third = person("su"), person("su.2"), person("su.3")
    ActorIdentifier.objects.create(person=other, kind="openid", value="https://id.example/su")
    openid = {"openid": "https://id.example/su"}
    asked = [actors.actor_of(other), openid, actors.actor_of(third), actors.actor_of(kept)]
    first = merging.merge(kept=kept, merged=other, by=admin)
    second = merging.merge(kept=third, merged=kept, by=admin)
    assert actors.persons_of(asked) == [third] * 4
    assert len(actors.actors_of(third)) == 4
    merging.unmerge(second, by=admin)
    assert actors.persons_of(asked) == [kept, kept, third, kept]
    merging.unmerge(first, by=admin)
    assert actors.persons_of(asked) == [other, other, third, kept]


def test_the_first_of_two_merges_is_undone_first(admin: User) -> None:
    kept, other, third = person("su"), person("su.2"), person("su.3")
    first = merging.merge(kept=kept, merged=other, by=admin)
    second = merging.merge(kept=third, merged=kept, by=admin)
    first.refresh_from_db()
    assert first.person == third
    merging.unmerge(first, by=admin)
    assert set(merging.accounts_of(third)) == {third, kept}
    assert set(merging.accounts_of(other)) == {other}
    merging.unmerge(second, by=admin)
    assert merging.person_of_account(kept) == kept


def test_groups_and_audiences_are_seen_through_the_one_kept(land: SimpleNamespace, admin: User) -> None:
    kept, other, trainer = person("su", unit=land.tu_le), person("su.2", unit=land.tu_le), person("giang.vien")
    group = Group.objects.create(name="Lớp", since="2026-01-01")
    GroupMembership.objects.create(group=group, person=other, since="2026-01-01")
    GroupMembership.objects.create(group=group, person=trainer, since="2026-01-01", leader=True)
    audience = AudienceMembership.objects.create(person=other, audience="village_heads")
    assert set(User.objects.visible_to(trainer)) == {trainer, other}
    alias = merging.merge(kept=kept, merged=other, by=admin)
    assert set(User.objects.visible_to(trainer)) == {trainer, other, kept}
    assert set(User.objects.visible_to(kept)) == {kept, other}
    assert set(AudienceMembership.objects.visible_to(kept)) == {audience}
    assert set(User.objects.persons()) == {kept, trainer, admin}
    merging.unmerge(alias, by=admin)
    assert set(User.objects.visible_to(trainer)) == {trainer, other}
    assert set(User.objects.visible_to(kept)) == {kept}


def test_a_leader_of_a_group_leads_after_the_merge(admin: User) -> None:
    kept, other, learner = person("day"), person("day.2"), person("hoc")
    group = Group.objects.create(name="Lớp", since="2026-01-01")
    GroupMembership.objects.create(group=group, person=other, since="2026-01-01", leader=True)
    GroupMembership.objects.create(group=group, person=learner, since="2026-01-01")
    merging.merge(kept=kept, merged=other, by=admin)
    assert set(User.objects.visible_to(kept)) == {kept, other, learner}


def test_what_cannot_be_merged(admin: User) -> None:
    kept, other, third = person("su"), person("su.2"), person("su.3")
    root = User.objects.create_superuser(username="root", full_name="Root")
    merging.merge(kept=kept, merged=other, by=admin)
    for one, two, reason in (
        (kept, kept, CannotMerge.SAME),
        (third, other, CannotMerge.MERGED_ALREADY),
        (other, third, CannotMerge.MERGED_ALREADY),
        (third, root, CannotMerge.SUPERUSER),
    ):
        with pytest.raises(CannotMerge) as raised:
            merging.merge(kept=one, merged=two, by=admin)
        assert raised.value.args == (reason,)
    assert UserAlias.objects.count() == 1


def test_an_account_needs_a_name_after_parting(admin: User) -> None:
    kept = accounts.create(full_name="Sử", phone="0912345678")
    other = person("su.2")
    alias = merging.merge(kept=kept, merged=other, by=admin)
    kept.refresh_from_db()
    assert kept.username == "su.2"
    User.objects.filter(pk=kept.pk).update(phone=None)
    with pytest.raises(CannotMerge):
        merging.unmerge(alias, by=admin)
    assert merging.person_of_account(other) == kept
