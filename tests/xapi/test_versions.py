"""Version negotiation (Communication 3.3) and about (Communication 2.8)."""

import pytest
from django.test import Client

from tests.xapi.conftest import ANNA, Store, said, statement
from xapi.models import Statement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("1.0", "1.0.3"),
        ("1.0.0", "1.0.3"),
        ("1.0.3", "1.0.3"),
        ("1.0.9", "1.0.3"),
        ("2.0", "2.0.0"),
        ("2.0.0", "2.0.0"),
    ],
)
def test_a_version_we_speak(store: Store, asked: str, answered: str) -> None:
    response = store.speaking(asked).get()
    assert (response.status_code, response["X-Experience-API-Version"]) == (200, answered)


@pytest.mark.parametrize("asked", ["0.9", "0.95", "1.1.0", "2.1", "3.0.0", "x", "", "1.0.1000", "1.0.3 "])
def test_a_version_we_do_not_speak(store: Store, asked: str) -> None:
    other = store.speaking("1.0.3")
    other.headers["X-Experience-API-Version"] = asked
    response = other.post(statement())
    if asked == "1.0.3 ":
        assert response.status_code == 200
    else:
        assert (response.status_code, response["X-Experience-API-Version"]) == (400, "2.0.0")
        assert said(response)["error"].endswith("is none of 1.0, 1.0.x, 2.0 and 2.0.x")
        assert not Statement.objects.exists()


def test_without_a_version_header_400(store: Store) -> None:
    response = store.speaking(None).get()
    assert (response.status_code, response["X-Experience-API-Version"]) == (400, "0.95")
    assert said(response) == {"error": "the header X-Experience-API-Version is required"}


@pytest.mark.parametrize(("asked", "kept"), [("1.0.3", "1.0.0"), ("1.0.1", "1.0.0"), ("2.0.0", "2.0.0")])
def test_a_statement_without_version_gets_that_of_its_request(store: Store, asked: str, kept: str) -> None:
    store.speaking(asked).stored(statement())
    assert Statement.objects.get().data["version"] == kept


def test_context_agents_are_found_as_related_agents(store: Store) -> None:
    two = store.speaking("2.0.0")
    agent = {"mbox": "mailto:khach@example.org"}
    group = {"objectType": "Group", "mbox": "mailto:to@example.org"}
    context = {
        "contextAgents": [{"objectType": "contextAgent", "agent": agent, "relevantTypes": ["http://x.org/guest"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": group}],
    }
    [sent] = two.stored(statement(context=context))
    assert two.found(agent=agent) == []
    assert two.found(agent=agent, related_agents="true") == [sent]
    assert two.found(agent=group, related_agents="true") == [sent]
    assert two.found(agent=ANNA) == [sent]


def test_about_needs_no_version_and_no_sign_in() -> None:
    response = Client().get("/xapi/about")
    assert (response.status_code, response["X-Experience-API-Version"]) == (200, "0.95")
    assert said(response) == {"version": ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]}
    assert (
        Client().get("/xapi/about", headers={"X-Experience-API-Version": "1.0.3"})["X-Experience-API-Version"]
        == "1.0.3"
    )


def test_an_unknown_resource_answers_404_in_json() -> None:
    response = Client().get("/xapi/nothing")
    assert response.status_code == 404
    assert said(response)["error"].startswith("no such resource")
