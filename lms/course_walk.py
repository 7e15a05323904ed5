"""A lesson among the lessons of its course, by few queries and without bodies: what a lesson's page shows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from lms import opening
from lms.models import Enrolment, Lesson, LessonDone, LessonPage

FIELDS = (
    "pk",
    "path",
    "depth",
    "slug",
    "title",
    "url_path",
    "live",
    "coursepage__course",
    "lessonpage__lesson",
    "lessonpage__lesson__title",
    "lessonpage__lesson__opens_at",
    "lessonpage__lesson__opens_after",
)


@dataclass(frozen=True)
class Spot:
    """A page of the course's tree: the course itself, a section or a lesson."""

    pk: int
    path: str
    depth: int
    slug: str
    title: str
    url_path: str
    live: bool
    course: int | None
    lesson: int | None
    lesson_title: str
    opens_at: Any
    opens_after: int | None
    done: bool = False


@dataclass(frozen=True)
class Stop:
    """One lesson on the way through the course."""

    page: Spot
    url: str
    done: bool


@dataclass(frozen=True)
class Walk:
    """The live lessons in order, and where this one stands among them; number is 1 for the first."""

    course: Spot
    course_url: str
    section: Spot | None
    stops: Sequence[Stop]
    number: int
    reason: str  # why the lesson is not open yet

    @property
    def previous(self) -> Stop | None:
        """The lesson before this one."""
        return self.stops[self.number - 2] if 2 <= self.number <= len(self.stops) + 1 else None


def walk(page: LessonPage, request: HttpRequest, enrolment: Enrolment | None, *, asks_first: bool) -> Walk:
    """The way through the course. asks_first: whether the course has others that must be finished before it."""
    spots = _spots(page, enrolment)
    course = spots[0]
    sections = {spot.path: spot for spot in spots if spot.course is None and spot.lesson is None}
    shown = [spot for spot in spots if spot.lesson is not None and spot.live and _is_open(spot, course, sections)]
    number = next((i for i, spot in enumerate(shown, start=1) if spot.pk == page.pk), len(shown) + 1)
    course_url = (page.get_url(request) or "").removesuffix(_below_course(page.url_path, course))
    return Walk(
        course=course,
        course_url=course_url,
        section=sections.get(page.path[: -page.steplen]),
        stops=[Stop(spot, course_url + _below_course(spot.url_path, course), spot.done) for spot in shown],
        number=number,
        reason=_reason(page.lesson_id, shown, enrolment, asks_first=asks_first),
    )


def _below_course(url_path: str, course: Spot) -> str:
    """The rest of an address below the course's; slugs may have letters with marks."""
    return quote(url_path[len(course.url_path) :])


def _spots(page: LessonPage, enrolment: Enrolment | None) -> list[Spot]:
    """The course's page and all below it; one query, of a lesson in a section two."""
    for levels in (1, 2):
        above = page.path[: -levels * page.steplen]
        rows = _below(above, enrolment)
        if levels == 2 or (rows and rows[0].course is not None):
            break
    return rows


def _below(path: str, enrolment: Enrolment | None) -> list[Spot]:
    pages: QuerySet[Any] = Page.objects.filter(path__startswith=path).order_by("path")
    if enrolment is None:
        return [Spot(*row) for row in pages.values_list(*FIELDS)]
    done = LessonDone.objects.filter(enrolment=enrolment, lesson=OuterRef("lessonpage__lesson"))
    return [Spot(*row) for row in pages.annotate(done=Exists(done)).values_list(*FIELDS, "done")]


def _is_open(spot: Spot, course: Spot, sections: dict[str, Spot]) -> bool:
    """Lessons stand in the course or in one of its live sections."""
    above = spot.path[: -Page.steplen]
    return above == course.path or (above in sections and sections[above].live)


def _reason(lesson: int, shown: Sequence[Spot], enrolment: Enrolment | None, *, asks_first: bool) -> str:
    if enrolment is None or any(spot.lesson == lesson and spot.done for spot in shown):
        return ""
    lessons = [
        Lesson(pk=spot.lesson, title=spot.lesson_title, opens_at=spot.opens_at, opens_after=spot.opens_after)
        for spot in shown
    ]
    done = {spot.lesson for spot in shown if spot.lesson is not None and spot.done}
    return opening.closed(enrolment, lessons, done, asks_first=asks_first).get(lesson, "")
