"""The index queue: what was touched is indexed again by the worker's drain."""

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core import jobs, outbox
from core.exceptions import NotNow
from core.models import Job
from search import rebuild, sources
from search.engines import engine
from search.exceptions import EngineUnavailable, IndexBusy, IndexMissing, RebuildRunning
from search.models import IndexQueue

LOCK = 0x5EA2C4  # the number of PostgreSQL's advisory lock
IN_MEMORY = 500  # documents held at a time; more go into one commit, since each costs a merge
FEW = 2_000  # documents that a missing index is rebuilt from at once, without a job


def enqueue(kind: str, keys: Iterable[str]) -> None:
    """Queue documents for indexing, inside the caller's transaction."""
    outbox.enqueue(IndexQueue, [f"{kind}:{key}" for key in keys])


def index(keys: Sequence[str]) -> None:
    """Index what the keys name, as it is now (the queue's handler)."""
    try:
        with _alone():
            try:
                _write(keys)
            except IndexMissing:
                _rebuild()
                _write(keys)
            waiting = Q(not_before=None) | Q(not_before__lte=timezone.now())
            if not IndexQueue.objects.exclude(key__in=keys).filter(waiting).exists():
                engine().refresh()  # once, after the last batch
    except (IndexBusy, RebuildRunning) as error:
        raise NotNow(str(error), seconds=1) from error
    except EngineUnavailable as error:
        raise NotNow(str(error)) from error


def _write(keys: Sequence[str]) -> None:
    live = engine().live()
    rebuild.note(keys)
    with engine().writing(live) as writer:
        for some in sources.batches(keys, IN_MEMORY):
            writer.write(*sources.read(some))


def _rebuild() -> None:
    """Rebuild the missing index here when that is quickly done, else by a job; then this queue waits."""
    if sources.at_most(FEW):
        rebuild.rebuild()
        return
    at_it = Q(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    just_failed = Q(state=Job.State.FAILED, ended_at__gt=timezone.now() - timedelta(minutes=1))
    if not Job.objects.filter(at_it | just_failed, kind=rebuild.JOB).exists():
        jobs.start(rebuild.JOB, {}, by=None, title="Dựng lại chỉ mục tìm kiếm")
    raise NotNow("The index is missing; a job rebuilds it", seconds=2)


@contextmanager
def _alone() -> Iterator[None]:
    """One drain at a time, on all machines: of two, the one that read a row earlier might write it later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise IndexBusy("Another worker indexes just now")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    with (settings.DATA_DIR / "index.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexBusy("Another worker indexes just now") from error
        yield
