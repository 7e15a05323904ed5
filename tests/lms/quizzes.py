"""A course whose second lesson has a quiz: two fixed questions and two drawn of three with a tag."""

from typing import Any

from lms import courses
from lms.enrolment import enrol
from lms.models import Course, Enrolment, Lesson, Quiz, QuizAttempt
from people.models import User
from tests.lms.conftest import COURSE, settle

LESSON_URL = "/courses/an-toan/kiem-tra/"
START = "/learn/an-toan/kiem-tra/quiz/"
SECRETS = ("Ai cũng thử trước", "Đúng là số này", "540", "Không ai được hỏi", "Vì mất sim là mất tiền")


def single(key: str, text: str, **more: Any) -> dict[str, Any]:
    """A question of which option b is right."""
    options = [
        {"key": "a", "text": f"Sai {key}", "right": False, "why": "Ai cũng thử trước."},
        {"key": "b", "text": f"Đúng {key}", "right": True, "why": "Đúng là số này."},
    ]
    return {"key": key, "kind": "single", "text": text, "options": options} | more


NUMBER = {"key": "so", "kind": "number", "text": "12 kg, mỗi kg 45 nghìn?", "number": "540", "why": "12 × 45 = 540."}
BANK = [single(f"kho-{letter}", f"Câu trong kho {letter}?", tags=["OTP"]) for letter in "abc"]


def quiz(**rules: Any) -> dict[str, Any]:
    """The quiz as a block of a course file."""
    return {
        "type": "quiz",
        "introduction": "Làm thử xem sao.",
        "questions": [single("dau", "Mã nào khó đoán?", feedback="Vì mất sim là mất tiền."), NUMBER],
        "bank": BANK,
        "draws": [{"tags": ["OTP"], "count": 2}],
        "pass_mark": 75,
    } | rules


def publish(**rules: Any) -> Course:
    """The course with one lesson to read and one with the quiz."""
    read = {"key": "doc", "title": "Đọc", "minutes": 5, "blocks": [{"type": "callout", "text": "Giữ mã."}]}
    taken = {"key": "kiem-tra", "title": "Kiểm tra cuối khóa", "minutes": 10, "blocks": [quiz(**rules)]}
    course = courses.publish_course(**(COURSE | {"lessons": [read, taken]}))
    settle()
    course.refresh_from_db()
    return course


def enrolled(learner: User, **rules: Any) -> Enrolment:
    """The learner in the course."""
    return enrol(learner=learner, course=publish(**rules))


def the_quiz() -> Quiz:
    """The only quiz."""
    return Quiz.objects.select_related("lesson__course", "locale").get()


def the_lesson() -> Lesson:
    """Its lesson."""
    return the_quiz().lesson


def filled(attempt: QuizAttempt, *, right: int) -> dict[str, Any]:
    """A form that answers the first so many questions of the attempt right and the others wrong."""
    form: dict[str, Any] = {"has": [key for key, _revision in attempt.drawn]}
    for place, (key, _revision) in enumerate(attempt.drawn):
        if key == "an-toan-so":
            form[f"{key}:text"] = "540" if place < right else "54"
        else:
            form[f"{key}:option"] = "b" if place < right else "a"
    return form
