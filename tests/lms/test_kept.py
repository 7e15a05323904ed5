"""Answers that a device kept: stored with the time at which they were given, within what can be."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from lms.models import Answer, Enrolment, Lesson
from people.models import User
from xapi.models import Statement

pytestmark = pytest.mark.django_db
PATH = "/learn/an-toan/bai-1/answer/"


def send(pupil: Client, **said: Any) -> Answer:
    """As keep.js does."""
    form = {"question": "an-toan-q1", "option": "b", "event": str(uuid4()), **said}
    answer = pupil.post(PATH, form, headers={"Accept": "application/json"})
    assert answer.json() == {"to": "/courses/an-toan/bai-1/#cau-an-toan-q1"}
    return Answer.objects.latest("id")


@pytest.fixture
def since(enrolment: Enrolment) -> datetime:
    """The learner enrolled two days ago."""
    enrolment.enrolled_at = timezone.now() - timedelta(days=2)
    enrolment.save()
    return enrolment.enrolled_at


def test_its_own_time_counts(pupil: Client, since: datetime) -> None:
    """In the answer and in the statement."""
    at = timezone.now() - timedelta(hours=5)
    answer = send(pupil, at=at.isoformat(), sent_at=timezone.now().isoformat())
    assert abs(answer.answered_at - at) < timedelta(minutes=1)
    assert Statement.objects.get(statement_id=answer.statement_id).timestamp == answer.answered_at


def test_a_wrong_clock_is_set_right(pupil: Client, since: datetime) -> None:
    """A phone that lives in 2019."""
    then = datetime(2019, 1, 1, 8, tzinfo=UTC)
    answer = send(pupil, at=then.isoformat(), sent_at=(then + timedelta(hours=3)).isoformat())
    assert abs(timezone.now() - timedelta(hours=3) - answer.answered_at) < timedelta(minutes=1)


def test_no_answer_before_the_enrolment_or_after_now(pupil: Client, since: datetime) -> None:
    """Whatever the form says."""
    now = timezone.now()
    assert send(pupil, at="2001-01-01T00:00:00Z", sent_at=now.isoformat()).answered_at == since
    late = send(pupil, at="2099-01-01T00:00:00Z", sent_at=now.isoformat())
    assert abs(late.answered_at - now) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "at", ["", "hôm qua", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "9" * 60, "9999-12-31T23:59:59Z"]
)
@pytest.mark.parametrize("sent_at", ["", "x", "0001-01-01T00:00:00Z"])
def test_unreadable_times_are_now(pupil: Client, since: datetime, at: str, sent_at: str) -> None:
    """Never an error; the answer is kept."""
    answer = send(pupil, at=at, sent_at=sent_at)
    assert abs(answer.answered_at - timezone.now()) < timedelta(minutes=1)


def test_sent_twice_it_is_one(pupil: Client, since: datetime) -> None:
    """By its event."""
    event = str(uuid4())
    one, other = (send(pupil, event=event, at=timezone.now().isoformat()) for _time in range(2))
    assert one == other
    assert Answer.objects.count() == 1


def test_what_another_filled_in_is_not_taken(pupil: Client, since: datetime, learner: User) -> None:
    """A page left open by who had the phone before; its own owner's is."""
    form = {"question": "an-toan-q1", "option": "b", "event": str(uuid4())}
    assert pupil.post(PATH, {**form, "by": str(uuid4())}).status_code == 409
    assert not Answer.objects.exists()
    assert pupil.post(PATH, {**form, "by": str(learner.uuid)}).status_code == 302
    assert Answer.objects.count() == 1


def test_a_lesson_closed_meanwhile_is_told_and_holds_up_nothing(pupil: Client, enrolment: Enrolment) -> None:
    """A redirect would look like a session that is over, and block what else the device kept."""
    Lesson.objects.filter(key="bai-1").update(opens_at=timezone.now() + timedelta(days=1))
    form = {"question": "an-toan-q1", "option": "b", "event": str(uuid4())}
    answer = pupil.post(PATH, form, headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.json()["reason"].startswith("Bài này mở lúc ")
    assert pupil.post(PATH, form)["Location"] == "/courses/an-toan/bai-1/"
    assert not Answer.objects.exists()
