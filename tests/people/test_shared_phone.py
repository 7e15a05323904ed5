"""Several learners on one phone: names by consent, the PIN each time, nothing left to the next."""

from typing import Any

import pytest
from django.test import Client

from people import accounts, consent, shared_phone
from people.models import User

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PIN = "402917"


def learner(name: str, phone: str) -> User:
    person = accounts.create(full_name=name, phone=phone)
    person.set_pin(PIN, chosen=False)
    person.save()
    consent.record(person)
    return person


@pytest.fixture
def cho(db: None) -> User:
    return learner("Giàng A Chơ", "0912345678")


@pytest.fixture
def mai(db: None) -> User:
    return learner("Lò Thị Mai", "0987654321")


def enter(client: Client, phone: str, **fields: str) -> None:
    assert client.post(LOGIN, {"login": phone, "password": PIN, **fields}).status_code == 302


def test_names_are_kept_only_by_consent(cho: User, mai: User, client: Client) -> None:
    enter(client, "0912345678")
    client.post("/accounts/logout/")
    assert shared_phone.COOKIE not in client.cookies
    enter(client, "0987654321", keep_name="on")
    cookie = client.cookies[shared_phone.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    client.post("/accounts/logout/")
    page = client.get(LOGIN).content.decode()
    assert "Lò Thị Mai" in page
    assert "Giàng A Chơ" not in page


def test_a_name_still_needs_the_pin_and_shows_no_number(cho: User, client: Client) -> None:
    enter(client, "0912345678", keep_name="on")
    client.post("/accounts/logout/")
    page = client.get(LOGIN, {"who": cho.pk}).content.decode()
    assert "Giàng A Chơ" in page
    assert 'name="login"' not in page
    wrong = client.post(LOGIN, {"who": cho.pk, "password": "531975"})
    assert wrong.status_code == 200
    assert "912345678" not in wrong.content.decode()
    assert client.post(LOGIN, {"who": cho.pk, "password": PIN})["Location"] == "/my/"
    assert client.session["_auth_user_id"] == str(cho.pk)


def test_keys_that_the_phone_does_not_remember_mean_nobody(cho: User, mai: User, client: Client) -> None:
    enter(client, "0912345678", keep_name="on")
    client.post("/accounts/logout/")
    assert client.post(LOGIN, {"who": mai.pk, "password": PIN}).status_code == 200
    assert "Lò Thị Mai" not in client.get(LOGIN, {"who": mai.pk}).content.decode()
    client.cookies[shared_phone.COOKIE] = "forged:value"
    assert client.get(LOGIN).status_code == 200
    assert "Giàng A Chơ" not in client.get(LOGIN).content.decode()


def test_one_is_forgotten(cho: User, mai: User, client: Client) -> None:
    for phone in ("0912345678", "0987654321"):
        enter(client, phone, keep_name="on")
        client.post("/accounts/logout/")
    client.post("/accounts/login/forget/", {"who": mai.pk})
    page = client.get(LOGIN).content.decode()
    assert "Giàng A Chơ" in page
    assert "Lò Thị Mai" not in page
    client.post("/accounts/login/forget/", {"who": cho.pk})
    assert client.cookies[shared_phone.COOKIE].value == ""


def test_nothing_is_left_to_the_next(cho: User, mai: User, client: Client) -> None:
    enter(client, "0912345678")  # its greeting is never read
    mine = client.get("/my/", HTTP_COOKIE_SEEN="")
    assert "no-store" in mine["Cache-Control"]
    enter_again = client.post("/accounts/logout/", {"next": LOGIN})
    assert enter_again["Location"] == LOGIN
    page = client.get(LOGIN).content.decode()
    assert "Chơ" not in page
    enter(client, "0987654321")
    assert "Chơ" not in client.get("/my/").content.decode()
    assert "Lò Thị Mai" in client.get("/my/").content.decode()


def test_pages_for_everybody_may_still_be_kept(client: Client, cho: User) -> None:
    assert "no-store" not in client.get("/targets/").get("Cache-Control", "")
    client.force_login(cho)
    assert "no-store" in client.get("/targets/")["Cache-Control"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_learners_on_one_old_phone(live_server: Any, browser: Any) -> None:
    """Without JavaScript: one signs in and hands the phone over; going back shows nothing of the first."""
    from wagtail.models import Locale

    Locale.objects.get_or_create(language_code="vi")
    cho, mai = learner("Giàng A Chơ", "0912345678"), learner("Lò Thị Mai", "0987654321")
    context = browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{live_server.url}{LOGIN}")
    page.fill("[name=login]", "0912 345 678")
    page.fill("[name=password]", PIN)
    page.check("[name=keep_name]")
    page.click("main form button")
    assert page.url == f"{live_server.url}/my/"
    page.click("text=Người khác học trên máy này")
    page.click("text=Người khác")
    page.fill("[name=login]", "0987654321")
    page.fill("[name=password]", PIN)
    page.click("main form button")
    assert "Lò Thị Mai" in page.content()
    assert "Chơ" not in page.content()
    page.click("footer >> text=Đăng xuất")
    page.goto(f"{live_server.url}{LOGIN}")
    page.go_back()
    assert "Lò Thị Mai" not in page.content()
    page.goto(f"{live_server.url}{LOGIN}")
    page.click(f"main >> text={cho.full_name}")
    page.fill("[name=password]", PIN)
    page.click("main form button")
    assert "Giàng A Chơ" in page.content()
    assert mai.pk
    context.close()
