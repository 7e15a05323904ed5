"""Who asks for an account waits until staff of their unit have looked."""

import time
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.test import Client

from core.models import AuditEntry
from people import accounts, registration, roles
from people.exceptions import NotTheirs
from people.models import Consent, Group, GroupMembership, ManagerAssignment, Registration, Unit, User
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
URL = "/accounts/signup/"
LIST = "/admin/people/registrations/"
PIN = "402917"
FIELDS = {
    "full_name": "  Giàng  A Chơ ",
    "phone": "0912 345 678",
    "birth_year": "1971",
    "audiences": ["village_heads", "households"],
    "pin": "402 917",
    "again": PIN,
    "agree": "on",
}


def post(client: Client, unit: Any, **changes: Any) -> Any:
    return client.post(f"{URL}?unit={unit.pk}", {**FIELDS, **changes}, REMOTE_ADDR="203.0.113.1")


@pytest.fixture
def manager(land: Any) -> User:
    roles.ensure()
    manager = accounts.create(full_name="Quản Lý", username="ql", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    return manager


@pytest.fixture
def asked(land: Any, client: Client) -> Registration:
    assert post(client, land.pung_luong)["Location"] == "/accounts/signup/done/"
    return Registration.objects.get()


def test_the_commune_is_found_without_marks(client: Client, land: Any) -> None:
    for text in ("pung luong", "Púng Luông", "luong lao cai"):
        page = client.get(URL, {"q": text}).content.decode()
        assert f"?unit={land.pung_luong.pk}" in page, text
        assert "Xã Púng Luông, Tỉnh Lào Cai" in page
    assert "La Pán Tẩn" not in client.get(URL, {"q": "la pan tan"}).content.decode().replace("la pan tan", "")
    assert "Không tìm thấy xã nào" in client.get(URL, {"q": "khong co"}).content.decode()


def test_whole_names_come_first(client: Client, land: Any) -> None:
    for number, name in enumerate(["Xã Ái Tú Lên", "Xã Bình Tú Lệch"]):
        Unit.objects.create(
            code=f"9000{number}", level="commune", name=name, short_name=name[3:], parent=land.lao_cai,
            valid_from=land.tu_le.valid_from,
        )  # fmt: skip
    found = client.get(URL, {"q": "tu le"}).context["found"]
    assert (found[0].name, len(found)) == ("Xã Tú Lệ", 3)


@pytest.mark.parametrize("unit", ["x", "0", "9" * 30, "-1"])
def test_units_that_are_none(client: Client, land: Any, unit: str) -> None:
    assert "Tên xã, phường" in client.get(URL, {"unit": unit}).content.decode()
    assert client.post(f"{URL}?unit={unit}", FIELDS).status_code == 200
    assert not Registration.objects.exists()


def test_what_is_asked_is_kept_and_makes_no_account(asked: Registration, land: Any) -> None:
    assert (asked.full_name, asked.phone, asked.unit) == ("Giàng A Chơ", "+84912345678", land.pung_luong)
    assert asked.audiences == ["households", "village_heads"]
    assert PIN not in asked.pin
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"full_name": ""}, "full_name"),
        ({"phone": "123"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"pin": "123456", "again": "123456"}, "pin"),
        ({"pin": "197104", "again": "197104"}, "pin"),
        ({"again": "402918"}, "again"),
        ({"agree": ""}, "agree"),
        ({"audiences": ["kings"]}, "audiences"),
        ({"birth_year": "1492"}, "birth_year"),
        ({"email": "không"}, "email"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, land: Any, changes: Any, said: str) -> None:
    answer = post(client, land.pung_luong, **changes)
    assert set(answer.context["form"].errors) == {said}
    assert not Registration.objects.exists()


def test_asking_twice_is_asking_once(asked: Registration, client: Client, land: Any) -> None:
    post(client, land.pung_luong)
    assert Registration.objects.count() == 1


def test_a_form_sent_twice_stays_a_request_for_its_class(client: Client, land: Any) -> None:
    """By a second press or the back button: the class and the identity go with the first, and its trainer decides."""
    group = Group.objects.create(name="Lớp Hua Tạt")
    session = client.session
    session["people_registration"] = {"group": group.pk, "phone": "", "at": time.time()}
    session["people_identity"] = {"uid": "vn-1", "name": "", "phone": "", "email": "", "at": time.time()}
    session.save()
    for _press in range(2):
        client.post(f"{URL}?unit={land.pung_luong.pk}&identity", FIELDS)
    request = Registration.objects.get()
    assert (request.group, request.identity) == (group, "vn-1")


def test_nobody_takes_the_place_of_a_request_without_its_pin(asked: Registration, client: Client, land: Any) -> None:
    """Who knows name and number does not get the account that staff open: they see two requests."""
    post(client, land.pung_luong, pin="951753", again="951753")
    assert [row.check_pin(PIN) for row in Registration.objects.order_by("pk")] == [True, False]


def test_a_taken_number_is_not_told(client: Client, land: Any) -> None:
    accounts.create(full_name="Chủ Số", phone="0912345678")
    assert post(client, land.pung_luong)["Location"] == "/accounts/signup/done/"


def test_who_waits_is_told_so_with_the_right_pin_only(asked: Registration) -> None:
    login = {"login": "0912345678", "password": PIN}
    assert "đang chờ cán bộ xác nhận" in Client().post("/accounts/login/", login).content.decode()
    wrong = Client().post("/accounts/login/", login | {"password": "531975"}).content.decode()
    assert "Chưa đúng tên" in wrong
    assert "đang chờ" not in wrong


def test_staff_of_the_unit_confirm(asked: Registration, manager: User, client: Client, land: Any) -> None:
    sign_in_staff(client, manager)
    assert "Giàng A Chơ" in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{asked.pk}/").content.decode()
    assert "Trưởng thôn" in page
    client.post(f"{LIST}{asked.pk}/decide/", {"confirm": "1", "audience": ["village_heads", "enterprises"]})
    person = User.objects.get(phone="0912345678")
    assert (person.unit, person.birth_year, person.pin, person.is_staff) == (land.pung_luong, 1971, "chosen", False)
    assert [row.audience for row in person.audience_memberships.all()] == ["village_heads"]
    assert Consent.objects.get(person=person).given_at == asked.agreed_at
    assert not Registration.objects.exists()
    assert AuditEntry.objects.get(action="people.registration_confirm").by == manager.uuid
    login = Client().post("/accounts/login/", {"login": "0912345678", "password": PIN})
    assert login["Location"] == "/my/"


def test_a_second_press_says_that_it_is_done(asked: Registration, manager: User, client: Client) -> None:
    """On a slow line, or by the back button; the page that answers is the list, not an error."""
    sign_in_staff(client, manager)
    answers = [client.post(f"{LIST}{asked.pk}/decide/", {"confirm": ""}, follow=True) for _press in range(2)]
    assert [answer.redirect_chain for answer in answers] == [[(LIST, 302)]] * 2
    assert "Đơn này đã được xử lý." in answers[1].content.decode()
    assert User.objects.filter(phone="+84912345678").count() == 1


def test_staff_of_another_unit_see_nothing(asked: Registration, land: Any, client: Client) -> None:
    roles.ensure()
    other = accounts.create(full_name="Sơn La", username="sl", roles=[roles.MANAGER], unit=land.pung_luong)
    ManagerAssignment.objects.create(person=other, unit=land.son_la)
    sign_in_staff(client, other)
    assert "Giàng A Chơ" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{asked.pk}/").status_code == 404
    assert client.post(f"{LIST}{asked.pk}/decide/", {"confirm": "1"}).status_code == 404
    with pytest.raises(NotTheirs):
        registration.confirm(asked, by=other, audiences=[])


def test_a_refusal_keeps_nothing(asked: Registration, manager: User, client: Client) -> None:
    sign_in_staff(client, manager)
    client.post(f"{LIST}{asked.pk}/decide/", {"refuse": "1"})
    assert not Registration.objects.exists()
    entry = AuditEntry.objects.get(action="people.registration_refuse")
    assert "Giàng" not in f"{entry.subject} {entry.detail}"


def test_possible_doubles_are_shown_and_one_is_said_to_be_it(
    asked: Registration, manager: User, client: Client, land: Any
) -> None:
    double = accounts.create(full_name="Giàng A Chơ", username="giang.cho", unit=land.la_pan_tan)
    accounts.create(full_name="Người Khác", username="khac", unit=land.pung_luong)
    group = Group.objects.create(name="Lớp")
    Registration.objects.update(group=group, identity="vn-666")
    sign_in_staff(client, manager)
    page = client.get(f"{LIST}{asked.pk}/")
    assert page.context["likely"] == [double]
    client.post(f"{LIST}{asked.pk}/decide/", {"person": double.pk})
    assert GroupMembership.objects.get(group=group).person == double
    assert not User.objects.filter(phone="0912345678").exists()
    double.refresh_from_db()
    assert double.pin == ""
    assert not SocialAccount.objects.exists()  # the identity that asked may be anybody's


def test_a_number_taken_by_somebody_unseen_is_not_confirmed(
    asked: Registration, manager: User, client: Client, land: Any
) -> None:
    accounts.create(full_name="Ở Sơn La", phone="0912345678", unit=land.moc_chau)
    sign_in_staff(client, manager)
    page = client.get(f"{LIST}{asked.pk}/").content.decode()
    assert "mà ông, bà không xem được" in page
    assert "Ở Sơn La" not in page
    with pytest.raises(ValidationError):
        registration.confirm(asked, by=manager, audiences=[])
    assert client.post(f"{LIST}{asked.pk}/decide/", {"confirm": "1"}).status_code == 302
    assert Registration.objects.exists()


def test_leaders_of_the_group_confirm(asked: Registration, land: Any, client: Client) -> None:
    roles.ensure()
    trainer = accounts.create(full_name="Cô Giáo", username="co", roles=[roles.TRAINER])
    group = Group.objects.create(name="Lớp")
    GroupMembership.objects.create(group=group, person=trainer, leader=True)
    sign_in_staff(client, trainer)
    assert client.get(f"{LIST}{asked.pk}/").status_code == 404
    Registration.objects.update(group=group)
    client.post(f"{LIST}{asked.pk}/decide/", {"confirm": "1"})
    assert GroupMembership.objects.get(group=group, leader=False).person == User.objects.get(phone="0912345678")


def test_two_who_decide_at_once(asked: Registration, manager: User, client: Client) -> None:
    registration.refuse(asked, by=manager)
    with pytest.raises(NotTheirs):
        registration.confirm(asked, by=manager, audiences=[])


def test_a_class_behind_one_address_registers_one_number_does_not_flood(client: Client, land: Any) -> None:
    for number in range(45):
        assert post(client, land.pung_luong, phone=f"0987{number:06}").status_code == 302
    for number in range(4):
        assert post(client, land.pung_luong, phone="0987000000", full_name=f"Tên {number}").status_code == 302
    assert "quá nhiều đơn" in post(client, land.pung_luong, phone="0987000000", full_name="Nữa").content.decode()


def test_it_can_be_turned_off(client: Client, land: Any, settings: Any) -> None:
    settings.SELF_REGISTRATION = False
    assert "Chưa mở tự đăng ký" in post(client, land.pung_luong).content.decode()
    assert not Registration.objects.exists()
    assert "Đăng ký</a>" not in client.get("/accounts/login/").content.decode()


def test_the_list_costs_the_same_for_many(
    asked: Registration, manager: User, client: Client, land: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in_staff(client, manager)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    rows = [Registration(full_name="A", phone=f"+8498{n:07}", unit=land.tu_le, uuid=asked.uuid) for n in range(60)]
    Registration.objects.bulk_create(rows)
    with django_assert_max_num_queries(len(few)):
        page = client.get(LIST)
    assert (len(page.context["rows"]), bool(page.context["more"])) == (50, True)
