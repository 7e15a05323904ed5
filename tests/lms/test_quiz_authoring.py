"""A trainer writes a quiz in the lesson's form, is told what is wrong with it, and sees it as learners will."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms import plain_questions
from lms.courses import index_page
from lms.models import CoursePage, LessonPage, Question, QuestionTag, Quiz, QuizAttempt
from lms.plain_blocks import complaints
from people import roles
from tests.lms.all_kinds import told
from tests.lms.conftest import settle
from tests.lms.quizzes import SECRETS, publish
from tests.lms.test_authoring import add, lesson_form, listed, staff
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Client:
    """Writes and publishes, in a course with a quiz and a bank of three questions."""
    index_page()
    publish()
    return sign_in_staff(Client(), staff(roles.EDITOR))


def slug() -> str:
    return QuestionTag.objects.get(name="OTP").slug


def quiz_form(**changed: Any) -> dict[str, Any]:
    value = {
        "introduction": "Làm nhé.",
        "questions": listed([str(Question.objects.get(key="an-toan-so").pk)]),
        "draws": listed([{"tags": slug(), "count": "2", "kind": ""}]),
        "shuffle": "on",
        "attempts": "3",
        "minutes": "20",
        "pass_mark": "",
        "answers_shown": "last",
    } | changed
    return lesson_form(("quiz", value), title="Thi thử", slug="thi-thu", completion="passed")


def publish_lesson(editor: Client, form: dict[str, Any]) -> Any:
    return add(editor, CoursePage.objects.get(), "lessonpage", form | {"action-publish": "1"})


def test_a_quiz_from_the_form_to_its_row(editor: Client) -> None:
    made = publish_lesson(editor, quiz_form())
    assert made.status_code == 302, made.context["form"].errors
    settle()
    quiz = Quiz.objects.get(lesson__key="thi-thu")
    assert (quiz.asks, quiz.shuffle, quiz.attempts, quiz.minutes) == (3, True, 3, 20)
    assert (quiz.pass_mark, quiz.answers_shown) == (70, "last")
    assert quiz.plan == {
        "questions": ["an-toan-so"],
        "draws": [{"tags": [slug()], "count": 2, "kind": ""}],
    }


def test_the_form_offers_kinds_that_the_server_grades_and_says_which_completion_fits(editor: Client) -> None:
    page = editor.get(reverse("wagtailadmin_pages:add", args=["lms", "lessonpage", CoursePage.objects.get().pk]))
    shown = html.unescape(page.content.decode())
    assert "Bài có bài kiểm tra: nên chọn" in shown


def test_a_draw_that_wants_too_many_is_refused(editor: Client) -> None:
    """The form says how many there are; nothing is stored."""
    refused = publish_lesson(editor, quiz_form(draws=listed([{"tags": slug(), "count": "9", "kind": ""}])))
    assert "Cần 9 câu nhưng kho chỉ còn 3 câu đã xuất bản" in errors_of(refused)
    assert not LessonPage.objects.filter(slug="thi-thu").exists()


def test_what_a_person_grades_is_refused(editor: Client) -> None:
    written = plain_questions.save({"kind": "written", "text": "Kể."}, key="viet")
    refused = publish_lesson(editor, quiz_form(questions=listed([str(written.pk)])))
    assert "Câu này do giảng viên chấm nên không đưa vào bài kiểm tra được." in errors_of(refused)


def test_a_quiz_that_asks_nothing_is_refused(editor: Client) -> None:
    refused = publish_lesson(editor, quiz_form(questions=listed([]), draws=listed([])))
    assert "Hãy chọn ít nhất một câu hỏi có tính điểm và đã xuất bản" in errors_of(refused)


def errors_of(refused: Any) -> str:
    """What the form says is wrong, wherever in the blocks it stands."""
    assert refused.status_code == 200
    return " ".join(text for error in refused.context["form"].errors["body"].as_data() for text in complaints(error))


def test_one_quiz_in_a_lesson(editor: Client) -> None:
    one = (
        "quiz",
        {
            "introduction": "",
            "questions": listed([str(Question.objects.get(key="an-toan-so").pk)]),
            "draws": listed([]),
            "attempts": "0",
            "minutes": "0",
            "pass_mark": "",
            "answers_shown": "each",
        },
    )
    refused = publish_lesson(editor, lesson_form(one, one, title="Thi thử", slug="thi-thu"))
    assert refused.status_code == 200
    assert "body" in refused.context["form"].errors


def test_preview_shows_rules_and_a_sample_without_the_key(editor: Client) -> None:
    """And what has run short since; nothing is begun."""
    page = LessonPage.objects.get(lesson__key="kiem-tra")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    shown = editor.post(preview, quiz_form()).json()
    assert shown["is_valid"] is True
    body = editor.get(f"{preview}?mode=").content.decode()
    for words in ("Làm nhé.", "3 câu hỏi.", "Làm trong 20 phút.", "Đạt khi có từ 70 %", "Một lượt rút làm mẫu"):
        assert words in body
    assert "12 kg, mỗi kg 45 nghìn?" in body
    assert told(body, SECRETS) == []
    assert QuizAttempt.objects.count() == 0


def test_preview_says_which_draw_runs_short(editor: Client) -> None:
    """Questions were withdrawn after the lesson was published."""
    for key in ("an-toan-kho-a", "an-toan-kho-b"):
        Question.objects.get(key=key).unpublish()
    page = LessonPage.objects.get(lesson__key="kiem-tra")
    body = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "Lượt rút thứ 1 cần 2 câu nhưng kho chỉ còn 1 câu" in body
