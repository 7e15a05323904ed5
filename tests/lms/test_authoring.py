"""A trainer writes a course through the admin's forms; an editor publishes it."""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from library.models import Record
from lms import learning
from lms.courses import index_page
from lms.models import Course, CoursePage, Enrolment, Lesson, LessonPage, Question
from people import accounts, roles
from people.models import User
from search.exceptions import EngineUnavailable
from tests.lms.conftest import settle
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


def staff(role: str) -> User:
    return accounts.create(full_name="Cán bộ", username=role.replace(" ", "-"), roles=[role])


@pytest.fixture
def editor(db: None) -> Client:
    """Writes and publishes below the catalogue."""
    index_page()
    return sign_in_staff(Client(), staff(roles.EDITOR))


@pytest.fixture
def trainer(db: None) -> Client:
    """Writes below the catalogue."""
    index_page()
    return sign_in_staff(Client(), staff(roles.TRAINER))


def course_form(**more: Any) -> dict[str, Any]:
    return nested_form_data(
        {
            "title": "Bán hàng trên mạng",
            "slug": "ban-hang",
            "summary": "Từ chợ phiên lên chợ mạng.",
            "title_en": "",
            "summary_en": "",
            "body": rich_text("<p>Bán được hàng.</p>"),
            "topic": "Kinh tế số",
            "hours": "2.0",
            "pass_mark": "80",
            "certificate": "on",
            "level": "basic",
            "required": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
        }
        | more
    ) | {"audiences": ["households", "cooperatives"]}


def add(client: Client, parent: Any, model: str, form: dict[str, Any]) -> Any:
    return client.post(reverse("wagtailadmin_pages:add", args=["lms", model, parent.pk]), form)


def lesson_form(*blocks: tuple[str, Any], **more: Any) -> dict[str, Any]:
    comments = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""}
    form = {
        "title": "Chụp ảnh sản phẩm",
        "slug": "chup-anh",
        "minutes": "12",
        "completion": "viewed",
        "comments": comments,
    }
    return nested_form_data(form | {"body": streamfield(blocks)} | more)


def listed(items: Sequence[Any]) -> dict[str, Any]:
    """A list block's part of a form."""
    found: dict[str, Any] = {"count": str(len(items))}
    for place, item in enumerate(items):
        found[str(place)] = {"deleted": "", "order": str(place), "value": item}
    return found


def question_form(right: str = "on", kind: str = "single", **more: Any) -> dict[str, Any]:
    options = [
        {"text": "Ban ngày, ngoài trời", "right": right, "why": "Đủ sáng."},
        {"text": "Buổi tối", "why": "Tối quá."},
    ]
    answer = streamfield([(kind, {"options": listed(options)})])
    form = {"text": "Chụp lúc nào?", "key": "q-anh", "hint": "", "feedback": "", "tags": "ảnh", "answer": answer}
    return nested_form_data(form | more)


def test_course_from_blank_to_published(editor: Client, handbook: Record, client: Client, learner: User) -> None:
    """Course page, question, lesson page; rows and keys come by themselves; a learner can take it."""
    made = add(editor, index_page(), "coursepage", course_form(**{"action-publish": "1"}))
    assert made.status_code == 302, made.context["form"].errors
    page = CoursePage.objects.get()
    made = editor.post(reverse("wagtailsnippets_lms_question:add"), question_form() | {"action-publish": "1"})
    assert made.status_code == 302, made.context["form"].errors
    question = Question.objects.get()
    blocks = [
        ("text", rich_text("<p>Chụp nơi đủ sáng.</p>")),
        ("callout", {"kind": "tip", "text": "Ảnh thật."}),
        ("citation", {"record": str(handbook.pk), "note": "Trang 3"}),
        ("question", str(question.pk)),
    ]
    made = add(editor, page, "lessonpage", lesson_form(*blocks, **{"action-publish": "1"}))
    assert made.status_code == 302, made.context["form"].errors
    settle()
    course = Course.objects.get()
    assert (course.key, course.title, course.audiences, course.pass_mark) == (
        "ban-hang",
        "Bán hàng trên mạng",
        ["households", "cooperatives"],
        80,
    )
    assert course.rule == {"lessons": [{"key": "chup-anh", "questions": ["q-anh"]}], "pass_mark": 80}
    assert handbook.citations.count() == 1
    client.force_login(learner)
    client.post("/learn/ban-hang/enrol/")
    right = question.answer[0].value["options"].bound_blocks[0].id
    client.post("/learn/ban-hang/chup-anh/answer/", {"question": "q-anh", "option": right})
    client.post("/learn/ban-hang/chup-anh/next/")
    assert learner.enrolments.get().status == "passed"


def test_trainer_drafts_and_may_not_publish(trainer: Client, client: Client) -> None:
    """The draft has its row, readers see nothing, and the page waits for an editor."""
    add(trainer, index_page(), "coursepage", course_form())
    page = CoursePage.objects.get()
    assert (page.live, page.course.key, page.course.published) == (False, "ban-hang", False)
    assert (
        add(trainer, page, "lessonpage", lesson_form(("callout", {"kind": "tip", "text": "Ảnh thật."}))).status_code
        == 302
    )
    assert Lesson.objects.get().key == "chup-anh"
    settle()
    assert Course.objects.get().version == 0
    assert client.get("/courses/ban-hang/").status_code == 404
    form = course_form(**{"action-publish": "1"})
    trainer.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
    page.refresh_from_db()
    assert page.live is False


def test_preview_as_a_learner(editor: Client, course: Course) -> None:
    """Unsaved changes are shown with the questions, without a way to answer and without the key."""
    page = LessonPage.objects.get(lesson__key="bai-3")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = lesson_form(
        ("callout", {"kind": "remember", "text": "Chưa lưu."}),
        ("question", str(Question.objects.get(key="an-toan-q3").pk)),
    )
    assert editor.post(url, form).json()["is_valid"] is True
    shown = editor.get(f"{url}?mode=").content.decode()
    assert "Chưa lưu." in shown
    assert "Có người xin mã OTP?" in shown
    assert "Không ai được hỏi mã" not in shown
    assert "Xem trước" in shown


def test_preview_of_the_first_lesson_of_a_new_course(editor: Client, course: Course) -> None:
    """Nothing is published: it is no lesson “1 of 0”."""
    LessonPage.objects.update(live=False)
    page = LessonPage.objects.get(lesson__key="bai-1")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert editor.post(url, lesson_form(("text", rich_text("<p>Chưa ai đọc.</p>")))).json()["is_valid"] is True
    shown = editor.get(f"{url}?mode=").content.decode()
    assert "Chưa ai đọc." in shown
    assert "trên 0" not in shown


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (question_form(right=""), "Câu hỏi chọn một cần đúng một phương án đúng."),
        (question_form(right="", kind="multiple"), "Câu hỏi chọn nhiều cần ít nhất một phương án đúng."),
    ],
)
def test_question_without_a_right_option(editor: Client, form: dict[str, Any], message: str) -> None:
    """Is not published; the form says why."""
    refused = editor.post(reverse("wagtailsnippets_lms_question:add"), form | {"action-publish": "1"})
    assert json.dumps(message)[1:-1] in html.unescape(refused.content.decode())
    assert "answer" in refused.context["form"].errors
    assert Question.objects.count() == 0


def test_answered_question_cannot_be_deleted(client: Client, enrolment: Enrolment) -> None:
    """Its answers stay readable; the administrator is told what to do instead."""
    question = Question.objects.get(key="an-toan-q1")
    learning.answer(enrolment, enrolment.course.lessons.get(key="bai-1"), question, ["b"])
    sign_in_staff(client, staff(roles.ADMINISTRATOR))
    told = client.post(reverse("wagtailsnippets_lms_question:delete", args=[question.pk]), follow=True)
    assert "Hãy hủy xuất bản câu hỏi" in told.content.decode()
    unused = Question.objects.get(key="an-toan-q3")
    client.post(reverse("wagtailsnippets_lms_question:delete", args=[unused.pk]))
    assert list(Question.objects.order_by("key").values_list("key", flat=True)) == ["an-toan-q1", "an-toan-q2"]


def test_record_chooser_finds_with_and_without_marks(
    editor: Client, handbook: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialogue lists public records and asks the search engine."""
    dialogue = reverse("lms_record_chooser:choose")
    assert "Sổ tay an toàn thông tin" in editor.get(dialogue).json()["html"]
    asked: list[Any] = []

    class Engine:
        def search(self, query: Any) -> Any:
            asked.append((query.text, tuple(query.kinds)))
            hit = type("Hit", (), {"key": str(handbook.pk)})
            return type("Results", (), {"hits": (hit,)})

    monkeypatch.setattr("search.engines.engine", Engine)
    found = editor.get(reverse("lms_record_chooser:choose_results"), {"q": "so tay"}).content.decode()
    assert "Sổ tay an toàn thông tin" in found
    assert asked == [("so tay", ("record",))]
    chosen = editor.get(reverse("lms_record_chooser:chosen", args=[handbook.pk]))
    assert chosen.json()["result"]["id"] == str(handbook.pk)
    Record.objects.update(status="draft")
    assert "Sổ tay an toàn thông tin" not in editor.get(dialogue).json()["html"]


def test_record_chooser_outlives_the_search_engine(
    editor: Client, handbook: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty list that says why."""

    class Engine:
        def search(self, query: Any) -> Any:
            raise EngineUnavailable("down")

    monkeypatch.setattr("search.engines.engine", Engine)
    said = "Máy tìm kiếm đang bận hoặc tạm dừng."
    for name in ("choose", "choose_results"):
        response = editor.get(reverse(f"lms_record_chooser:{name}"), {"q": "so tay"})
        html = response.json()["html"] if name == "choose" else response.content.decode()
        assert (response.status_code, said in html, handbook.title in html) == (200, True, False)
    assert said not in editor.get(reverse("lms_record_chooser:choose")).json()["html"]


def test_the_chooser_of_questions_speaks_vietnamese(db: None) -> None:
    """Its filters too."""
    editor = sign_in_staff(Client(), accounts.create(full_name="Giảng viên", username="gv-chon", roles=[roles.TRAINER]))
    page = editor.get(reverse("wagtailsnippetchoosers_lms_question:choose")).json()["html"]
    assert re.findall(r"<label[^>]*>\s*([^<]+?)\s*<", page) == ["Từ cần tìm", "Ngôn ngữ"]


def test_a_draft_without_words_has_a_name(editor: Client) -> None:
    """The admin saves drafts by itself; the name of the class, in English, says nothing to who writes."""
    editor.post(reverse("wagtailsnippets_lms_question:add"), question_form(text=""))
    question = Question.objects.get()
    page = editor.get(reverse("wagtailsnippets_lms_question:edit", args=[question.pk])).content.decode()
    assert "Câu hỏi chưa có lời hỏi" in page
    assert "Question (" not in page
