"""From the statements of one registration to progress: one pure function, whatever order they came in.

The latest answer to each question counts, until the moment, in event time, at which the course's rule is met for the
first time: every lesson gone through and, where a score is asked for, the pass mark reached. From then on the score
stays. Whether the course was finished is not computed here: that was said once by a statement, and is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from lms.models import Course, Enrolment
from xapi import keys, verbs
from xapi.models import Statement

LESSON_DONE = {verbs.EXPERIENCED.id, verbs.COMPLETED.id, verbs.PASSED.id}
CONCLUSIONS = {verbs.COMPLETED.id, verbs.PASSED.id}


@dataclass(frozen=True)
class CourseRule:
    """What a course asks, with activities as xapi.keys: today's lessons and questions, the pass mark in percent."""

    course: int
    lessons: Mapping[int, str]  # lesson key by activity
    questions: frozenset[int]
    pass_mark: int

    @classmethod
    def of(cls, course: Course) -> "CourseRule":
        """The rule as the course's row has it."""
        lessons: dict[int, str] = {}
        questions: set[int] = set()
        for lesson, asked in course.rule.get("lessons", ()):
            iri = f"{course.iri}/lessons/{lesson}"
            lessons[keys.activity(iri)] = lesson
            questions.update(keys.activity(f"{iri}/questions/{question}") for question in asked)
        return cls(keys.activity(course.iri), lessons, frozenset(questions), course.rule.get("pass_mark", 0))

    @property
    def asks_score(self) -> bool:
        """Whether finishing needs the pass mark."""
        return bool(self.questions) and self.pass_mark > 0

    def score(self, marks: Mapping[int, Fraction]) -> Fraction | None:
        """Percent of all questions, unanswered ones as wrong; None before the first answer."""
        if not marks:
            return None
        return sum(marks.values(), Fraction(0)) * 100 / len(self.questions)

    def is_met(self, done: Mapping[int, datetime], marks: Mapping[int, Fraction]) -> bool:
        """Every lesson gone through, and the pass mark reached where one is asked for."""
        if not self.lessons or len(done) < len(self.lessons):
            return False
        return not self.asks_score or (self.score(marks) or 0) >= self.pass_mark


@dataclass(frozen=True)
class Progress:
    """What the statements say. done: when each lesson of the rule was first gone through, by lesson key."""

    done: Mapping[str, datetime]
    score: Decimal | None
    active_at: datetime | None
    met_at: datetime | None
    completed_at: datetime | None
    passed_at: datetime | None

    @cached_property
    def status(self) -> str:
        """One of Enrolment.Status."""
        if self.passed_at:
            return Enrolment.Status.PASSED
        if self.completed_at:
            return Enrolment.Status.COMPLETED
        return Enrolment.Status.IN_PROGRESS if self.active_at else Enrolment.Status.ENROLLED


def conclude(statements: Iterable[Statement], rule: CourseRule) -> Progress:
    """Progress from all unvoided counting statements of one registration. Doubles and order do not matter."""
    done: dict[int, datetime] = {}
    marks: dict[int, Fraction] = {}
    met_at = None
    said: list[Statement] = []
    events = sorted(
        {each.statement_id: each for each in statements}.values(), key=lambda s: (s.timestamp, s.statement_id)
    )
    for event in events:
        mark = _mark(event) if event.object_key in rule.questions and met_at is None else None
        if event.object_key == rule.course:
            said += [event] if event.verb in CONCLUSIONS else []
        elif event.object_key in rule.lessons and event.verb in LESSON_DONE:
            done.setdefault(event.object_key, event.timestamp)
        elif mark is not None:
            marks[event.object_key] = mark
        if met_at is None and rule.is_met(done, marks):
            met_at = event.timestamp
    said_score = _said_score(said)
    return Progress(
        done={rule.lessons[activity]: at for activity, at in done.items()},
        score=_percent(rule.score(marks) if said_score is None else said_score),
        active_at=max((event.timestamp for event in events), default=None),
        met_at=met_at,
        completed_at=min((event.timestamp for event in said), default=None),
        passed_at=min((event.timestamp for event in said if event.verb == verbs.PASSED.id), default=None),
    )


def _mark(event: Statement) -> Fraction | None:
    """Of an answer, 0 to 1 from result.score.scaled, else from result.success; None when it says neither."""
    if event.verb != verbs.ANSWERED.id:
        return None
    result: Mapping[str, Any] = event.data.get("result") or {}
    scaled = (result.get("score") or {}).get("scaled")
    if scaled is None:
        success = result.get("success")
        return None if success is None else Fraction(bool(success))
    return min(max(Fraction(scaled).limit_denominator(10_000), Fraction(0)), Fraction(1))


def _said_score(said: Iterable[Statement]) -> Fraction | None:
    """The score of the first conclusion that has one, in percent."""
    for statement in said:
        scaled = ((statement.data.get("result") or {}).get("score") or {}).get("scaled")
        if scaled is not None:
            return Fraction(scaled).limit_denominator(10_000) * 100
    return None


def _percent(score: Fraction | None) -> Decimal | None:
    """Rounded down, so that nobody reads 70 who has 69.999."""
    if score is None:
        return None
    return (Decimal(score.numerator) / Decimal(score.denominator)).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
