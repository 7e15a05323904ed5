"""Consistent-Through, answers to other origins."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.xapi.conftest import Store, new_id, said, statement
from xapi.models import Statement

pytestmark = pytest.mark.django_db
NAME = "X-Experience-API-Consistent-Through"


def test_every_answer_says_through_when_it_is_consistent(store: Store) -> None:
    answers = [
        store.post(statement()),
        store.post({}),
        store.put(statement(), statementId=new_id()),
        store.get(),
        store.get(statementId=new_id()),
        store.get(foo="bar"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 204, 200, 404, 400]
    for answer in answers:
        through = datetime.fromisoformat(answer[NAME])
        assert datetime.now(UTC) - timedelta(seconds=10) < through < datetime.now(UTC)


def test_what_is_stored_later_is_later(store: Store) -> None:
    """Whoever asks again with since=the header misses nothing."""
    seen: list[str] = []
    through = "1970-01-01T00:00:00Z"
    for _ in range(5):
        store.stored(statement(), statement())
        answer = store.get(since=through, ascending="true")
        seen += [each["id"] for each in said(answer)["statements"]]
        through = answer[NAME]
    assert set(seen) == {str(each) for each in Statement.objects.values_list("statement_id", flat=True)}


def test_a_player_on_another_site_may_ask_first() -> None:
    response = Client().options("/xapi/statements", headers={"Origin": "https://player.example.org"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    for name in ("Authorization", "Content-Type", "X-Experience-API-Version", "If-Match"):
        assert name in response["Access-Control-Allow-Headers"]


def test_a_player_on_another_site_may_read_answers_and_refusals(store: Store) -> None:
    for response in (store.get(), store.post({}), Client().get("/xapi/statements")):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "X-Experience-API-Consistent-Through" in response["Access-Control-Expose-Headers"]
