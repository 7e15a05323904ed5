"""How often a credential may ask: counted in the process by the minute, or in Redis by all together."""

import threading
from datetime import timedelta

import pytest
from django.test import Client

from core import ratelimit
from people import accounts
from tests.xapi.conftest import Store, new_id, said, statement, store_with
from xapi import launch, rate_limit
from xapi.exceptions import Refused
from xapi.models import Credential, Statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets; nothing counted yet."""
    now = [1_000_000.0]  # 40 s into its minute
    monkeypatch.setattr(rate_limit, "time", lambda: now[0])
    rate_limit._counted.clear()
    return now


def limited(limit: int, name: str = "partner") -> Store:
    return Store(*Credential.create(name=name, scopes=["all"], counts=[], requests_a_minute=limit))


def test_the_limit_is_reached_exactly_and_a_new_minute_begins_at_nought(frozen: list[float]) -> None:
    store = limited(3)
    assert [store.post(statement()).status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert Statement.objects.count() == 3
    frozen[0] = 1_000_019.9
    assert store.get().status_code == 429
    frozen[0] = 1_000_020.0
    assert store.get().status_code == 200


def test_the_refusal_says_when_to_come_again() -> None:
    store = limited(1)
    store.get()
    response = store.get()
    assert said(response) == {"error": "more than 1 requests in a minute; come again in 20 s"}
    assert (response["Retry-After"], response["X-Experience-API-Version"]) == ("20", "1.0.3")
    assert "Retry-After" in response["Access-Control-Expose-Headers"]


def test_credentials_are_counted_apart() -> None:
    one, other = limited(1), limited(1, "other")
    assert [one.get().status_code, one.get().status_code, other.get().status_code] == [200, 429, 200]


def test_without_a_limit_of_its_own_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (rate_limit.CREDENTIAL, rate_limit.LAUNCH_TOKEN) == (120_000, 600)
    monkeypatch.setattr(rate_limit, "CREDENTIAL", 2)
    store = store_with("all")
    assert [store.get().status_code for _ in range(3)] == [200, 200, 429]


def test_a_launch_token_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "LAUNCH_TOKEN", 2)
    store = limited(1)
    person = accounts.create(full_name="Giàng Thị Mỷ", username="my")

    def ask(token: str) -> int:
        headers = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "1.0.3"}
        return Client().get("/xapi/statements", headers=headers).status_code

    tokens = [
        launch.issue(
            credential=store.credential,
            person=person,
            registration=new_id(),
            activity="http://x.org/a",
            lifetime=timedelta(hours=1),
        )
        for _ in range(2)
    ]
    assert [ask(tokens[0]) for _ in range(3)] == [200, 200, 429]
    assert ask(tokens[1]) == 200
    assert store.get().status_code == 200


def test_wrong_secrets_are_limited_and_the_right_one_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "WRONG_SECRETS", 3)
    store = store_with("all")
    wrong = Store(store.credential, "guessed")
    assert [wrong.get().status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert said(wrong.get())["error"] == "more than 3 requests in a minute; come again in 20 s"
    assert store.get().status_code == 200


def test_unknown_keys_are_not_remembered() -> None:
    store = store_with("all")
    for number in range(50):
        store.credential.key = f"unknown-{number}"
        assert Store(store.credential, "x").get().status_code == 401
    assert not rate_limit._counted


def test_many_threads_together_get_exactly_the_limit() -> None:
    let_in = []

    def ask() -> None:
        for _ in range(50):
            try:
                rate_limit.check("x", limit=120)
            except Refused:
                continue
            let_in.append(True)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 120


def test_with_redis_all_processes_count_together(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    asked = []

    def take(scope: str, who: str, *, limit: int, seconds: int) -> bool:
        asked.append((scope, who, limit, seconds))
        return len(asked) < 2

    monkeypatch.setattr(ratelimit, "take", take)
    store = limited(7)
    assert [store.get().status_code, store.get().status_code] == [200, 429]
    assert asked == [("xapi", f"credential {store.credential.pk}", 7, 60)] * 2
    assert not rate_limit._counted
