"""POST /xapi/statements (Communication 2.1.2)."""

import json

import pytest

from tests.xapi.conftest import PASSED, Store, new_id, said, statement
from xapi.models import Statement

pytestmark = pytest.mark.django_db


def test_one_statement_answers_200_with_its_id(store: Store) -> None:
    sent = statement(id=new_id())
    response = store.post(sent)
    assert (response.status_code, said(response)) == (200, [sent["id"]])
    assert response["Content-Type"] == "application/json"


def test_a_batch_answers_200_with_the_ids_in_order(store: Store) -> None:
    batch = [statement(id=new_id()), statement(), statement(id=new_id())]
    response = store.post(batch)
    first, second, third = said(response)
    assert (response.status_code, first, third) == (200, batch[0]["id"], batch[2]["id"])
    assert Statement.objects.filter(statement_id=second).exists()


def test_an_empty_batch_stores_nothing(store: Store) -> None:
    response = store.post([])
    assert (response.status_code, said(response), Statement.objects.count()) == (200, [], 0)


def test_a_broken_rule_answers_400_with_path_and_rule(store: Store) -> None:
    response = store.post([statement(), statement(), statement(), statement(actor={"mbox": "anna"})])
    assert response.status_code == 400
    assert said(response) == {
        "error": "statements[3].actor.mbox: not a mailto IRI",
        "path": "statements[3].actor.mbox",
        "rule": "not a mailto IRI",
    }
    assert Statement.objects.count() == 0


def test_the_same_again_answers_200(store: Store) -> None:
    sent = statement(id=new_id())
    store.stored(sent)
    response = store.post(sent)
    assert (response.status_code, said(response), Statement.objects.count()) == (200, [sent["id"]], 1)


def test_a_taken_id_answers_409_and_stores_nothing(store: Store) -> None:
    taken = new_id()
    store.stored(statement(id=taken))
    response = store.post([statement(), statement(id=taken, verb=PASSED)])
    assert response.status_code == 409
    assert said(response) == {"error": f"another statement has the id {taken}"}
    assert Statement.objects.count() == 1


def test_an_id_twice_in_a_batch_answers_400(store: Store) -> None:
    sent = statement(id=new_id())
    response = store.post([sent, sent])
    assert response.status_code == 400
    assert said(response)["error"] == "statements[1].id: is also that of statements[0]"
    assert Statement.objects.count() == 0


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_content_type_answers_400(store: Store, content_type: str) -> None:
    response = store.post(statement(), content_type=content_type)
    assert response.status_code == 400
    assert said(response) == {"error": "the Content-Type must be application/json or multipart/mixed"}


def test_a_charset_beside_the_content_type_is_fine(store: Store) -> None:
    assert store.post(statement(), content_type="application/json; charset=utf-8").status_code == 200


def test_an_unknown_parameter_answers_400(store: Store) -> None:
    response = store.post(statement(), statementId=new_id())
    assert response.status_code == 400
    assert said(response)["error"].startswith("statementId: is not a parameter here")
    assert Statement.objects.count() == 0


def test_a_body_too_large_answers_413(store: Store, settings: pytest.FixtureRequest) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = store.post(statement())
    assert response.status_code == 413
    assert said(response) == {"error": "the request is larger than this store takes"}


def test_vietnamese_comes_back_as_it_was(store: Store) -> None:
    sent = statement(id=new_id(), actor={"mbox": "mailto:a@example.org", "name": "Nguyễn Thị Ánh 𠀀"})
    store.post(json.dumps(sent, ensure_ascii=False).encode())
    assert said(store.get(statementId=sent["id"]))["actor"] == sent["actor"]


def test_delete_is_not_allowed(store: Store) -> None:
    response = store.client.delete("/xapi/statements", headers=store.headers)
    assert response.status_code == 405
    assert said(response) == {"error": "allowed are GET, PUT, POST"}
