"""replay_progress gives what live processing gave, in every column but surrogate keys, and tells nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lms import learning, progress, signals
from lms.enrolment import enrol
from lms.models import Course, CoursePage, Enrolment, LessonDone, LessonPage
from people.models import User
from tests.lms.conftest import finish_course, lesson, question, settle, void
from tests.lms.test_progress import sent
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)
QUESTIONS = {"q1": "bai-1", "q2": "bai-1", "q3": "bai-3"}


def columns() -> list[Any]:
    """Everything derived, without surrogate keys."""
    rows = Enrolment.objects.order_by("registration").values_list("registration", *Enrolment.DERIVED)
    done = LessonDone.objects.order_by("enrolment__registration", "lesson__key")
    return [list(rows), list(done.values_list("enrolment__registration", "lesson__key", "at"))]


def test_command_rebuilds_what_was_lost(enrolment: Enrolment, capsys: Any) -> None:
    """Emptied columns come back; others are told once that they may follow."""
    finish_course(enrolment)
    before = columns()
    Enrolment.objects.update(
        status="enrolled", lessons_done=0, score=None, completed_at=None, passed_at=None, active_at=None
    )
    LessonDone.objects.all().delete()
    heard: list[str] = []
    replayed = signals.replay_finished.connect(lambda **_signal: heard.append("replay"), weak=False, dispatch_uid="t1")
    signals.enrolment_completed.connect(lambda **_signal: heard.append("completed"), weak=False, dispatch_uid="t2")
    try:
        call_command("replay_progress")
    finally:
        signals.replay_finished.disconnect(dispatch_uid="t1")
        signals.enrolment_completed.disconnect(dispatch_uid="t2")
    assert replayed is None
    assert columns() == before
    assert heard == ["replay"]
    assert capsys.readouterr().out == "replayed 1 enrolments\n"


def test_replay_walks_in_batches(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """More enrolments than one batch holds."""
    monkeypatch.setattr(progress, "BATCH", 3)
    for number in range(7):
        person = User.objects.create(username=f"hoc-{number}", full_name="Người học")
        learning.go_on(enrol(learner=person, course=course), lesson(course, "bai-1"))
    before = columns()
    LessonDone.objects.all().delete()
    assert progress.replay() == 7
    assert columns() == before


def _minutes(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


class History:
    """What may happen to two learners of a course; each step is drawn by name."""

    def __init__(self, course: Course, enrolments: list[Enrolment]) -> None:
        self.course, self.enrolments = course, enrolments

    def answer(self, who: int, minute: int, pick: int) -> None:
        key = list(QUESTIONS)[pick % 3]
        options = [option.id for option in question(key).answer[0].value["options"].bound_blocks]
        chosen = [options[0], options[-1]] if key == "q2" else [options[pick % 2]]
        where = lesson(self.course, QUESTIONS[key])
        learning.answer(self.enrolments[who], where, question(key), chosen, at=_minutes(minute))

    def go_on(self, who: int, minute: int, pick: int) -> None:
        learning.go_on(self.enrolments[who], lesson(self.course, f"bai-{pick % 3 + 1}"), at=_minutes(minute))

    def twice(self, _who: int, _minute: int, pick: int) -> None:
        if stored := list(Statement.objects.order_by("id")):
            known = stored[pick % len(stored)].data
            record([{key: value for key, value in known.items() if key not in {"authority", "stored", "version"}}])

    def void(self, _who: int, _minute: int, pick: int) -> None:
        if stored := list(Statement.objects.filter(voided=False, voids=None, credential=None).order_by("id")):
            void(stored[pick % len(stored)].statement_id)

    def said_elsewhere(self, who: int, _minute: int, pick: int) -> None:
        verb = (verbs.COMPLETED, verbs.PASSED, verbs.EXPERIENCED)[pick % 3]
        sent(self.enrolments[who], counts=pick % 2 == 0, verb=verb)

    def worker(self, *_drawn: int) -> None:
        settle()

    def course_changes(self, _who: int, _minute: int, pick: int) -> None:
        page = LessonPage.objects.get(lesson__key=f"bai-{pick % 3 + 1}")
        if pick % 4 == 0:
            course_page = CoursePage.objects.get()
            course_page.pass_mark = 20 * (pick % 6)
            course_page.save()
        elif page.live:
            page.unpublish()
        else:
            page.save_revision().publish()


STEPS = [
    "answer",
    "answer",
    "answer",
    "go_on",
    "go_on",
    "go_on",
    "twice",
    "void",
    "said_elsewhere",
    "worker",
    "course_changes",
]
DRAWN = st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 30), st.integers(0, 11))


def test_replay_equals_live(course: Course, learner: User) -> None:
    """Random histories: late, doubled and voided statements, others' word, the course changed in between."""
    other = User.objects.create(username="khac", full_name="Người khác", uuid=uuid4())
    enrolments = [enrol(learner=person, course=course) for person in (learner, other)]

    # Not shrunk: each history writes to the database, so that shrinking takes minutes; the seed is printed.
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(st.lists(DRAWN, min_size=3, max_size=20))
    def live_then_replay(steps: list[tuple[str, int, int, int]]) -> None:
        _undone(lambda: _run(History(course, enrolments), steps))

    live_then_replay()


def _run(history: History, steps: list[tuple[str, int, int, int]]) -> None:
    for name, *drawn in steps:
        getattr(history, name)(*drawn)
    settle()
    live, stored = columns(), Statement.objects.count()
    progress.replay()
    assert columns() == live
    assert Statement.objects.count() == stored


def _undone(act: Callable[[], None]) -> None:
    """Do it and roll back, so that each history starts from the same state."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
