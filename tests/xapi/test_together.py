"""Requests that store at the same time share a transaction, and nothing else."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.xapi.conftest import PASSED, new_id, said, statement, store_with
from xapi import together
from xapi.models import Statement
from xapi.statements import record

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL commits together by itself"),
]


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
    with together._turn:
        for thread in threads:
            thread.start()
        while len(together._waiting) < len(calls):
            pass
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


def test_several_share_one_commit() -> None:
    work = [together.Work(lambda: record([statement()]) and None) for _ in range(5)]
    with CaptureQueriesContext(connection) as captured:
        together._commit(work)
    words = [each["sql"].split()[0] for each in captured]
    assert [each for each in words if each in {"BEGIN", "COMMIT"}] == ["BEGIN", "COMMIT"]
    assert [(each.done, each.error) for each in work] == [(True, None)] * 5
    assert Statement.objects.count() == 5


def test_a_commit_that_fails_is_told_to_all_and_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("the disk is full")

    work = [together.Work(lambda: record([statement()]) and None) for _ in range(3)]
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
