"""What a learner reads at the end of a course: the result, or what is still missing for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

from lms import addresses, languages, opening
from lms.counting import CourseRule
from lms.models import Answer, Enrolment, Lesson, QuizAttempt

QuizLeft = Literal["", "untaken", "failed", "low"]  # low: passed, but below what the course asks


@dataclass(frozen=True)
class Missing:
    """A lesson that still wants something."""

    title: str
    url: str
    is_done: bool
    closed: str  # why it is not open yet
    unanswered: int
    wrong: int
    quiz: QuizLeft


def context(enrolment: Enrolment, request: HttpRequest) -> dict[str, Any]:
    """The enrolment with its result; of an unfinished course, the lessons that still want something."""
    course = enrolment.course
    return {
        "course": course,
        "enrolment": enrolment,
        "fonts": languages.fonts([languages.preferred(request)]),
        "course_url": addresses.course_url(course, request),
        "course_page": languages.course_pages([course.pk], languages.preferred(request)).get(course.pk),
        "lessons": len(course.rule.get("lessons", [])),
        "asks_score": CourseRule.of(course).asks_score,
        "missing": [] if enrolment.is_finished else missing(enrolment, request),
    }


def missing(enrolment: Enrolment, request: HttpRequest) -> list[Missing]:
    """Lessons not gone through, or with questions unanswered or wrong, or a quiz to take, in their order."""
    latest = {
        (answer.lesson_id, answer.question.key): answer.success
        for answer in Answer.objects.filter(enrolment=enrolment).in_lessons().standing().select_related("question")
    }
    done = set(enrolment.done.values_list("lesson_id", flat=True))
    attempts = QuizAttempt.objects.filter(enrolment=enrolment, submitted_at__isnull=False).standing()
    quizzes: dict[int, list[QuizAttempt]] = {}
    for attempt in attempts.defer("drafts"):
        quizzes.setdefault(attempt.lesson_id, []).append(attempt)
    rows = {row.key: row for row in Lesson.objects.filter(course=enrolment.course)}
    language = languages.preferred(request)
    pages = languages.lesson_pages([row.pk for row in rows.values()], language)
    rules = enrolment.course.rule.get("lessons", [])
    closed = opening.closed(enrolment, [rows[rule["key"]] for rule in rules], done)
    found = []
    for rule in rules:
        lesson = rows[rule["key"]]
        marks = [latest.get((lesson.pk, question)) for question in rule["questions"]]
        page = pages.get(lesson.pk)
        each = Missing(
            page.title if page else lesson.title,
            addresses.in_language(page, language, request),
            lesson.pk in done,
            closed.get(lesson.pk, ""),
            marks.count(None),
            marks.count(False),
            _quiz(quizzes.get(lesson.pk, []), enrolment.course.pass_mark) if rule.get("quiz") else "",
        )
        if not each.is_done or each.unanswered or each.wrong or each.quiz:
            found.append(each)
    return found


def _quiz(attempts: Sequence[QuizAttempt], pass_mark: int) -> QuizLeft:
    """What the attempts at a quiz leave to do."""
    if not attempts:
        return "untaken"
    if all(each.success is False for each in attempts):
        return "failed"
    return "low" if max(each.percent or 0 for each in attempts) < pass_mark else ""
