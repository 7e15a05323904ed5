"""Version negotiation (Communication 3.3) and about (Communication 2.8)."""

import json

import pytest
from django.test import Client

from tests.xapi.conftest import ANNA, BINH, Store, new_id, said, statement
from xapi.models import Statement
from xapi.received import read

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


AGENTS = {"contextAgents": [{"objectType": "contextAgent", "agent": BINH}]}
GROUPS = {"contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "member": [BINH]}}]}


@pytest.mark.parametrize("form", ["exact", "canonical", "ids"])
def test_a_client_of_1_0_gets_a_statement_of_2_0_as_one_of_1_0(store: Store, form: str) -> None:
    inner = {"objectType": "SubStatement", **statement(context=AGENTS | {"language": "vi"})}
    sent = store.speaking("2.0.0").stored(
        statement(context=AGENTS | GROUPS | {"registration": new_id()}), statement(object=inner, context=GROUPS)
    )
    [plain, nested] = (
        said(store.get(statementId=each, format=form)) | {"stored": "", "authority": "", "timestamp": ""}
        for each in sent
    )
    assert (list(plain["context"]), plain["version"]) == (["registration"], "1.0.0")
    assert "context" not in nested
    assert nested["object"]["context"] == {"language": "vi"}
    for each in said(store.get(format=form))["statements"]:
        assert each["version"] == "1.0.0"
        read(json.dumps(each).encode(), version="1.0.3") if form != "ids" else None
    kept = said(store.speaking("2.0.0").get(statementId=sent[0], format=form))
    assert (set(kept["context"]), kept["version"]) == ({"registration", *AGENTS, *GROUPS}, "2.0.0")


def test_only_the_version_of_the_statement_itself_makes_it_one_of_2_0(store: Store) -> None:
    digits = {"extensions": {"http://x.org/e": {"version": "2.0.0", "contextAgents": 1}}}
    [sent] = store.stored(statement(result=digits))
    shown = said(store.get(statementId=sent))
    assert (shown["result"], shown["version"]) == (digits, "1.0.0")
