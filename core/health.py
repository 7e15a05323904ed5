"""How the site is: what /healthz and /metrics tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import outbox
from core.models import Job, Worker

WORKER_LATE = timedelta(seconds=30)  # a worker beats every 5 seconds
QUEUE_LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class QueueState:
    """One queue: rows in it, rows put off after a failure, seconds the oldest untried row has waited."""

    name: str
    waiting: int
    failing: int
    oldest_seconds: float


def queue_states(now: datetime) -> list[QueueState]:
    """Every queue's state, in one query each."""
    due = Q(attempts=0) & (Q(not_before=None) | Q(not_before__lte=now))
    states = []
    for queue in outbox.queues():
        found = queue.model._default_manager.aggregate(
            waiting=Count("pk"),
            failing=Count("pk", filter=Q(attempts__gt=0)),
            oldest=Min(Coalesce("not_before", "queued_at"), filter=due),  # what is put off on purpose is not late
        )
        oldest = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
        states.append(QueueState(queue.name, found["waiting"], found["failing"], max(oldest, 0.0)))
    return states


def jobs_by_state() -> dict[str, int]:
    """How many jobs are in each state, those without any included."""
    counted = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in Job.State.values}


def worker_age(now: datetime) -> float | None:
    """Seconds since any worker was last seen alive; None when none ever was."""
    last = Worker.objects.aggregate(last=Max("heartbeat"))["last"]
    return None if last is None else max((now - last).total_seconds(), 0.0)


def report() -> tuple[bool, dict[str, object]]:
    """Whether all is well, and what is not. Raises DatabaseError when the database is down."""
    now = timezone.now()
    age = worker_age(now)
    oldest = max((state.oldest_seconds for state in queue_states(now)), default=0.0)
    working = age is not None and age <= WORKER_LATE.total_seconds()
    prompt = oldest <= QUEUE_LATE.total_seconds()
    details: dict[str, object] = {
        "database": "ok",
        "worker": "ok" if working else "not seen",
        "queues": "ok" if prompt else "late",
        "worker_seen_seconds_ago": None if age is None else round(age, 1),
        "oldest_queued_seconds": round(oldest, 1),
    }
    return working and prompt, details
