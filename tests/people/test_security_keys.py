"""Security keys in Chromium, by the virtual authenticator of its developer tools."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from people import accounts, roles
from people.models import User

pytestmark = [pytest.mark.django_db(transaction=True)]
PASSWORD = "ruộng bậc thang"


@pytest.fixture
def librarian(transactional_db: None) -> User:
    roles.ensure()
    return accounts.create(full_name="Hoàng Thị Sách", username="thu.thu", password=PASSWORD, roles=[roles.LIBRARIAN])


@pytest.fixture
def key(chromium: Any) -> str:
    """A security key that is always touched."""
    session = chromium.context.new_cdp_session(chromium)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page: Any, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("[name=login]", "thu.thu")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")


@pytest.mark.browser
def test_staff_set_one_up_enter_with_it_and_lose_the_admin_with_it(
    librarian: User, live_server: Any, chromium: Any, key: str, settings: Any
) -> None:
    site = live_server.url.replace("127.0.0.1", "localhost")
    settings.CSRF_TRUSTED_ORIGINS = [site]
    page = chromium
    sign_in(page, site)
    page.goto(f"{site}/admin/")
    assert "/accounts/reauthenticate/" in page.url
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    assert "/accounts/2fa/totp/activate/" in page.url
    page.click("text=Dùng khóa bảo mật thay cho ứng dụng")
    page.fill("[name=name]", "Khóa của Sách")
    page.click("form[data-webauthn] button")
    page.wait_for_url("**/recovery-codes/")
    stored = Authenticator.objects.get(user=librarian, type="webauthn")
    assert stored.wrap().name == "Khóa của Sách"
    assert page.goto(f"{site}/admin/").status == 200
    assert page.url == f"{site}/admin/"

    page.context.clear_cookies()
    sign_in(page, site)
    assert page.url == f"{site}/accounts/2fa/authenticate/"
    page.goto(f"{site}/admin/")
    assert page.url == f"{site}/accounts/2fa/authenticate/"
    page.goto(f"{site}/accounts/2fa/authenticate/")
    page.click("form[data-webauthn] button")
    page.wait_for_url(lambda url: "authenticate" not in url)
    assert page.goto(f"{site}/admin/").status == 200
    assert page.url == f"{site}/admin/"

    page.goto(f"{site}/accounts/2fa/webauthn/")
    page.click("main a:has-text('Bỏ khóa')")
    page.fill("[name=password]", PASSWORD)  # a change that matters is confirmed
    page.click("main form button")
    page.click("button.danger")
    page.wait_for_url("**/webauthn/")
    page.goto(f"{site}/admin/")
    assert "/accounts/2fa/totp/activate/" in page.url
    assert not Authenticator.objects.filter(user=librarian).exists()


def test_a_password_alone_neither_shows_nor_changes_keys(librarian: User, client: Client) -> None:
    made = Authenticator.objects.create(user=librarian, type="webauthn", data={"name": "x", "credential": {}})
    client.force_login(librarian)
    for path in ("", "add/", f"keys/{made.pk}/edit/", f"keys/{made.pk}/remove/"):
        answer = client.get(f"/accounts/2fa/webauthn/{path}")
        assert answer["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/?next=")
        assert client.post(f"/accounts/2fa/webauthn/{path}").status_code == 302
    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/?next=")


@pytest.mark.parametrize("credential", ["", "{}", "[]", '"x"', '{"id": "x"}', "không phải JSON"])
def test_broken_answers_of_a_key_are_refused(librarian: User, client: Client, credential: str) -> None:
    client.force_login(librarian)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/webauthn/add/")
    assert client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()


def test_recovery_codes_alone_are_no_second_factor(librarian: User, client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(librarian)
    client.post("/accounts/login/", {"login": "thu.thu", "password": PASSWORD})
    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/totp/activate/")
