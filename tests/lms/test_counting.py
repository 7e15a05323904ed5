"""The pure function from statements to progress."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.counting import CourseRule, LessonRule, Progress, conclude
from xapi import keys, verbs
from xapi.models import Statement

COURSE, ONE, TWO, Q1, Q2, Q3, OTHER = range(1, 8)


def asks(key: str, *questions: int, **rule: Any) -> LessonRule:
    """A lesson with these questions."""
    return LessonRule(key, dict.fromkeys(questions, 1), **rule)


RULE = CourseRule(course=COURSE, lessons={ONE: asks("one", Q1, Q2), TWO: asks("two", Q3)}, pass_mark=60)
START = datetime(2026, 3, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def said(minute: int, verb: verbs.Verb, target: int, number: int | None = None, **result: Any) -> Statement:
    """A statement at a minute; its id follows from what it says unless a number is given."""
    identifier = UUID(int=(number if number is not None else minute * 1000 + target * 10) + 1)
    body = orjson.dumps({"result": result} if result else {})
    return Statement(statement_id=identifier, timestamp=at(minute), verb=verb.id, object_key=target, body=body)


def right(minute: int, question: int) -> Statement:
    return said(minute, verbs.ANSWERED, question, success=True)


def wrong(minute: int, question: int) -> Statement:
    return said(minute, verbs.ANSWERED, question, success=False)


def done(minute: int, lesson: int) -> Statement:
    return said(minute, verbs.EXPERIENCED, lesson)


def test_nothing() -> None:
    """Enrolled, no score."""
    assert conclude([], RULE) == Progress({}, None, None, None, None, None)
    assert conclude([], RULE).status == "enrolled"


def test_latest_answer_counts() -> None:
    """A later wrong answer takes the point back; the share is of all questions."""
    progress = conclude([right(1, Q1), right(2, Q2), wrong(3, Q1)], RULE)
    assert (progress.score, progress.status, progress.met_at) == (Decimal("33.33"), "in_progress", None)


def test_wrong_answer_is_zero_not_absent() -> None:
    """0 is a score."""
    assert conclude([wrong(1, Q1)], RULE).score == Decimal("0.00")


def test_rule_is_met_once_in_event_time() -> None:
    """From the moment of meeting the score stays, whatever is tried afterwards."""
    events = [right(1, Q1), done(2, ONE), right(3, Q2), done(4, TWO), wrong(5, Q1), right(6, Q3)]
    progress = conclude(events, RULE)
    assert (progress.met_at, progress.score, progress.active_at) == (at(4), Decimal("66.66"), at(6))
    assert progress.done == {"one": at(2), "two": at(4)}
    assert progress.completed_at is None  # nobody has said so yet


def test_mark_not_reached() -> None:
    """One right of three is below 60."""
    assert conclude([done(1, ONE), done(2, TWO), right(3, Q1)], RULE).met_at is None


@pytest.mark.parametrize(
    "rule", [CourseRule(COURSE, {ONE: asks("one")}, 60), CourseRule(COURSE, {ONE: asks("one", Q1)}, 0)]
)
def test_no_score_asked(rule: CourseRule) -> None:
    """Without questions, or with pass mark 0, going through the lessons is enough."""
    assert conclude([done(1, ONE)], rule).met_at == at(1)


def test_course_without_lessons_is_never_met() -> None:
    """An empty course teaches nothing."""
    assert conclude([right(1, Q1)], CourseRule(COURSE, {}, 50)).met_at is None


def test_conclusions_are_read() -> None:
    """completed and passed about the course; the earliest says when, the first with a score says the score."""
    events = [said(9, verbs.COMPLETED, COURSE), said(7, verbs.PASSED, COURSE, score={"scaled": 0.815}), wrong(8, Q1)]
    progress = conclude(events, RULE)
    assert (progress.completed_at, progress.passed_at, progress.score) == (at(7), at(7), Decimal("81.50"))
    assert progress.status == "passed"


def test_only_completed() -> None:
    """Someone who may say so said it is completed; no score is known."""
    progress = conclude([said(3, verbs.COMPLETED, COURSE)], RULE)
    assert (progress.status, progress.completed_at, progress.passed_at, progress.score) == (
        "completed",
        at(3),
        None,
        None,
    )


def test_other_activities_only_show_activity() -> None:
    """What is about no lesson, no question and not the course moves nothing but the time."""
    progress = conclude([right(5, OTHER), said(6, verbs.FAILED, COURSE)], RULE)
    assert (progress.score, progress.done, progress.active_at) == (None, {}, at(6))


@pytest.mark.parametrize(
    ("result", "score"),
    [
        ({"score": {"scaled": 0.5}, "success": False}, "16.66"),
        ({"score": {"scaled": -1}}, "0.00"),
        ({"score": {"raw": 3}, "success": True}, "33.33"),
        ({"response": "a"}, None),
    ],
)
def test_marks(result: dict[str, Any], score: str | None) -> None:
    """scaled before success, between 0 and 1; an ungraded answer is no mark."""
    found = conclude([said(1, verbs.ANSWERED, Q1, **result)], RULE).score
    assert found == (None if score is None else Decimal(score))


QUIZ = 8
QUIZZED = CourseRule(
    COURSE,
    {
        ONE: LessonRule("one", {Q1: 1, QUIZ: 3}, completion="passed", quiz=QUIZ),
        TWO: LessonRule("two", {Q2: 1}, completion="graded", graded=frozenset({Q2})),
    },
    60,
)


def took(minute: int, verb: verbs.Verb, scaled: float) -> Statement:
    return said(minute, verb, QUIZ, score={"scaled": scaled}, completion=True)


def test_a_quiz_weighs_as_many_questions_as_it_asks() -> None:
    """Three of the five; the best attempt counts, whatever came after."""
    events = [took(1, verbs.FAILED, 0.2), took(2, verbs.PASSED, 0.8), took(3, verbs.FAILED, 0.4)]
    assert conclude(events[:1], QUIZZED).score == Decimal("12.00")
    assert conclude(events, QUIZZED).score == Decimal("48.00")
    assert conclude([*events, right(4, Q1), right(5, Q2)], QUIZZED).score == Decimal("88.00")


def test_a_lesson_with_a_quiz_is_done_when_the_quiz_and_its_questions_are_passed() -> None:
    """By the quiz's own mark; the lesson's other questions by that of the course."""
    failed, passed = took(1, verbs.FAILED, 0.9), took(2, verbs.PASSED, 0.5)
    assert conclude([failed, right(3, Q1)], QUIZZED).done == {}
    assert conclude([passed], QUIZZED).done == {}
    assert conclude([passed, wrong(3, Q1)], QUIZZED).done == {}
    assert conclude([passed, right(3, Q1)], QUIZZED).done == {"one": at(3)}
    assert conclude([right(1, Q1), passed], QUIZZED).done == {"one": at(2)}


def test_a_quiz_without_a_mark_is_completed() -> None:
    """That is enough for its lesson."""
    assert conclude([took(1, verbs.COMPLETED, 0.1), right(3, Q1)], QUIZZED).done == {"one": at(3)}


def test_an_answer_is_no_result_of_a_quiz_nor_a_result_an_answer() -> None:
    events = [said(1, verbs.ANSWERED, QUIZ, success=True), said(2, verbs.PASSED, Q1, success=True)]
    assert conclude(events, QUIZZED).score is None


def test_the_rule_of_a_quiz_is_read() -> None:
    """As Course.rule has it."""
    iri = "https://x.example/courses/a/lessons/b"
    rule = LessonRule.of(iri, {"key": "b", "questions": ["q"], "done": "passed", "quiz": 10})
    assert rule.quiz == keys.activity(f"{iri}/quiz")
    assert rule.weights == {keys.activity(f"{iri}/questions/q"): 1, rule.quiz: 10}
    assert rule.completion == "passed"


QUIZ_EVENTS = st.builds(
    took,
    st.integers(0, 8),
    st.sampled_from([verbs.PASSED, verbs.FAILED, verbs.COMPLETED]),
    st.sampled_from([0, 0.25, 0.5, 1]),
)


@given(st.lists(QUIZ_EVENTS, max_size=8, unique_by=lambda event: event.statement_id), st.data())
def test_quizzes_come_in_any_order(events: list[Statement], data: st.DataObject) -> None:
    """And a worse attempt takes nothing away."""
    whole = conclude(events, QUIZZED)
    assert conclude(data.draw(st.permutations(events)), QUIZZED) == whole
    marks = [event.data["result"]["score"]["scaled"] for event in events]
    assert whole.score == (Decimal(str(max(marks) * 60)).quantize(Decimal("0.01")) if marks else None)


EVENTS = st.builds(
    said,
    st.integers(0, 8),
    st.sampled_from([verbs.EXPERIENCED, verbs.ANSWERED, verbs.COMPLETED, verbs.PASSED, verbs.INITIALIZED]),
    st.sampled_from([COURSE, ONE, TWO, Q1, Q2, Q3, OTHER]),
    st.integers(0, 200),
    success=st.booleans(),
)


@given(st.lists(EVENTS, max_size=25, unique_by=lambda event: event.statement_id), st.data())
def test_order_and_doubles_do_not_matter(events: list[Statement], data: st.DataObject) -> None:
    """The same statements give the same progress however they came."""
    shuffled = data.draw(st.permutations(events + events[: len(events) // 2]))
    assert conclude(shuffled, RULE) == conclude(events, RULE)
