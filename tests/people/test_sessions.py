"""Where one is signed in: told in plain words, ended one by one or all."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from people import accounts, consent, devices
from people.models import User

pytestmark = pytest.mark.django_db
URL = "/accounts/sessions/"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0"


@pytest.fixture
def learner(db: None) -> User:
    person = accounts.create(full_name="Giàng A Chơ", username="cho", password="ruộng bậc thang")
    consent.record(person)
    return person


def signed_in(agent: str = ANDROID, address: str = "203.0.113.1") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/accounts/login/", {"login": "cho", "password": "ruộng bậc thang"}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome trên điện thoại Android"),
        (WINDOWS, "Firefox trên máy tính Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Mobile Safari/604.1",
            "Safari trên iPhone",
        ),
        (ANDROID + " coc_coc_browser/120", "Cốc Cốc trên điện thoại Android"),
        ("", "thiết bị lạ"),
        ("<script>", "thiết bị lạ"),
    ],
)
def test_devices_in_plain_words(agent: str, words: str) -> None:
    assert devices.describe(agent) == words


def test_the_list_says_which_is_this_one(learner: User) -> None:
    phone, computer = signed_in(), signed_in(WINDOWS, "198.51.100.7")
    places = computer.get(URL).context["places"]
    assert [(place.device, place.address, place.current) for place in places] == [
        ("Firefox trên máy tính Windows", "198.51.100.7", True),
        ("Chrome trên điện thoại Android", "203.0.113.1", False),
    ]
    assert "máy này" in phone.get(URL).content.decode()


def test_one_is_ended_and_the_others_stay(learner: User) -> None:
    phone, computer, third = signed_in(), signed_in(WINDOWS), signed_in()
    key = next(place.key for place in computer.get(URL).context["places"] if not place.current)
    computer.post(URL, {"end": key})
    left = [client.get("/my/").status_code for client in (phone, computer, third)]
    assert sorted(left) == [200, 200, 302]
    assert computer.get("/my/").status_code == 200


def test_all_others_are_ended(learner: User) -> None:
    phone, computer, third = signed_in(), signed_in(WINDOWS), signed_in()
    computer.post(URL, {"end": "others"})
    assert [client.get("/my/").status_code for client in (phone, computer, third)] == [302, 200, 302]


def test_nobody_ends_another_ones(learner: User) -> None:
    phone = signed_in()
    other = Client()
    other.force_login(accounts.create(full_name="Khác", username="khac"))
    other.post(URL, {"end": UserSession.objects.get(user=learner).pk})
    other.post(URL, {"end": "x" * 30})
    assert phone.get("/my/").status_code == 200


def test_what_a_new_password_ended_is_not_listed(learner: User) -> None:
    signed_in()
    learner.set_password("nương ngô mới")
    learner.save()
    client = Client()
    client.force_login(learner)
    assert len(client.get(URL).context["places"]) <= 1


def test_last_use_is_noted_at_most_once_an_hour(learner: User, django_assert_num_queries: Any) -> None:
    phone = signed_in()
    phone.get("/my/")
    before = timezone.now() - timedelta(days=1)
    UserSession.objects.update(last_seen_at=before)
    phone.get("/my/")
    assert UserSession.objects.get().last_seen_at == before
    session = phone.session
    session["people_seen"] -= 3601
    session.save()
    phone.get("/my/")
    assert UserSession.objects.get().last_seen_at > before


def test_the_list_costs_the_same_for_many(learner: User, django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    phone = signed_in()
    phone.get(URL)
    with CaptureQueriesContext(connection) as few:
        phone.get(URL)
    count = len(few)
    for _ in range(5):
        signed_in()
    with django_assert_max_num_queries(count):
        phone.get(URL)
