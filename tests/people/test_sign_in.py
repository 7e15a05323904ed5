"""Sign-in by each of the three names, and how often one may fail."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from people import accounts, consent
from people.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "ruộng bậc thang"
LOGIN = "/accounts/login/"


@pytest.fixture
def learner(db: None) -> User:
    person = accounts.create(
        full_name="Giàng A Chơ", username="giang.cho", phone="0912345678", email="cho@example.vn", password=PASSWORD
    )
    consent.record(person)
    return person


def try_in(name: str, password: str = PASSWORD, address: str = "203.0.113.1", client: Client | None = None) -> object:
    return (client or Client()).post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    "name", ["giang.cho", "GIANG.CHO", "0912 345 678", "+84912345678", "Cho@Example.vn", " giang.cho "]
)
def test_by_each_name(learner: User, name: str) -> None:
    client = Client()
    response = try_in(name, client=client)
    assert (response.status_code, response["Location"]) == (302, "/my/")
    assert client.session["_auth_user_id"] == str(learner.pk)


def test_the_page(client: Client) -> None:
    page = client.get(LOGIN).content.decode()
    assert "Số điện thoại, e-mail hoặc tên đăng nhập" in page
    assert len(re.findall(r"<h1>", page)) == 1
    assert "style=" not in page
    assert "<script" not in page


@pytest.mark.parametrize(("name", "password"), [("giang.cho", "sai"), ("không ai", PASSWORD), ("0912345679", PASSWORD)])
def test_wrong_name_or_password_says_the_same(learner: User, name: str, password: str) -> None:
    client = Client()
    response = try_in(name, password, client=client)
    assert response.status_code == 200
    assert "Chưa đúng tên, mật khẩu hoặc mã PIN." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_closed_account_stays_out(learner: User) -> None:
    learner.is_active = False
    learner.save()
    client = Client()
    assert try_in("giang.cho", client=client).status_code == 200
    assert "_auth_user_id" not in client.session


def test_next_is_followed_only_within_the_site(learner: User) -> None:
    for target, arrived in (("/courses/", "/courses/"), ("https://evil.example/", "/my/")):
        response = Client().post(LOGIN, {"login": "giang.cho", "password": PASSWORD, "next": target})
        assert response["Location"] == arrived


def test_five_failures_lock_the_account_for_that_address_only(learner: User) -> None:
    for name in (
        "giang.cho",
        "0912345678",
        "cho@example.vn",
        "+84 912345678",
        "Giang.Cho",
    ):  # one account, five spellings
        assert "Chưa đúng" in try_in(name, "sai").content.decode()
    locked = try_in("giang.cho")
    assert locked.status_code == 200
    assert "Đã thử sai quá nhiều lần" in locked.content.decode()
    assert try_in("giang.cho", address="203.0.113.2").status_code == 302


def test_a_class_behind_one_address_is_not_locked_out(learner: User) -> None:
    for number in range(40):
        try_in(f"bạn {number}", "sai")
    assert try_in("giang.cho").status_code == 302


def test_success_gives_the_tries_back(learner: User) -> None:
    for _ in range(4):
        try_in("giang.cho", "sai")
    for _ in range(10):
        assert try_in("giang.cho").status_code == 302


def test_failures_from_everywhere_lock_the_account(learner: User) -> None:
    for number in range(100):
        try_in("giang.cho", "sai", address=f"198.51.100.{number}")
    assert "Đã thử sai quá nhiều lần" in try_in("giang.cho").content.decode()


def test_strangers_do_not_lock_an_account_out_where_it_signed_in_before(learner: User) -> None:
    assert try_in("giang.cho", address="203.0.113.9").status_code == 302
    for number in range(100):
        try_in("giang.cho", "sai", address=f"198.51.100.{number}")
    assert try_in("giang.cho").status_code == 200
    assert try_in("0912345678", address="203.0.113.9").status_code == 302


def test_one_address_alone_does_not_lock_the_account_elsewhere(learner: User) -> None:
    for _ in range(110):
        try_in("giang.cho", "sai", address="198.51.100.1")
    assert try_in("giang.cho").status_code == 302


def test_limits_count_the_address_that_the_trusted_proxy_saw(learner: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    headers = {"X-Forwarded-For": "10.9.9.9, 203.0.113.5"}
    for _ in range(6):
        Client().post(LOGIN, {"login": "giang.cho", "password": "sai"}, headers=headers)
    assert Client().post(LOGIN, {"login": "giang.cho", "password": PASSWORD}, headers=headers).status_code == 200
    other = {"X-Forwarded-For": "203.0.113.5, 203.0.113.6"}
    assert Client().post(LOGIN, {"login": "giang.cho", "password": PASSWORD}, headers=other).status_code == 302


def test_sign_out_needs_a_post(learner: User, client: Client) -> None:
    client.force_login(learner)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_change_password(learner: User, client: Client) -> None:
    client.force_login(learner)
    url = reverse("account_change_password")
    fields = {"oldpassword": PASSWORD, "password1": "nương ngô mới", "password2": "nương ngô khác"}
    assert "Hai mật khẩu mới chưa giống nhau." in client.post(url, fields).content.decode()
    wrong = client.post(url, {**fields, "oldpassword": "sai", "password2": fields["password1"]})
    assert "Mật khẩu hiện tại chưa đúng." in wrong.content.decode()
    assert client.post(url, {**fields, "password2": fields["password1"]}).status_code == 302
    learner.refresh_from_db()
    assert learner.check_password("nương ngô mới")
    assert "_auth_user_id" in client.session


def test_reset_by_mail(learner: User, client: Client) -> None:
    response = client.post("/accounts/password/reset/", {"email": "CHO@example.vn"})
    assert response.status_code == 302
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["cho@example.vn"], "[Nhà Sàn] Đặt lại mật khẩu")
    link = re.search(r"http://testserver(\S+)", message.body).group(1)
    form = client.get(link, follow=True)
    url = form.redirect_chain[-1][0]
    done = client.post(url, {"password1": "nương ngô mới", "password2": "nương ngô mới"})
    assert done.status_code == 302
    learner.refresh_from_db()
    assert learner.check_password("nương ngô mới")
    assert "_auth_user_id" not in client.session
    assert "đã hết hạn hoặc đã được dùng" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("email", ["ai@example.vn", ""])
def test_reset_sends_nothing_to_strangers(learner: User, client: Client, email: str) -> None:
    without = accounts.create(full_name="Không Thư", phone="0987654321")
    assert without.email is None
    client.post("/accounts/password/reset/", {"email": email})
    assert mail.outbox == []


@pytest.mark.parametrize("path", ["email/", "login/code/", "confirm-email/", "phone/change/"])
def test_pages_of_allauth_that_we_do_not_have(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
