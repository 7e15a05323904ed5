"""At the first sign-in one is told what is done with one's data, once; it can be read again."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from people import accounts, consent
from people.models import Consent, User

pytestmark = pytest.mark.django_db
URL = "/accounts/consent/"


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


def test_withdrawn_is_asked_again(learner: User, client: Client) -> None:
    from django.utils import timezone

    consent.record(learner)
    Consent.objects.update(withdrawn_at=timezone.now())
    answer = client.post("/accounts/login/", {"login": "cho", "password": "ruộng bậc thang"})
    assert answer["Location"].startswith(URL)


def test_strangers_sign_in_first(client: Client) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")
