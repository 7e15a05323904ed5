"""Every statement of learning says where it belongs: course, programme, class, language; only packages are cmi5."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lms import courses
from lms.models import Course, Enrolment
from tests.lms.classes import class_of, meeting, say
from tests.lms.conftest import settle
from xapi.models import Statement

pytestmark = pytest.mark.django_db


def test_contexts(course: Course) -> None:
    """Of all verbs that a learner's way through a course says."""
    programme = courses.publish_programme(key="ct", title="Cho bản làng", courses=["an-toan"])
    cohort, trainer, (learner, *_others) = class_of(course, until=timezone.localdate() + timedelta(days=1))
    say(meeting(cohort), learner, "present", by=trainer)
    browser = Client()
    browser.force_login(learner)
    browser.post("/learn/an-toan/enrol/")
    answers = {"bai-1": [("an-toan-q1", "b"), ("an-toan-q2", ["a", "c"])], "bai-2": [], "bai-3": [("an-toan-q3", "b")]}
    for lesson, given in answers.items():
        for question, option in given:
            browser.post(f"/learn/an-toan/{lesson}/answer/", {"question": question, "option": option})
        browser.post(f"/learn/an-toan/{lesson}/next/")
    settle()
    own = Enrolment.objects.get(learner=learner)
    rows = [row.data for row in Statement.objects.filter(registration=own.registration)]
    said = [row["verb"]["id"].rsplit("/", 1)[1] for row in rows]
    assert sorted(set(said)) == ["answered", "attended", "completed", "experienced", "initialized", "passed"]
    for row in rows:
        context = row["context"]
        around = {each["id"] for each in _activities(context)} | {row["object"]["id"]}
        assert {course.iri, programme.iri, cohort.iri} <= around, row["verb"]
        assert context["language"] == "vi"
        assert context["registration"] == str(own.registration)
        assert "category" not in context["contextActivities"]


def _activities(context: dict) -> list[dict]:
    return [each for kind in ("parent", "grouping") for each in context["contextActivities"].get(kind, [])]
