"""From the statements of one registration to progress: one pure function, whatever order they came in.

The latest answer to each question and the best result of each quiz count, until the moment, in event time, at which the
course's rule is met for the first time: every lesson done by its own completion rule and, where a score is asked for,
the pass mark reached. From then on the score stays. Whether the course was finished is not computed here: that was said
once by a statement, and is read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from lms.models import Completion, Course, Enrolment
from xapi import keys, verbs
from xapi.models import Statement

LESSON_SEEN = {verbs.EXPERIENCED.id, verbs.COMPLETED.id, verbs.PASSED.id}
QUIZ_TAKEN = {verbs.PASSED.id, verbs.FAILED.id, verbs.COMPLETED.id}
CONCLUSIONS = {verbs.COMPLETED.id, verbs.PASSED.id}


@dataclass(frozen=True)
class LessonRule:
    """What a lesson asks, with activities as xapi.keys. weights: for how many questions each of them counts."""

    key: str
    weights: Mapping[int, int]
    completion: str = Completion.VIEWED
    quiz: int | None = None
    graded: frozenset[int] = frozenset()

    @classmethod
    def of(cls, iri: str, said: Mapping[str, Any]) -> "LessonRule":
        """From the part of Course.rule that speaks of the lesson of this IRI."""
        ids = {question: keys.activity(f"{iri}/questions/{question}") for question in said["questions"]}
        weights = dict.fromkeys(ids.values(), 1)
        quiz = keys.activity(f"{iri}/quiz") if said.get("quiz") else None
        if quiz is not None:
            weights[quiz] = said["quiz"]
        graded = frozenset(ids[question] for question in said.get("graded", ()))
        return cls(said["key"], weights, said.get("done", Completion.VIEWED), quiz, graded)

    def is_done(self, seen: "Seen", activity: int, pass_mark: int) -> bool:
        """By the lesson's own completion rule; who may say that it was passed is believed."""
        said = seen.verbs.get(activity, set())
        if verbs.PASSED.id in said:
            return True
        if self.completion == Completion.ATTENDED:
            return activity in seen.attended
        if self.completion == Completion.GRADED:
            return all(question in seen.marks for question in self.graded)
        if self.completion == Completion.PASSED:
            return self._is_passed(seen, pass_mark)
        return bool(said)

    def _is_passed(self, seen: "Seen", pass_mark: int) -> bool:
        """The quiz by its own mark, the lesson's other questions by that of the course."""
        if self.quiz is not None and self.quiz not in seen.passed:
            return False
        others = {activity: weight for activity, weight in self.weights.items() if activity != self.quiz}
        if any(activity not in seen.marks for activity in others):
            return False
        return _share(seen.marks, others) >= pass_mark


@dataclass(frozen=True)
class CourseRule:
    """What a course asks: the rules of today's lessons by activity, and the pass mark in percent."""

    course: int
    lessons: Mapping[int, LessonRule]
    pass_mark: int

    @classmethod
    def of(cls, course: Course) -> "CourseRule":
        """The rule as the course's row has it."""
        lessons: dict[int, LessonRule] = {}
        for said in course.rule.get("lessons", ()):
            iri = f"{course.iri}/lessons/{said['key']}"
            lessons[keys.activity(iri)] = LessonRule.of(iri, said)
        return cls(keys.activity(course.iri), lessons, course.rule.get("pass_mark", 0))

    @cached_property
    def weights(self) -> Mapping[int, int]:
        """For how many questions each question and quiz counts."""
        return {activity: weight for lesson in self.lessons.values() for activity, weight in lesson.weights.items()}

    @cached_property
    def lesson_of(self) -> Mapping[int, int]:
        """The lesson's activity by that of a question or quiz in it."""
        return {activity: lesson for lesson, rule in self.lessons.items() for activity in rule.weights}

    @property
    def asks_score(self) -> bool:
        """Whether finishing needs the pass mark."""
        return bool(self.weights) and self.pass_mark > 0

    def score(self, marks: Mapping[int, Fraction]) -> Fraction | None:
        """Percent of all questions, unanswered ones as wrong; None before the first answer."""
        return _share(marks, self.weights) if marks else None

    def is_met(self, done: Mapping[int, datetime], marks: Mapping[int, Fraction]) -> bool:
        """Every lesson done, and the pass mark reached where one is asked for."""
        if not self.lessons or len(done) < len(self.lessons):
            return False
        return not self.asks_score or (self.score(marks) or 0) >= self.pass_mark


@dataclass
class Seen:
    """What the statements said so far: verbs by lesson, the marks in force, quizzes passed, lessons attended."""

    verbs: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    marks: dict[int, Fraction] = field(default_factory=dict)
    passed: set[int] = field(default_factory=set)
    attended: set[int] = field(default_factory=set)

    def take(self, event: Statement, rule: CourseRule, *, marks_count: bool) -> set[int]:
        """Add an event; returns the lessons that it may have done."""
        activity = event.object_key
        if activity in rule.lessons and event.verb in LESSON_SEEN:
            self.verbs[activity].add(event.verb)
            return {activity}
        if event.verb == verbs.ATTENDED.id:
            taught = _taught(event) & rule.lessons.keys()
            self.attended |= taught
            return taught
        lesson = rule.lesson_of.get(activity)
        if lesson is None:
            return set()
        is_quiz = activity == rule.lessons[lesson].quiz
        mark = _mark(event, QUIZ_TAKEN if is_quiz else {verbs.ANSWERED.id})
        if mark is None:
            return set()
        if is_quiz:
            self.passed |= {activity} if event.verb in CONCLUSIONS else set()  # completed: no mark is asked for
            mark = max(mark, self.marks.get(activity, mark))
        if marks_count:
            self.marks[activity] = mark
        return {lesson}


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
    seen = Seen()
    met_at = None
    said: list[Statement] = []
    events = sorted(
        {each.statement_id: each for each in statements}.values(), key=lambda s: (s.timestamp, s.statement_id)
    )
    for event in events:
        if event.object_key == rule.course:
            said += [event] if event.verb in CONCLUSIONS else []
        else:
            for lesson in seen.take(event, rule, marks_count=met_at is None) - done.keys():
                if rule.lessons[lesson].is_done(seen, lesson, rule.pass_mark):
                    done[lesson] = event.timestamp
        if met_at is None and rule.is_met(done, seen.marks):
            met_at = event.timestamp
    said_score = _said_score(said)
    return Progress(
        done={rule.lessons[activity].key: at for activity, at in done.items()},
        score=_percent(rule.score(seen.marks) if said_score is None else said_score),
        active_at=max((event.timestamp for event in events), default=None),
        met_at=met_at,
        completed_at=min((event.timestamp for event in said), default=None),
        passed_at=min((event.timestamp for event in said if event.verb == verbs.PASSED.id), default=None),
    )


def _share(marks: Mapping[int, Fraction], weights: Mapping[int, int]) -> Fraction:
    """The weighted mean in percent; what has no mark counts as wrong, nothing asked as all right."""
    total = sum(weights.values())
    if not total:
        return Fraction(100)
    got = sum((marks.get(activity, Fraction(0)) * weight for activity, weight in weights.items()), Fraction(0))
    return got * 100 / total


def _taught(event: Statement) -> set[int]:
    """The activities that an attended session belongs to."""
    grouping = ((event.data.get("context") or {}).get("contextActivities") or {}).get("grouping") or []
    return {keys.activity(each["id"]) for each in grouping}


def _mark(event: Statement, among: Collection[str]) -> Fraction | None:
    """0 to 1 from result.score.scaled, else from result.success; None when it says neither, or has another verb."""
    if event.verb not in among:
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
