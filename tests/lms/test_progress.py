"""Derived columns follow the statements: late ones, others' ones, voided ones."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import orjson
import pytest

from core.identity import id_base
from lms import learning, progress, signals
from lms.conclusions import conclusion_id
from lms.enrolment import enrol
from lms.models import Course, Enrolment, LessonDone, ProgressQueue
from people import actors
from people.models import User
from tests.lms.conftest import finish_course, lesson, question, settle, told, void
from xapi import verbs
from xapi.models import Credential, Statement
from xapi.statements import record, store

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 1, 8, tzinfo=UTC)


def sent(
    enrolment: Enrolment, *, counts: bool, verb: verbs.Verb = verbs.COMPLETED, actor: Any = None, **more: Any
) -> None:
    """Another system says something about the course."""
    credential, _secret = Credential.create(name=str(uuid4()), scopes=["all"], counts=["an-toan"] if counts else [])
    statement = {
        "actor": actor or actors.actor_of(enrolment.learner),
        "verb": verb.as_data(),
        "object": {"id": more.get("object", enrolment.course.iri)},
        "context": {"registration": str(enrolment.registration)},
        "timestamp": "2026-02-01T00:00:00Z",
    }
    store(orjson.dumps([statement | more.get("extra", {})]), credential=credential)


def test_finished_at_the_last_event(enrolment: Enrolment) -> None:
    """Dates are those of the events, not of their processing; the conclusions carry fixed ids."""
    finish_course(enrolment, at=DAY)
    enrolment.refresh_from_db()
    last = DAY + timedelta(minutes=5)
    assert (enrolment.completed_at, enrolment.passed_at, enrolment.active_at) == (last, last, last)
    assert (enrolment.status, enrolment.score, enrolment.lessons_done) == ("passed", Decimal("100.00"), 3)
    ids = {
        conclusion_id(enrolment.registration, v.id, enrolment.course.iri, 1) for v in (verbs.COMPLETED, verbs.PASSED)
    }
    assert (
        set(
            Statement.objects.filter(verb__in=[verbs.COMPLETED.id, verbs.PASSED.id]).values_list(
                "statement_id", flat=True
            )
        )
        == ids
    )
    assert list(LessonDone.objects.values_list("lesson__key", "at")) == [
        ("bai-1", DAY + timedelta(minutes=2)),
        ("bai-2", DAY + timedelta(minutes=3)),
        ("bai-3", DAY + timedelta(minutes=5)),
    ]


def test_completed_is_told_once(enrolment: Enrolment) -> None:
    """Inside the transaction; draining and learning on tell nothing more."""
    heard: list[Any] = []

    def hear(enrolment: Enrolment, **_signal: Any) -> None:
        heard.append(enrolment.registration)

    signals.enrolment_completed.connect(hear)
    try:
        finish_course(enrolment)
        settle()
        learning.go_on(enrolment, lesson(enrolment.course, "bai-2"))
        settle()
        progress.replay()
    finally:
        signals.enrolment_completed.disconnect(hear)
    assert heard == [enrolment.registration]
    assert ProgressQueue.objects.count() == 0


def test_voided_answer_takes_the_score_back(enrolment: Enrolment) -> None:
    """The drain recomputes from what still stands, and the page asks the question again."""
    row = lesson(enrolment.course, "bai-1")
    learning.answer(enrolment, row, question("q1"), ["b"])
    given = learning.answer(enrolment, row, question("q2"), ["a", "c"])
    learning.go_on(enrolment, row)
    void(given.statement_id)
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.score, enrolment.lessons_done) == (Decimal("33.33"), 1)
    assert [each.question.key for each in enrolment.answers.standing()] == ["an-toan-q1"]


def test_voided_lesson_is_undone(enrolment: Enrolment) -> None:
    """Down to the first state."""
    learning.go_on(enrolment, lesson(enrolment.course, "bai-1"))
    void(Statement.objects.get().statement_id)
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.lessons_done, enrolment.active_at) == ("enrolled", 0, None)
    assert LessonDone.objects.count() == 0


def test_voided_conclusion_waits_for_the_learner(enrolment: Enrolment) -> None:
    """A correction stands until the learner does something more; then the next attempt is concluded."""
    finish_course(enrolment)
    for verb in (verbs.COMPLETED, verbs.PASSED):
        void(conclusion_id(enrolment.registration, verb.id, enrolment.course.iri, 1))
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.completed_at, enrolment.score) == ("in_progress", None, Decimal("100.00"))
    learning.go_on(enrolment, lesson(enrolment.course, "bai-3"))
    enrolment.refresh_from_db()
    assert enrolment.status == "passed"
    second = conclusion_id(enrolment.registration, verbs.PASSED.id, enrolment.course.iri, 2)
    assert Statement.objects.filter(statement_id=second, voided=False).exists()


def test_counting_credential_may_say_completed(enrolment: Enrolment) -> None:
    """At the time it says; no score, no pass."""
    sent(enrolment, counts=True)
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.completed_at) == ("completed", datetime(2026, 2, 1, tzinfo=UTC))
    assert (enrolment.score, enrolment.passed_at) == (None, None)


def test_other_credentials_do_not_count(enrolment: Enrolment) -> None:
    """Stored, but no progress: not trusted with the course, or about another person."""
    stranger = {"account": {"homePage": id_base(), "name": str(uuid4())}}
    sent(enrolment, counts=False)
    sent(enrolment, counts=True, actor=stranger)
    sent(enrolment, counts=True, actor={"mbox": "mailto:pao@example.vn"})
    settle()
    enrolment.refresh_from_db()
    assert Statement.objects.count() == 3
    assert (enrolment.status, enrolment.active_at) == ("enrolled", None)


def test_statements_before_the_enrolment_count(course: Course, learner: User) -> None:
    """A device chose the registration and sent before this site enrolled."""
    registration = uuid4()
    early = Enrolment(learner=learner, course=course, registration=registration)
    sent(early, counts=True, verb=verbs.EXPERIENCED, object=lesson(course, "bai-1").iri)
    settle()
    enrolment = enrol(learner=learner, course=course, registration=registration)
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.lessons_done) == ("in_progress", 1)


def test_late_events_in_one_batch_backwards(enrolment: Enrolment) -> None:
    """A phone that was offline sends its steps in any order; the course is concluded at the last event's time."""
    base = enrolment.course.iri
    asked = ("bai-1/questions/an-toan-q1", "bai-1/questions/an-toan-q2", "bai-3/questions/an-toan-q3")
    events: list[tuple[str, verbs.Verb, dict[str, bool]]] = [
        *((f"{base}/lessons/bai-{number}", verbs.EXPERIENCED, {}) for number in (1, 2, 3)),
        *((f"{base}/lessons/{where}", verbs.ANSWERED, {"success": True}) for where in asked),
    ]
    statements = [
        {
            "actor": actors.actor_of(enrolment.learner),
            "verb": verb.as_data(),
            "object": {"id": iri},
            "result": result,
            "context": {"registration": str(enrolment.registration)},
            "timestamp": (DAY + timedelta(minutes=minute)).isoformat(),
        }
        for minute, (iri, verb, result) in enumerate(events)
    ]
    record(statements[::-1])
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.completed_at) == ("passed", DAY + timedelta(minutes=5))
    assert told(enrolment)[-2:] == [("completed", "courses/an-toan"), ("passed", "courses/an-toan")]


def test_refresh_takes_constant_queries(course: Course, learner: User, django_assert_max_num_queries: Any) -> None:
    """However many enrolments one batch holds."""
    enrolments = [enrol(learner=learner, course=course)]
    for number in range(12):
        person = User.objects.create(username=f"hoc-{number}", full_name="Người học")
        enrolments.append(enrol(learner=person, course=course))
    for each in enrolments:
        sent(each, counts=True, verb=verbs.EXPERIENCED, object=lesson(course, "bai-1").iri)
    with django_assert_max_num_queries(16):
        progress.refresh([each.registration for each in enrolments])
    assert LessonDone.objects.count() == 13


def test_unknown_registrations_are_passed_over(db: None) -> None:
    """Others keep their statements here too."""
    progress.queue([uuid4()])
    settle()
    assert ProgressQueue.objects.count() == 0
