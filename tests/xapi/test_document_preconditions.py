"""If-Match and If-None-Match: nobody overwrites what they have not seen (Communication 3.1)."""

import hashlib
from typing import Any

import pytest

from tests.xapi.conftest import Store, said
from tests.xapi.documents import ACTIVITY_PROFILE, AGENT_PROFILE, RESOURCES, STATE, Documents
from xapi.models import Document

pytestmark = pytest.mark.django_db

OLD, NEW = b'{"old": 1}', b'{"new": 2}'
TAG = hashlib.sha1(OLD).hexdigest()
OTHER = "1" * 40
VERSIONS = ["1.0.3", "2.0.0"]
PROFILES = [AGENT_PROFILE, ACTIVITY_PROFILE]


@pytest.fixture(params=[(name, version) for name in RESOURCES for version in VERSIONS], ids=str)
def resource(request: pytest.FixtureRequest, store: Store) -> Documents:
    """Each resource in each version."""
    name, version = request.param
    return Documents(store, name).speaking(version)


def stored(resource: Documents) -> Documents:
    assert resource.post(OLD).status_code == 204
    return resource


HOLDS = [
    {"If-Match": f'"{TAG}"'},
    {"If-Match": f'"{OTHER}" , "{TAG}"'},
    {"If-Match": TAG},
    {"If-Match": "*"},
    {"If-None-Match": f'"{OTHER}"'},
    {"If-Match": f'"{TAG}"', "If-None-Match": f'"{OTHER}"'},
]
FAILS = [
    {"If-Match": f'"{OTHER}"'},
    {"If-Match": f'W/"{TAG}"'},
    {"If-Match": ""},
    {"If-None-Match": "*"},
    {"If-None-Match": f'"{TAG}"'},
    {"If-None-Match": f'W/"{TAG}"'},
    {"If-Match": f'"{TAG}"', "If-None-Match": "*"},
]


@pytest.mark.parametrize("headers", HOLDS)
@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_what_holds_of_a_document_that_is_there(resource: Documents, method: str, headers: dict[str, str]) -> None:
    assert stored(resource).send(method, NEW, headers=headers).status_code == 204
    assert resource.has() == {"put": NEW, "post": b'{"old":1,"new":2}', "delete": None}[method]


@pytest.mark.parametrize("headers", FAILS)
@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_what_fails_changes_nothing(resource: Documents, method: str, headers: dict[str, str]) -> None:
    response = stored(resource).send(method, NEW, headers=headers)
    assert response.status_code == 412
    assert said(response)["error"].startswith(("If-Match: ", "If-None-Match: "))
    assert resource.has() == OLD


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": "*"}, 204),
        ({"If-None-Match": f'"{TAG}"'}, 204),
        ({"If-Match": "*"}, 412),
        ({"If-Match": f'"{TAG}"'}, 412),
    ],
)
@pytest.mark.parametrize("method", ["put", "post", "delete"])
def test_of_a_document_that_is_not_there(
    resource: Documents, method: str, headers: dict[str, str], status: int
) -> None:
    assert resource.send(method, NEW, headers=headers).status_code == status
    assert resource.has() == (NEW if status == 204 and method != "delete" else None)


@pytest.mark.parametrize(
    ("name", "version", "there", "status"),
    [
        (STATE, "1.0.3", False, 204),
        (STATE, "1.0.3", True, 204),
        (STATE, "2.0.0", False, 204),
        (STATE, "2.0.0", True, 409),
        *[(name, "1.0.3", False, 400) for name in PROFILES],
        *[(name, "2.0.0", False, 204) for name in PROFILES],
        *[(name, version, True, 409) for name in PROFILES for version in VERSIONS],
    ],
)
def test_a_put_without_a_precondition(store: Store, name: str, version: str, there: bool, status: int) -> None:
    """1.0.3 lets states be replaced blindly; a profile that is there never is."""
    resource = Documents(store, name).speaking(version)
    if there:
        stored(resource)
    response = resource.put(NEW)
    assert response.status_code == status
    assert resource.has() == (NEW if status == 204 else OLD if there else None)
    errors = {
        400: "a profile is put with If-Match, or with If-None-Match: * where there is none yet",
        409: "there is a document already; get it, and send its ETag as If-Match to replace it",
    }
    assert response.getvalue() == b"" if status == 204 else said(response) == {"error": errors[status]}


@pytest.mark.parametrize("method", ["post", "delete"])
def test_a_post_and_a_delete_need_no_precondition(resource: Documents, method: str) -> None:
    assert stored(resource).send(method, NEW).status_code == 204


def test_a_conversation(resource: Documents) -> None:
    """Read, change, be too late, read again."""
    first = stored(resource).get()["ETag"]
    assert resource.put(NEW, headers={"If-Match": first}).status_code == 204
    assert resource.put(OLD, headers={"If-Match": first}).status_code == 412
    second = resource.get()["ETag"]
    assert second == f'"{hashlib.sha1(NEW).hexdigest()}"'
    assert resource.delete(headers={"If-Match": second}).status_code == 204
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("tags", "status"), [(f'"{TAG}"', 304), (f'W/"{TAG}"', 304), (f'"{OTHER}", "{TAG}"', 304), (f'"{OTHER}"', 200)]
)
def test_who_has_it_already_gets_it_not_again(resource: Documents, tags: str, status: int) -> None:
    response = stored(resource).get(headers={"If-None-Match": tags})
    assert (response.status_code, response.getvalue()) == (status, OLD if status == 200 else b"")
    assert response["ETag"] == f'"{TAG}"'
    assert "Last-Modified" in response.headers


@pytest.mark.parametrize("headers", [{"If-Match": "*"}, {"If-None-Match": "*"}])
def test_preconditions_of_many_states_are_refused(store: Store, headers: dict[str, str]) -> None:
    states = stored(Documents(store))
    response: Any = states.delete(headers=headers, stateId=None)
    assert (response.status_code, said(response)) == (400, {"error": "If-Match and If-None-Match need a stateId"})
    assert states.has() == OLD


def test_a_tag_stays_strong_for_a_client_that_takes_gzip(store: Store) -> None:
    document = Documents(store)
    document.put({"text": "x" * 2_000})
    answer = document.get(headers={"Accept-Encoding": "gzip"})
    assert not answer.has_header("Content-Encoding")
    assert document.put({}, headers={"If-Match": answer["ETag"]}).status_code == 204
