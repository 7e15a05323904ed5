"""Staff reach nothing under /admin/ without a second factor; Wagtail's own sign-in is no way round."""

from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client, RequestFactory

from people import accounts, consent, roles, second_factor
from people.models import User
from tests.people.signing_in import SECRET, code, sign_in_staff

pytestmark = pytest.mark.django_db
PASSWORD = "ruộng bậc thang"
SET_UP = "/accounts/2fa/totp/activate/"


@pytest.fixture
def librarian(db: None) -> User:
    made = accounts.create(full_name="Hoàng Thị Sách", username="thu.thu", password=PASSWORD, roles=[roles.LIBRARIAN])
    consent.record(made)
    return made


def sign_in(client: Client) -> object:
    return client.post("/accounts/login/", {"login": "thu.thu", "password": PASSWORD})


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/users/", "/admin/account/", "/admin/documents/"])
def test_staff_without_it_are_sent_to_set_it_up(librarian: User, client: Client, path: str) -> None:
    sign_in(client)
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(f"{SET_UP}?next=")
    assert client.post(path).status_code == 302


def test_is_staff_alone_needs_it_too_and_opens_nothing(client: Client) -> None:
    user = accounts.create(full_name="A", username="a1", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/")["Location"].startswith(SET_UP)
    assert sign_in_staff(client, user).get("/admin/").status_code == 403


def test_learners_get_a_clear_no(client: Client) -> None:
    client.force_login(accounts.create(full_name="A", username="a1"))
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/users/").status_code == 403


def test_strangers_are_sent_to_our_sign_in(client: Client) -> None:
    response = client.get("/admin/pages/")
    assert response["Location"] == "/accounts/login/?next=/admin/pages/"


def test_challenge_at_sign_in(librarian: User, client: Client) -> None:
    second_factor.add_totp(librarian, SECRET)
    response = sign_in(client)
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert "Nhập mã xác thực" in client.get("/accounts/2fa/authenticate/").content.decode()
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000" if code() != "000000" else "111111"})
    assert "Mã chưa đúng." in wrong.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post("/accounts/2fa/authenticate/", {"code": code()})["Location"] == "/my/"
    assert client.get("/admin/").status_code == 200


def test_a_session_without_the_code_is_asked_for_it(librarian: User, client: Client) -> None:
    """Whatever way the session began: another view, a session from before the factor was set up."""
    second_factor.add_totp(librarian, SECRET)
    client.force_login(librarian)
    response = client.get("/admin/")
    assert response["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert client.post(response["Location"], {"code": code()})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/login/", "/_util/login/"])
def test_wagtails_own_sign_in_is_closed(librarian: User, client: Client, path: str) -> None:
    response = client.post(path, {"username": "thu.thu", "password": PASSWORD, "next": "/admin/"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=%2Fadmin%2F")
    assert "_auth_user_id" not in client.session


def test_wagtails_own_password_reset_is_closed(client: Client) -> None:
    assert client.get("/admin/password_reset/")["Location"].startswith("/accounts/password/reset/")


@pytest.mark.django_db(transaction=True)
def test_set_up(librarian: User, client: Client) -> None:
    sign_in(client)
    asked = client.get(SET_UP)
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": SET_UP})["Location"] == SET_UP
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert client.post(SET_UP, {"code": code(secret)}).status_code == 302
    stored = Authenticator.objects.get(user=librarian, type="totp").data["secret"]
    assert secret not in stored
    assert client.get("/admin/").status_code == 200
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200


def test_secret_is_stored_encrypted_and_replaced(librarian: User) -> None:
    second_factor.add_totp(librarian, SECRET)
    second_factor.add_totp(librarian, SECRET)
    stored = Authenticator.objects.get(user=librarian)
    assert SECRET not in str(stored.data)
    assert second_factor.MFAAdapter().decrypt(stored.data["secret"]) == SECRET
    with pytest.raises(ValueError, match="ASCII"):
        second_factor.add_totp(librarian, "không phải base32")


def test_secrets_outlive_a_change_of_the_secret_key(librarian: User, settings: object) -> None:
    second_factor.add_totp(librarian, SECRET)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"  # type: ignore[attr-defined]
    stored = Authenticator.objects.get(user=librarian)
    assert second_factor.MFAAdapter().decrypt(stored.data["secret"]) == SECRET


def test_a_recovery_code_stands_in_for_a_lost_phone(librarian: User, client: Client) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    second_factor.add_totp(librarian, SECRET)
    spare = RecoveryCodes.activate(librarian).get_unused_codes()[0]
    sign_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": spare})["Location"] == "/my/"
    again = Client()
    sign_in(again)
    assert again.post("/accounts/2fa/authenticate/", {"code": spare}).status_code == 200


def test_codes_cannot_be_tried_without_end(librarian: User, client: Client) -> None:
    second_factor.add_totp(librarian, SECRET)
    sign_in(client)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "12345"})
    assert "Đã thử sai quá nhiều lần" in client.post("/accounts/2fa/authenticate/", {"code": code()}).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.fixture
def administrator(db: None) -> User:
    roles.ensure()
    return accounts.create(full_name="Quản Trị", username="qt", password=PASSWORD, roles=[roles.ADMINISTRATOR])


def seen_by(client: Client) -> list[str]:
    """Whom the one who is signed in with this client sees."""
    request = RequestFactory().get("/")
    request.session = client.session
    second_factor.StaffSecondFactorMiddleware(lambda request: HttpResponse())(request)
    return sorted(User.objects.visible_to(request.user).values_list("username", flat=True))


def test_staff_without_the_code_see_only_themselves(administrator: User, librarian: User, client: Client) -> None:
    client.force_login(administrator)
    assert seen_by(client) == ["qt"]
    sign_in_staff(client, administrator)
    assert seen_by(client) == ["qt", "thu.thu"]


def test_roles_and_permissions_wait_for_the_code(administrator: User) -> None:
    assert roles.has(administrator, roles.ADMINISTRATOR)
    administrator.second_factor_given = False
    assert not roles.has(administrator, roles.ADMINISTRATOR)
    assert roles.holds(administrator, roles.ADMINISTRATOR)
    assert not administrator.has_perm("library.view_record")
    administrator.second_factor_given = True
    assert administrator.has_perm("library.view_record")


def test_metrics_wait_for_the_code(administrator: User, client: Client) -> None:
    client.force_login(administrator)
    assert client.get("/metrics", REMOTE_ADDR="203.113.131.1").status_code == 403
    sign_in_staff(client, administrator)
    assert client.get("/metrics", REMOTE_ADDR="203.113.131.1").status_code == 200


@pytest.mark.parametrize(
    "page", ["", "totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]
)
def test_a_password_does_not_change_the_second_factor(librarian: User, client: Client, page: str) -> None:
    second_factor.add_totp(librarian, SECRET)
    client.force_login(librarian)
    path = f"/accounts/2fa/{page}"
    asked = "/accounts/2fa/reauthenticate/?" + urlencode({"next": path})
    assert client.get(path)["Location"] == asked
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": path})["Location"] == asked
    assert client.post(path)["Location"] == asked
