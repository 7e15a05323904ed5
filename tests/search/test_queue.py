"""What was touched is indexed by the drain, as it is at that time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import outbox
from search import queue, sources
from search.documents import Document
from search.engines import engine
from search.engines.base import Engine
from search.exceptions import EngineUnavailable
from search.models import IndexQueue
from tests.search.conftest import Shelf, found

pytestmark = pytest.mark.django_db
INDEX = outbox.Queue("search.index", IndexQueue, queue.index, one_transaction=False, batch=500, as_they_come=True)


def test_the_row_as_it_is_when_drained(own: Engine, shelf: Shelf) -> None:
    shelf.rename("record:2", "Người Chăm")
    queue.enqueue("record", ["2"])
    shelf.rename("record:2", "Người Khmer")
    assert outbox.drain_once(INDEX) == 1
    assert found("cham") == []
    assert found("khmer") == ["record:2"]
    assert IndexQueue.objects.count() == 0


def test_a_key_that_the_source_does_not_yield_leaves_the_index(own: Engine, shelf: Shelf) -> None:
    shelf.take("record:1")
    queue.enqueue("record", ["1"])
    outbox.drain_once(INDEX)
    assert found("nung") == []
    assert len(found()) == 5


def test_a_kind_without_a_source_leaves_the_index(own: Engine, shelf: Shelf) -> None:
    sources.unregister("course")
    queue.enqueue("course", ["so", "duong"])
    outbox.drain_once(INDEX)
    assert sorted(found()) == ["record:1", "record:2", "record:3", "record:4"]


def test_enqueue_is_undone_with_its_transaction(own: Engine) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue("record", ["1"])
        raise RuntimeError
    assert IndexQueue.objects.count() == 0


def test_keys_with_a_colon_stay_whole(own: Engine, shelf: Shelf) -> None:
    shelf.put(Document("record", "a:b", "Sách mới"))
    queue.enqueue("record", ["a:b"])
    outbox.drain_once(INDEX)
    assert found("sach moi") == ["record:a:b"]


def test_without_an_index_the_drain_builds_all_of_it(shelf: Shelf) -> None:
    queue.enqueue("record", ["1"])
    assert outbox.drain_once(INDEX) == 1
    assert len(found()) == 6


def test_with_much_to_index_a_missing_index_is_left_to_a_job(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from core import jobs
    from core.models import Job

    monkeypatch.setattr(queue, "FEW", 5)
    queue.enqueue("record", ["1"])
    assert outbox.drain_once(INDEX) == 0
    IndexQueue.objects.update(not_before=None)
    assert outbox.drain_once(INDEX) == 0
    assert [job.kind for job in Job.objects.all()] == ["search.rebuild"]
    jobs.run_all()
    assert Job.objects.get().result == {"documents": 6}
    assert len(found()) == 6
    IndexQueue.objects.update(not_before=None)
    assert outbox.drain_once(INDEX) == 1


def test_one_bad_document_does_not_hold_up_the_others(own: Engine, shelf: Shelf) -> None:
    shelf.put(Document("record", "8", None))  # type: ignore[arg-type]
    shelf.rename("record:2", "Người Chăm")
    queue.enqueue("record", ["8", "2"])
    assert outbox.drain_once(INDEX) == 1
    assert found("cham") == ["record:2"]
    row = IndexQueue.objects.get()
    assert (row.key, row.attempts) == ("record:8", 1)


def test_when_the_engine_is_away_rows_wait_and_none_is_blamed(
    own: Engine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(index: str) -> None:
        raise EngineUnavailable("does not answer")

    shelf.rename("record:2", "Người Chăm")
    queue.enqueue("record", ["1", "2"])
    with monkeypatch.context() as patch:
        patch.setattr(engine(), "writing", away)
        assert outbox.drain_once(INDEX) == 0
    rows = IndexQueue.objects.all()
    assert [(row.key, row.attempts, row.last_error) for row in rows] == [
        ("record:1", 0, "does not answer"),
        ("record:2", 0, "does not answer"),
    ]
    assert all(row.not_before < timezone.now() + timedelta(seconds=11) for row in rows)
    IndexQueue.objects.update(not_before=None)
    assert outbox.drain_once(INDEX) == 2
    assert found("cham") == ["record:2"]


@pytest.mark.django_db(transaction=True)
def test_two_drains_do_not_run_at_once(own: Engine) -> None:
    """Of two, the one that read a document earlier might write it later."""
    queue.enqueue("record", ["1"])

    def drain() -> int:
        try:
            return outbox.drain_once(INDEX)
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        with queue._alone():
            assert threads.submit(drain).result() == 0
        IndexQueue.objects.update(not_before=None)
        assert threads.submit(drain).result() == 1
