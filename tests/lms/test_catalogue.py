"""The catalogue of courses and what search is told of them."""

import pytest
from django.test import Client
from django.utils import translation

from lms import courses, learning, search_documents
from lms.models import Course, CoursePage, Enrolment
from tests.lms.conftest import COURSE, lesson, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(course: Course) -> Course:
    """A course for others about something else."""
    data = {"key": "so-lieu", "title": "Số liệu đứng vững", "topic": "Dữ liệu", "audiences": ["officials"]}
    return courses.publish_course(
        **data, summary="Tính đúng.", summary_en="Count well.", title_en="Sound figures", lessons=[]
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Dùng điện thoại an toàn", "Số liệu đứng vững"}),
        ("?audience=village_heads", {"Dùng điện thoại an toàn"}),
        ("?audience=officials", {"Số liệu đứng vững"}),
        ("?topic=Dữ+liệu", {"Số liệu đứng vững"}),
        ("?audience=village_heads&topic=Dữ+liệu", set()),
        ("?audience=nobody", set()),
    ],
)
def test_filters(client: Client, second: Course, query: str, shown: set[str]) -> None:
    """By audience and topic; an unknown value finds nothing and says so."""
    page = client.get(f"/courses/{query}").content.decode()
    assert {title for title in ("Dùng điện thoại an toàn", "Số liệu đứng vững") if title in page} == shown
    assert ("Chưa có khóa học nào như vậy" in page) is not bool(shown)


def test_the_filters_are_folded_until_one_is_used(client: Client, course: Course) -> None:
    """On a phone the courses come first; who filters sees by what."""
    assert '<details class="card unfold"><summary>' in client.get("/courses/").content.decode()
    assert '<details class="card unfold" open><summary>' in client.get("/courses/?q=an").content.decode()


def test_card_shows_length_and_own_progress(pupil: Client, enrolment: Enrolment) -> None:
    """Lessons, minutes, how far the learner is, the way on."""
    learning.go_on(enrolment, lesson(enrolment.course, "bai-1"))
    page = pupil.get("/courses/").content.decode()
    assert "3 bài · 30 phút" in page
    assert "Đã học 1 trên 3 bài" in page
    assert "Học tiếp" in page
    assert "Học tiếp bài 2" in pupil.get("/courses/an-toan/").content.decode()


def test_english_pages(client: Client, second: Course) -> None:
    """The English interface has the English summary where there is one."""
    page = client.get("/en/courses/").content.decode()
    assert "Sound figures" in page
    assert "Count well." in page
    assert "Dùng điện thoại an toàn" in page


def test_course_document(course: Course) -> None:
    """What search gets: the words of the lessons, not the questions; the address has nobody's language."""
    with translation.override("en"):
        [document] = search_documents.documents(["an-toan", "khong-co"])
    assert (document.kind, document.key, document.title) == ("course", "an-toan", "Dùng điện thoại an toàn")
    assert (document.url, document.subjects) == ("/courses/an-toan/", ("Kỹ năng số",))
    assert document.facets == {"audience": ("Trưởng thôn, bản, ấp, buôn",), "topic": ("Kỹ năng số",)}
    for words in ("Biết giữ mã OTP.", "Khóa máy", "Khóa màn hình trước đã.", "Nhận ra lừa đảo"):
        assert words in document.text
    assert "Mã nào khó đoán" not in document.text
    assert list(search_documents.keys()) == ["an-toan"]


def test_unpublished_course_leaves_search(course: Course) -> None:
    """Its key is not yielded, so the index drops it."""
    CoursePage.objects.get().unpublish()
    settle()
    assert list(search_documents.documents(["an-toan"])) == []
    assert list(search_documents.keys()) == []


def test_course_key_survives_a_new_slug(course: Course) -> None:
    """The address may change, the activity does not."""
    page = CoursePage.objects.get()
    page.slug, page.title = "dien-thoai", "Điện thoại"
    page.save_revision().publish()
    settle()
    course.refresh_from_db()
    assert (course.key, course.title) == ("an-toan", "Điện thoại")
    assert course.iri.endswith("/activities/courses/an-toan")
    assert COURSE["key"] == "an-toan"
