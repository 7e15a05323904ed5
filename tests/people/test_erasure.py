"""A person's row is emptied; what figures need stays."""

from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from core.models import AuditEntry
from people import accounts, actors, erasure, merging, roles, second_factor
from people.exceptions import CannotErase
from people.models import (
    ActorIdentifier,
    AudienceMembership,
    Consent,
    ErasureRequest,
    ManagerAssignment,
    SignInCard,
    User,
)
from tests.people.conftest import person
from tests.people.signing_in import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> User:
    return accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])


def test_everything_personal_goes_and_the_rest_stays(land: SimpleNamespace, admin: User) -> None:
    su = accounts.create(
        full_name="Mùa A Sử", username="su", phone="0912345678", email="su@example.vn", unit=land.tu_le,
        birth_year=1985, gender="male", ethnic_group="08", languages=["hmn"], national_id="010085000123",
        password="mật khẩu dài", roles=[roles.TRAINER],
    )  # fmt: skip
    second_factor.add_totp(su, SECRET)
    AudienceMembership.objects.create(
        person=su, audience="village_heads", since="2026-01-01", decision_number="12/QĐ", decision_date="2026-01-01"
    )
    ManagerAssignment.objects.create(person=su, unit=land.tu_le, since="2026-01-01")
    Consent.objects.create(person=su, purpose="Học", basis="consent")
    identifier = ActorIdentifier.objects.create(person=su, kind="mbox", value="mailto:su@example.vn")
    uuid = su.uuid
    erasure.erase(su, by=admin)
    su.refresh_from_db()
    kept = {"id", "uuid", "unit_id", "created_at", "erased_at", "password", "language", "second_factor_given"}
    left = {name: value for name, value in vars(su).items() if value and name not in kept and not name.startswith("_")}
    assert left == {}
    assert (su.uuid, su.unit, str(su)) == (uuid, land.tu_le, "Người đã xóa dữ liệu")
    assert not su.has_usable_password()
    assert list(AudienceMembership.objects.values_list("audience", "decision_number", "decision_date")) == [
        ("village_heads", "", None)
    ]
    assert not ManagerAssignment.objects.filter(until=None).exists()
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert not Authenticator.objects.exists()
    assert not su.groups.exists()
    identifier.refresh_from_db()
    assert "su@" not in identifier.value
    assert actors.person_of({"mbox": "mailto:su@example.vn"}) == su
    assert actors.actors_of(su) == [actors.actor_of(su)]
    entry = AuditEntry.objects.get(action="people.erase")
    assert (entry.by, entry.subject, entry.detail) == (admin.uuid, f"person:{uuid}", {})
    assert not User.objects.persons().filter(pk=su.pk).exists()


def test_merged_accounts_are_erased_too(admin: User) -> None:
    kept, other = person("su"), person("su.2")
    merging.merge(kept=kept, merged=other, by=admin)
    with pytest.raises(CannotErase):
        erasure.erase(other, by=admin)
    erasure.erase(kept, by=admin)
    assert set(User.objects.filter(erased_at__isnull=False)) == {kept, other}
    assert set(User.objects.filter(erased_at__isnull=False).values_list("full_name", "username")) == {("", None)}


def test_cards_and_identities_go_too(admin: User) -> None:
    """Nothing opens the account any more."""
    person = accounts.create(full_name="Giàng A Páo", username="pao")
    SignInCard.objects.create(person=person, digest="a" * 64)
    SocialAccount.objects.create(user=person, provider="national", uid="vn-001")
    erasure.erase(person, by=admin)
    assert not SignInCard.objects.exists()
    assert not SocialAccount.objects.exists()


def test_who_cannot_be_erased(admin: User) -> None:
    root = User.objects.create_superuser(username="root", full_name="Root")
    for person_, by in ((root, admin), (admin, admin)):
        with pytest.raises(CannotErase):
            erasure.erase(person_, by=by)
    su = person("su")
    erasure.erase(su, by=admin)
    with pytest.raises(CannotErase):
        erasure.erase(su, by=admin)


def test_a_wish_waits_once_and_is_answered(admin: User) -> None:
    su = person("su")
    assert erasure.ask(su) == erasure.ask(su)
    erasure.withdraw(su)
    erasure.refuse(erasure.ask(su), by=admin, answer="Đang học dở.")
    erasure.ask(su)
    erasure.erase(su, by=admin)
    assert list(ErasureRequest.objects.order_by("pk").values_list("state", "answer")) == [
        ("withdrawn", ""),
        ("refused", "Đang học dở."),
        ("done", ""),
    ]
