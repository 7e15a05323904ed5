"""Rows follow the source pages: order, rule and version, what happens to pages and questions."""

from typing import Any

import pytest

from library.models import Citation, Record
from lms import courses, learning, outline
from lms.models import Answer, Course, CoursePage, Enrolment, Lesson, LessonPage
from tests.lms.conftest import COURSE, finish_course, lesson, question, settle

pytestmark = pytest.mark.django_db


def page(key: str) -> LessonPage:
    return LessonPage.objects.get(lesson__key=key)


def order(course: Course) -> list[tuple[str, int]]:
    return list(course.lessons.in_order().values_list("key", "position"))


def test_rule_of_a_published_course(course: Course) -> None:
    """Lessons and questions in the order of the pages, the pass mark, the first version."""
    assert course.rule == {
        "lessons": [
            {"key": "bai-1", "questions": ["an-toan-q1", "an-toan-q2"]},
            {"key": "bai-2", "questions": []},
            {"key": "bai-3", "questions": ["an-toan-q3"]},
        ],
        "pass_mark": 70,
    }
    assert (course.version, course.published, str(course.hours)) == (1, True, "1.5")


def test_moved_page_changes_the_order(course: Course) -> None:
    """And the version, since the rule has the order."""
    page("bai-3").move(page("bai-1"), pos="left")
    settle()
    course.refresh_from_db()
    assert order(course) == [("bai-3", 1), ("bai-1", 2), ("bai-2", 3)]
    assert course.version == 2


def test_unchanged_text_keeps_the_version(course: Course) -> None:
    """A corrected sentence changes no rule."""
    changed = page("bai-2")
    changed.body = [{"type": "callout", "value": "Không đưa mã cho ai."}]
    changed.save_revision().publish()
    settle()
    course.refresh_from_db()
    assert course.version == 1


def test_deleted_page_deletes_no_learning(enrolment: Enrolment) -> None:
    """The lesson loses its place; its row, answers and statements stay; the learner is recomputed."""
    finish_course(enrolment)
    page("bai-3").delete()
    settle()
    enrolment.refresh_from_db()
    enrolment.course.refresh_from_db()
    assert (enrolment.status, enrolment.lessons_done) == ("passed", 2)
    assert (enrolment.course.version, enrolment.course.rule["lessons"][-1]) == (2, {"key": "bai-2", "questions": []})
    assert lesson(enrolment.course, "bai-3").position is None
    assert Answer.objects.filter(lesson__key="bai-3").count() == 1


def test_withdrawn_lesson_lets_the_learner_finish(enrolment: Enrolment) -> None:
    """Who lacked only that lesson is done, decided now by the rule of now."""
    row = lesson(enrolment.course, "bai-1")
    learning.answer(enrolment, row, question("q1"), ["b"])
    learning.answer(enrolment, row, question("q2"), ["a", "c"])
    for key in ("bai-1", "bai-2"):
        learning.go_on(enrolment, lesson(enrolment.course, key))
    page("bai-3").unpublish()
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.status, str(enrolment.score)) == ("passed", "100.00")


def test_higher_pass_mark_takes_nothing_back(enrolment: Enrolment) -> None:
    """What was concluded stays; the score is that of the conclusion."""
    finish_course(enrolment)
    course_page = CoursePage.objects.get()
    course_page.pass_mark = 100
    course_page.save_revision().publish()
    question("q3").unpublish()
    settle()
    enrolment.refresh_from_db()
    assert (enrolment.course.rule["pass_mark"], enrolment.course.version) == (100, 2)
    assert (enrolment.status, str(enrolment.score)) == ("passed", "100.00")


def test_unpublished_course_leaves_the_catalogue(course: Course, client: Any) -> None:
    """It can't be entered; its rule is kept for those who are in it."""
    CoursePage.objects.get().unpublish()
    settle()
    course.refresh_from_db()
    assert course.published is False
    assert len(course.rule["lessons"]) == 3
    assert client.get("/courses/an-toan/").status_code == 404
    assert "Dùng điện thoại an toàn" not in client.get("/courses/").content.decode()


def test_copied_course_is_another_course(course: Course) -> None:
    """With rows of its own, also after the copied revision is published."""
    copied = CoursePage.objects.get().copy(recursive=True, update_attrs={"slug": "an-toan-2", "title": "Bản sao"})
    copied.get_latest_revision().publish()
    settle()
    other = Course.objects.get(key="an-toan-2")
    assert [each["key"] for each in other.rule["lessons"]] == ["bai-1", "bai-2", "bai-3"]
    assert Lesson.objects.count() == 6
    assert CoursePage.objects.get(pk=copied.pk).course == other
    assert CoursePage.objects.get(slug="an-toan").course == course


def test_lesson_moved_to_another_course_is_another_lesson(enrolment: Enrolment) -> None:
    """What was learned under the old activity stays with it."""
    learning.go_on(enrolment, lesson(enrolment.course, "bai-2"))
    courses.publish_course(key="khac", title="Khóa khác", lessons=[])
    page("bai-2").move(CoursePage.objects.get(slug="khac"), pos="last-child")
    settle()
    other = Course.objects.get(key="khac")
    assert other.rule["lessons"] == [{"key": "bai-2", "questions": []}]
    assert [key for key, _position in order(enrolment.course)] == ["bai-1", "bai-3"]
    assert Lesson.objects.filter(key="bai-2").count() == 2


def test_citations_follow_the_pages(course: Course, handbook: Record) -> None:
    """The library knows which lessons cite a record, with their address, as long as they do."""
    cited = page("bai-2")
    cited.body = [{"type": "citation", "value": {"record": handbook.pk, "note": "Trang 12"}}]
    cited.save_revision().publish()
    settle()
    found = Citation.objects.get()
    assert (found.record, found.lesson_iri, found.course_iri) == (handbook, lesson(course, "bai-2").iri, course.iri)
    assert (found.title, found.url) == ("Dùng điện thoại an toàn: Giữ tiền", "/courses/an-toan/bai-2/")
    cited.unpublish()
    settle()
    assert Citation.objects.count() == 0


def test_sync_of_an_unknown_course(db: None) -> None:
    """A key that is gone is nobody's error."""
    outline.drain(["khong-co"])


def test_unchanged_course_is_not_published_again(course: Course) -> None:
    """The same plain data twice: no new revision, no new version."""
    before = list(LessonPage.objects.values_list("live_revision", flat=True))
    courses.publish_course(**COURSE)
    course.refresh_from_db()
    assert list(LessonPage.objects.values_list("live_revision", flat=True)) == before
    assert course.version == 1
