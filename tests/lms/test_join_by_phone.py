"""Into a class by its code and a telephone number: what is enough, what is not, and what nobody learns by trying."""

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from core import ratelimit
from lms import joining
from lms.models import Cohort, Course, Enrolment
from people import accounts, registration, roles
from people.models import GroupMembership, Registration, User
from tests.lms.classes import class_of
from tests.people.conftest import unit

pytestmark = pytest.mark.django_db
PIN = "402917"


@pytest.fixture(autouse=True)
def _own_limits() -> None:
    cache.clear()


@pytest.fixture
def cohort(course: Course) -> Cohort:
    return class_of(course)[0]


@pytest.fixture
def member(cohort: Cohort) -> User:
    person = accounts.create(full_name="Giàng A Chơ", phone="0912345678")
    joining.add(cohort, [person], by=cohort.trainers[0])
    return person


def come(cohort: Cohort, client: Client | None = None, **fields: str) -> Any:
    return (client or Client()).post(f"/learn/join/{cohort.join_code}/", {"phone": "0912 345 678", **fields})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_code_and_number_open_a_member_s_account_without_a_secret(cohort: Cohort, member: User, client: Client) -> None:
    shown = client.get(f"/learn/join/{cohort.shown_code.lower()}/").content.decode()
    assert cohort.name in shown
    assert who(client) is None
    answer = come(cohort, client)
    assert answer["Location"].startswith("/accounts/consent/?next=")
    assert who(client) == str(member.pk)
    assert [row["method"] for row in client.session["account_authentication_methods"]] == ["class code"]
    assert Enrolment.objects.filter(learner=member, course=cohort.course).exists()


def test_code_and_number_are_not_enough_to_take_an_account_over(cohort: Cohort, member: User, client: Client) -> None:
    """No password may be set by who showed no more than that."""
    come(cohort, client)
    form = {"password1": "ruộng bậc thang", "password2": "ruộng bậc thang"}
    assert client.get("/accounts/password/set/").status_code == 302
    client.post("/accounts/password/set/", form)
    member.refresh_from_db()
    assert not member.has_usable_password()


def test_a_second_factor_set_up_so_opens_nothing_either(cohort: Cohort, member: User, client: Client) -> None:
    """It cannot be set up, and one that was proves nothing: its owner would be shut out for good."""
    come(cohort, client)
    client.post("/accounts/consent/")
    for page in ("2fa/", "2fa/totp/activate/", "2fa/recovery-codes/generate/", "2fa/webauthn/add/", "password/set/"):
        answer = client.get(f"/accounts/{page}")
        assert (answer.status_code, answer["Location"]) == (302, "/my/"), page
    session = client.session
    session["account_authentication_methods"] += [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session.save()
    assert client.get("/accounts/password/set/")["Location"] == "/my/"
    assert "Hãy hỏi giảng viên để nhận thẻ" in client.get("/my/").content.decode()


def test_an_identity_shown_before_is_not_joined_to_the_account(cohort: Cohort, member: User, client: Client) -> None:
    """Of a stranger who knows the class code and the number; the account would be theirs from then on."""
    session = client.session
    session["people_identity"] = {"uid": "vn-1", "name": "Người Lạ", "phone": "", "email": "", "at": time.time()}
    session.save()
    come(cohort, client)
    assert client.session["people_identity"]["uid"] == "vn-1"
    assert client.post("/accounts/identity/", {"join": ""})["Location"] == "/my/"
    assert not SocialAccount.objects.exists()


def test_the_code_is_typed_on_a_page(cohort: Cohort, member: User, client: Client) -> None:
    assert client.get("/learn/join/").status_code == 200
    answer = client.post("/learn/join/", {"code": cohort.shown_code.lower()})
    assert answer["Location"] == f"/learn/join/{cohort.join_code}/"
    assert "Không có lớp nào" in client.post("/learn/join/", {"code": "AAA-AAA"}).content.decode()


@pytest.mark.parametrize("secret", ["given", "chosen", "password", "identity"])
def test_who_has_a_secret_gives_it_too(cohort: Cohort, member: User, client: Client, secret: str) -> None:
    if secret in {"given", "chosen"}:
        member.set_pin(PIN, chosen=secret == "chosen")
    elif secret == "password":
        member.set_password("ruộng bậc thang")
    else:
        SocialAccount.objects.create(user=member, provider="national", uid="vn-1")
    member.save()
    answer = come(cohort, client)
    assert "Có mã PIN hay mật khẩu thì nhập vào đây" in answer.content.decode()
    assert who(client) is None
    if secret in {"given", "chosen"}:
        assert "chưa đúng" in come(cohort, client, password="531975").content.decode()
        assert who(client) is None
        come(cohort, client, password=PIN)
        assert who(client) == str(member.pk)


def test_known_and_unknown_numbers_look_alike(cohort: Cohort, member: User) -> None:
    import re

    member.set_pin(PIN, chosen=False)
    member.save()
    accounts.create(full_name="Không Ở Lớp", phone="0987654321")
    pages = [come(cohort, phone=number).content.decode() for number in ("0912345678", "0987654321", "0999999999")]
    plain = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1] == plain[2]


def test_a_member_of_another_class_brings_the_pin_and_joins(cohort: Cohort, client: Client) -> None:
    person = accounts.create(full_name="Không Ở Lớp", phone="0987654321")
    person.set_pin(PIN, chosen=True)
    person.save()
    come(cohort, client, phone="0987654321", password=PIN)
    assert who(client) == str(person.pk)
    assert joining.is_member(cohort, person)


def test_staff_never_enter_so(cohort: Cohort, member: User, client: Client) -> None:
    roles.ensure()
    accounts.give_roles(member, [roles.LIBRARIAN])
    come(cohort, client)
    assert who(client) is None
    member.set_password("ruộng bậc thang")
    member.save()
    answer = come(cohort, client, password="ruộng bậc thang")
    assert answer.get("Location") == "/accounts/login/", answer.context["form"].errors
    assert who(client) is None


@pytest.mark.parametrize(
    "change",
    [
        {"join_open": False},
        {"until": timezone.localdate() - timedelta(days=2)},
        {"since": timezone.localdate() + timedelta(days=2), "until": None},
    ],
)
def test_only_while_the_class_runs_and_is_open(cohort: Cohort, member: User, client: Client, change: Any) -> None:
    if "since" not in change and "until" in change:
        change = change | {"since": change["until"]}
    Cohort.objects.update(**change)
    assert come(cohort, client).status_code == 404
    assert who(client) is None


def test_who_left_the_class_or_whose_account_is_closed_stays_out(cohort: Cohort, member: User) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)
    client = Client()
    come(cohort, client)
    assert who(client) is None
    User.objects.filter(pk=member.pk).update(is_active=True)
    joining.leave(cohort, member, by=cohort.trainers[0])
    come(cohort, client)
    assert who(client) is None


def test_who_is_unknown_asks_for_an_account_in_the_class(cohort: Cohort, client: Client) -> None:
    commune = unit("04489", "commune", "Xã Púng Luông", unit("15", "province", "Tỉnh Lào Cai"))
    assert come(cohort, client, phone="0999999999", register="1")["Location"] == "/accounts/signup/"
    page = client.get(f"/accounts/signup/?unit={commune.pk}").content.decode()
    assert cohort.name in page
    assert "+84999999999" in page
    fields = {"full_name": "Lò Văn Mới", "phone": "0999999999", "pin": PIN, "again": PIN, "agree": "on"}
    client.post(f"/accounts/signup/?unit={commune.pk}", fields)
    asked = Registration.objects.get()
    assert asked.group == cohort.group
    person = registration.confirm(asked, by=cohort.trainers[0], audiences=[])
    assert joining.is_member(cohort, person)
    assert Enrolment.objects.filter(learner=person, course=cohort.course).exists()
    assert GroupMembership.objects.filter(person=person).count() == 1


def test_who_is_signed_in_goes_on_to_the_class(cohort: Cohort, client: Client) -> None:
    client.force_login(accounts.create(full_name="Đã Vào", username="da.vao"))
    answer = client.get(f"/learn/join/{cohort.join_code}/")
    assert answer["Location"] == f"/learn/s/{cohort.share_token}/"


def test_numbers_of_one_class_cannot_be_tried_through(cohort: Cohort, member: User, settings: Any) -> None:
    for number in range(5):
        come(cohort, phone=f"0987{number:06}")
    for _ in range(595):
        ratelimit.take("join", f"{cohort.pk} 127.0.0.1", limit=600, seconds=3600)
    client = Client()
    assert "Đã thử quá nhiều lần" in come(cohort, client).content.decode()
    assert who(client) is None
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")  # who tries numbers through shuts nobody else out
    come(cohort, elsewhere)
    assert who(elsewhere) == str(member.pk)


def test_one_number_is_not_tried_more_than_ten_times_an_hour(cohort: Cohort, member: User) -> None:
    for _ in range(10):
        come(cohort, password="531975")
    assert "Đã thử quá nhiều lần" in come(cohort).content.decode()


def test_codes_cannot_be_tried_without_end_but_right_ones_go_on(cohort: Cohort, member: User, client: Client) -> None:
    client.get("/learn/join/AAAAAA/")
    for _ in range(199):
        ratelimit.take("join code", "127.0.0.1", limit=200, seconds=3600)
    assert "quá nhiều mã sai" in client.get("/learn/join/AAAAAA/").content.decode()
    assert client.get(f"/learn/join/{cohort.join_code}/").status_code == 200


@pytest.mark.parametrize("code", ["x" * 300, "%00", "☃", "..."])
def test_codes_that_are_none(client: Client, db: None, code: str) -> None:
    assert client.get(f"/learn/join/{code}/").status_code == 404


@pytest.mark.parametrize("phone", ["", "abc", "9" * 40, "\x00"])
def test_numbers_that_are_none(cohort: Cohort, client: Client, phone: str) -> None:
    assert come(cohort, client, phone=phone).status_code == 200
    assert who(client) is None
