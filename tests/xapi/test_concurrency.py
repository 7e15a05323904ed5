"""Writers at once: exactly one wins, nobody gets an error that is none."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from tests.xapi.conftest import PASSED, VOIDED, Store, about, new_id, said, statement, store_with
from tests.xapi.index_entries import count_of, entries
from tests.xapi.test_attachments import TEXT, TYPE, attachment, first, multipart, part
from xapi import clock
from xapi.models import Attachment, AttachmentChunk, Statement, StatementAttachment
from xapi.statements import record, store

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """The results of all tasks, run in threads that start together; exceptions are results too."""
    barrier = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def run(number: int, task: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[number] = task()
        except Exception as error:  # noqa: BLE001 - compared with what is expected
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_one_id_and_one_content_from_many_writers_is_stored_once() -> None:
    client = store_with("all")
    for _ in range(5):
        wanted = new_id()
        answers = at_once(*[lambda wanted=wanted: client.put(statement(), statementId=wanted).status_code] * WRITERS)
        assert answers == [204] * WRITERS
    assert Statement.objects.count() == 5


def test_one_id_and_different_contents_one_wins() -> None:
    client = store_with("all")
    for _ in range(5):
        wanted = new_id()
        sent = [statement(verb={"id": f"http://x.org/{number}"}) for number in range(WRITERS)]
        answers = at_once(
            *[lambda body=body, wanted=wanted: client.put(body, statementId=wanted).status_code for body in sent]
        )
        assert Counter(answers) == {204: 1, 409: WRITERS - 1}
        winner = sent[answers.index(204)]
        assert Statement.objects.get(statement_id=wanted).verb == winner["verb"]["id"]
    assert Statement.objects.count() == 5


def test_one_batch_sent_at_once_is_stored_once() -> None:
    client = store_with("all")
    batch = [statement(id=new_id()) for _ in range(40)]
    answers = at_once(*[lambda: said(client.post(batch))] * WRITERS)
    assert answers == [[each["id"] for each in batch]] * WRITERS
    assert Statement.objects.count() == 40
    assert len(entries()) == 40 * 5


def test_batches_that_share_statements_in_another_order_never_lock_one_another_out() -> None:
    shared = [statement(id=new_id()) for _ in range(30)]
    defined = [
        each | {"object": {"id": f"http://x.org/{n}", "definition": {"type": "http://x.org/t"}}}
        for n, each in enumerate(shared)
    ]
    answers = at_once(
        lambda: record(defined), lambda: record(defined[::-1]), lambda: record(defined[15:] + defined[:15])
    )
    assert [len(answer) for answer in answers] == [30, 30, 30]
    assert Statement.objects.count() == 30


def test_overlapping_batches_of_which_one_conflicts_are_whole_or_nothing() -> None:
    wanted = new_id()
    batches = [
        [statement(id=wanted, verb=verb), *[statement() for _ in range(5)]]
        for verb in ({"id": "http://x.org/v"}, PASSED)
    ]
    client = store_with("all")
    answers = at_once(*[lambda batch=batch: client.post(batch).status_code for batch in batches])
    assert sorted(answers) == [200, 409]
    assert Statement.objects.count() == 6


def test_a_statement_and_its_voiding_at_once() -> None:
    for _ in range(8):
        target = new_id()
        answers = at_once(
            lambda target=target: record([statement(id=target)]),
            lambda target=target: record([statement(verb=VOIDED, object=about(target))]),
        )
        assert [len(answer) for answer in answers] == [1, 1]
        row = Statement.objects.get(statement_id=target)
        assert row.voided
        assert count_of(row) == 0


def test_many_writers_of_different_statements() -> None:
    def write() -> list[UUID]:
        return [each for _ in range(10) for each in record([statement(), statement()])]

    answers = at_once(*[write] * WRITERS)
    assert [len(answer) for answer in answers] == [20] * WRITERS
    assert Statement.objects.count() == 20 * WRITERS
    assert len({row.pk for row in Statement.objects.all()}) == 20 * WRITERS


def test_one_file_from_many_writers_is_kept_once() -> None:
    client = store_with("all")
    for number in range(4):
        content = TEXT + b"%d" % number
        bodies = [multipart(first(statement(attachments=[attachment(content)])), part(content)) for _ in range(WRITERS)]
        answers = at_once(*[lambda body=body: client.post(body, TYPE).status_code for body in bodies])
        assert answers == [200] * WRITERS
    assert [row.complete for row in Attachment.objects.all()] == [True] * 4
    assert AttachmentChunk.objects.count() == 4
    assert StatementAttachment.objects.count() == 4 * WRITERS


def test_consistent_through_waits_for_an_open_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    monkeypatch.setattr(clock, "SLOWEST_WRITE", timedelta(0))  # SQLite: what this process writes is known, not guessed

    started, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record([statement()])
            started.set()
            go_on.wait(10)

    thread = threading.Thread(target=lambda: (slow(), connections.close_all()))
    thread.start()
    started.wait(10)
    during = clock.consistent_through()
    go_on.set()
    thread.join()
    assert during < Statement.objects.get().stored <= clock.consistent_through()


def test_readers_that_follow_consistent_through_miss_nothing() -> None:
    client = store_with("all")
    seen: list[str] = []
    done = threading.Event()

    def write() -> None:
        for _ in range(20):
            store(json.dumps([statement(), statement()]).encode(), credential=None)

    def read() -> None:
        through = "1970-01-01T00:00:00Z"
        finished = False
        while not finished:
            finished = done.is_set()
            answer = follow(client, through)
            seen.extend(each["id"] for each in answer["statements"])
            through = answer["through"]

    reader = threading.Thread(target=lambda: (read(), connections.close_all()))
    reader.start()
    at_once(write, write, write)
    done.set()
    reader.join(60)
    assert set(seen) == {str(each) for each in Statement.objects.values_list("statement_id", flat=True)}


def follow(client: Store, through: str) -> dict[str, Any]:
    """All pages since a time, and through when they are complete."""
    response = client.get(since=through, ascending="true")
    answer = said(response)
    found = answer["statements"]
    while answer["more"]:
        answer = said(client.client.get(answer["more"], headers=client.headers))
        found += answer["statements"]
    return {"statements": found, "through": response["X-Experience-API-Consistent-Through"]}
