"""Makes a course with its pages from plain data (the starter content; its README describes the format)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Page, Site

from lms import outline
from lms.exceptions import InvalidCourse
from lms.models import Course, CourseIndexPage, CoursePage, Lesson, LessonPage
from lms.plain_blocks import Content, clean_html
from people.models import Audience


def publish_course(
    *,
    key: str,
    title: str,
    lessons: Sequence[Mapping[str, Any]],
    summary: str = "",
    body: str = "",
    title_en: str = "",
    summary_en: str = "",
    topic: str = "",
    audiences: Sequence[str] = (),
    hours: float | Decimal = 1,
    pass_mark: int = 70,
    certificate: bool = True,
    folder: Path | None = None,
) -> Course:
    """Make or update the course of this key and publish it.

    What is unchanged gets no new revision; lessons that are not in the data are unpublished.

    Each lesson has key, title, minutes and blocks; files are found in folder. Raises InvalidCourse.
    """
    if unknown := set(audiences) - set(Audience.values):
        raise InvalidCourse(
            f"{key}: unknown audience {', '.join(sorted(unknown))}; known are {', '.join(Audience.values)}"
        )
    fields = {
        "title": title,
        "summary": summary,
        "body": clean_html(body),
        "title_en": title_en,
        "summary_en": summary_en,
        "topic": topic,
        "audiences": list(audiences),
        "hours": Decimal(str(hours)),
        "pass_mark": pass_mark,
        "certificate": certificate,
    }
    with transaction.atomic():
        course, _made = Course.objects.get_or_create(key=key, defaults={"title": title})
        page = CoursePage.objects.filter(course=course).order_by("pk").first()
        page = page or CoursePage(course=course, slug=key)
        _publish(page, parent=index_page(), fields=fields)
        for position, lesson in enumerate(lessons):
            _publish_lesson(page, position, lesson, Content(course_key=key, folder=folder))
        for left_out in (
            LessonPage.objects.child_of(page).live().exclude(lesson__key__in=[each["key"] for each in lessons])
        ):
            left_out.unpublish()
    outline.drain([course.key])
    course.refresh_from_db()
    return course


def index_page() -> CourseIndexPage:
    """The catalogue; made under the site's front page where there is none yet."""
    page = CourseIndexPage.objects.first()
    if page is None:
        site = Site.objects.filter(is_default_site=True).first()
        parent = site.root_page if site else Page.get_first_root_node()
        page = parent.add_child(instance=CourseIndexPage(title="Khóa học", slug="courses"))
    return page


def _publish_lesson(course_page: CoursePage, position: int, lesson: Mapping[str, Any], content: Content) -> None:
    row, _made = Lesson.objects.get_or_create(
        course=course_page.course, key=lesson["key"], defaults={"title": lesson["title"], "minutes": lesson["minutes"]}
    )
    page = LessonPage.objects.filter(lesson=row).order_by("pk").first() or LessonPage(lesson=row, slug=lesson["key"])
    body = content.stream(lesson["key"], lesson["blocks"])
    _publish(page, parent=course_page, fields={"title": lesson["title"], "minutes": lesson["minutes"], "body": body})
    _put_at(page, course_page, position)


def _publish(page: Page, *, parent: Page, fields: Mapping[str, Any]) -> None:
    """Set the fields and publish, if anything is new."""
    before = {name: page._meta.get_field(name).get_prep_value(getattr(page, name)) for name in fields}
    for name, value in fields.items():
        setattr(page, name, value)
    after = {name: page._meta.get_field(name).get_prep_value(getattr(page, name)) for name in fields}
    if page.pk is None:
        parent.add_child(instance=page)
    elif before == after and page.live:
        return
    page.save_revision().publish()
    page.refresh_from_db()


def _put_at(page: LessonPage, course_page: CoursePage, position: int) -> None:
    """Give the lesson its place among the lessons."""
    siblings = list(course_page.get_children())
    if siblings[position].pk != page.pk:
        page.move(siblings[position], pos="left")
