"""PUT /xapi/statements (Communication 2.1.1)."""

import pytest

from tests.xapi.conftest import PASSED, Store, new_id, said, statement
from xapi.models import Statement

pytestmark = pytest.mark.django_db


def test_a_statement_without_id_is_stored_under_the_parameter(store: Store) -> None:
    wanted = new_id()
    response = store.put(statement(), statementId=wanted)
    assert (response.status_code, response.content) == (204, b"")
    assert said(store.get(statementId=wanted))["id"] == wanted


def test_the_id_in_the_body_may_repeat_the_parameter(store: Store) -> None:
    wanted = new_id()
    assert store.put(statement(id=wanted.upper()), statementId=wanted).status_code == 204
    assert str(Statement.objects.get().statement_id) == wanted


def test_another_id_in_the_body_answers_400(store: Store) -> None:
    response = store.put(statement(id=new_id()), statementId=new_id())
    assert response.status_code == 400
    assert said(response)["error"] == "statement.id: is not the statementId of the request"
    assert Statement.objects.count() == 0


def test_without_the_parameter_400(store: Store) -> None:
    response = store.put(statement(id=new_id()))
    assert (response.status_code, said(response)) == (400, {"error": "statementId: is required"})


def test_an_id_that_is_none_answers_400(store: Store) -> None:
    response = store.put(statement(), statementId="7")
    assert (response.status_code, said(response)["error"]) == (400, "statementId: not a UUID in standard form")


@pytest.mark.parametrize("count", [0, 2])
def test_a_batch_answers_400(store: Store, count: int) -> None:
    response = store.put([statement() for _ in range(count)], statementId=new_id())
    assert (response.status_code, said(response)["error"]) == (400, "expected one statement")
    assert Statement.objects.count() == 0


@pytest.mark.parametrize("with_id", [True, False])
def test_the_same_again_answers_204(store: Store, with_id: bool) -> None:
    wanted = new_id()
    sent = statement(id=wanted) if with_id else statement()
    assert store.put(sent, statementId=wanted).status_code == 204
    assert store.put(sent, statementId=wanted).status_code == 204
    assert Statement.objects.count() == 1


@pytest.mark.parametrize("with_id", [True, False])
def test_a_taken_id_answers_409_and_changes_nothing(store: Store, with_id: bool) -> None:
    wanted = new_id()
    store.put(statement(), statementId=wanted)
    before = list(Statement.objects.values())
    changed = statement(id=wanted, verb=PASSED) if with_id else statement(verb=PASSED)
    assert store.put(changed, statementId=wanted).status_code == 409
    assert list(Statement.objects.values()) == before
