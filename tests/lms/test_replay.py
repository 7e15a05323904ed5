"""replay_progress gives what live processing gave, in every column but surrogate keys, and tells nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lms import cohorts, courses, grading, joining, learning, progress, quiz_attempts, signals, timetable
from lms.enrolment import enrol
from lms.models import (
    Answer,
    Course,
    CoursePage,
    Enrolment,
    LessonDone,
    LessonPage,
    Quiz,
    QuizAttempt,
    Session,
)
from people.models import User
from tests.lms.classes import say
from tests.lms.conftest import COURSE, finish_course, lesson, question, settle, void
from tests.lms.quizzes import filled, quiz
from tests.lms.test_progress import sent
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)
QUESTIONS = {"q1": "bai-1", "q2": "bai-1", "q3": "bai-3"}
WRITTEN = {"type": "question", "key": "viet", "kind": "written", "text": "Ông, bà sẽ dạy lại điều gì?"}
MORE = [
    {"key": "bai-4", "title": "Kiểm tra", "minutes": 5, "blocks": [quiz()]},
    {"key": "bai-5", "title": "Bài viết", "minutes": 5, "completion": "graded", "blocks": [WRITTEN]},
    {"key": "bai-6", "title": "Ở lớp", "minutes": 5, "completion": "attended", "blocks": []},
]
LESSONS = len(COURSE["lessons"]) + len(MORE)


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
    """What may happen to two learners of a course and a class; each step is drawn by name."""

    def __init__(self, course: Course, enrolments: list[Enrolment]) -> None:
        self.course, self.enrolments = course, enrolments

    def answer(self, who: int, minute: int, pick: int) -> None:
        key = list(QUESTIONS)[pick % 3]
        options = [option.id for option in question(key).answer[0].value["options"].bound_blocks]
        chosen = [options[0], options[-1]] if key == "q2" else [options[pick % 2]]
        where = lesson(self.course, QUESTIONS[key])
        learning.answer(self.enrolments[who], where, question(key), chosen, at=_minutes(minute))

    def go_on(self, who: int, minute: int, pick: int) -> None:
        row = lesson(self.course, f"bai-{pick % LESSONS + 1}")
        learning.go_on(self.enrolments[who], row, at=_minutes(minute))

    def quiz(self, who: int, minute: int, pick: int) -> None:
        row = Quiz.objects.filter(lesson__key="bai-4").first()
        if row is not None:
            attempt = quiz_attempts.start(self.enrolments[who], row, at=_minutes(minute))
            form = QueryDict(mutable=True)
            for name, said in filled(attempt, right=pick % 5).items():
                form.setlist(name, said if isinstance(said, list) else [said])
            quiz_attempts.keep(attempt, form)
            if pick % 4:  # else it is left open, for the next step to go on with
                quiz_attempts.hand_in(attempt, at=_minutes(minute + pick))

    def hand_in(self, who: int, minute: int, _pick: int) -> None:
        for attempt in QuizAttempt.objects.filter(enrolment=self.enrolments[who], submitted_at=None):
            quiz_attempts.hand_in(attempt, at=_minutes(minute))

    def write(self, who: int, minute: int, pick: int) -> None:
        where = lesson(self.course, "bai-5")
        learning.answer(self.enrolments[who], where, question("viet"), f"Bài {pick}", at=_minutes(minute))

    def grade(self, who: int, _minute: int, pick: int) -> None:
        given = Answer.objects.filter(enrolment=self.enrolments[who], question__key="an-toan-viet").last()
        if given is not None:
            grading.grade(given, points={"whole": pick % 11}, by=self.enrolments[1 - who].learner)

    def attend(self, who: int, minute: int, pick: int) -> None:
        state = ("present", "late", "absent")[pick % 3]
        session = Session.objects.order_by("pk")[pick % 2]
        say(session, self.enrolments[who].learner, state, at=_minutes(minute))

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
        page = LessonPage.objects.get(lesson__key=f"bai-{pick % LESSONS + 1}")
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
    "quiz",
    "quiz",
    "hand_in",
    "write",
    "grade",
    "attend",
    "attend",
    "twice",
    "void",
    "said_elsewhere",
    "worker",
    "course_changes",
]
DRAWN = st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 30), st.integers(0, 11))


def _class(course: Course, people: list[User]) -> None:
    """Meets twice; the first time it is taught the last lesson."""
    cohort = cohorts.create(
        course=course, name="Lớp Hua Tạt", trainers=[people[0]], since=date(2026, 3, 1), until=date(2026, 3, 2)
    )
    joining.add(cohort, people, by=people[0], since=cohort.since)
    for number, taught in enumerate([lesson(course, "bai-6"), None], start=1):
        timetable.add(cohort, day=date(2026, 3, number), starts=time(8), ends=time(11), by=None, lesson=taught)


def _rich(learner: User) -> History:
    """A course with lessons done by each of the rules, two learners in it and in a class."""
    course = courses.publish_course(**(COURSE | {"lessons": [*COURSE["lessons"], *MORE]}))
    settle()
    course.refresh_from_db()
    other = User.objects.create(username="khac", full_name="Người khác", uuid=uuid4())
    enrolments = [enrol(learner=person, course=course) for person in (learner, other)]
    _class(course, [learner, other])
    settle()
    return History(course, enrolments)


def test_lessons_done_by_each_rule_are_replayed(learner: User) -> None:
    """A quiz passed, a text graded, a session attended: with their times."""
    history = _rich(learner)
    history.quiz(0, 1, 3)
    history.write(0, 5, 1)
    history.grade(0, 6, 9)
    history.attend(0, 7, 0)
    settle()
    done = dict(LessonDone.objects.values_list("lesson__key", "at"))
    assert list(done) == ["bai-4", "bai-5", "bai-6"]
    assert (done["bai-4"], done["bai-5"]) == (_minutes(4), _minutes(5))
    before = columns()
    LessonDone.objects.all().delete()
    Enrolment.objects.update(lessons_done=0, score=None)
    progress.replay()
    assert columns() == before


def test_replay_equals_live(learner: User) -> None:
    """Random histories: late, doubled and voided statements, others' word, the course changed in between.

    Answers, quizzes, gradings, attendance; lessons done by each of the rules.
    """
    history = _rich(learner)

    # Not shrunk: each history writes to the database, so that shrinking takes minutes; the seed is printed.
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(st.lists(DRAWN, min_size=3, max_size=25))
    def live_then_replay(steps: list[tuple[str, int, int, int]]) -> None:
        _undone(lambda: _run(history, steps))

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
