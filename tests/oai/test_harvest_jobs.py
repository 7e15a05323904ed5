"""Harvests in the worker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.models import Job, Schedule
from library.models import Record, Source
from oai import arrivals
from oai.models import HarvestSource
from tests.oai.fake_partner import page, record


@pytest.fixture
def two(partner, source):
    other = Source.objects.create(key="khac", name="Khác")
    return [source, HarvestSource.objects.create(source=other, url=partner.url + "/khac", private=True)]


def test_all_sources_are_harvested_daily(partner, two):
    jobs.keep_schedules()
    Schedule.objects.filter(name="oai.harvest_all").update(next_at=timezone.now() - timedelta(seconds=1))
    assert Schedule.objects.get(name="oai.harvest_all").every_seconds == 86_400
    partner.answers = [page(record("1")), page(record("1"))]
    jobs.start_scheduled()
    jobs.run_all()
    job = Job.objects.get(kind="oai.harvest_all")
    assert (job.state, job.done) == ("done", 2)
    assert sorted(Record.objects.values_list("source__key", flat=True)) == ["khac", "partner"]


def test_one_that_fails_does_not_stop_the_others(partner, two):
    partner.answers = [(404, {}, b""), page(record("1"))]
    job = jobs.start("oai.harvest_all", {}, by=None, title="x")
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "HTTP 404" in job.error
    assert [each.runs.get().state for each in two] == ["failed", "done"]


def test_a_fault_of_our_own_does_not_stop_the_others_either(partner, two, monkeypatch):
    read = arrivals.read
    faults = [OverflowError("date value out of range")]

    def once(answer):
        if faults:
            raise faults.pop()
        return read(answer)

    monkeypatch.setattr("oai.harvest.arrivals.read", once)
    partner.answers = [page(record("1")), page(record("1"))]
    job = jobs.start("oai.harvest_all", {}, by=None, title="x")
    jobs.run_all()
    job.refresh_from_db()
    assert (job.state, job.result["failed"]) == ("failed", [f"{partner.url}: OverflowError: date value out of range"])
    runs = [each.runs.get() for each in two]
    assert [(run.state, run.error) for run in runs] == [("failed", "date value out of range"), ("done", "")]


def test_a_stopped_job_keeps_its_page_and_its_token(transactional_db, partner, two):
    job = jobs.start("oai.harvest", {"source": two[0].pk}, by=None, title="x")

    def last_page(_arguments):
        jobs.stop(Job.objects.get(pk=job.pk))
        return page(record("1"), token="t1")

    partner.answers = [last_page]
    jobs.run_all()
    job.refresh_from_db()
    two[0].refresh_from_db()
    assert (job.state, two[0].token, Record.objects.count()) == ("stopped", "t1", 1)
    assert two[0].runs.get().state == "interrupted"


def test_a_resumed_job_skips_the_sources_it_has_done(partner, two):
    job = jobs.start("oai.harvest_all", {}, by=None, title="x")
    Job.objects.filter(pk=job.pk).update(cursor={"passed": [two[0].pk]})
    partner.answers = [page(record("1"))]
    jobs.run_all()
    assert len(partner.asked) == 1
    assert two[1].runs.get().state == "done"


def test_a_source_that_is_gone(db):
    job = jobs.start("oai.harvest", {"source": 1}, by=None, title="x")
    jobs.run_all()
    job.refresh_from_db()
    assert job.state == "done"
