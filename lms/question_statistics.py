"""How the questions of a course were answered, counted by the database over the answers that stand.

First and latest are those of each learner at each question, by the time of the event. A question is known by its key,
so that its translations are one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from lms.models import Answer, Course, Lesson, LessonQuestion, Question
from lms.report_scope import Scope

ENOUGH = 30  # learners with a score, below which telling good from poor ones says nothing
KEY = ("lesson_id", "question__key")
Key = tuple[int, str]


@dataclass(frozen=True)
class AskedQuestion:
    """A question in a lesson of the course."""

    lesson: Lesson
    question: Question

    @property
    def key(self) -> Key:
        """By which answers are counted."""
        return self.lesson.pk, self.question.key


@dataclass(frozen=True)
class Figures:
    """Of one question in one lesson; shares in percent, None where nothing was graded.

    parting: percentage points by which the best third of learners, by their score in the course, got it right at the
    first attempt more often than the last third; None where too few have a score or all have nearly the same.
    """

    attempts: int = 0
    learners: int = 0
    waiting: int = 0
    first_right: float | None = None
    latest_right: float | None = None
    mean: float | None = None
    parting: float | None = None


def asked_in(course: Course) -> list[Key]:
    """What lessons ask today and what was answered in them, in the order of the course; three queries."""
    places: dict[Key, int] = {}
    for lesson, key, place in LessonQuestion.objects.filter(lesson__course=course).values_list(*KEY, "position"):
        places[lesson, key] = place
    lessons = dict(Lesson.objects.filter(course=course).values_list("pk", "position"))
    answered = Answer.objects.filter(lesson__in=[*lessons]).order_by().values_list(*KEY).distinct()
    last = 1_000_000
    for pair in answered:
        places.setdefault(pair, last)
    return sorted(places, key=lambda pair: (lessons[pair[0]] or last, pair[0], places[pair], pair[1]))


def with_rows(keys: Collection[Key]) -> list[AskedQuestion]:
    """Their lessons and questions, in the same order; of translations the one that was first; two queries."""
    lessons = Lesson.objects.in_bulk({lesson for lesson, _key in keys})
    named = {key for _lesson, key in keys}
    questions = {row.key: row for row in Question.objects.filter(key__in=named).order_by("-pk")}
    return [AskedQuestion(lessons[lesson], questions[key]) for lesson, key in keys]


def figures(scope: Scope, keys: Sequence[Key]) -> dict[Key, Figures]:
    """The figures of these questions; at most six queries, whatever their number."""
    answers = of_questions(scope, keys)
    every = _by_question(
        answers,
        attempts=Count("pk"),
        learners=Count("enrolment", distinct=True),
        waiting=Count("pk", filter=Q(waits=True)),
    )
    graded, right = Q(success__isnull=False), Q(success=True)
    counts: dict[str, Any] = {"graded": Count("pk", filter=graded), "right": Count("pk", filter=right)}
    thirds = _thirds(scope)
    parts: dict[str, Any] = {}
    for name, part in thirds.items():
        parts[name] = Count("pk", filter=graded & part)
        parts[f"{name}_right"] = Count("pk", filter=right & part)
    first = _by_question(_one_each(answers, "answered_at", "pk"), **counts, **parts)
    latest = _by_question(_one_each(answers, "-answered_at", "-pk"), **counts, mean=Avg("score"))
    return {
        key: Figures(
            attempts=row["attempts"],
            learners=row["learners"],
            waiting=row["waiting"],
            first_right=_percent(first[key]["right"], first[key]["graded"]),
            latest_right=_percent(latest[key]["right"], latest[key]["graded"]),
            mean=None if latest[key]["mean"] is None else 100 * float(latest[key]["mean"]),
            parting=_parting(first[key]) if thirds else None,
        )
        for key, row in every.items()
    }


def of_questions(scope: Scope, keys: Sequence[Key]) -> QuerySet[Answer]:
    """The answers of the scope to these questions, and perhaps to the same questions in others of these lessons."""
    lessons, named = {lesson for lesson, _key in keys}, {key for _lesson, key in keys}
    questions = Question.objects.filter(key__in=named).order_by().values("pk")
    return scope.answers().filter(lesson__in=lessons, question__in=questions).order_by()


def _by_question(answers: QuerySet[Answer], **counts: Any) -> dict[Key, dict[str, Any]]:
    rows = answers.order_by().values(*KEY).annotate(**counts)
    return {(row["lesson_id"], row["question__key"]): row for row in rows}


def _one_each(answers: QuerySet[Answer], *order: str) -> QuerySet[Answer]:
    """The first answer of each learner to each question in this order."""
    place = Window(
        RowNumber(), partition_by=[F("enrolment_id"), F("lesson_id"), F("question__key")], order_by=list(order)
    )
    return Answer.objects.filter(pk__in=answers.annotate(place=place).filter(place=1).values("pk"))


def _thirds(scope: Scope) -> dict[str, Q]:
    """Conditions on an answer: its learner is in the best, in the last third by score; none where that says nothing."""
    scores = scope.enrolments().filter(score__isnull=False).order_by("score").values_list("score", flat=True)
    number = scores.count()
    if number < ENOUGH:
        return {}
    low, high = scores[number // 3 - 1], scores[number - number // 3]
    if low == high:
        return {}
    return {"high": Q(enrolment__score__gte=high), "low": Q(enrolment__score__lte=low)}


def _parting(row: dict[str, Any]) -> float | None:
    high, low = _percent(row["high_right"], row["high"]), _percent(row["low_right"], row["low"])
    return None if high is None or low is None else high - low


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
