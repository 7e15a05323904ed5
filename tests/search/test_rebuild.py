"""A new index beside the live one: nothing is missed, and a killed rebuild leaves the live one as it was."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from core import jobs, outbox
from search import engines, queue, rebuild, sources
from search.documents import Document
from search.engines import engine
from search.engines.base import Engine
from search.exceptions import RebuildLost, RebuildRunning
from search.models import IndexQueue, Rebuild, ReplayQueue
from tests.search.conftest import Shelf, found

pytestmark = pytest.mark.django_db
INDEX = outbox.Queue("search.index", IndexQueue, queue.index, one_transaction=False, batch=500, as_they_come=True)


def indexes() -> int:
    """How many indexes this test's site has."""
    its_engine = engine()
    if hasattr(its_engine, "folder"):
        return len([each for each in its_engine.folder.iterdir() if each.is_dir()])
    return len(its_engine.connection.ask("GET", f"/{its_engine.prefix}-v*"))


def during_rebuild(shelf: Shelf, act: Callable[[], None]) -> None:
    """Have act called once, when a rebuild has read all records and the courses are still to come."""
    course = sources.source("course")
    waiting = [act]

    def documents(keys: Sequence[str]) -> Iterable[Document]:
        if waiting:
            waiting.pop()()
        return course.documents(keys)

    sources.register("course", documents=documents, keys=course.keys, label=course.label)


def test_everything_public_is_in_the_new_index_and_nothing_else(own: Engine, shelf: Shelf) -> None:
    shelf.take("record:1")
    shelf.rename("record:2", "Người Chăm")
    told: list[int] = []
    assert rebuild.rebuild(told.append) == 5
    assert told == [3, 5]
    own.refresh()
    assert len(found()) == 5
    assert found("cham") == ["record:2"]
    assert indexes() == 1
    assert Rebuild.objects.count() == 0


def test_what_is_indexed_meanwhile_is_in_both(own: Engine, shelf: Shelf) -> None:
    seen: list[list[str]] = []

    def change() -> None:
        shelf.rename("record:2", "Người Chăm")
        shelf.take("record:1")
        queue.enqueue("record", ["1", "2"])
        assert outbox.drain_once(INDEX) == 2
        seen.append([*found("cham"), *found("nung")])

    during_rebuild(shelf, change)
    rebuild.rebuild()
    assert seen == [["record:2"]]
    assert found("cham") == ["record:2"]
    assert found("nung") == []
    assert (IndexQueue.objects.count(), ReplayQueue.objects.count()) == (0, 0)


def test_what_is_indexed_after_the_replay_is_queued_again(
    own: Engine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last replay and the swap the drain may still write into the index that goes."""
    go_live = engine().go_live

    def late(index: str) -> None:
        shelf.rename("record:2", "Người Chăm")
        queue.enqueue("record", ["2"])
        assert outbox.drain_once(INDEX) == 1
        go_live(index)

    monkeypatch.setattr(engine(), "go_live", late)
    rebuild.rebuild()
    own.refresh()
    assert found("cham") == []
    assert outbox.drain_once(INDEX) == 1
    assert found("cham") == ["record:2"]


@pytest.mark.django_db(transaction=True)
def test_others_may_write_while_a_rebuild_reads(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite refuses to write on a connection whose open query is older than somebody else's write."""
    monkeypatch.setattr(rebuild, "BATCH", 50)
    outbox.enqueue(ReplayQueue, map(str, range(300)))

    def write_elsewhere(keys: Sequence[str]) -> Iterable[Document]:
        with ThreadPoolExecutor() as threads:
            threads.submit(lambda: (queue.enqueue("page", ["1"]), connections.close_all())).result()
        return [Document("page", key, key) for key in keys]

    rows = ReplayQueue.objects.values_list("key", flat=True)
    sources.register("page", documents=write_elsewhere, keys=lambda: rows.iterator(chunk_size=10), label="Trang")
    engine().go_live(engine().create())
    assert rebuild.rebuild() == 306


def test_a_rebuild_that_fails_leaves_the_live_index(own: Engine, shelf: Shelf) -> None:
    def fail() -> None:
        queue.enqueue("record", ["2"])
        outbox.drain_once(INDEX)
        raise RuntimeError("no more")

    during_rebuild(shelf, fail)
    with pytest.raises(RuntimeError, match="no more"):
        rebuild.rebuild()
    assert len(found()) == 6
    assert indexes() == 1
    assert Rebuild.objects.count() == 0
    assert [row.key for row in IndexQueue.objects.all()] == ["record:2"]
    assert rebuild.rebuild() == 6


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_killed_in_the_middle_leaves_the_live_index_and_the_next_one_clears_up(
    own: Engine, shelf: Shelf
) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:  # a process that stops in the middle and waits for its death
        for connection in connections.all():
            connection.connection = None  # the parent's
        engines._engine.cache_clear()
        during_rebuild(shelf, lambda: (os.write(writing, b"x"), time.sleep(60)))
        try:
            rebuild.rebuild()
        finally:
            os._exit(1)
    assert os.read(reading, 1) == b"x"
    with pytest.raises(RebuildRunning, match=str(child)):
        rebuild.rebuild()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(found()) == 6
    assert (indexes(), Rebuild.objects.count()) == (2, 1)

    queue.enqueue("record", ["1"])
    assert outbox.drain_once(INDEX) == 1  # sees that the rebuild is dead
    assert rebuild.rebuild() == 6
    assert len(found()) == 6
    assert (indexes(), Rebuild.objects.count(), ReplayQueue.objects.count()) == (1, 0, 0)


def test_what_waited_for_a_dead_rebuild_is_queued_again(own: Engine, shelf: Shelf) -> None:
    """It may have been killed after the swap and before its end."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    Rebuild.objects.create(host=rebuild.socket.gethostname(), pid=dead.pid, heartbeat=timezone.now())
    outbox.enqueue(ReplayQueue, ["record:2", "record:2"])
    shelf.rename("record:2", "Người Chăm")
    queue.enqueue("record", ["1"])
    assert outbox.drain_once(INDEX) == 1
    assert outbox.drain_once(INDEX) == 1
    assert found("cham") == ["record:2"]


def test_a_rebuild_on_another_machine_is_dead_after_ten_silent_minutes(own: Engine) -> None:
    long_ago = timezone.now() - timedelta(minutes=9)
    other = Rebuild.objects.create(host="other", pid=1, heartbeat=long_ago)
    with pytest.raises(RebuildRunning, match="other:1"):
        rebuild.rebuild()
    Rebuild.objects.filter(pk=other.pk).update(heartbeat=timezone.now() - timedelta(minutes=11))
    assert rebuild.rebuild() == 6


def test_a_rebuild_taken_for_dead_does_not_go_live(own: Engine, shelf: Shelf) -> None:
    during_rebuild(shelf, lambda: Rebuild.objects.all().delete())
    shelf.rename("record:2", "Người Chăm")
    with pytest.raises(RebuildLost):
        rebuild.rebuild()
    assert found("cham") == []


def test_the_check_heals_an_index_that_cannot_be_read(own: Engine) -> None:
    _damage()
    jobs.start("search.check", {}, by=None, title="check")
    jobs.run_all()
    own.refresh()
    assert len(found()) == 6


def test_the_check_leaves_a_good_index_alone(own: Engine, shelf: Shelf) -> None:
    before = own.live()
    jobs.start("search.check", {}, by=None, title="check")
    jobs.run_all()
    assert own.live() == before
    assert Rebuild.objects.count() == 0


def _damage() -> None:
    """As a broken disk or a careless hand does."""
    its_engine = engine()
    if hasattr(its_engine, "folder"):
        (its_engine.folder / its_engine.live() / "meta.json").write_text("{")
        its_engine.refresh()
    else:
        for name in its_engine.connection.ask("GET", f"/{its_engine.prefix}-v*"):
            its_engine.connection.ask("DELETE", f"/{name}")


def test_what_is_written_into_an_index_that_was_replaced_meanwhile_is_written_again(own: Engine, shelf: Shelf) -> None:
    """The batch is under way, a rebuild ends, and the last of its rows come when nothing is noted any more."""
    shelf.rename("record:2", "Người Chăm")
    fresh = engine().create()
    with engine().writing(fresh) as writer:
        writer.write(sources.read([f"{each.kind}:{key}" for each in sources.sources() for key in list(each.keys())])[0])

    def coming() -> Iterable[str]:
        engine().go_live(fresh)
        shelf.rename("record:2", "Người Khmer")
        yield "record:2"

    queue.index(coming())
    own.refresh()
    assert found("khmer") == ["record:2"]
    assert found("cham") == []
