"""The index queue: what was touched is indexed again by the worker's drain."""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain

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


def index(keys: Iterable[str]) -> None:
    """Index what the keys name, as it is when the key comes (the queue's handler)."""
    written: list[str] = []
    try:
        with _alone():
            try:
                _write(keys, written)
            except IndexMissing:
                _rebuild()
                _write(chain(written[:], keys), written)
            waiting = Q(not_before=None) | Q(not_before__lte=timezone.now())
            if not IndexQueue.objects.exclude(key__in=written).filter(waiting).exists():
                engine().refresh()  # once, after the last batch
    except (IndexBusy, RebuildRunning) as error:
        raise NotNow(str(error), seconds=1) from error
    except EngineUnavailable as error:
        raise NotNow(str(error)) from error


def _write(keys: Iterable[str], written: list[str]) -> None:
    """Write into the index as the keys come, with one commit behind the last; tells which it has taken."""
    live = engine().live()
    with engine().writing(live) as writer:
        for some in sources.batches(keys, IN_MEMORY):
            written += some
            rebuild.note(some)
            writer.write(*sources.read(some))
    if engine().live() != live:  # a rebuild that ended meanwhile has not got the last of them
        _write(written[:], written)


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
