"""Sign-in by OpenID Connect, against a provider that runs beside the tests."""

import html
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from core import fetch
from core.models import AuditEntry
from people import accounts, merging, registration, roles
from people.models import Registration, User
from tests.people.oidc_server import CLIENT, SECRET
from tests.people.signing_in import SECRET as TOTP
from tests.people.signing_in import code

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/oidc/login/"
CHO = {"sub": "vn-001", "name": "Giàng A Chơ", "phone_number": "+84912345678", "phone_number_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).parent / "oidc_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(autouse=True)
def configured(provider: str, settings: Any) -> None:
    settings.OIDC_URL = provider
    settings.BASE_URL = "http://testserver"
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app = app | {"client_id": CLIENT, "secret": SECRET, "settings": {"server_url": provider}}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
    }
    fetch.allow(urlsplit(provider).netloc)


@pytest.fixture
def learner(db: None) -> User:
    return accounts.create(full_name="Giàng A Chơ", phone="0912345678", email="cho@example.vn")


def says(provider: str, claims: dict[str, Any], lie: str = "") -> None:
    requests.post(f"{provider}/control", json={"claims": claims, "lie": lie}, timeout=10)


def go(client: Client, **data: str) -> Any:
    """From the button to our callback's answer."""
    page = client.post(BEGIN, data)
    assert page.status_code == 200, page.content
    target = html.unescape(re.search(r'class="button" href="([^"]+)"', page.content.decode()).group(1))
    sent = requests.get(target, allow_redirects=False, timeout=10)
    assert sent.status_code == 302, sent.text
    back = urlsplit(sent.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_verified_telephone_number_means_its_owner(provider: str, learner: User, client: Client) -> None:
    says(provider, CHO)
    answer = go(client, next="/courses/")
    assert answer.status_code == 302
    assert who(client) == str(learner.pk)
    joined = SocialAccount.objects.get()
    assert (joined.user, joined.provider, joined.uid, joined.extra_data) == (learner, "national", "vn-001", {})
    assert not SocialToken.objects.exists()
    assert AuditEntry.objects.filter(action="people.identity_join", subject=f"user {learner.uuid}").count() == 1


def test_a_national_id_claim_that_the_operator_named_means_its_owner(
    provider: str, learner: User, client: Client, settings: Any
) -> None:
    """Whatever the telephone says; without the setting, or with a number that is none, it means nobody."""
    number = {"sub": "vn-001", "personal_number": "001190000007"}
    learner.national_id = "001190000007"
    learner.save()
    says(provider, number)
    go(client)
    assert who(client) is None
    settings.OIDC_NATIONAL_ID = "personal_number"
    says(provider, number | {"personal_number": "12"})
    go(client)
    assert who(client) is None
    says(provider, number)
    go(client)
    assert who(client) == str(learner.pk)


def test_an_identity_of_a_merged_account_means_the_one_kept(provider: str, learner: User, client: Client) -> None:
    """And its own account again once they are parted."""
    kept = accounts.create(full_name="Người giữ", username="giu")
    boss = User.objects.create_superuser(username="boss", full_name="Boss")
    says(provider, CHO)
    go(Client())
    alias = merging.merge(kept=kept, merged=learner, by=boss)
    go(client)
    assert who(client) == str(kept.pk)
    merging.unmerge(alias, by=boss)
    parted = Client()
    go(parted)
    assert who(parted) == str(learner.pk)


def test_so_does_a_verified_address_and_the_subject_from_then_on(provider: str, learner: User, client: Client) -> None:
    says(provider, {"sub": "vn-001", "email": "Cho@example.vn", "email_verified": True})
    go(client)
    assert who(client) == str(learner.pk)
    again = Client()
    says(provider, {"sub": "vn-001", "email": "khac@example.vn", "email_verified": True})
    go(again)
    assert who(again) == str(learner.pk)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "vn-009", "email": "cho@example.vn", "email_verified": False},
        {"sub": "vn-009", "email": "cho@example.vn"},
        {"sub": "vn-009", "email": "cho@example.vn", "email_verified": "true"},
        {"sub": "vn-009", "phone_number": "0912345678"},
        {"sub": "vn-009", "preferred_username": "chơ"},
    ],
)
def test_what_is_not_verified_means_nobody(provider: str, learner: User, client: Client, claims: Any) -> None:
    says(provider, claims)
    answer = go(client)
    assert answer["Location"] == "/accounts/identity/"
    assert who(client) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1
    assert "Đăng nhập để nối" in client.get("/accounts/identity/").content.decode()


def test_two_people_who_might_be_meant_are_nobody(provider: str, learner: User, client: Client) -> None:
    accounts.create(full_name="Người Khác", email="khac@example.vn")
    says(provider, CHO | {"email": "khac@example.vn", "email_verified": True})
    assert go(client)["Location"] == "/accounts/identity/"
    assert who(client) is None


def test_another_identity_does_not_take_over_who_has_one(provider: str, learner: User, client: Client) -> None:
    says(provider, CHO)
    go(client)
    says(provider, CHO | {"sub": "vn-002"})
    thief = Client()
    assert go(thief)["Location"] == "/accounts/identity/"
    assert who(thief) is None


@pytest.mark.parametrize(
    "lie",
    ["nonce", "no nonce", "aud", "azp", "iss", "signature", "kid", "alg none", "hmac", "expired", "userinfo",
     "no id token", "shape"],
)  # fmt: skip
def test_hostile_providers_are_refused(provider: str, learner: User, client: Client, lie: str) -> None:
    says(provider, CHO, lie)
    answer = go(client)
    assert answer.status_code in {401, 502}
    assert "Chưa đăng nhập được" in answer.content.decode()
    assert who(client) is None
    assert not SocialAccount.objects.exists()


def test_a_document_of_another_issuer_is_refused(provider: str, client: Client, db: None) -> None:
    says(provider, CHO, "issuer document")
    assert client.post(BEGIN).status_code == 502


def goes_down(settings: Any) -> None:
    """From now on nobody answers where the provider was."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{probe.getsockname()[1]}"
    fetch.allow(urlsplit(gone).netloc)
    settings.OIDC_URL = gone
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0] | {"settings": {"server_url": gone}}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
    }


def test_a_provider_that_is_down_is_said_before_and_on_the_way_back(
    provider: str, learner: User, client: Client, settings: Any
) -> None:
    """In words that lead to the other ways in; nobody is signed in, and those ways work."""
    says(provider, CHO)
    leading = html.unescape(re.search(r'href="(http[^"]*/authorize[^"]*)"', client.post(BEGIN).content.decode())[1])
    back = requests.get(leading, allow_redirects=False, timeout=10).headers["Location"]
    goes_down(settings)
    for answer in (client.get(back.removeprefix("http://testserver")), client.post(BEGIN)):
        page = answer.content.decode()
        assert "Hệ thống định danh chưa xác nhận được ông, bà, hoặc đang bận" in page
        assert 'href="/accounts/login/"' in page
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/login/").status_code == 200


def test_who_stops_there_is_led_back(provider: str, client: Client, db: None) -> None:
    says(provider, CHO, "cancelled")
    assert go(client)["Location"] == "/accounts/oidc/cancelled/"
    assert "đã dừng" in client.get("/accounts/oidc/cancelled/").content.decode()


def test_the_answer_belongs_to_the_browser_that_asked(provider: str, learner: User, client: Client) -> None:
    says(provider, CHO)
    page = client.post(BEGIN)
    target = html.unescape(re.search(r'class="button" href="([^"]+)"', page.content.decode()).group(1))
    back = urlsplit(requests.get(target, allow_redirects=False, timeout=10).headers["Location"])
    victim = Client()
    assert victim.get(f"{back.path}?{back.query}").status_code == 401
    assert who(victim) is None


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=y", "?error=x", "?state=" + "x" * 3000])
def test_made_up_answers(provider: str, client: Client, db: None, query: str) -> None:
    assert client.get(f"/accounts/oidc/login/callback/{query}").status_code == 401


def test_it_begins_by_post_and_takes_nothing_from_the_address(provider: str, client: Client, db: None) -> None:
    assert client.get(BEGIN).status_code == 405
    says(provider, CHO)
    page = client.post(f"{BEGIN}?auth_params=nonce%3Dmine&scope=admin&process=connect").content.decode()
    assert "nonce=mine" not in page
    assert "admin" not in re.search(r"scope=([^&]+)", page).group(1)


def test_next_is_followed_only_within_the_site(provider: str, learner: User, client: Client) -> None:
    says(provider, CHO)
    answer = go(client, next="https://evil.example/")
    assert "evil" not in answer["Location"]


def test_signed_in_by_password_one_joins_it_on_purpose(provider: str, client: Client, db: None) -> None:
    person = accounts.create(full_name="Không Số", username="khong.so", password="ruộng bậc thang")
    says(provider, {"sub": "vn-007", "name": "Lò Văn Bảy"})
    go(client)
    client.post("/accounts/login/", {"login": "khong.so", "password": "ruộng bậc thang"})
    assert not SocialAccount.objects.exists()
    assert "Lò Văn Bảy" in client.get("/accounts/identity/").content.decode()
    client.post("/accounts/identity/", {"join": "1"})
    assert SocialAccount.objects.get().user == person
    again = Client()
    go(again)
    assert who(again) == str(person.pk)


def test_who_has_no_account_asks_for_one_with_the_identity(provider: str, client: Client, land: Any) -> None:
    says(provider, {"sub": "vn-008", "name": "Lò Văn Tám", "phone_number": "0987654321", "phone_number_verified": True})
    go(client)
    url = f"/accounts/signup/?unit={land.tu_le.pk}"
    assert "Lò Văn Tám" not in client.get(url).content.decode()  # the next one on the same phone
    page = client.get(f"{url}&identity=1").content.decode()
    assert "Gắn với định danh: Lò Văn Tám" in page
    fields = {"full_name": "Lò Văn Tám", "phone": "0987654321", "pin": "402917", "again": "402917", "agree": "on"}
    client.post(f"{url}&identity=1", fields)
    admin = accounts.create(full_name="Quản Trị", username="qt", roles=[roles.ADMINISTRATOR])
    person = registration.confirm(Registration.objects.get(), by=admin, audiences=[])
    again = Client()
    go(again)
    assert who(again) == str(person.pk)


def test_one_may_decline(provider: str, client: Client, db: None) -> None:
    accounts.create(full_name="Không Số", username="khong.so", password="ruộng bậc thang")
    says(provider, {"sub": "vn-007"})
    go(client)
    client.post("/accounts/login/", {"login": "khong.so", "password": "ruộng bậc thang"})
    client.post("/accounts/identity/", {})
    assert not SocialAccount.objects.exists()
    assert client.get("/accounts/identity/").status_code == 302


def test_a_closed_account_stays_out(provider: str, learner: User, client: Client) -> None:
    User.objects.update(is_active=False)
    says(provider, CHO)
    assert go(client)["Location"] == "/accounts/inactive/"
    assert who(client) is None


@pytest.fixture
def librarian(learner: User) -> User:
    from people import second_factor

    roles.ensure()
    accounts.give_roles(learner, [roles.LIBRARIAN])
    second_factor.add_totp(learner, TOTP)
    return learner


def test_staff_still_need_their_second_factor(provider: str, librarian: User, client: Client, settings: Any) -> None:
    settings.OIDC_SECOND_FACTOR = ["mfa"]
    says(provider, CHO | {"amr": ["pwd"], "acr": "low"})
    assert go(client)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "loa3"}])
def test_unless_the_provider_says_that_it_asked(
    provider: str, librarian: User, client: Client, settings: Any, claims: Any
) -> None:
    settings.OIDC_SECOND_FACTOR = ["mfa", "loa3"]
    says(provider, CHO | claims)
    go(client)
    assert client.get("/admin/").status_code == 200


def test_and_the_operator_believes_it(provider: str, librarian: User, client: Client) -> None:
    says(provider, CHO | {"amr": ["mfa"], "acr": "loa3"})
    assert go(client)["Location"] == "/accounts/2fa/authenticate/"


def test_private_addresses_are_called_only_where_allowed(
    provider: str, client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_allowed", set())
    assert client.post(BEGIN).status_code == 502


def test_without_a_provider_there_is_nothing(client: Client, db: None, settings: Any) -> None:
    settings.OIDC_URL = ""
    assert client.post(BEGIN).status_code == 404
    assert client.get("/accounts/oidc/login/callback/").status_code == 404
    assert "oidc" not in client.get("/accounts/login/").content.decode()
