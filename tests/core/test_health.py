"""/healthz and /metrics."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.utils import timezone

from core import health, outbox
from core.models import Job, Worker
from core.views import health as views
from lms.models import ProgressQueue

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    now = timezone.now()
    return Worker.objects.create(name="w", host="h", started_at=now, heartbeat=now)


def test_all_is_well(client, worker):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert {key: value for key, value in response.json().items() if not key.endswith(("ago", "seconds"))} == {
        "status": "ok",
        "database": "ok",
        "worker": "ok",
        "queues": "ok",
    }
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_no_worker(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()["worker"]) == (503, "not seen")
    assert response.json()["worker_seen_seconds_ago"] is None


def test_a_worker_that_was_last_seen_a_while_ago(client, worker):
    Worker.objects.update(heartbeat=timezone.now() - timedelta(seconds=31))
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["worker"]) == (503, "not seen")


def test_a_queue_that_does_not_move(client, worker):
    outbox.enqueue(ProgressQueue, ["a"])
    assert client.get("/healthz").status_code == 200
    ProgressQueue.objects.update(queued_at=timezone.now() - timedelta(minutes=11))
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["queues"]) == (503, "late")


def test_a_key_that_fails_again_and_again_does_not_take_the_site_down(client, worker):
    outbox.enqueue(ProgressQueue, ["a"])
    ProgressQueue.objects.update(queued_at=timezone.now() - timedelta(days=1), attempts=9)
    assert client.get("/healthz").status_code == 200


def test_what_is_put_off_on_purpose_is_not_late_until_it_is_due_for_long(client, worker):
    outbox.enqueue(ProgressQueue, ["a"])
    now = timezone.now()
    ProgressQueue.objects.update(queued_at=now - timedelta(hours=2), not_before=now + timedelta(hours=1))
    assert client.get("/healthz").status_code == 200
    ProgressQueue.objects.update(not_before=now - timedelta(minutes=1))
    assert client.get("/healthz").status_code == 200
    ProgressQueue.objects.update(not_before=now - timedelta(minutes=11))
    assert client.get("/healthz").status_code == 503


def test_a_database_that_is_down(client, monkeypatch):
    def broken():
        raise DatabaseError("no route to host")

    monkeypatch.setattr(health, "report", broken)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "database": "down"})


def test_metrics_tell_queues_jobs_and_worker(client, worker):
    outbox.enqueue(ProgressQueue, ["a", "b"])
    ProgressQueue.objects.filter(key="b").update(attempts=1)
    Job.objects.create(kind="x", title="x", state="failed")
    response = client.get("/metrics")

    name = next(queue.name for queue in outbox.queues() if queue.model is ProgressQueue)
    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert f'nhasan_queue_rows{{queue="{name}"}} 2' in lines
    assert f'nhasan_queue_failing_rows{{queue="{name}"}} 1' in lines
    assert 'nhasan_jobs{state="failed"} 1' in lines
    assert 'nhasan_jobs{state="running"} 0' in lines
    assert any(line.startswith("nhasan_worker_seen_seconds 0") for line in lines)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 200),
        ("203.113.131.1", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.113.131.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=203.113.131.1"}, 403),
    ],
)
def test_metrics_are_for_the_private_network(client, address, headers, status):
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == status


def test_metrics_are_for_staff_from_anywhere(rf):
    request = rf.get("/metrics", REMOTE_ADDR="203.113.131.1")
    request.user = SimpleNamespace(is_staff=True)
    assert views.metrics(request).status_code == 200
