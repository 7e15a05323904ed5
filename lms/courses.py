"""Makes a course with its pages from plain data (the starter content; its README describes the format)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Page, Site

from lms import keys, outline
from lms.exceptions import InvalidCourse
from lms.models import (
    Completion,
    Course,
    CourseIndexPage,
    CoursePage,
    CoursePrerequisite,
    Lesson,
    LessonPage,
    Level,
    Programme,
    ProgrammeChoice,
    ProgrammePage,
    SectionPage,
)
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
    level: str = Level.BASIC,
    in_order: bool = False,
    prerequisites: Sequence[str] = (),
    folder: Path | None = None,
) -> Course:
    """Make or update the course of this key and publish it.

    What is unchanged gets no new revision; lessons that are not in the data are unpublished.

    Each lesson has key, title, minutes and blocks, and may name its section, its narration, how it is done (completion)
    and after how many days it opens (opens_after). Prerequisites are keys of courses; files are found in folder. Raises
    InvalidCourse.
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
        "level": level,
        "in_order": in_order,
    }
    with transaction.atomic():
        course, _made = Course.objects.get_or_create(key=key, defaults={"title": title})
        page = CoursePage.objects.filter(course=course).order_by("pk").first()
        page = page or CoursePage(course=course, slug=key)
        _publish(page, parent=index_page(), fields=fields)
        _require(page, prerequisites)
        _publish_lessons(page, lessons, Content(course_key=key, folder=folder))
    outline.drain([course.key])
    course.refresh_from_db()
    return course


def index_page() -> CourseIndexPage:
    """The catalogue; made under the site's front page where there is none yet."""
    page = CourseIndexPage.objects.written().order_by("pk").first()
    if page is None:
        site = Site.objects.filter(is_default_site=True).first()
        parent = site.root_page if site else Page.get_first_root_node()
        page = parent.add_child(instance=CourseIndexPage(title="Khóa học", slug="courses"))
    return page


def publish_programme(*, key: str, title: str, courses: Sequence[str], summary: str = "", body: str = "") -> Programme:
    """Make or update the programme of this key with the courses of these keys, and publish it. Raises InvalidCourse."""
    with transaction.atomic():
        programme, _made = Programme.objects.get_or_create(key=key, defaults={"title": title})
        page = ProgrammePage.objects.filter(programme=programme).order_by("pk").first()
        page = page or ProgrammePage(programme=programme, slug=key)
        pages = _course_pages(courses, where=key)
        if [each.course_page_id for each in page.chosen.all()] != [each.pk for each in pages]:
            page.chosen.set([ProgrammeChoice(course_page=each, sort_order=number) for number, each in enumerate(pages)])
            page.live = False  # so that it is published anew
        _publish(page, parent=index_page(), fields={"title": title, "summary": summary, "body": clean_html(body)})
    programme.refresh_from_db()
    return programme


def _require(page: CoursePage, keys: Sequence[str]) -> None:
    """Make these the courses to finish first."""
    wanted = _course_pages(keys, where=page.course.key)
    if [each.course_page_id for each in page.required.all()] != [each.pk for each in wanted]:
        page.required.set([CoursePrerequisite(course_page=each, sort_order=n) for n, each in enumerate(wanted)])
        page.save_revision().publish()
        page.refresh_from_db()


def _course_pages(keys: Sequence[str], *, where: str) -> list[CoursePage]:
    """The source pages of these courses in this order."""
    found: dict[str, CoursePage] = {}
    for page in CoursePage.objects.filter(course__key__in=keys).order_by("pk").select_related("course"):
        found.setdefault(page.course.key, page)
    if missing := [key for key in keys if key not in found]:
        raise InvalidCourse(f"{where}: no course {', '.join(missing)}")
    return [found[key] for key in keys]


def _publish_lessons(page: CoursePage, lessons: Sequence[Mapping[str, Any]], content: Content) -> None:
    """The lessons in their order, each in its section; those not named any more are unpublished."""
    sections: dict[str, SectionPage] = {}
    places: dict[int, int] = {}  # how many children of a parent stand already, by its key
    for lesson in lessons:
        parent: Page = page
        if title := lesson.get("section"):
            if title not in sections:
                sections[title] = _publish_section(page, title)
                _put_at(sections[title], page, places.setdefault(page.pk, 0))
                places[page.pk] += 1
            parent = sections[title]
        lesson_page = _publish_lesson(page.course, parent, lesson, content)
        _put_at(lesson_page, parent, places.setdefault(parent.pk, 0))
        places[parent.pk] += 1
    named = [lesson["key"] for lesson in lessons]
    for left_out in LessonPage.objects.descendant_of(page).live().exclude(lesson__key__in=named):
        left_out.unpublish()
    for empty in SectionPage.objects.child_of(page).live().exclude(pk__in=[each.pk for each in sections.values()]):
        empty.unpublish()


def _publish_section(course_page: CoursePage, title: str) -> SectionPage:
    known = SectionPage.objects.child_of(course_page).filter(title=title).first()
    page = known or SectionPage(slug=keys.wanted("", title))
    _publish(page, parent=course_page, fields={"title": title})
    return page


def _publish_lesson(course: Course, parent: Page, lesson: Mapping[str, Any], content: Content) -> LessonPage:
    row, _made = Lesson.objects.get_or_create(
        course=course, key=lesson["key"], defaults={"title": lesson["title"], "minutes": lesson["minutes"]}
    )
    page = LessonPage.objects.filter(lesson=row).order_by("pk").first() or LessonPage(lesson=row, slug=lesson["key"])
    if page.pk and page.get_parent().pk != parent.pk:
        page.move(parent, pos="last-child")
        page = LessonPage.objects.get(pk=page.pk)
    fields = {
        "title": lesson["title"],
        "minutes": lesson["minutes"],
        "narration_id": content.narration(lesson["key"], lesson.get("narration")),
        "body": content.stream(lesson["key"], lesson["blocks"]),
        "completion": lesson.get("completion") or _usual_completion(lesson),
        "opens_after": lesson.get("opens_after"),
    }
    if fields["completion"] not in Completion.values:
        raise InvalidCourse(f"{course.key}, {lesson['key']}: unknown completion {fields['completion']!r}")
    _publish(page, parent=parent, fields=fields)
    return page


def _usual_completion(lesson: Mapping[str, Any]) -> str:
    """A lesson with a quiz is done when the quiz is passed."""
    return Completion.PASSED if any(block.get("type") == "quiz" for block in lesson["blocks"]) else Completion.VIEWED


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


def _put_at(page: Page, parent: Page, position: int) -> None:
    """Give the page its place among the children."""
    siblings = list(parent.get_children())
    if siblings[position].pk != page.pk:
        page.move(siblings[position], pos="left")
        page.refresh_from_db()
