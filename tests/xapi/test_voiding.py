"""Voiding (Data 2.3.2): which statements are voided, whoever comes first."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.xapi.conftest import PASSED, QUIZ, VOIDED, Store, about, new_id, said, statement, store_with
from tests.xapi.index_entries import count_of
from xapi.models import Statement
from xapi.signals import statements_stored
from xapi.statements import record

pytestmark = pytest.mark.django_db


def voiding(target: str | UUID, **changes: Any) -> dict[str, Any]:
    return statement(verb=VOIDED, object=about(target), **changes)


def voided_ids() -> set[str]:
    return {str(each) for each in Statement.objects.filter(voided=True).values_list("statement_id", flat=True)}


def test_a_voided_statement_is_found_only_by_voided_statement_id(store: Store) -> None:
    [target] = store.stored(statement(context={"registration": new_id()}))
    [voider] = store.stored(voiding(target))
    assert store.get(statementId=target).status_code == 404
    assert said(store.get(voidedStatementId=target))["id"] == target
    assert store.found() == [voider]
    assert store.found(activity=QUIZ["id"]) == [voider]
    assert store.get(voidedStatementId=voider).status_code == 404


def test_a_voided_statement_has_no_keys(store: Store) -> None:
    [target] = store.stored(statement(context={"registration": new_id()}))
    row = Statement.objects.get()
    assert count_of(row) == 6
    store.stored(voiding(target))
    assert count_of(row) == 0


def test_a_statement_that_comes_after_its_voiding_is_voided(store: Store) -> None:
    target = new_id()
    [voider] = store.stored(voiding(target))
    store.stored(statement(id=target))
    assert voided_ids() == {target}
    assert store.found() == [voider]
    assert store.found(verb=statement()["verb"]["id"]) == [voider]


@pytest.mark.parametrize("voider_first", [True, False])
def test_both_in_one_batch(store: Store, voider_first: bool) -> None:
    target = new_id()
    batch = [statement(id=target), voiding(target)]
    store.stored(*(reversed(batch) if voider_first else batch))
    assert voided_ids() == {target}


@pytest.mark.parametrize("together", [True, False])
def test_a_voiding_statement_cannot_be_voided(store: Store, together: bool) -> None:
    target, first, second = new_id(), new_id(), new_id()
    batch = [statement(id=target), voiding(target, id=first), voiding(first, id=second)]
    if together:
        store.stored(*reversed(batch))
    else:
        for each in batch:
            store.stored(each)
    assert voided_ids() == {target}
    assert set(store.found()) == {first, second}


def test_a_statement_voided_twice_stays_voided(store: Store) -> None:
    [target] = store.stored(statement())
    store.stored(voiding(target))
    store.stored(voiding(target))
    assert voided_ids() == {target}


def test_a_credential_does_not_void_what_another_sent(store: Store) -> None:
    [target] = store.stored(statement())
    response = store_with("all", name="other").post([statement(), voiding(target)])
    assert response.status_code == 403
    assert said(response)["error"] == f"this credential may not void the statement {target}, which it did not send"
    assert Statement.objects.count() == 1
    assert voided_ids() == set()


def test_a_credential_does_not_void_what_this_site_said() -> None:
    [target] = record([statement()])
    assert store_with("all").post(voiding(target)).status_code == 403
    assert voided_ids() == set()


def test_a_foreign_voiding_that_came_first_voids_nothing(store: Store) -> None:
    target = new_id()
    store_with("all", name="other").stored(voiding(target))
    store.stored(statement(id=target))
    assert voided_ids() == set()


def test_this_site_voids_what_a_credential_sent(store: Store) -> None:
    [target] = store.stored(statement())
    record([voiding(target)])
    assert voided_ids() == {target}


def test_the_signal_names_the_registration_of_what_is_voided() -> None:
    heard: list[set[UUID]] = []

    def listen(registrations: set[UUID], **_: Any) -> None:
        heard.append(registrations)

    of_target, of_voider = uuid4(), uuid4()
    [target] = record([statement(context={"registration": str(of_target)})])
    statements_stored.connect(listen, weak=False)
    try:
        record([voiding(target, context={"registration": str(of_voider)})])
    finally:
        statements_stored.disconnect(listen)
    assert heard == [{of_target, of_voider}]


def test_a_reference_with_another_verb_voids_nothing(store: Store) -> None:
    [target] = store.stored(statement())
    store.stored(statement(verb=PASSED, object=about(target)))
    assert voided_ids() == set()


def test_a_voiding_statement_sent_again_is_no_conflict(store: Store) -> None:
    [target] = store.stored(statement())
    again = voiding(target, id=new_id())
    store.stored(again)
    assert store.post(again).status_code == 200
    assert json.loads(store.get(statementId=again["id"]).content)["verb"] == VOIDED


def test_a_voiding_statement_that_is_sent_again_changes_nothing(store: Store) -> None:
    """Also where what it should void has come meanwhile from somebody else, whose statement it may not void."""
    other = store_with("all", name="other")
    target = new_id()
    early = voiding(target) | {"id": new_id()}
    store.stored(early)
    other.stored(statement(id=target))
    assert said(store.post(early)) == [early["id"]]
    assert store.post(voiding(target)).status_code == 403
    assert voided_ids() == set()


def test_what_is_voided_gets_no_keys_from_what_it_is_about(store: Store) -> None:
    """Not even when both the voiding and what it waited for come in one batch."""
    waited_for = new_id()
    [target] = store.stored(statement(object=about(waited_for)))
    store.stored(statement(id=waited_for, context={"registration": new_id()}), voiding(target))
    assert count_of(Statement.objects.get(statement_id=target)) == 0
