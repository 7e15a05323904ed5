"""At the first sign-in one is told what is done with one's data, once; it can be read again."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from core.models import AuditEntry
from people import accounts, consent, merging, sensitive
from people.models import Consent, User

pytestmark = pytest.mark.django_db
URL = "/accounts/consent/"
WITHDRAW = "/accounts/consent/withdraw/"


@pytest.fixture
def learner(db: None) -> User:
    return accounts.create(full_name="Giàng A Chơ", username="cho", password="ruộng bậc thang")


def test_it_stands_before_the_page_that_was_wanted_and_is_asked_once(learner: User, client: Client) -> None:
    data = {"login": "cho", "password": "ruộng bậc thang", "next": "/courses/"}
    answer = client.post("/accounts/login/", data)
    assert answer["Location"] == f"{URL}?next=%2Fcourses%2F"
    page = client.get(answer["Location"]).content.decode()
    assert "91/2025/QH15" in page
    assert "1 tháng 1 năm 2026" in page
    assert not Consent.objects.exists()
    assert client.post(URL, {"next": "/courses/"})["Location"] == "/courses/"
    given = Consent.objects.get()
    assert (given.person, given.basis, given.document) == (learner, "consent", consent.LAW)
    assert client.post(URL)["Location"] == "/my/"
    assert Consent.objects.count() == 1
    assert Client().post("/accounts/login/", data)["Location"] == "/courses/"
    assert "đã đọc và đồng ý ngày" in client.get(URL).content.decode()


def test_ones_own_pages_wait_for_the_answer(learner: User, client: Client) -> None:
    """Whichever address is typed; what is public stays open, and the answer opens the rest."""
    client.post("/accounts/login/", {"login": "cho", "password": "ruộng bậc thang"})
    for path in ("/my/", "/en/my/notes/", "/learn/join/"):
        assert client.get(path)["Location"] == f"{URL if not path.startswith('/en') else '/en' + URL}?" + urlencode(
            {"next": path}
        )
    assert client.post("/learn/x/enrol/")["Location"] == f"{URL}?next=%2Fmy%2F"
    assert client.get("/targets/").status_code == 200
    assert client.post(URL, {"next": "/my/"})["Location"] == "/my/"
    assert client.get("/my/").status_code == 200


def test_next_is_followed_only_within_the_site(learner: User, client: Client) -> None:
    client.force_login(learner)
    page = client.get(URL, {"next": "https://evil.example/"}).content.decode()
    assert 'name="next" value="/my/"' in page
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.post(URL, {"next": target})["Location"] == "/my/"


def signed_in() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "cho", "password": "ruộng bậc thang"})
    return client


def test_the_agreement_is_taken_back_on_ones_own_page(learner: User) -> None:
    consent.record(learner)
    phone, desk = signed_in(), signed_in()
    assert WITHDRAW in phone.get(URL).content.decode()
    page = phone.get(WITHDRAW).content.decode()
    assert "Rút lại sự đồng ý" in page
    assert "/accounts/erasure/" in page
    assert consent.given_by(learner)  # looking does nothing
    assert phone.post(WITHDRAW)["Location"] == URL
    assert Consent.objects.get().withdrawn_at is not None
    for path in ("/my/", "/my/notes/", "/learn/join/"):
        assert phone.get(path)["Location"].startswith(URL), path
    assert desk.get("/my/")["Location"].startswith("/accounts/login/")
    page = phone.get(URL).content.decode()
    assert "đã rút lại sự đồng ý ngày" in page
    assert "/accounts/erasure/" in page
    assert phone.get("/my/data.json").status_code == 200
    assert phone.get("/accounts/erasure/").status_code == 200


def test_agreed_again_opens_the_pages_again(learner: User) -> None:
    consent.record(learner)
    phone = signed_in()
    phone.post(WITHDRAW)
    assert phone.post(WITHDRAW)["Location"] == URL  # a second press
    entry = AuditEntry.objects.get(action="people.withdraw_consent")
    assert (entry.by, entry.subject, entry.detail) == (learner.uuid, f"person:{learner.uuid}", {"agreements": 1})
    assert phone.get(WITHDRAW)["Location"] == URL
    later = signed_in()
    assert later.get("/my/")["Location"].startswith(URL)
    assert later.post(URL, {"next": "/my/"})["Location"] == "/my/"
    assert (later.get("/my/").status_code, phone.get("/my/").status_code) == (200, 200)
    assert [row.withdrawn_at is None for row in Consent.objects.order_by("pk")] == [False, True]


def test_merged_accounts_agree_and_take_back_as_one_person(learner: User) -> None:
    other = accounts.create(full_name="Giàng A Chơ", username="cho2", password="ruộng bậc thang")
    consent.record(other)
    merging.merge(kept=learner, merged=other, by=accounts.create(full_name="Quản trị", username="quan"))
    phone = signed_in()
    assert phone.get("/my/").status_code == 200
    phone.post(WITHDRAW)
    assert Consent.objects.get().withdrawn_at is not None
    assert phone.get("/my/")["Location"].startswith(URL)


def test_what_rests_on_the_law_stays_and_what_rests_on_agreement_is_no_longer_shown(learner: User) -> None:
    boss = User.objects.create_superuser(username="boss", password="x", full_name="Quản trị")
    consent.record(learner)
    sensitive.keep_basis([learner], purpose="Thống kê theo dân tộc", basis="consent")
    phone = signed_in()
    assert "Thống kê theo dân tộc" in phone.get(URL).content.decode()
    assert sensitive.may_see(boss, learner)
    phone.post(WITHDRAW)
    assert not sensitive.may_see(boss, learner)
    assert AuditEntry.objects.get(action="people.withdraw_consent").detail == {"agreements": 2}
    sensitive.keep_basis([learner], purpose="Thống kê theo dân tộc", basis="law")
    assert sensitive.may_see(boss, learner)
    phone.post(URL)
    phone.post(WITHDRAW)
    assert Consent.objects.get(basis="law").withdrawn_at is None
    assert sensitive.may_see(boss, learner)


def test_strangers_sign_in_first(client: Client) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")
