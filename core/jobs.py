"""Long work: a Job row with a cursor, done by the worker in steps, resumed where it was after a kill.

A package declares what it can do and when, in AppConfig.ready():

    @jobs.handler("library.import_marc")
    def import_marc(job: Job) -> None: …

    jobs.schedule("oai.harvest_all", every=timedelta(days=1), title=_("Thu hoạch từ các thư viện đối tác"))

A handler works in steps, each in a transaction of its own of at most 250 ms, and calls job.advance() in or after each.
It may be run again from the last kept cursor, so a step must be able to meet its own traces.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from core.exceptions import Interrupted, Overtaken, Stopped
from core.models import Job, Schedule

__all__ = [
    "Interrupted",
    "Job",
    "Overtaken",
    "Stopped",
    "handler",
    "run_all",
    "run_next",
    "schedule",
    "start",
    "stop",
    "title_of",
]

logger = logging.getLogger(__name__)

STALE = timedelta(seconds=60)  # a running job without a heartbeat for so long is resumed by another worker
KEPT = timedelta(days=90)  # ended jobs are forgotten after that

Handler = Callable[[Job], None]
_handlers: dict[str, Handler] = {}


@dataclass(frozen=True)
class Planned:
    """A schedule as declared in code; the worker keeps its row."""

    name: str
    kind: str
    every: timedelta
    title: str | Promise = ""
    arguments: dict[str, Any] = field(default_factory=dict)


_planned: dict[str, Planned] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of this kind."""

    def declare(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return declare


def schedule(
    kind: str,
    *,
    every: timedelta,
    title: str | Promise = "",
    arguments: dict[str, Any] | None = None,
    name: str = "",
) -> None:
    """Declare a job that the worker starts again and again, the first time one stretch from now.

    title: how the admin's list calls it, a lazy message.
    """
    planned = Planned(name or kind, kind, every, title, arguments or {})
    _planned[planned.name] = planned


def title_of(job: Job) -> str:
    """What the reader's list calls a job; those by the clock are kept under their names."""
    planned = _planned.get(job.title) if job.started_by is None else None
    return str((planned and planned.title) or job.title)


def start(kind: str, arguments: dict[str, Any], *, by: UUID | None, title: str) -> Job:
    """Queue a job in the caller's transaction."""
    if kind not in _handlers:
        raise LookupError(
            f"No handler does jobs of kind {kind}; declared are: {', '.join(sorted(_handlers)) or 'none'}"
        )
    return Job.objects.create(kind=kind, arguments=arguments, started_by=by, title=title[:255])


def stop(job: Job) -> None:
    """Ask a job to end: a waiting one at once, a running one at its next advance()."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not waiting.update(state=Job.State.STOPPED, ended_at=timezone.now()):
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(stop_requested=True)


def run_next(worker: str = "inline") -> Job | None:
    """Claim one waiting or stale job and do it in this thread; None when there is none."""
    job = _claim(worker)
    if job is not None:
        _run(job)
    return job


def run_all(limit: int = 1000) -> int:
    """Do every waiting job (tests, commands); returns how many."""
    return next((count for count in range(limit) if run_next() is None), limit)


def beat(worker: str) -> None:
    """Say that this worker's jobs are alive (called every few seconds while a handler is between two steps)."""
    Job.objects.filter(worker=worker, state=Job.State.RUNNING).update(heartbeat=timezone.now())


def take_over(worker: str) -> int:
    """Requeue what a dead worker of this very name was doing; call it only when no other can bear the name."""
    return Job.objects.filter(worker=worker, state=Job.State.RUNNING).update(state=Job.State.QUEUED, worker="")


def keep_schedules() -> None:
    """Bring the rows of schedules in line with what the packages declare."""
    for planned in _planned.values():
        seconds = int(planned.every.total_seconds())
        declared = {"kind": planned.kind, "arguments": planned.arguments, "every_seconds": seconds}
        Schedule.objects.update_or_create(
            name=planned.name, defaults=declared, create_defaults=declared | {"next_at": timezone.now() + planned.every}
        )
    Schedule.objects.exclude(name__in=list(_planned)).delete()


def start_scheduled() -> int:
    """Queue the jobs whose time has come, unless the last one of the same schedule is still at it."""
    now = timezone.now()
    started = 0
    for due in Schedule.objects.filter(next_at__lte=now).select_related("last_job"):
        with transaction.atomic():
            mine = Schedule.objects.filter(pk=due.pk, next_at=due.next_at)
            if not mine.update(next_at=now + timedelta(seconds=due.every_seconds)) or due.kind not in _handlers:
                continue
            if due.last_job and due.last_job.state in {Job.State.QUEUED, Job.State.RUNNING}:
                continue
            mine = Schedule.objects.filter(pk=due.pk)
            mine.update(last_job=start(due.kind, due.arguments, by=None, title=due.name))
            started += 1
    return started


def forget_ended() -> int:
    """Delete jobs that ended long ago."""
    return Job.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()[0]


def _claim(worker: str) -> Job | None:
    """Take the oldest job that waits or whose worker has died."""
    now = timezone.now()
    stale = Q(state=Job.State.RUNNING, heartbeat__lt=now - STALE)
    with transaction.atomic():
        free = Job.objects.filter(Q(state=Job.State.QUEUED) | stale, kind__in=list(_handlers)).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        job = free.first()
        if job is None:
            return None
        job.state, job.worker, job.heartbeat, job.error = Job.State.RUNNING, worker, now, ""
        job.save(update_fields=["state", "worker", "heartbeat", "error"])
    return job


def _run(job: Job) -> None:
    """Call the handler and keep how it ended. A job that was taken over by another worker is left to it."""
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)
    try:
        _handlers[job.kind](job)
    except Overtaken:
        logger.warning("job %s %s: another worker has taken it over", job.pk, job.kind)
    except Interrupted:
        mine.update(state=Job.State.QUEUED, worker="")
    except Stopped:
        mine.update(state=Job.State.STOPPED, result=job.result, ended_at=timezone.now())
    except Exception as error:
        logger.exception("job %s %s failed", job.pk, job.kind)
        text = f"{type(error).__name__}: {error}"[:4000]
        mine.update(state=Job.State.FAILED, error=text, result=job.result, ended_at=timezone.now())
    else:
        mine.update(state=Job.State.DONE, done=job.done, total=job.total, result=job.result, ended_at=timezone.now())
    job.refresh_from_db()
