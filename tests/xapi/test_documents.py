"""State, Agent Profile and Activity Profile: documents kept and returned (Communication 2.2, 2.3, 2.6, 2.7)."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.http import http_date
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.xapi.conftest import ANNA, BINH, Store, new_id, said, store_with
from tests.xapi.documents import (
    ACTIVITY_PROFILE,
    AGENT_PROFILE,
    COURSE,
    JSON,
    PARAMETERS,
    RESOURCES,
    STATE,
    Documents,
    as_query,
)
from xapi import documents
from xapi.documents import Content, merged
from xapi.models import Document

pytestmark = pytest.mark.django_db
NEW = {"If-None-Match": "*"}
BYTES = b"\x00\xff\r\n{not json"


@pytest.fixture(params=RESOURCES)
def resource(request: pytest.FixtureRequest, store: Store) -> Documents:
    """Each of the three resources."""
    return Documents(store, request.param)


@pytest.fixture
def state(store: Store) -> Documents:
    return Documents(store)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{ "a" : 1.00 }', JSON),
        (b"[1]", "application/json; charset=utf-8"),
        (BYTES, "application/octet-stream"),
        ("đang học".encode(), "text/plain;charset=UTF-8"),
        (b"", "text/plain"),
    ],
)
def test_a_document_comes_back_byte_for_byte(resource: Documents, content: bytes, content_type: str) -> None:
    response = resource.put(content, content_type, headers=NEW)
    assert (response.status_code, response.getvalue()) == (204, b"")
    answer = resource.get()
    assert (answer.status_code, answer.getvalue(), answer["Content-Type"]) == (200, content, content_type)
    assert answer["ETag"] == f'"{hashlib.sha1(content).hexdigest()}"'
    assert answer["Last-Modified"] == http_date(Document.objects.get().updated.timestamp())
    assert answer["X-Experience-API-Version"] == "1.0.3"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_an_answer_is_neither_kept_by_browsers_nor_a_page_of_ours(resource: Documents) -> None:
    resource.put(b"<script>alert(1)</script>", "text/html", headers=NEW)
    answer = resource.get()
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Content-Disposition"] == "attachment"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_head_is_get_without_the_body(resource: Documents) -> None:
    resource.put(b"12345", "text/plain", headers=NEW)
    answer, head = resource.get(), resource.send("head")
    assert (head.status_code, head.getvalue(), head["Content-Length"]) == (200, b"", "5")
    for name in ("ETag", "Last-Modified", "Content-Type"):
        assert head[name] == answer[name]


def test_what_is_not_there(resource: Documents) -> None:
    assert (resource.get().status_code, said(resource.get())) == (404, {"error": "no such document"})
    assert resource.send("head").status_code == 404
    assert resource.delete().status_code == 204


def test_a_put_replaces_content_type_tag_and_time(state: Documents) -> None:
    state.put({"a": 1})
    Document.objects.update(updated=datetime(2026, 1, 1, tzinfo=UTC))
    assert state.put(b"new", "text/plain").status_code == 204
    answer = state.get()
    assert (answer.getvalue(), answer["Content-Type"]) == (b"new", "text/plain")
    row = Document.objects.get()
    assert datetime.now(UTC) - row.updated < timedelta(minutes=1)
    assert row.etag == hashlib.sha1(b"new").hexdigest()


def test_without_a_type_it_is_bytes(state: Documents) -> None:
    assert state.put(BYTES, "").status_code == 204
    assert state.get()["Content-Type"] == "application/octet-stream"


def test_delete_takes_one(resource: Documents) -> None:
    other = Documents(resource.store, resource.resource, **_other_id(resource))
    for each in (resource, other):
        each.put({}, headers=NEW)
    assert resource.delete().status_code == 204
    assert (resource.has(), other.has()) == (None, b"{}")


def _other_id(resource: Documents) -> dict[str, str]:
    return {"stateId" if resource.resource == STATE else "profileId": "other"}


def test_documents_are_kept_apart(store: Store) -> None:
    """By resource, agent, activity, registration and id."""
    registration = new_id()
    places = [
        Documents(store),
        Documents(store, registration=registration),
        Documents(store, registration=new_id()),
        Documents(store, agent=BINH),
        Documents(store, activityId=f"{COURSE}/2"),
        Documents(store, stateId="Resume"),
        Documents(store, stateId=""),
        Documents(store, AGENT_PROFILE),
        Documents(store, AGENT_PROFILE, agent=BINH),
        Documents(store, ACTIVITY_PROFILE),
        Documents(store, ACTIVITY_PROFILE, activityId=f"{COURSE}/2"),
    ]
    for number, place in enumerate(places):
        assert place.put(f"{number}".encode(), "text/plain", headers=NEW).status_code == 204
    assert [place.has() for place in places] == [f"{number}".encode() for number in range(len(places))]
    assert Document.objects.count() == len(places)


def test_an_agent_is_its_identifier(store: Store) -> None:
    Documents(store, agent=ANNA).put({"a": 1})
    same = {"mbox": "mailto:anna@EXAMPLE.org", "name": "Someone"}
    assert Documents(store, agent=same).has() == b'{"a": 1}'
    assert Documents(store, registration=new_id().upper(), agent=same).has() is None


def test_a_registration_is_a_uuid_in_any_case(store: Store) -> None:
    registration = new_id()
    Documents(store, registration=registration.upper()).put({})
    assert Documents(store, registration=registration).has() == b"{}"


# lists


def test_the_list_of_ids(resource: Documents) -> None:
    named = next(iter(_other_id(resource)))
    assert said(resource.get(**{named: None})) == []
    for each in ("một", "2", "a b/c?"):
        resource.put({}, headers=NEW, **{named: each})
    answer = resource.get(**{named: None})
    assert (answer.status_code, answer["Content-Type"], said(answer)) == (200, JSON, ["một", "2", "a b/c?"])
    assert answer["ETag"] == f'"{hashlib.sha1(answer.getvalue()).hexdigest()}"'


def test_the_list_since_a_time_is_exclusive_and_says_when_the_last_change_was(resource: Documents) -> None:
    named = next(iter(_other_id(resource)))
    times = {"a": "2026-01-01T00:00:00Z", "b": "2026-01-02T00:00:00.5Z", "c": "2026-01-03T00:00:00Z"}
    for each, time in times.items():
        resource.put({}, headers=NEW, **{named: each})
        Document.objects.filter(document_id=each).update(updated=datetime.fromisoformat(time))

    def since(time: str | None) -> tuple[Any, str | None]:
        answer = resource.get(**{named: None, "since": time})
        return said(answer), answer.headers.get("Last-Modified")

    last = "Sat, 03 Jan 2026 00:00:00 GMT"
    assert since(None) == (["a", "b", "c"], last)
    assert since("2026-01-01T00:00:00Z") == (["b", "c"], last)
    assert since("2026-01-02T07:00:00.499+07:00") == (["b", "c"], last)
    assert since("2026-01-02T07:00:00.5+07:00") == (["c"], last)
    assert since("2026-01-03T00:00:00Z") == ([], None)


def test_the_list_of_states_is_that_of_one_registration(store: Store) -> None:
    registration = new_id()
    Documents(store, registration=registration, stateId="with").put({})
    Documents(store, stateId="without").put({})
    Documents(store, agent=BINH, stateId="of Bình").put({})
    assert said(Documents(store, registration=registration).get(stateId=None)) == ["with"]
    assert said(Documents(store).get(stateId=None)) == ["without"]


def test_a_list_takes_two_queries_however_long(store: Store, django_assert_num_queries: Any) -> None:
    """The credential and the ids."""
    for number in range(30):
        Documents(store, stateId=str(number)).put({})
    with django_assert_num_queries(2):
        assert len(said(Documents(store).get(stateId=None))) == 30


def test_deleting_all_states_of_a_context(store: Store) -> None:
    registration = new_id()
    kept = [
        Documents(store, registration=registration),
        Documents(store, agent=BINH),
        Documents(store, activityId=f"{COURSE}/2"),
        Documents(store, AGENT_PROFILE),
        Documents(store, ACTIVITY_PROFILE),
    ]
    gone = [Documents(store), Documents(store, stateId="2")]
    for each in kept + gone:
        each.put({}, headers=NEW)
    assert Documents(store).delete(stateId=None).status_code == 204
    assert [each.has() for each in gone] == [None, None]
    assert [each.has() for each in kept] == [b"{}"] * 5


# merging


def test_a_post_stores_a_document_that_is_not_there(resource: Documents) -> None:
    assert resource.post(b'{"a": 1 }').status_code == 204
    assert resource.has() == b'{"a": 1 }'


def test_a_post_replaces_properties_of_the_first_level(resource: Documents) -> None:
    resource.post({"car": {"make": "Ford", "model": "Escape"}, "driver": "Dale", "n": None})
    assert resource.post({"car": {"make": "Dodge"}, "year": 2026}).status_code == 204
    answer = resource.get()
    expected = {"car": {"make": "Dodge"}, "driver": "Dale", "n": None, "year": 2026}
    assert (said(answer), answer["Content-Type"]) == (expected, JSON)
    assert answer["ETag"] == f'"{hashlib.sha1(answer.getvalue()).hexdigest()}"'


def test_values_stay_as_they_were_written(state: Documents) -> None:
    """Numbers keep their digits, strings their escapes."""
    state.put(b'{"kept":123456789012345678901234567890, "score": 1.00, "x":0}')
    state.post(b'{"text" : "\\u0111", "x": 1e400, "\\u0078\\"": [ 1 ]}')
    expected = b'{"kept":123456789012345678901234567890,"score":1.00,"x":1e400,"text":"\\u0111","x\\"":[ 1 ]}'
    assert state.has() == expected


ONLY_JSON = (
    "the document that was sent has the Content-Type application/octet-stream; only application/json can be merged"
)


@pytest.mark.parametrize(
    ("stored", "stored_type", "sent", "sent_type", "error"),
    [
        (
            b"{}",
            JSON,
            b"{}",
            "text/plain",
            "the document that was sent has the Content-Type text/plain; only application/json can be merged",
        ),
        (
            b"{}",
            "text/plain",
            b"{}",
            JSON,
            "the stored document has the Content-Type text/plain; only application/json can be merged",
        ),
        (b"[]", JSON, b"{}", JSON, "the stored document is no JSON object"),
        (b"{}", JSON, b"[]", JSON, "the document that was sent is no JSON object"),
        (b"{}", JSON, b"1", JSON, "the document that was sent is no JSON object"),
        (b"{}", JSON, b"{", JSON, "the document is not JSON, as its Content-Type says"),
        (b"{}", JSON, b"", JSON, "the document is not JSON, as its Content-Type says"),
        (b"{}", JSON, b'{"a": "\xff"}', JSON, "the document is not JSON, as its Content-Type says"),
        (b"{}", JSON, b'{"a": NaN}', JSON, "the document is not JSON, as its Content-Type says"),
        (b"{}", JSON, b"[" * 100_000 + b"]" * 100_000, JSON, "the document is not JSON, as its Content-Type says"),
        (
            None,
            "",
            BYTES,
            "application/octet-stream",
            ONLY_JSON,
        ),
    ],
)
def test_what_cannot_be_merged_changes_nothing(
    resource: Documents, stored: bytes | None, stored_type: str, sent: bytes, sent_type: str, error: str
) -> None:
    if stored is not None:
        assert resource.put(stored, stored_type, headers=NEW).status_code == 204
    response = resource.post(sent, sent_type)
    assert (response.status_code, said(response)) == (400, {"error": error})
    assert resource.has() == stored


def test_put_of_json_that_is_none(resource: Documents) -> None:
    response = resource.put(b"{'a': 1}", headers=NEW)
    assert (response.status_code, said(response)["error"]) == (
        400,
        "the document is not JSON, as its Content-Type says",
    )
    assert not Document.objects.exists()


OBJECTS = st.dictionaries(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))


class TestMerging(TestCase):
    @settings(deadline=None)
    @given(OBJECTS, OBJECTS)
    def test_is_that_of_dictionaries(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        made = merged(Content(JSON, json.dumps(old).encode()), Content(JSON, json.dumps(new).encode()))
        assert json.loads(made.body) == {**old, **new}


WORDS = st.text() | st.sampled_from(
    ["", "\0", "true", "{}", json.dumps(ANNA), COURSE, new_id(), "0001-01-01T00:00:00Z"]
)
NAMES = st.sampled_from(["activityId", "agent", "registration", "stateId", "profileId", "since", "x"])
TYPES = st.sampled_from(["", JSON, "text/plain", "application/json;" + "x" * 300, "a\x7f/b", "/"])


class TestWhateverComes(TestCase):
    """The answer is an answer: never a 5xx."""

    @settings(max_examples=60, deadline=None)
    @given(
        name=st.sampled_from(RESOURCES),
        method=st.sampled_from(["get", "head", "put", "post", "delete"]),
        changes=st.dictionaries(NAMES, WORDS | st.none(), max_size=2),
        body=st.binary() | st.sampled_from([b"{}", b'{"a":1}', b"[]"]),
        content_type=TYPES,
        headers=st.dictionaries(st.sampled_from(["If-Match", "If-None-Match"]), st.sampled_from(['"', "*", ",", "W/"])),
    )
    def test_is_answered(
        self, name: str, method: str, changes: dict[str, Any], body: bytes, content_type: str, headers: dict[str, str]
    ) -> None:
        resource = Documents(store_with("all"), name)
        resource.post({"there": 1})
        response = resource.send(method, body, content_type, headers=headers, **changes)
        assert response.status_code in {200, 204, 304, 400, 404, 405, 409, 412, 413}


# limits and refusals


def test_a_document_that_is_too_large(resource: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 20)
    assert resource.put(b"x" * 20, "text/plain", headers=NEW).status_code == 204
    etag = {"If-Match": resource.get()["ETag"]}
    for response in (resource.put(b"x" * 21, "text/plain", headers=etag), resource.post(b"[" + b" " * 20 + b"]")):
        assert (response.status_code, said(response)) == (413, {"error": "a document has at most 20 bytes here"})
    assert resource.has() == b"x" * 20


def test_a_document_that_would_grow_too_large(resource: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 20)
    resource.post(b'{"aaaa":"aaaaa"}')
    response = resource.post(b'{"bbbb":"bbbbb"}')
    expected = {"error": "with what is there already the document would have more than 20 bytes"}
    assert (response.status_code, said(response)) == (413, expected)
    assert resource.has() == b'{"aaaa":"aaaaa"}'


METHODS = ["get", "put", "post", "delete"]
NO_AGENT = "agent.account.name: is required"
WRONG: list[tuple[list[str], list[str], dict[str, Any], str]] = [
    (RESOURCES, METHODS, {"foo": "bar"}, "foo: is not a parameter here; there are "),
    ([STATE], METHODS, {"activityID": COURSE}, "activityID: is not a parameter here; there are "),
    ([STATE], METHODS, {"profileId": "x"}, "profileId: is not a parameter here; there are "),
    ([AGENT_PROFILE], METHODS, {"activityId": COURSE}, "activityId: is not a parameter here; there are "),
    ([ACTIVITY_PROFILE], METHODS, {"agent": ANNA}, "agent: is not a parameter here; there are "),
    ([STATE], ["put", "post"], {"stateId": None}, "stateId: is required"),
    ([AGENT_PROFILE, ACTIVITY_PROFILE], ["put", "post", "delete"], {"profileId": None}, "profileId: is required"),
    (RESOURCES, ["put", "post", "delete"], {"since": "2026-01-01T00:00:00Z"}, "since: is not a parameter here"),
    ([STATE, ACTIVITY_PROFILE], METHODS, {"activityId": None}, "activityId: is required"),
    ([STATE, ACTIVITY_PROFILE], METHODS, {"activityId": "true"}, "activityId: not an IRI with a scheme"),
    ([STATE, AGENT_PROFILE], METHODS, {"agent": None}, "agent: is required"),
    ([STATE, AGENT_PROFILE], METHODS, {"agent": "not JSON"}, "not JSON: "),
    ([STATE, AGENT_PROFILE], METHODS, {"agent": "true"}, "agent: expected object, got bool"),
    ([STATE, AGENT_PROFILE], METHODS, {"agent": {"account": {"homePage": "http://x.org/"}}}, NO_AGENT),
    (
        [STATE, AGENT_PROFILE],
        METHODS,
        {"agent": {"objectType": "Group", "mbox": "mailto:to@example.org"}},
        "agent: must be an agent, not a group",
    ),
    ([STATE], METHODS, {"registration": "true"}, "registration: not a UUID in standard form"),
    ([STATE], METHODS, {"stateId": "a\0b"}, "stateId: must not contain the character U+0000"),
    ([STATE], ["get"], {"stateId": None, "since": "yesterday"}, "since: not an ISO 8601 date and time"),
    (RESOURCES, ["get"], {"since": "2026-01-01T00:00:00Z"}, "since: is not a parameter here; there are "),
]
CASES = [
    (resource, method, changes, error)
    for resources, methods, changes, error in WRONG
    for resource in resources
    for method in methods
]


@pytest.mark.parametrize(("name", "method", "changes", "error"), CASES)
def test_wrong_parameters(store: Store, name: str, method: str, changes: dict[str, Any], error: str) -> None:
    response = Documents(store, name).send(method, {}, headers=NEW if method == "put" else None, **changes)
    assert (response.status_code, said(response)["error"][: len(error)]) == (400, error)
    assert not Document.objects.exists()


@pytest.mark.parametrize("content_type", ["plain", "text/plain; x=\x01", "text/" + "x" * 251, "text/đ"])
def test_a_type_that_is_none(state: Documents, content_type: str) -> None:
    response = state.put(b"x", content_type)
    expected = {"error": "Content-Type: not a media type of at most 255 characters"}
    assert (response.status_code, said(response)) == (400, expected)


def test_a_method_that_is_none(resource: Documents) -> None:
    response = resource.send("patch")
    assert (response.status_code, said(response)) == (405, {"error": "allowed are GET, PUT, POST, DELETE"})


def test_long_ids(store: Store) -> None:
    """Longer than what an index takes, and different only at the end."""
    places = [Documents(store, stateId="x" * 6_000 + end) for end in "ab"]
    for place in places:
        assert place.put({"stateId": place.parameters["stateId"][-1]}).status_code == 204
    assert [json.loads(place.has() or b"")["stateId"] for place in places] == ["a", "b"]


# who may


@pytest.mark.parametrize(
    ("scope", "states", "profiles"),
    [
        ("all", (200, 204), (200, 204)),
        ("all/read", (200, 403), (200, 403)),
        ("state", (200, 204), (403, 403)),
        ("profile", (403, 403), (200, 204)),
        ("statements/read", (403, 403), (403, 403)),
        ("statements/write", (403, 403), (403, 403)),
        ("define", (403, 403), (403, 403)),
    ],
)
def test_scopes(store: Store, scope: str, states: tuple[int, int], profiles: tuple[int, int]) -> None:
    for name, (reads, writes) in {STATE: states, AGENT_PROFILE: profiles, ACTIVITY_PROFILE: profiles}.items():
        Documents(store, name).put({}, headers=NEW)
        mine = Documents(store_with(scope, name=f"{scope} {name}"), name)
        assert mine.get().status_code == mine.send("head").status_code == reads
        etag = {"If-Match": Documents(store, name).get()["ETag"]}
        assert mine.put({}, headers=etag).status_code == writes
        assert mine.post({"a": 1}).status_code == writes
        assert mine.delete().status_code == writes
        assert (Documents(store, name).has() is None) is (writes == 204)


def test_nobody_comes_in_without_a_credential(resource: Documents) -> None:
    response = Client().get(
        f"/xapi/{resource.resource}",
        as_query(PARAMETERS[resource.resource]),
        headers={"X-Experience-API-Version": "1.0.3"},
    )
    assert response.status_code == 401


# the ways to ask


def test_the_alternate_syntax(resource: Documents) -> None:
    """Preconditions, type and content are in the form (Communication 1.3)."""

    def send(method: str, **form: str) -> Any:
        return resource.store.client.post(
            f"/xapi/{resource.resource}?method={method}",
            urlencode(as_query(resource.parameters) | resource.store.headers | form),
            content_type="application/x-www-form-urlencoded",
        )

    put = {"content": "đang học", "Content-Type": "text/plain"}
    assert send("PUT", **put, **NEW).status_code == 204
    assert send("PUT", **put, **NEW).status_code == 412
    answer = send("GET")
    assert (answer.getvalue().decode(), answer["Content-Type"]) == ("đang học", "text/plain")
    assert send("DELETE", **{"If-Match": answer["ETag"]}).status_code == 204
    assert send("POST", content='{"a": 1}').status_code == 204
    assert resource.has() == b'{"a": 1}'


def test_both_versions_see_the_same_documents(resource: Documents) -> None:
    assert resource.speaking("2.0.0").put({"a": 1}, headers=NEW).status_code == 204
    answer = resource.speaking("1.0.1").get()
    assert (answer.getvalue(), answer["X-Experience-API-Version"]) == (b'{"a": 1}', "1.0.3")


def test_a_player_on_another_site_may_ask_first(resource: Documents) -> None:
    response = Client().options(f"/xapi/{resource.resource}", headers={"Origin": "https://player.example.org"})
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, "*")
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_what_is_kept_of_a_person_is_found_by_their_identifiers(store: Store) -> None:
    for place in (
        Documents(store),
        Documents(store, registration=new_id(), agent=BINH),
        Documents(store, AGENT_PROFILE),
        Documents(store, ACTIVITY_PROFILE),
        Documents(store, agent={"mbox": "mailto:khac@example.org"}),
    ):
        place.put({}, headers=NEW)
    found = Document.objects.of_agents(["mbox mailto:anna@example.org", "account https://lms.example.org binh"])
    assert sorted(found.values_list("kind", flat=True)) == ["agent profile", "state", "state"]
