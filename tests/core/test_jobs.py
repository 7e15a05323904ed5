"""Jobs: claimed once, resumed from their cursor, stopped at a step."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core import jobs
from core.models import Job, Schedule


@pytest.fixture
def kinds(monkeypatch):
    """A world without the packages' own jobs and schedules."""
    handlers = {}
    monkeypatch.setattr(jobs, "_handlers", handlers)
    monkeypatch.setattr(jobs, "_planned", {})
    yield handlers
    Job.interrupt.clear()


def count_to(limit, *, die_at=None):
    """A handler that counts on from its cursor, and may die like a killed process: without a word."""

    def handle(job):
        for number in range(job.cursor.get("next", 0), limit):
            if number == die_at:
                raise SystemExit
            job.result.setdefault("seen", []).append(number)
            job.advance(cursor={"next": number + 1}, done=number + 1, total=limit)

    return handle


@pytest.mark.django_db
def test_a_job_runs_to_its_end_and_keeps_result_and_figures(kinds):
    kinds["count"] = count_to(3)
    person = uuid.uuid4()

    job = jobs.start("count", {"to": 3}, by=person, title="Đếm")
    assert jobs.run_all() == 1

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (Job.State.DONE, 3, 3, {"seen": [0, 1, 2]})
    assert (job.started_by, job.arguments, job.error) == (person, {"to": 3}, "")
    assert job.ended_at is not None


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_at_the_start(kinds):
    with pytest.raises(LookupError, match="No handler does jobs of kind paint"):
        jobs.start("paint", {}, by=None, title="")
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_resumed_from_its_cursor_after_a_minute(kinds):
    kinds["count"] = count_to(5, die_at=3)
    job = jobs.start("count", {}, by=None, title="")
    with pytest.raises(SystemExit):
        jobs.run_next("first")
    kinds["count"] = count_to(5)

    assert jobs.run_next("second") is None  # its heartbeat is fresh: the first may be alive
    Job.objects.update(heartbeat=timezone.now() - timedelta(seconds=61))
    assert jobs.run_next("second").pk == job.pk

    job.refresh_from_db()
    assert (job.state, job.worker, job.result) == (Job.State.DONE, "second", {"seen": [0, 1, 2, 3, 4]})


@pytest.mark.django_db
def test_a_worker_that_comes_back_takes_up_its_own_jobs_at_once(kinds):
    kinds["count"] = count_to(5, die_at=3)
    jobs.start("count", {}, by=None, title="")
    with pytest.raises(SystemExit):
        jobs.run_next("first")
    kinds["count"] = count_to(5)

    assert jobs.take_over("other") == 0
    assert jobs.take_over("first") == 1
    assert jobs.run_next("first").result == {"seen": [0, 1, 2, 3, 4]}


@pytest.mark.django_db
def test_a_worker_that_was_overtaken_writes_nothing_more(kinds):
    def handle(job):
        Job.objects.filter(pk=job.pk).update(worker="second", cursor={"next": 7})
        job.result = {"by": "first"}
        job.advance(cursor={"next": 1})

    kinds["count"] = handle
    job = jobs.start("count", {}, by=None, title="")
    jobs.run_next("first")

    job.refresh_from_db()
    assert (job.state, job.worker, job.cursor, job.result) == (Job.State.RUNNING, "second", {"next": 7}, {})


@pytest.mark.django_db
def test_stop_ends_a_running_job_at_its_next_step(kinds):
    def handle(job):
        for number in range(10):
            if number == 2:
                jobs.stop(job)
            job.advance(cursor={"next": number + 1}, done=number + 1)

    kinds["count"] = handle
    job = jobs.start("count", {}, by=None, title="")
    jobs.run_next()

    job.refresh_from_db()
    assert (job.state, job.done, job.cursor) == (Job.State.STOPPED, 3, {"next": 3})


@pytest.mark.django_db
def test_stop_ends_a_waiting_job_at_once(kinds):
    kinds["count"] = count_to(3)
    job = jobs.start("count", {}, by=None, title="")
    jobs.stop(job)

    assert jobs.run_all() == 0
    job.refresh_from_db()
    assert job.state == Job.State.STOPPED


@pytest.mark.django_db
def test_a_worker_that_shuts_down_puts_the_job_back_with_its_cursor(kinds):
    def handle(job):
        job.advance(cursor={"next": 1}, done=1)
        Job.interrupt.set()
        job.advance(cursor={"next": 2}, done=2)

    kinds["count"] = handle
    job = jobs.start("count", {}, by=None, title="")
    jobs.run_next()

    job.refresh_from_db()
    assert (job.state, job.worker, job.cursor, job.done) == (Job.State.QUEUED, "", {"next": 2}, 2)


@pytest.mark.django_db
def test_a_step_and_its_cursor_are_undone_together_when_the_job_must_end(kinds):
    def handle(job):
        jobs.stop(job)
        with transaction.atomic():
            Schedule.objects.create(name="trace", kind="x", every_seconds=1, next_at=timezone.now())
            job.advance(cursor={"next": 1})

    kinds["count"] = handle
    job = jobs.start("count", {}, by=None, title="")
    jobs.run_next()

    job.refresh_from_db()
    assert (job.state, job.cursor, Schedule.objects.count()) == (Job.State.STOPPED, {}, 0)


@pytest.mark.django_db
def test_a_job_that_fails_says_why_and_the_next_one_runs(kinds):
    def handle(job):
        job.result = {"half": True}
        raise ValueError("quá dài")

    kinds["fail"] = handle
    kinds["count"] = count_to(1)
    failed = jobs.start("fail", {}, by=None, title="")
    well = jobs.start("count", {}, by=None, title="")
    assert jobs.run_all() == 2

    failed.refresh_from_db()
    well.refresh_from_db()
    assert (failed.state, failed.error, failed.result) == (Job.State.FAILED, "ValueError: quá dài", {"half": True})
    assert well.state == Job.State.DONE


@pytest.mark.django_db
def test_a_schedule_starts_its_job_once_per_stretch(kinds):
    kinds["count"] = count_to(1)
    jobs.schedule("count", every=timedelta(hours=1), arguments={"a": 1})
    jobs.keep_schedules()
    assert jobs.start_scheduled() == 0

    Schedule.objects.update(next_at=timezone.now() - timedelta(minutes=5))
    assert [jobs.start_scheduled(), jobs.start_scheduled()] == [1, 0]
    jobs.run_all()

    row = Schedule.objects.get()
    assert (row.kind, row.every_seconds, row.last_job.arguments, row.last_job.state) == (
        "count",
        3600,
        {"a": 1},
        "done",
    )
    assert row.next_at > timezone.now() + timedelta(minutes=59)


@pytest.mark.django_db
def test_a_schedule_waits_while_its_last_job_is_still_at_it(kinds):
    kinds["count"] = count_to(1)
    jobs.schedule("count", every=timedelta(hours=1))
    jobs.keep_schedules()
    for expected in (1, 0):
        Schedule.objects.update(next_at=timezone.now())
        assert jobs.start_scheduled() == expected
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_schedules_that_no_code_declares_any_more_are_forgotten_and_others_keep_their_time(kinds):
    kinds["count"] = count_to(1)
    at = timezone.now() + timedelta(minutes=3)
    Schedule.objects.create(name="old", kind="count", every_seconds=60, next_at=at)
    Schedule.objects.create(name="count", kind="count", every_seconds=60, next_at=at)
    jobs.schedule("count", every=timedelta(minutes=10))
    jobs.keep_schedules()

    assert list(Schedule.objects.values_list("name", "every_seconds", "next_at")) == [("count", 600, at)]


@pytest.mark.django_db
def test_jobs_that_ended_long_ago_are_forgotten(kinds):
    kinds["count"] = count_to(1)
    for _ in range(3):
        jobs.start("count", {}, by=None, title="")
    old, young, _waiting = Job.objects.order_by("id")
    Job.objects.filter(pk=old.pk).update(state="done", ended_at=timezone.now() - timedelta(days=91))
    Job.objects.filter(pk=young.pk).update(state="done", ended_at=timezone.now() - timedelta(days=89))

    assert jobs.forget_ended() == 1
    assert Job.objects.count() == 2
