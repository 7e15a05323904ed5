"""/healthz for load balancers and /metrics for Prometheus."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import health
from core.hosts import is_public_address


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, a worker is alive and the queues move; else 503 and which of them it is."""
    try:
        well, details = health.report()
    except DatabaseError:
        well, details = False, {"database": "down"}
    answer = JsonResponse({"status": "ok" if well else "failing", **details}, status=200 if well else 503)
    answer._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 - being asked is no error of the site
    return answer


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for the machine itself, its private network, and staff."""
    if not _may_read_metrics(request):
        return HttpResponse(
            "Only from a private network, or signed in as staff.\n", status=403, content_type="text/plain"
        )
    now = timezone.now()
    states = health.queue_states(now)
    age = health.worker_age(now)
    lines = [
        *_metric("nhasan_queue_rows", "Rows waiting in a queue.", {("queue", s.name): s.waiting for s in states}),
        *_metric(
            "nhasan_queue_failing_rows", "Rows put off after a failure.", {("queue", s.name): s.failing for s in states}
        ),
        *_metric(
            "nhasan_queue_oldest_seconds",
            "Time the oldest untried row has waited.",
            {("queue", s.name): s.oldest_seconds for s in states},
        ),
        *_metric("nhasan_jobs", "Jobs by state.", {("state", state): n for state, n in health.jobs_by_state().items()}),
        *_metric(
            "nhasan_worker_seen_seconds", "Time since a worker was seen alive.", {} if age is None else {None: age}
        ),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: HttpRequest) -> bool:
    """A request that came through a proxy is not from the private network, whatever the proxy's own address."""
    direct = "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers
    address = request.META.get("REMOTE_ADDR") or "127.0.0.1"  # a Unix socket has none
    return (direct and not is_public_address(address)) or _is_staff(request.user)


def _is_staff(user: Any) -> bool:
    """Whether it is staff whose session has given the second factor (people's middleware tells)."""
    return bool(user.is_staff and getattr(user, "second_factor_given", True))


def _metric(name: str, text: str, values: dict[tuple[str, str] | None, float]) -> list[str]:
    samples = [f'{name}{{{at[0]}="{at[1]}"}} {value:g}' if at else f"{name} {value:g}" for at, value in values.items()]
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge", *samples]
