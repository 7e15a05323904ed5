"""A lesson among the lessons of its course, in sections and outside them, in both languages of the interface."""

import pytest
from django.test import Client

from lms import courses, learning
from lms.enrolment import enrol
from lms.models import LessonPage, SectionPage
from people.models import User
from tests.lms.conftest import settle

pytestmark = pytest.mark.django_db


def lesson(key: str, section: str = "") -> dict:
    return {"key": key, "title": f"Bài {key}", "minutes": 5, "blocks": [], **({"section": section} if section else {})}


def test_the_way_goes_through_sections(pupil: Client, learner: User) -> None:
    """Numbers, the lesson before and the section are right; a lesson of a section that was withdrawn is left out."""
    lessons = [lesson("a"), lesson("b", "Phần một"), lesson("c", "Phần một"), lesson("d", "Phần hai")]
    course = courses.publish_course(key="k", title="Khóa", lessons=lessons)
    settle()
    learning.go_on(enrol(learner=learner, course=course), course.lessons.get(key="a"))
    urls = [LessonPage.objects.get(slug=key).url for key in "abcd"]
    assert [url.count("/") for url in urls] == [4, 5, 5, 5]
    around = pupil.get(urls[3]).context
    assert [stop.url for stop in around["steps"]] == urls
    assert [stop.done for stop in around["steps"]] == [True, False, False, False]
    assert (around["number"], around["is_last"], around["section"].title) == (4, True, "Phần hai")
    assert (around["previous"].url, around["course_url"]) == (urls[2], "/courses/k/")
    english = pupil.get(f"/en{urls[1]}").context
    assert (english["course_url"], english["previous"].url) == ("/en/courses/k/", "/en/courses/k/a/")
    first = pupil.get("/courses/k/a/").context
    assert (first["number"], first["previous"], first["section"]) == (1, None, None)
    SectionPage.objects.get(title="Phần một").unpublish()
    around = pupil.get(urls[3]).context
    assert (around["number"], around["previous"].url, len(around["steps"])) == (2, "/courses/k/a/", 2)


@pytest.mark.parametrize("path", ["k/a/x/", "k/b/", "x/a/", "k/phan-mot/x/"])
def test_what_is_no_lesson_is_not_found(pupil: Client, path: str) -> None:
    courses.publish_course(key="k", title="Khóa", lessons=[lesson("a"), lesson("b", "Phần một")])
    assert pupil.get(f"/courses/{path}").status_code == 404
