"""The worker's loops, as threads in this process."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import jobs, outbox
from core.models import Job, Schedule, Worker
from core.worker import WorkerProcess, _Drain, _Patience
from lms.models import ProgressQueue as Rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def packages(monkeypatch):
    """What the packages declare: nothing, until the test does."""
    declared = {"queues": {}, "handlers": {}}
    monkeypatch.setattr(outbox, "_queues", declared["queues"])
    monkeypatch.setattr(jobs, "_handlers", declared["handlers"])
    monkeypatch.setattr(jobs, "_planned", {})
    yield declared
    Job.interrupt.clear()


@pytest.fixture
def worker(packages):
    """A worker that the test starts by worker.thread.start() and that ends with the test."""
    process = WorkerProcess()
    process.thread = threading.Thread(target=process.run)
    yield process
    process.end()
    if process.thread.ident:
        process.thread.join(20)
        assert not process.thread.is_alive()
    process._lock.close()


def wait_until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def test_queues_are_drained_and_jobs_done_while_a_long_job_runs(worker, packages):
    drained, release = [], threading.Event()
    packages["queues"]["rows"] = outbox.Queue(name="rows", model=Rows, handle=drained.extend)
    packages["handlers"]["long"] = lambda job: release.wait(15)
    job = jobs.start("long", {}, by=None, title="")
    worker.thread.start()
    wait_until(lambda: Job.objects.get(pk=job.pk).state == "running")

    outbox.enqueue(Rows, ["a"])
    wait_until(lambda: drained == ["a"])
    release.set()
    wait_until(lambda: Job.objects.get(pk=job.pk).state == "done")


def test_it_appears_as_alive_and_leaves(worker):
    worker.thread.start()
    wait_until(lambda: Worker.objects.filter(name=worker.name).exists())
    assert timezone.now() - Worker.objects.get().heartbeat < timedelta(seconds=10)
    worker.end()
    worker.thread.join(10)
    assert not Worker.objects.exists()


def test_asked_to_end_it_puts_a_running_job_back_within_seconds(worker, packages):
    def endless(job):
        for number in range(100_000):
            job.advance(cursor={"next": number})
            time.sleep(0.01)

    packages["handlers"]["endless"] = endless
    job = jobs.start("endless", {}, by=None, title="")
    worker.thread.start()
    wait_until(lambda: Job.objects.get(pk=job.pk).cursor.get("next", 0) > 3)
    begun = time.monotonic()
    worker.end()
    worker.thread.join(10)

    assert time.monotonic() - begun < 5
    job.refresh_from_db()
    assert (job.state, job.worker) == ("queued", "")
    assert job.cursor["next"] > 3


def test_a_first_worker_takes_up_what_the_one_before_it_left(worker, packages):
    packages["handlers"]["x"] = lambda job: None
    job = Job.objects.create(kind="x", title="", state="running", worker=worker.name, heartbeat=timezone.now())
    mine, other = (
        DBTaskResult.objects.create(
            status="RUNNING",
            args_kwargs={"args": [], "kwargs": {}},
            task_path="core.nothing.there",
            priority=0,
            queue_name="default",
            backend_name="default",
            run_after=timezone.now(),
            exception_class_path="",
            traceback="",
            worker_ids=[name],
        )
        for name in (worker.name, "someone-else")
    )
    worker.thread.start()
    wait_until(lambda: Job.objects.get(pk=job.pk).state == "done")

    wait_until(lambda: DBTaskResult.objects.get(pk=mine.pk).status == "FAILED")  # it was tried: no such task
    assert DBTaskResult.objects.get(pk=other.pk).status == "RUNNING"


def test_a_second_worker_bears_another_name(worker):
    second = WorkerProcess()
    assert second.name != worker.name
    assert second.name.startswith(worker.name + "/")


def test_schedules_are_kept_and_started(worker, packages):
    done = threading.Event()
    packages["handlers"]["hourly"] = lambda job: done.set()
    jobs.schedule("hourly", every=timedelta(hours=1))
    Schedule.objects.create(name="hourly", kind="hourly", every_seconds=60, next_at=timezone.now())
    worker.thread.start()
    assert done.wait(15)
    assert Schedule.objects.get().every_seconds == 3600


def test_a_database_that_is_away_is_waited_for():
    ending, answers, waits = threading.Event(), iter([OperationalError("away"), OperationalError("away"), True]), []

    def step():
        answer = next(answers)
        if answer is not True:
            raise answer
        return answer

    ending.wait = waits.append
    patience = _Patience(ending)
    assert [patience.call(step) for _ in range(3)] == [None, None, True]
    assert waits == [0.5, 1.0]


def test_batches_become_smaller_when_they_take_long(packages):
    outbox.enqueue(Rows, [f"{number:03}" for number in range(100)])
    sizes = []

    def slow(keys):
        sizes.append(len(keys))
        time.sleep(len(keys) * 0.01)

    drain = _Drain(outbox.Queue(name="rows", model=Rows, handle=slow, batch=60), threading.Event())
    drain.step()
    drain.step()
    assert sizes == [60, 30]
