"""The Agents resource: the Person object (Communication 2.4)."""

import hashlib
import json
import uuid
from typing import Any

import pytest
from django.http.response import HttpResponseBase

from core.identity import id_base
from people.actors import actor_of, actors_of, persons_of
from people.models import ActorIdentifier, User, UserAlias
from tests.xapi.conftest import ANNA, BINH, Store, said, store_with

pytestmark = pytest.mark.django_db


def ask(store: Store, **parameters: Any) -> HttpResponseBase:
    query = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    return store.client.get("/xapi/agents", query, headers=store.headers)


def ours(name: Any) -> dict[str, str]:
    return {"homePage": id_base(), "name": str(name)}


@pytest.fixture
def cho() -> User:
    """A user of ours with all that is personal, and identifiers in other systems."""
    user = User.objects.create_user("cho", full_name="Vàng A Chớ", phone="0912345678", email="cho@example.vn")
    UserAlias.objects.create(uuid=uuid.UUID(int=7), person=user)
    rows = [
        ("mbox", "", "mailto:cho@partner.example.org"),
        ("mbox_sha1sum", "", "a" * 40),
        ("openid", "", "https://id.example.org/cho"),
        ("account", "https://lms.example.org", "cho"),
    ]
    for kind, home_page, value in rows:
        ActorIdentifier.objects.create(person=user, kind=kind, home_page=home_page, value=value)
    return user


@pytest.mark.parametrize(
    ("agent", "person"),
    [
        (ANNA, {"name": ["Anna"], "mbox": ["mailto:anna@example.org"]}),
        ({"mbox": "mailto:anna@example.org"}, {"mbox": ["mailto:anna@example.org"]}),
        ({"mbox_sha1sum": "b" * 40, "name": "B"}, {"name": ["B"], "mbox_sha1sum": ["b" * 40]}),
        ({"openid": "https://id.example.org/c"}, {"openid": ["https://id.example.org/c"]}),
        (BINH, {"account": [BINH["account"]]}),
    ],
)
def test_an_agent_of_whom_nothing_is_known(store: Store, agent: dict[str, Any], person: dict[str, Any]) -> None:
    response = ask(store, agent=agent)
    assert (response.status_code, said(response)) == (200, {"objectType": "Person", **person})
    assert response["ETag"] == f'"{hashlib.sha1(response.getvalue()).hexdigest()}"'


def test_a_user_of_ours_has_all_identifiers_and_nothing_personal(store: Store, cho: User) -> None:
    expected = {
        "objectType": "Person",
        "mbox": ["mailto:cho@partner.example.org"],
        "mbox_sha1sum": ["a" * 40],
        "openid": ["https://id.example.org/cho"],
        "account": [
            ours(cho.uuid),
            ours(uuid.UUID(int=7)),
            {"homePage": "https://lms.example.org", "name": "cho"},
        ],
    }
    assert said(ask(store, agent=actor_of(cho))) == expected
    assert said(ask(store_with("all/read", name="reader"), agent=actor_of(cho))) == expected


def test_asked_for_by_a_merged_account_and_a_name(store: Store, cho: User) -> None:
    """What was asked for comes first, each once."""
    found = said(ask(store, agent={"name": "Chớ", "account": ours(uuid.UUID(int=7))}))
    assert found["name"] == ["Chớ"]
    assert found["account"][:2] == [ours(uuid.UUID(int=7)), ours(cho.uuid)]
    assert len(found["account"]) == 3


def test_other_identifiers_are_only_for_who_may_read_everything(cho: User) -> None:
    found = said(ask(store_with("profile"), agent=actor_of(cho)))
    assert found == {"objectType": "Person", "account": [ours(cho.uuid)]}


def test_who_is_behind_an_identifier_of_another_system_is_not_told(store: Store, cho: User) -> None:
    agent = {"mbox": "mailto:cho@partner.example.org"}
    assert said(ask(store, agent=agent)) == {"objectType": "Person", "mbox": ["mailto:cho@partner.example.org"]}


@pytest.mark.parametrize("name", ["không phải uuid", str(uuid.UUID(int=9))])
def test_an_account_of_ours_that_is_nobodys(store: Store, name: str) -> None:
    assert said(ask(store, agent={"account": ours(name)})) == {"objectType": "Person", "account": [ours(name)]}


def test_every_actor_of_a_person_leads_back_to_them(cho: User) -> None:
    assert persons_of(actors_of(cho)) == [cho] * 6


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({}, "agent: is required"),
        ({"agent": "{"}, "not JSON: unexpected end of data: line 1 column 2 (char 1)"),
        ({"agent": []}, "agent: expected object, got array"),
        ({"agent": {}}, "agent: needs one of mbox, mbox_sha1sum, openid and account"),
        ({"agent": {"objectType": "Group", "member": [ANNA]}}, "agent: must be an agent, not a group"),
        (
            {"agent": {"objectType": "Person", "mbox": ["mailto:a@b.org"]}},
            "agent.objectType: invalid enum value 'Person'",
        ),
        ({"agent": ANNA, "since": "2026-01-01"}, "since: is not a parameter here; there are agent"),
    ],
)
def test_wrong_parameters(store: Store, parameters: dict[str, Any], error: str) -> None:
    response = ask(store, **parameters)
    assert (response.status_code, said(response)["error"]) == (400, error)


@pytest.mark.parametrize(
    ("scope", "status"), [("all", 200), ("all/read", 200), ("profile", 200), ("state", 403), ("statements/read", 403)]
)
def test_scopes(scope: str, status: int) -> None:
    assert ask(store_with(scope), agent=ANNA).status_code == status


def test_head_and_other_methods(store: Store) -> None:
    response = store.client.head("/xapi/agents", {"agent": json.dumps(ANNA)}, headers=store.headers)
    assert (response.status_code, response.content) == (200, b"")
    assert store.client.delete("/xapi/agents", headers=store.headers).status_code == 405
