"""Requests that store at the same time share a transaction, and nothing else."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from types import NoneType
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.xapi.conftest import PASSED, about, new_id, said, statement, store_with
from tests.xapi.index_entries import entries
from xapi import together
from xapi.exceptions import Conflict
from xapi.models import Statement
from xapi.received import read
from xapi.statements import Apart, Batch, _store, record

pytestmark = pytest.mark.django_db(transaction=True)


def in_one_group(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answers or raises, when all of them wait for the same turn."""
    answers: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        try:
            answers[number] = calls[number]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    first = together.Work(None, 0, lambda items: None)
    assert together._has_turn(first)
    for thread in threads:
        thread.start()
    for _ in range(5_000):
        if len(together._waiting) > len(calls):
            break
        time.sleep(0.001)
    together._waiting.remove(first)
    together._pass_on()
    for thread in threads:
        thread.join()
    return answers


def test_what_one_breaks_the_others_do_not_notice() -> None:
    client = store_with("all")
    taken = new_id()
    client.stored(statement(id=taken))
    good = [new_id() for _ in range(3)]
    calls = [lambda each=each: client.post(statement(id=each)) for each in good]
    answers = in_one_group(
        *calls,
        lambda: client.post([statement(id=new_id()), statement(id=taken, verb=PASSED)]),
        lambda: client.post(statement(id=taken)),
    )
    assert [each.status_code for each in answers] == [200, 200, 200, 409, 200]
    assert [said(each) for each in answers[:3]] == [[each] for each in good]
    assert {str(each.statement_id) for each in Statement.objects.all()} == {taken, *good}


def work_of(*bodies: dict[str, Any]) -> list[together.Work]:
    """What as many requests of this site would wait with."""
    batches = [Batch(read(json.dumps(each).encode(), version="1.0.3"), None, "1.0.3", {}) for each in bodies]
    return [together.Work(each, 1, _store) for each in batches]


def commands(work: list[together.Work]) -> list[str]:
    """The transactions in which the work is committed."""
    with CaptureQueriesContext(connection) as captured:
        together._commit(work)
    words = [each["sql"].split()[0] for each in captured]
    return [each for each in words if each in {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}]


def test_several_are_stored_as_if_one_had_sent_all() -> None:
    work = work_of(*[statement() for _ in range(5)])
    assert commands(work) == ["BEGIN", "COMMIT"]
    assert [(each.done, each.error) for each in work] == [(True, None)] * 5
    assert Statement.objects.count() == 5
    assert len(entries()) == 5 * 5


@pytest.mark.parametrize("other", ["the same id", "a reference", "what a reference waits for"])
def test_what_cannot_be_stored_as_one_is_stored_one_by_one(other: str) -> None:
    shared, waited_for = new_id(), new_id()
    record([statement(object=about(waited_for))])
    odd = {
        "the same id": statement(id=shared),
        "a reference": statement(object=about(shared)),
        "what a reference waits for": statement(id=waited_for, verb=PASSED),
    }
    work = work_of(statement(id=shared), odd[other], statement())
    work[1].item.may_be_there = other == "the same id"  # as its second attempt
    assert commands(work) == ["BEGIN", "ROLLBACK", *["BEGIN", "COMMIT"] * 3]
    assert [(each.done, each.error) for each in work] == [(True, None)] * 3
    assert Statement.objects.count() == (3 if other == "the same id" else 4)


def test_one_that_is_there_already_is_found_at_the_second_attempt() -> None:
    taken = new_id()
    record([statement(id=taken)])
    [work] = work_of(statement(id=taken))
    assert commands([work]) == ["BEGIN", "ROLLBACK"]
    assert isinstance(work.error, IntegrityError)
    assert record([statement(id=taken)]) == [UUID(taken)]
    assert Statement.objects.count() == 1


def test_each_conflict_in_a_group_is_told_to_whom_it_belongs() -> None:
    """Also where another request of the group sends the same statement again, as it is stored."""
    taken = new_id()
    record([statement(id=taken)])
    work = work_of(statement(id=taken, verb=PASSED), statement(id=taken))
    for each in work:
        each.item.may_be_there = True
    together._commit(work)
    assert [type(each.error) for each in work] == [Conflict, NoneType]


def test_nobody_is_told_that_something_is_stored_when_another_lost_the_transaction() -> None:
    """SQLite ends a whole transaction by itself where the disk is full, and PostgreSQL may be gone."""
    work = work_of(*[statement() for _ in range(3)])
    work[0].store = lambda items: _store(items) if len(items) == 1 else raise_apart()

    def lose(items: Any) -> None:
        _store(items)
        connection.needs_rollback = True
        raise DatabaseError("the disk is full")

    work[1].store = lose
    together._commit(work)
    assert [str(each.error) for each in work] == ["None", "the disk is full", "None"]
    stored = {str(each) for each in Statement.objects.values_list("statement_id", flat=True)}
    assert stored == {str(work[number].item.received[0].id) for number in (0, 2)}


def raise_apart() -> None:
    raise Apart


def test_who_is_interrupted_while_waiting_keeps_no_turn() -> None:
    first, waiting = (together.Work(None, 0, lambda items: None) for _ in range(2))
    assert together._has_turn(first)
    assert not together._has_turn(waiting)
    together._next_group()  # both
    late = together.Work(None, 0, lambda items: None)
    assert not together._has_turn(late)
    together._pass_on()  # to `late`, which is interrupted just then
    together._leave(late)
    assert record([statement()])


def test_each_keeps_its_authority_and_version() -> None:
    one, two = store_with("all", name="one"), store_with("all", name="two")
    answers = in_one_group(lambda: one.post(statement()), lambda: two.speaking("2.0.0").post(statement()))
    assert [each.status_code for each in answers] == [200, 200]
    kept = {row.credential.name: row.data for row in Statement.objects.select_related("credential")}
    assert {name: data["authority"]["name"] for name, data in kept.items()} == {"one": "one", "two": "two"}
    assert {name: data["version"] for name, data in kept.items()} == {"one": "1.0.0", "two": "2.0.0"}


def test_no_group_is_larger_than_a_transaction_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 5)
    monkeypatch.setattr(
        together, "_waiting", deque(together.Work(None, size, lambda items: None) for size in (2, 3, 1, 9))
    )
    assert [[each.size for each in together._next_group()] for _ in range(3)] == [[2, 3], [1], [9]]


def test_a_commit_that_fails_is_told_to_all_and_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("the disk is full")

    work = work_of(*[statement() for _ in range(3)])
    monkeypatch.setattr(connection, "commit", fail)
    together._commit(work)
    assert [str(each.error) for each in work] == ["the disk is full"] * 3
    monkeypatch.undo()
    assert Statement.objects.count() == 0


def test_in_a_transaction_of_the_caller_it_is_part_of_that() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record([statement()])
        assert Statement.objects.count() == 1
        raise RuntimeError
    assert Statement.objects.count() == 0
