"""Sign-in cards: who makes them for whom, what is printed, where the code leads."""

import io
import re
import shutil
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEntry
from people import accounts, cards, roles
from people.exceptions import NotTheirs
from people.models import Group, GroupMembership, ManagerAssignment, SignInCard, User
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
LIST = "/admin/people/cards/"


@pytest.fixture
def learner(land: Any) -> User:
    return accounts.create(full_name="Y Hơ̆k Niê Kđăm", phone="0912345678", unit=land.pung_luong, birth_year=1980)


@pytest.fixture
def trainer(learner: User) -> User:
    roles.ensure()
    trainer = accounts.create(full_name="Cô Giáo", username="co.giao", password="ruộng", roles=[roles.TRAINER])
    group = Group.objects.create(name="Lớp bản Tà Ghênh")
    GroupMembership.objects.create(group=group, person=trainer, leader=True)
    GroupMembership.objects.create(group=group, person=learner)
    return trainer


@pytest.fixture
def staff(trainer: User, client: Client) -> Client:
    return sign_in_staff(client, trainer)


def pdf_text(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext")
def test_a_trainer_prints_a_card_that_signs_in(staff: Client, learner: User) -> None:
    answer = staff.post(f"{LIST}print/", {"person": learner.pk})
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    text = pdf_text(b"".join(answer.streaming_content))
    assert "Y Hơ̆k Niê Kđăm" in text
    assert "Xã Púng Luông, Tỉnh Lào Cai" in text
    assert "0912 345 678" in text
    pin = re.search(r"\b(\d{3} \d{3})\b(?<!345 678)", text.replace("0912 345 678", "")).group(1)
    learner.refresh_from_db()
    assert (learner.pin, learner.check_password(pin)) == ("given", True)
    assert AuditEntry.objects.get(action="people.card").subject == f"user {learner.uuid}"


def card_of(learner: User, by: User) -> cards.Printed:
    return cards.make([learner], by=by)[0]


def test_the_code_leads_to_whose_it_is_and_asks_the_pin_only(trainer: User, learner: User) -> None:
    made, client = card_of(learner, trainer), Client()
    assert made.url.startswith("http://testserver/accounts/card/")
    path = made.url.removeprefix("http://testserver")
    page = client.get(path)
    body = page.content.decode()
    assert "Chào Y Hơ̆k Niê Kđăm" in body
    assert 'name="login"' not in body
    assert "912345678" not in body
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "_auth_user_id" not in client.session
    answer = client.post(path, {"password": made.pin})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(learner.pk)
    assert [row["method"] for row in client.session["account_authentication_methods"]] == ["card"]


def test_the_session_that_was_there_before_is_not_kept(trainer: User, learner: User) -> None:
    made, client = card_of(learner, trainer), Client()
    session = client.session
    session["planted"] = "1"
    session.save()
    before = client.cookies["sessionid"].value
    client.post(f"/accounts/card/{made.token}/", {"password": made.pin})
    assert client.cookies["sessionid"].value != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get("/my/").status_code == 302


def test_a_wrong_pin_does_not_and_counts(trainer: User, learner: User) -> None:
    made, client = card_of(learner, trainer), Client()
    path = f"/accounts/card/{made.token}/"
    for _ in range(5):
        assert "Mã PIN chưa đúng" in client.post(path, {"password": "531975"}).content.decode()
    assert "Đã thử sai quá nhiều lần" in client.post(path, {"password": made.pin}).content.decode()
    login = client.post("/accounts/login/", {"login": "0912345678", "password": made.pin})
    assert "Đã thử sai quá nhiều lần" in login.content.decode()


def test_a_new_card_ends_the_one_before_and_the_sessions(trainer: User, learner: User) -> None:
    old, client = card_of(learner, trainer), Client()
    client.post(f"/accounts/card/{old.token}/", {"password": old.pin})
    new = card_of(learner, trainer)
    assert client.get("/my/").status_code == 302
    assert Client().get(f"/accounts/card/{old.token}/").status_code == 404
    assert Client().get(f"/accounts/card/{new.token}/").status_code == 200
    assert SignInCard.objects.filter(person=learner, ended_at=None).count() == 1


def test_the_token_is_not_stored(trainer: User, learner: User) -> None:
    made = card_of(learner, trainer)
    assert made.token not in str(SignInCard.objects.values_list().get())
    assert made.pin not in str(User.objects.filter(pk=learner.pk).values_list().get())


def test_a_lost_card_is_ended(staff: Client, trainer: User, learner: User) -> None:
    made = card_of(learner, trainer)
    assert staff.post(f"{LIST}{learner.pk}/end/").status_code == 302
    assert Client().get(f"/accounts/card/{made.token}/").status_code == 404
    assert Client().post("/accounts/login/", {"login": "0912345678", "password": made.pin}).status_code == 302


def test_cards_of_closed_accounts_and_of_staff_open_nothing(trainer: User, learner: User) -> None:
    made = card_of(learner, trainer)
    User.objects.filter(pk=learner.pk).update(is_active=False)
    assert Client().get(f"/accounts/card/{made.token}/").status_code == 404
    User.objects.filter(pk=learner.pk).update(is_active=True)
    accounts.give_roles(learner, [roles.LIBRARIAN])
    assert Client().post(f"/accounts/card/{made.token}/", {"password": made.pin}).status_code == 404


def test_the_holder_enters_in_place_of_who_was_signed_in(trainer: User, learner: User) -> None:
    made, client = card_of(learner, trainer), Client()
    client.force_login(accounts.create(full_name="Người Trước", username="truoc"))
    client.post(f"/accounts/card/{made.token}/", {"password": made.pin})
    assert client.session["_auth_user_id"] == str(learner.pk)


@pytest.mark.parametrize("token", ["x", "a" * 22, "%00", "ạ" * 30, "a" * 3000])
def test_tokens_of_nobody(client: Client, db: None, token: str) -> None:
    assert client.get(f"/accounts/card/{token}/").status_code == 404


def test_pin_reset_shows_the_pin_once(staff: Client, learner: User) -> None:
    page = staff.post(f"{LIST}{learner.pk}/pin/")
    pin = re.search(r"nha-san-pin\">(\d{3} \d{3})<", page.content.decode()).group(1)
    assert "no-store" in page["Cache-Control"]
    assert f"<dt>Đăng nhập bằng</dt><dd>{learner.sign_in_name}</dd>" in page.content.decode()
    learner.refresh_from_db()
    assert learner.check_password(pin)
    assert pin not in staff.get(f"{LIST}{learner.pk}/").content.decode()
    assert AuditEntry.objects.filter(action="people.pin_reset", subject=f"user {learner.uuid}").count() == 1
    assert pin.replace(" ", "") not in str(list(AuditEntry.objects.values()))
    assert staff.get(f"{LIST}{learner.pk}/pin/").status_code == 405


def test_only_for_those_in_ones_care(staff: Client, trainer: User, land: Any) -> None:
    stranger = accounts.create(full_name="Ở Nơi Khác", username="khac", unit=land.moc_chau)
    page = staff.get(LIST).content.decode()
    assert "Y Hơ̆k Niê Kđăm" in page
    assert "Ở Nơi Khác" not in page
    for path in ("", "pin/", "end/"):
        send = staff.post if path else staff.get
        assert send(f"{LIST}{stranger.pk}/{path}").status_code == 404
    assert staff.post(f"{LIST}print/", {"person": stranger.pk}).status_code == 302
    with pytest.raises(NotTheirs):
        cards.make([stranger], by=trainer)
    stranger.refresh_from_db()
    assert stranger.pin == ""


def test_never_for_staff_nor_for_oneself(staff: Client, trainer: User) -> None:
    group = Group.objects.get()
    colleague = accounts.create(full_name="Thủ Thư", username="thu", roles=[roles.LIBRARIAN])
    GroupMembership.objects.create(group=group, person=colleague)
    for each in (colleague, trainer):
        assert staff.post(f"{LIST}{each.pk}/pin/").status_code == 404


def test_without_a_search_everybody_in_ones_care_is_listed(staff: Client, learner: User) -> None:
    assert list(staff.get(LIST).context["people"]) == [learner]
    group = Group.objects.get()
    assert list(staff.get(LIST, {"q": "", "group": group.pk}).context["people"]) == [learner]


def test_a_past_leader_has_no_more_say(staff: Client, learner: User) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    GroupMembership.objects.filter(leader=True).update(since=yesterday, until=yesterday)
    assert staff.post(f"{LIST}{learner.pk}/pin/").status_code == 404


def test_a_manager_makes_them_for_the_unit(land: Any, learner: User, client: Client) -> None:
    roles.ensure()
    manager = accounts.create(full_name="Quản Lý", username="ql", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    sign_in_staff(client, manager)
    assert client.post(f"{LIST}{learner.pk}/pin/").status_code == 200


@pytest.mark.parametrize("role", [roles.LIBRARIAN, roles.AUDITOR, roles.EDITOR, roles.CATALOGUER])
def test_other_roles_make_none(role: str, learner: User, client: Client) -> None:
    roles.ensure()
    sign_in_staff(client, accounts.create(full_name="Khác", username="khac", roles=[role]))
    assert client.get(LIST)["Location"] == "/admin/"
    assert client.post(f"{LIST}{learner.pk}/pin/").status_code == 404


def test_not_without_the_second_factor(trainer: User, learner: User, client: Client) -> None:
    client.force_login(trainer)
    assert client.post(f"{LIST}{learner.pk}/pin/")["Location"].startswith("/accounts/2fa/")


def test_the_list_has_everybody_until_words_are_typed(staff: Client, learner: User) -> None:
    assert list(staff.get(LIST).context["people"]) == [learner]
    assert list(staff.get(LIST, {"q": learner.full_name}).context["people"]) == [learner]
    assert list(staff.get(LIST, {"q": "xyzzy"}).context["people"]) == []


def test_the_list_is_paged_by_key_with_as_many_queries(
    staff: Client, trainer: User, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    group = Group.objects.get()
    with CaptureQueriesContext(connection) as few:
        staff.get(LIST)
    people = User.objects.bulk_create(User(full_name="Cùng Tên", username=f"n{n}") for n in range(120))
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person) for person in people)
    with django_assert_max_num_queries(len(few)):
        first = staff.get(LIST)
    assert len(first.context["people"]) == 50
    seen = [person.pk for person in first.context["people"]]
    page = first
    while page.context["more"]:
        page = staff.get(LIST, {"after": page.context["more"], "group": group.pk})
        seen += [person.pk for person in page.context["people"]]
    assert len(seen) == len(set(seen)) == 121


def test_more_than_a_class_at_once_is_refused(staff: Client) -> None:
    answer = staff.post(f"{LIST}print/", {"person": list(range(1, 60))}, follow=True)
    assert "Mỗi lần in được nhiều nhất 50 thẻ." in answer.content.decode()
    assert "Chưa chọn ai." in staff.post(f"{LIST}print/", {"person": "x"}, follow=True).content.decode()


def test_eleven_cards_take_two_pages(trainer: User, learner: User) -> None:
    from people import card_sheet

    made = [cards.Printed(learner, "402917", "t" * 22)] * 11
    done = subprocess.run(
        ["pdfinfo", "-"], input=card_sheet.render(made).read(), capture_output=True, check=True
    ).stdout.decode()  # fmt: skip
    assert re.search(r"Pages:\s+2", done)
    assert isinstance(card_sheet.render(made), io.BytesIO)


def test_one_chooses_ones_own(trainer: User, learner: User) -> None:
    made, client = card_of(learner, trainer), Client()
    client.post(f"/accounts/card/{made.token}/", {"password": made.pin})
    client.post("/accounts/consent/")
    url = "/accounts/pin/"
    assert "chưa đúng" in client.post(url, {"old": "531975", "pin": "708112", "again": "708112"}).content.decode()
    weak = client.post(url, {"old": made.pin, "pin": "123456", "again": "123456"}).content.decode()
    assert "dễ đoán" in weak
    differ = client.post(url, {"old": made.pin, "pin": "708112", "again": "708113"}).content.decode()
    assert "chưa giống nhau" in differ
    assert client.post(url, {"old": made.pin, "pin": "708112", "again": "708 112"})["Location"] == "/my/"
    learner.refresh_from_db()
    assert (learner.pin, learner.check_password("708112")) == ("chosen", True)
    assert client.get("/my/").status_code == 200


def test_two_presses_make_one_card_and_one_pin(staff: Client, learner: User) -> None:
    """The second finds the card made since its page was shown; a page opened afterwards makes the next one."""
    page = staff.get(LIST).content.decode()
    pressed = {"person": learner.pk, "newest": re.search(r'name="newest" value="(\d+)"', page)[1]}
    assert staff.post(f"{LIST}print/", pressed)["Content-Type"] == "application/pdf"
    learner.refresh_from_db()
    password = learner.password
    answer = staff.post(f"{LIST}print/", pressed, follow=True)
    assert "đã làm rồi" in answer.content.decode()
    learner.refresh_from_db()
    assert (learner.password, SignInCard.objects.filter(person=learner).count()) == (password, 1)
    page = staff.get(f"{LIST}{learner.pk}/").content.decode()
    pressed["newest"] = re.search(r'name="newest" value="(\d+)"', page)[1]
    assert staff.post(f"{LIST}print/", pressed)["Content-Type"] == "application/pdf"
    assert SignInCard.objects.filter(person=learner, ended_at=None).count() == 1


def test_a_class_of_the_link_is_chosen_and_only_its_people_are_shown(
    staff: Client, trainer: User, learner: User, land: Any
) -> None:
    """A trainer picks own groups; a manager comes by a class's link; another's group shows nobody and no name."""
    other = accounts.create(full_name="Lò Văn Khác", phone="0912345679", unit=land.pung_luong)
    mine, second = Group.objects.get(), Group.objects.create(name="Lớp hai")
    GroupMembership.objects.create(group=second, person=trainer, leader=True)
    GroupMembership.objects.create(group=second, person=other)
    shown = staff.get(LIST, {"group": mine.pk}).context
    assert [each.name for each in shown["groups"]] == ["Lớp bản Tà Ghênh", "Lớp hai"]
    assert shown["people"] == [learner]
    foreign = Group.objects.create(name="Lớp người khác")
    GroupMembership.objects.create(group=foreign, person=learner)
    shown = staff.get(LIST, {"group": foreign.pk})
    assert (shown.context["people"], "Lớp người khác" in shown.content.decode()) == ([], False)
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    office = sign_in_staff(Client(), manager)
    assert "cards-group" not in office.get(LIST).content.decode()
    shown = office.get(LIST, {"group": foreign.pk}).context
    assert ([each.name for each in shown["groups"]], shown["people"]) == (["Lớp người khác"], [learner])
