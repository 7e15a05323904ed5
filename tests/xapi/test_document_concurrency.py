"""Writers of one document at once: exactly one wins, nothing is lost, nobody gets an error that is none."""

import json
from collections import Counter

import pytest

from tests.xapi.conftest import store_with
from tests.xapi.documents import RESOURCES, STATE, Documents
from tests.xapi.test_concurrency import at_once
from xapi.models import Document

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6
ROUNDS = 5


def bodies(round_number: int) -> list[bytes]:
    return [json.dumps({"round": round_number, "writer": each}).encode() for each in range(WRITERS)]


@pytest.mark.parametrize("name", RESOURCES)
def test_of_many_with_one_etag_one_wins(name: str) -> None:
    resource = Documents(store_with("all"), name)
    resource.post({})
    for number in range(ROUNDS):
        headers, sent = {"If-Match": resource.get()["ETag"]}, bodies(number)
        answers = at_once(
            *[lambda body=body, headers=headers: resource.put(body, headers=headers).status_code for body in sent]
        )
        assert Counter(answers) == {204: 1, 412: WRITERS - 1}
        assert resource.has() == sent[answers.index(204)]
    assert Document.objects.count() == 1


@pytest.mark.parametrize("name", RESOURCES)
def test_of_many_that_would_be_first_one_wins(name: str) -> None:
    resource = Documents(store_with("all"), name)
    for number in range(ROUNDS):
        sent = bodies(number)
        answers = at_once(
            *[lambda body=body: resource.put(body, headers={"If-None-Match": "*"}).status_code for body in sent]
        )
        assert Counter(answers) == {204: 1, 412: WRITERS - 1}
        assert resource.has() == sent[answers.index(204)]
        resource.delete()


def test_of_a_put_and_a_delete_with_one_etag_one_wins() -> None:
    resource = Documents(store_with("all"), STATE)
    for _ in range(ROUNDS):
        resource.post({"a": 1})
        headers = {"If-Match": resource.get()["ETag"]}
        put, deleted = at_once(
            lambda headers=headers: resource.put({"b": 2}, headers=headers).status_code,
            lambda headers=headers: resource.delete(headers=headers).status_code,
        )
        assert (put, deleted) in {(204, 412), (412, 204)}
        assert resource.has() == (b'{"b": 2}' if put == 204 else None)
        resource.delete()


def test_merges_of_different_properties_are_all_there() -> None:
    """Also where the document is only being made."""
    resource = Documents(store_with("all"), STATE)
    for _ in range(ROUNDS):
        answers = at_once(*[lambda each=each: resource.post({f"p{each}": each}).status_code for each in range(WRITERS)])
        assert answers == [204] * WRITERS
        assert json.loads(resource.has() or b"") == {f"p{each}": each for each in range(WRITERS)}
        resource.delete()


def test_blind_puts_all_pass_and_the_last_stands() -> None:
    resource = Documents(store_with("all"), STATE)
    sent = bodies(0)
    answers = at_once(*[lambda body=body: resource.put(body).status_code for body in sent])
    assert answers == [204] * WRITERS
    assert resource.has() in sent
    assert Document.objects.count() == 1


def test_deleting_all_while_others_write() -> None:
    store = store_with("all")
    places = [Documents(store, STATE, stateId=str(number)) for number in range(WRITERS)]
    for place in places:
        place.put({})
    answers = at_once(
        lambda: places[0].delete(stateId=None).status_code,
        lambda: places[0].delete(stateId=None).status_code,
        *[lambda place=place: place.post({"a": 1}).status_code for place in places],
    )
    assert answers == [204] * (WRITERS + 2)
    assert {place.has() for place in places} <= {None, b'{"a": 1}', b'{"a":1}'}
