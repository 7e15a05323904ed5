"""GET /xapi/statements: one by its id, many by filters (Communication 2.1.3)."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date

from tests.xapi.conftest import ANNA, ANSWERED, BINH, PASSED, QUIZ, Store, about, new_id, said, statement, store_with
from xapi.models import Statement

pytestmark = pytest.mark.django_db

LOP = {"objectType": "Group", "mbox": "mailto:lop@example.org", "member": [BINH]}
COURSE = {"id": "https://lms.example.org/course"}
WORDS = {"GROUP": {"objectType": "Group", "member": [ANNA, BINH]}}


def sub(**changes: Any) -> dict[str, Any]:
    return {"objectType": "SubStatement", **statement(**changes)}


def test_one_by_its_id(store: Store) -> None:
    sent = statement(id=new_id(), timestamp="2026-01-01T00:00:00Z")
    store.stored(sent, statement())
    response = store.get(statementId=sent["id"])
    row = Statement.objects.get(statement_id=sent["id"])
    assert response.status_code == 200
    assert said(response) == row.data
    assert response["Content-Type"] == "application/json"
    assert response["Last-Modified"] == http_date(row.stored.timestamp())


def test_an_unknown_id_answers_404(store: Store) -> None:
    for name in ("statementId", "voidedStatementId"):
        response = store.get(**{name: new_id()})
        assert (response.status_code, said(response)) == (404, {"error": "no such statement"})


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"statementId": "7"}, "statementId: not a UUID in standard form"),
        ({"voidedStatementId": ""}, "voidedStatementId: not a UUID in standard form"),
        ({"registration": "x"}, "registration: not a UUID in standard form"),
        ({"verb": "passed"}, "verb: not an IRI with a scheme"),
        ({"activity": "quiz"}, "activity: not an IRI with a scheme"),
        ({"agent": "anna"}, "not JSON: unexpected character, expected a JSON value: line 1 column 1 (char 0)"),
        ({"agent": "[]"}, "agent: expected object, got array"),
        ({"agent": '{"mbox":"anna"}'}, "agent.mbox: not a mailto IRI"),
        ({"agent": '{"name":"Anna"}'}, "agent: needs one of mbox, mbox_sha1sum, openid and account"),
        ({"since": "yesterday"}, "since: not an ISO 8601 date and time"),
        ({"until": "2026-01-01T00:00:00-00:00"}, "until: the offset -00:00 is not allowed"),
        ({"limit": "-1"}, "limit: must be a whole number that is not negative"),
        ({"limit": "many"}, "limit: must be a whole number that is not negative"),
        ({"limit": "٣"}, "limit: must be a whole number that is not negative"),
        ({"cursor": "9" * 20}, "cursor: must be a whole number that is not negative"),
        ({"ascending": "True"}, "ascending: must be true or false"),
        ({"related_agents": "1"}, "related_agents: must be true or false"),
        ({"related_activities": ""}, "related_activities: must be true or false"),
        ({"attachments": "no"}, "attachments: must be true or false"),
        ({"format": "short"}, "format: must be one of exact, ids, canonical"),
        ({"limit": ["1", "2"]}, "a parameter occurs twice"),
        (
            {"statementId": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", "voidedStatementId": new_id()},
            "statementId and voidedStatementId exclude one another",
        ),
        (
            {"statementId": new_id(), "limit": "1"},
            "limit: is not a parameter here; there are attachments, format, statementId, voidedStatementId",
        ),
    ],
)
def test_a_parameter_that_makes_no_sense_answers_400(store: Store, parameters: dict[str, Any], error: str) -> None:
    response = store.get(**parameters)
    assert (response.status_code, said(response)["error"]) == (400, error)


def test_an_unknown_parameter_answers_400(store: Store) -> None:
    response = store.get(statement_id=new_id())
    assert response.status_code == 400
    assert said(response)["error"].startswith("statement_id: is not a parameter here; there are activity, agent,")


def test_an_empty_store_has_an_empty_list(store: Store) -> None:
    assert said(store.get()) == {"statements": [], "more": ""}
    assert said(store.get(agent=ANNA, verb=PASSED["id"])) == {"statements": [], "more": ""}


FILTERS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"agent": ANNA}, {"actor": ANNA}, True),
    ({"agent": {"mbox": ANNA["mbox"], "name": "another name"}}, {"actor": ANNA}, True),
    ({"agent": {"mbox": "mailto:anna@Example.ORG"}}, {"actor": ANNA}, True),
    ({"agent": BINH}, {"actor": BINH}, True),
    ({"agent": BINH}, {"actor": ANNA}, False),
    ({"agent": {"account": {"homePage": "https://lms.example.org", "name": "Binh"}}}, {"actor": BINH}, False),
    ({"agent": {"mbox": LOP["mbox"], "objectType": "Group"}}, {"actor": LOP}, True),
    ({"agent": BINH}, {"actor": LOP}, True),
    ({"agent": BINH}, {"actor": WORDS["GROUP"]}, True),
    ({"agent": WORDS["GROUP"]}, {"actor": WORDS["GROUP"]}, False),
    ({"agent": BINH}, {"object": BINH | {"objectType": "Agent"}}, True),
    ({"agent": BINH}, {"object": LOP}, True),
    ({"agent": BINH}, {"context": {"instructor": BINH}}, False),
    ({"agent": BINH}, {"object": sub(actor=BINH)}, False),
    ({"agent": BINH, "related_agents": "true"}, {"actor": BINH}, True),
    ({"agent": BINH, "related_agents": "true"}, {"context": {"instructor": BINH}}, True),
    ({"agent": BINH, "related_agents": "true"}, {"context": {"team": LOP}}, True),
    ({"agent": BINH, "related_agents": "true"}, {"object": sub(actor=BINH)}, True),
    ({"agent": BINH, "related_agents": "true"}, {"object": sub(object=LOP)}, True),
    ({"agent": BINH, "related_agents": "true"}, {"object": sub(context={"instructor": BINH})}, True),
    ({"agent": BINH, "related_agents": "true"}, {}, False),
    ({"verb": PASSED["id"]}, {"verb": PASSED}, True),
    ({"verb": PASSED["id"]}, {"verb": ANSWERED}, False),
    ({"verb": PASSED["id"]}, {"object": sub(verb=PASSED)}, False),
    ({"activity": QUIZ["id"]}, {"object": QUIZ}, True),
    ({"activity": QUIZ["id"]}, {"object": COURSE}, False),
    ({"activity": COURSE["id"]}, {"context": {"contextActivities": {"parent": [COURSE]}}}, False),
    ({"activity": COURSE["id"]}, {"object": sub(object=COURSE)}, False),
    ({"activity": QUIZ["id"], "related_activities": "true"}, {"object": QUIZ}, True),
    *(
        (
            {"activity": COURSE["id"], "related_activities": "true"},
            {"context": {"contextActivities": {kind: COURSE}}},
            True,
        )
        for kind in ("parent", "grouping", "category", "other")
    ),
    ({"activity": COURSE["id"], "related_activities": "true"}, {"object": sub(object=COURSE)}, True),
    (
        {"activity": COURSE["id"], "related_activities": "true"},
        {"object": sub(context={"contextActivities": {"parent": [COURSE]}})},
        True,
    ),
    (
        {"registration": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"},
        {"context": {"registration": "6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"}},
        True,
    ),
    ({"registration": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"}, {"context": {"registration": new_id()}}, False),
    ({"agent": ANNA, "verb": PASSED["id"], "activity": QUIZ["id"]}, {"verb": PASSED}, True),
    ({"agent": ANNA, "verb": PASSED["id"], "activity": COURSE["id"]}, {"verb": PASSED}, False),
    ({"agent": BINH, "verb": PASSED["id"]}, {"verb": PASSED}, False),
]


@pytest.mark.parametrize(("parameters", "changes", "is_found"), FILTERS)
def test_filters(store: Store, parameters: dict[str, Any], changes: dict[str, Any], is_found: bool) -> None:
    sent = statement(id=new_id(), **changes)
    store.stored(sent, statement(id=new_id(), actor={"openid": "http://x.org/"}, verb={"id": "http://x.org/v"}))
    assert (sent["id"] in store.found(**parameters)) is is_found


def test_the_authority_is_a_related_agent(store: Store) -> None:
    authority = {"account": {"homePage": "http://testserver/xapi", "name": store.credential.key}}
    [sent] = store.stored(statement())
    assert store.found(agent=authority) == []
    assert store.found(agent=authority, related_agents="true") == [sent]


def test_newest_first_or_ascending(store: Store) -> None:
    ids = [store.stored(statement())[0] for _ in range(3)]
    assert store.found() == ids[::-1]
    assert store.found(ascending="true") == ids
    assert store.found(ascending="true", agent=ANNA) == ids


def test_since_is_exclusive_and_until_inclusive(store: Store) -> None:
    ids = [each for _ in range(5) for each in store.stored(statement())]
    rows = list(Statement.objects.order_by("id"))
    for number, row in enumerate(rows):  # a millisecond apart, as they may be
        Statement.objects.filter(pk=row.pk).delete()
        row.pk = 1_700_000_000_000_000_000 + number * 1_000_000
        row.save(force_insert=True)
    middle = "2023-11-14T22:13:20.002Z"
    assert store.found(since=middle) == [ids[4], ids[3]]
    assert store.found(until=middle) == [ids[2], ids[1], ids[0]]
    assert store.found(since="2023-11-15T05:13:20.001+07:00", until=middle) == [ids[2]]
    assert store.found(since="2023-11-14T22:13:20.0019Z", until=middle) == [ids[2]]


def test_since_the_stored_time_of_a_statement_leaves_it_out(store: Store) -> None:
    [sent] = store.stored(statement())
    stored = said(store.get(statementId=sent))["stored"]
    assert store.found(since=stored) == []
    assert store.found(until=stored) == [sent]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"])
def test_times_before_all_storing(store: Store, time: str) -> None:
    [sent] = store.stored(statement())
    assert (store.found(since=time), store.found(until=time)) == ([sent], [])


def test_times_after_all_storing(store: Store) -> None:
    [sent] = store.stored(statement())
    assert (store.found(since="9999-12-31T23:59:59Z"), store.found(until="9999-12-31T23:59:59Z")) == ([], [sent])


def test_head_is_get_without_its_body(store: Store) -> None:
    store.stored(statement())
    got = store.get()
    head = store.client.head("/xapi/statements", headers=store.headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(got.content))
    assert head["X-Experience-API-Version"] == "1.0.3"


def test_a_page_costs_the_same_queries_however_many_there_are(store: Store, django_assert_num_queries: Any) -> None:
    """Credential, consistent through, two stretches' ends, the keys, the bodies."""
    for _ in range(2):
        store.stored(*[statement() for _ in range(60)])
        store.get()
        with django_assert_num_queries(6):
            store.get(agent=ANNA, verb=ANSWERED["id"])


def test_no_session_is_made(store: Store) -> None:
    response = store.get()
    assert not response.cookies


def test_another_client_without_csrf_token_may_write(store: Store) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        "/xapi/statements", json.dumps(statement()), content_type="application/json", headers=store.headers
    )
    assert response.status_code == 200


def test_reading_only_its_own(store: Store) -> None:
    mine = store_with("statements/write", "statements/read/mine", name="mine")
    [foreign] = store.stored(statement())
    [own] = mine.stored(statement())
    assert mine.found() == [own]
    assert mine.found(agent=ANNA) == [own]
    assert mine.get(statementId=own).status_code == 200
    assert mine.get(statementId=foreign).status_code == 404
    assert set(store.found()) == {own, foreign}


def test_activity_and_verb_together_find_only_statements_with_both(store: Store) -> None:
    both = store.stored(
        statement(),
        statement(verb=PASSED),
        statement(object={"id": "https://x.org/2"}),
        statement(object=about(new_id())),
    )
    assert store.found(activity=QUIZ["id"], verb=ANSWERED["id"]) == [both[0]]
    assert store.found(activity="https://x.org/2", verb=PASSED["id"]) == []
    [reference] = store.stored(statement(verb=PASSED, object=about(both[0])))
    assert store.found(activity=QUIZ["id"], verb=ANSWERED["id"]) == [reference, both[0]]
