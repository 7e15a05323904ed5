"""What all learners of a lesson read alike is read once, and stays right whatever staff change meanwhile."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from lms import courses, learning
from lms.enrolment import enrol
from lms.models import Enrolment, GlossaryTerm, LessonPage
from people import accounts
from tests.lms.conftest import COURSE, lesson, plant, question, settle
from tests.lms.translating import KHMER, into_khmer

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/courses/an-toan/bai-1/"
NEXT = "/courses/an-toan/bai-2/"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    """The mark in the cache lives as long as the process here, the database does not."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def taken(transactional_db: None) -> Enrolment:
    """The learner in the course; everything is committed, so that pages are kept."""
    plant()
    course = courses.publish_course(**COURSE)
    settle()
    course.refresh_from_db()
    learner = accounts.create(full_name="Giàng A Páo", username="pao", password="mat-khau-cua-pao")
    return enrol(learner=learner, course=course)


@pytest.fixture
def reader(taken: Enrolment) -> Client:
    """The learner's browser, which has read the lesson."""
    client = Client()
    client.force_login(taken.learner)
    assert client.get(PAGE).status_code == 200
    return client


def page_of(key: str) -> LessonPage:
    return LessonPage.objects.get(lesson__key=key, locale__language_code="vi")


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def without_marks(page: str) -> str:
    """Without what is new with every look: ids of events, tokens against forged forms."""
    return re.sub(r'value="[0-9a-f-]{36}"|value="\w{64}"', "", page)


def test_a_page_that_is_kept_says_the_same_in_six_queries(
    reader: Client, django_assert_num_queries: Any, taken: Enrolment
) -> None:
    """Session, person, enrolment, lessons done, answers, place: only what is the learner's."""
    cache.set("core.content", "anew", None)
    first = text(reader)
    with django_assert_num_queries(6):
        second = text(reader)
    assert without_marks(first) == without_marks(second)
    assert set(re.findall(r'name="event" value="([^"]+)"', first)).isdisjoint(
        re.findall(r'name="event" value="([^"]+)"', second)
    )


def test_nothing_of_one_learner_is_shown_to_another(reader: Client, taken: Enrolment) -> None:
    """Neither answers, nor notes, nor what is done, nor tokens."""
    for path, form in (
        ("answer", {"question": "an-toan-q1", "option": "a"}),
        ("note", {"text": "Nhớ đổi mã"}),
        ("ask", {"text": "Mất mã thì sao?"}),
        ("bookmark", {"on": "1"}),
    ):
        reader.post(f"/learn/an-toan/bai-1/{path}/", form)
    learning.begin(taken)
    learning.go_on(taken, lesson(taken.course, "bai-2"))
    assert "Ai cũng thử trước." in text(reader)
    other = accounts.create(full_name="Lò Thị Mai", username="mai", password="mat-khau-cua-mai")
    enrol(learner=other, course=taken.course)
    client = Client()
    client.force_login(other)
    shown = text(client)
    for words in ("Ai cũng thử trước.", "Nhớ đổi mã", "Mất mã thì sao?", "đã đánh dấu", 'class="done"'):
        assert words not in shown
    assert str(taken.learner.uuid) not in shown
    assert str(other.uuid) in shown
    assert Client().get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
    stranger = Client()
    stranger.force_login(accounts.create(full_name="Người lạ", username="la"))
    assert stranger.get(PAGE).headers["Location"] == "/courses/an-toan/"


def _title(taken: Enrolment) -> None:
    page = page_of("bai-1")
    page.title = "Giữ máy thật chắc"
    page.save_revision().publish()


def _question(taken: Enrolment) -> None:
    asked = question("q1")
    asked.text = "Mã nào khó đoán nhất?"
    asked.save_revision().publish()


def _next_title(taken: Enrolment) -> None:
    page = page_of("bai-2")
    page.slug = "giu-tien"
    page.save_revision().publish()


def _unpublished_next(taken: Enrolment) -> None:
    page_of("bai-2").unpublish()
    settle()


def _added(taken: Enrolment) -> None:
    more = {"key": "bai-4", "title": "Bài bốn", "minutes": 5, "blocks": []}
    courses.publish_course(**(COURSE | {"lessons": [*COURSE["lessons"], more]}))
    settle()


def _course(taken: Enrolment) -> None:
    page = page_of("bai-1").course_page()
    page.title = "Điện thoại và tiền"
    page.save_revision().publish()


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (_title, "<h1>Giữ máy</h1>", "<h1>Giữ máy thật chắc</h1>"),
        (_question, "Mã nào khó đoán?", "Mã nào khó đoán nhất?"),
        (_unpublished_next, "Bài 1 trên 3", "Bài 1 trên 2"),
        (_added, "Bài 1 trên 3", "Bài 1 trên 4"),
        (_course, "Dùng điện thoại an toàn</a>", "Điện thoại và tiền</a>"),
    ],
)
def test_a_change_is_on_the_next_page(reader: Client, taken: Enrolment, change: Any, before: str, after: str) -> None:
    """Whatever of the lesson or around it was changed."""
    assert before in text(reader)
    change(taken)
    shown = text(reader)
    assert before not in shown
    assert after in shown


def test_a_lesson_that_moves_to_another_address_is_found_there(reader: Client, taken: Enrolment) -> None:
    text(reader, NEXT)
    _next_title(taken)
    assert reader.get(NEXT).status_code == 404
    assert "<h1>Giữ tiền</h1>" in text(reader, "/courses/an-toan/giu-tien/")


def test_a_term_of_the_glossary_is_explained_anew(reader: Client, taken: Enrolment) -> None:
    term = GlossaryTerm.objects.create(key="otp", term="OTP", explanation="Mã dùng một lần")
    page = page_of("bai-2")
    page.body = [*page.body.get_prep_value(), {"type": "glossary", "value": {"terms": [term.pk]}}]
    page.save_revision().publish()
    assert "Mã dùng một lần" in text(reader, NEXT)
    term.explanation = "Mã chỉ dùng được một lần"
    term.save()
    assert "Mã chỉ dùng được một lần" in text(reader, NEXT)


def test_withdrawn_or_closed_lessons_are_shown_no_longer(reader: Client, taken: Enrolment) -> None:
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page_of("bai-1").pk), restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert "Giữ máy" not in text(reader)
    PageViewRestriction.objects.all().delete()
    assert "<h1>Giữ máy</h1>" in text(reader)
    page_of("bai-1").unpublish()
    assert reader.get(PAGE).status_code == 404


def test_each_language_is_kept_by_itself(reader: Client, taken: Enrolment) -> None:
    """A translation that comes later is shown where the original stood in for it."""
    assert "chưa có bản" in text(reader, f"/km{PAGE}")
    into_khmer(taken.course)
    assert KHMER["Khóa máy"] in text(reader, f"/km{PAGE}")
    assert "Khóa máy" in text(reader)
    english = text(reader, f"/en{PAGE}")
    assert "Khóa máy" in english
    assert "Lesson 1 of 3" in english


def test_what_was_answered_is_shown_as_it_was_asked_then(reader: Client, taken: Enrolment) -> None:
    """The new wording only with the next try."""
    reader.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "a"})
    _question(taken)
    assert "Mã nào khó đoán?" in text(reader)
    assert "Mã nào khó đoán nhất?" in text(reader, f"{PAGE}?again=an-toan-q1")
