"""The Activities resource: what is known of an activity (Communication 2.5, Data 2.4.4.1)."""

import hashlib
from typing import Any

import pytest
from django.http.response import HttpResponseBase

from core.identity import id_base
from tests.xapi.conftest import Store, said, statement, store_with
from xapi.models import Activity

pytestmark = pytest.mark.django_db
IRI = "https://lms.example.org/hoạt-động/1"


def ask(store: Store, **parameters: str) -> HttpResponseBase:
    return store.client.get("/xapi/activities", parameters, headers=store.headers)


def known(store: Store) -> dict[str, Any]:
    found: dict[str, Any] = said(ask(store, activityId=IRI))
    return found


def defined(**definition: Any) -> dict[str, Any]:
    return statement(object={"objectType": "Activity", "id": IRI, "definition": definition})


def test_an_activity_of_which_nothing_is_known(store: Store) -> None:
    response = ask(store, activityId=IRI)
    assert (response.status_code, said(response)) == (200, {"objectType": "Activity", "id": IRI})
    assert response["ETag"] == f'"{hashlib.sha1(response.getvalue()).hexdigest()}"'
    assert not Activity.objects.exists()


def test_the_definition_in_all_languages(store: Store) -> None:
    definition = {
        "name": {"vi": "Câu hỏi", "en": "Question"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"vi": "Đúng"}}],
        "correctResponsesPattern": ["a"],
        "extensions": {"http://x.org/e": {"deep": [1, None]}},
    }
    store.stored(defined(**definition))
    assert known(store) == {"objectType": "Activity", "id": IRI, "definition": definition}


def test_what_statements_say_one_after_another_is_merged(store: Store) -> None:
    store.stored(defined(name={"vi": "Một", "en": "One"}, type="http://x.org/t"))
    store.stored(defined(name={"en": "The first"}, description={"vi": "Mô tả"}))
    assert known(store)["definition"] == {
        "name": {"vi": "Một", "en": "The first"},
        "description": {"vi": "Mô tả"},
        "type": "http://x.org/t",
    }


def test_what_the_statements_of_one_batch_say_is_merged(store: Store) -> None:
    """Also where only the context of one names the activity."""
    other = {"contextActivities": {"parent": [{"id": IRI, "definition": {"name": {"fr": "réunion"}}}]}}
    store.stored(
        defined(name={"en": "meeting"}),
        defined(name={"vi": "cuộc họp"}),
        statement(context=other),
        defined(name={"en": "the meeting"}),
    )
    assert known(store)["definition"] == {"name": {"en": "the meeting", "vi": "cuộc họp", "fr": "réunion"}}


def test_who_may_not_define_changes_nothing(store: Store) -> None:
    store_with("statements/write", name="writer").stored(defined(name={"en": "x"}))
    assert known(store) == {"objectType": "Activity", "id": IRI}


def test_our_activities_are_defined_by_us_alone(store: Store) -> None:
    iri = f"{id_base()}/activities/courses/so"
    store.stored(statement(object={"id": iri, "definition": {"name": {"en": "x"}}}))
    assert said(ask(store, activityId=iri)) == {"objectType": "Activity", "id": iri}


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({}, "activityId: is required"),
        ({"activityId": "true"}, "activityId: not an IRI with a scheme"),
        ({"activityId": ""}, "activityId: not an IRI with a scheme"),
        ({"activityId": IRI, "format": "exact"}, "format: is not a parameter here; there are activityId"),
        ({"activityid": IRI}, "activityid: is not a parameter here; there are activityId"),
    ],
)
def test_wrong_parameters(store: Store, parameters: dict[str, str], error: str) -> None:
    response = ask(store, **parameters)
    assert (response.status_code, said(response)["error"]) == (400, error)


@pytest.mark.parametrize(
    ("scope", "status"),
    [("all", 200), ("all/read", 200), ("statements/read", 200), ("profile", 200), ("state", 403), ("define", 403)],
)
def test_scopes(scope: str, status: int) -> None:
    assert ask(store_with(scope), activityId=IRI).status_code == status


def test_who_has_it_already_gets_it_not_again(store: Store) -> None:
    etag = ask(store, activityId=IRI)["ETag"]
    response = store.client.get(
        "/xapi/activities", {"activityId": IRI}, headers=store.headers | {"If-None-Match": etag}
    )
    assert (response.status_code, response.content) == (304, b"")


def test_head_and_other_methods(store: Store) -> None:
    response = store.client.head("/xapi/activities", {"activityId": IRI}, headers=store.headers)
    assert (response.status_code, response.content) == (200, b"")
    assert store.client.put("/xapi/activities", headers=store.headers).status_code == 405
