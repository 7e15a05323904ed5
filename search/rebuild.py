"""A new index beside the live one, filled while the site serves, then put in its place in one step.

What the drain indexes meanwhile is noted in a table of its own and replayed into the new index. A rebuild that is
killed leaves the live index as it was; the next one clears up after it.
"""

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import jobs, outbox
from core.models import Job
from search import sources
from search.engines import engine
from search.exceptions import IndexMissing, RebuildLost, RebuildRunning, SearchError
from search.models import IndexQueue, Rebuild, ReplayQueue

logger = logging.getLogger(__name__)

JOB = "search.rebuild"
CHECK = "search.check"
BATCH = 500  # documents held in memory
DEAD = timedelta(minutes=10)  # a rebuild on another machine that shows no life for so long

Progress = Callable[[int], None]
_alive_here: set[int] = set()  # rebuilds of this process: a new process may have got a dead one's number


def rebuild(progress: Progress = lambda done: None) -> int:
    """Rebuild the whole index from the sources; returns how many documents it has got.

    progress is told the number so far after each batch. Raises RebuildRunning when another one is alive.
    """
    claim = _claim()
    swapped = False
    try:
        engine().clean()
        target = engine().create()
        done = _fill(target, claim, progress)
        _replay(target, claim)
        _beat(claim)
        engine().go_live(target)
        swapped = True
    finally:
        mine = _close(claim)
        if mine and not swapped:
            with contextlib.suppress(SearchError, OSError):
                engine().clean()
    engine().clean()
    logger.info("index rebuilt: %d documents in %s", done, target)
    return done


def note(keys: Sequence[str]) -> None:
    """Keep for the rebuild under way, if any, what is about to be indexed into the live index."""
    under_way = Rebuild.objects.first()
    if under_way is None:
        return
    if _is_dead(under_way):
        _close(under_way)
        return
    with transaction.atomic():
        if list(Rebuild.objects.select_for_update()):  # it may have ended; if not, it ends after this commit
            outbox.enqueue(ReplayQueue, keys)


@jobs.handler(JOB)
def rebuild_job(job: Job) -> None:
    """Rebuild the index (started when it is missing and there is much to index)."""
    try:
        job.result = {"documents": rebuild(lambda done: job.advance(done=done))}
    except RebuildRunning as error:
        job.result = {"left_to": str(error)}


@jobs.handler(CHECK)
def check_job(job: Job) -> None:
    """Rebuild the index if it cannot be read, so that search heals when nobody writes."""
    try:
        engine().check()
    except IndexMissing as error:
        logger.warning("%s", error)
        rebuild_job(job)


def _claim() -> Rebuild:
    """The one row that says who rebuilds."""
    under_way = Rebuild.objects.first()
    if under_way is not None:
        if not _is_dead(under_way):
            raise RebuildRunning(
                f"A rebuild is running since {timezone.localtime(under_way.started_at):%H:%M} ({under_way})"
            )
        _close(under_way)
    mine, created = Rebuild.objects.get_or_create(
        only=True, defaults={"host": socket.gethostname(), "pid": os.getpid(), "heartbeat": timezone.now()}
    )
    if not created:
        raise RebuildRunning(f"A rebuild has just begun ({mine})")
    _alive_here.add(mine.pk)
    return mine


def _is_dead(under_way: Rebuild) -> bool:
    if timezone.now() - under_way.heartbeat > DEAD:
        return True
    if under_way.host != socket.gethostname():
        return False
    if under_way.pid == os.getpid():
        return under_way.pk not in _alive_here
    try:
        os.kill(under_way.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _beat(claim: Rebuild) -> None:
    """Show life. Raises RebuildLost when others took this rebuild for dead."""
    if not Rebuild.objects.filter(pk=claim.pk).update(heartbeat=timezone.now()):
        raise RebuildLost("Another process took this rebuild for dead; it is left to that one")


def _close(claim: Rebuild) -> bool:
    """End a rebuild. What is left to replay goes to the queue again, so nothing is missed; returns if it was there."""
    _alive_here.discard(claim.pk)
    with transaction.atomic():
        held = list(Rebuild.objects.select_for_update().filter(pk=claim.pk))
        if held:
            outbox.enqueue(IndexQueue, ReplayQueue.objects.order_by().values_list("key", flat=True).distinct())
            ReplayQueue.objects.all().delete()
            Rebuild.objects.filter(pk=claim.pk).delete()
    return bool(held)


def _fill(target: str, claim: Rebuild, progress: Progress) -> int:
    done = 0
    with engine().writing(target) as writer:
        for source in sources.sources():
            for keys in sources.batches(sources.all_keys(source), BATCH):
                documents = list(source.documents(keys))
                writer.write(documents)
                done += len(documents)
                _beat(claim)
                progress(done)
    return done


def _replay(target: str, claim: Rebuild) -> None:
    while rows := list(ReplayQueue.objects.order_by("id")[:BATCH]):
        documents, removed = sources.read([row.key for row in rows])
        with engine().writing(target) as writer:
            writer.write(documents, removed)
        ReplayQueue.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _beat(claim)
