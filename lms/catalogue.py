"""What the catalogue and a course's page show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest

from core import reading_language
from core.prepared import Prepared
from lms import addresses, catalogue_filters, class_pages, course_tree, languages, next_class, opening
from lms.catalogue_filters import Filters
from lms.course_tree import Place
from lms.models import (
    Course,
    CourseIndexPage,
    CoursePage,
    Enrolment,
    Lesson,
    LessonDone,
    LessonPage,
    ProgrammeCourse,
    ProgrammePage,
)
from people.merging import accounts_of
from people.models import Audience, Representation

SHOWN = 24  # courses on a page of the catalogue


@dataclass(frozen=True)
class Card:
    """One course in the catalogue, in the reader's language where there is one; enrolment is the reader's, if any."""

    page: CoursePage
    url: str
    lessons: int
    minutes: int
    enrolment: Enrolment | None

    @property
    def language(self) -> str:
        """That of the page."""
        return str(self.page.locale.language_code)

    @property
    def percent(self) -> int:
        """How much of the lessons the reader went through."""
        done = self.enrolment.lessons_done if self.enrolment else 0
        return round(100 * done / self.lessons) if self.lessons else 0


@dataclass(frozen=True)
class ProgrammeCard:
    """One programme in the catalogue; finished counts the reader's courses."""

    page: ProgrammePage
    url: str
    courses: int
    hours: Decimal
    finished: int


@dataclass(frozen=True)
class Step:
    """One lesson of a course as its learner sees it."""

    place: Place
    url: str
    number: int
    done: bool
    closed: str = ""  # why it is not open yet

    @property
    def page(self) -> LessonPage:
        """That of the lesson in the reader's language, where there is one."""
        return self.place.page


def context(page: CourseIndexPage, request: HttpRequest) -> dict[str, Any]:
    """A page of the courses that fit what is asked, with all that can be asked; programmes before them."""
    asked = Filters.of(request.GET)
    pages = CoursePage.objects.live().public().sources().order_by("path")
    keys, choices = catalogue_filters.found(pages, asked)
    shown = class_pages.page_of(keys, request.GET.get("page", ""), SHOWN)
    return {
        "asked": asked,
        "cards": _cards(list(shown), request),
        "total": len(keys),
        "page_obj": shown,
        "programmes": [] if asked.query or shown.number > 1 else _programme_cards(request),
        "fonts": languages.fonts([languages.preferred(request)]),
        **choices,
    }


def _programme_cards(request: HttpRequest) -> list[ProgrammeCard]:
    """The programmes with how many courses and hours they have, and how many of them the reader finished; 3 queries."""
    rows = _programmes(request)
    places = ProgrammeCourse.objects.filter(programme__in=[row.programme_id for row in rows], course__published=True)
    courses: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for programme, course, hours in places.values_list("programme", "course", "course__hours"):
        courses[programme][course] = hours
    finished: set[int] = set()
    if rows and request.user.is_authenticated:
        own = Enrolment.objects.of_person(request.user).exclude(completed_at=None).order_by()
        finished = set(own.values_list("course", flat=True))
    return [
        ProgrammeCard(
            row,
            row.get_url(request) or "",
            len(courses[row.programme_id]),
            sum(courses[row.programme_id].values(), Decimal(0)),
            len(finished & courses[row.programme_id].keys()),
        )
        for row in rows
    ]


def newest(request: HttpRequest, *, limit: int) -> list[Card]:
    """The courses that were published last, for the front page."""
    pages = CoursePage.objects.live().public().sources().order_by("-first_published_at", "-pk")[:limit]
    return _cards(list(pages.values_list("course", flat=True)), request)


def course_context(page: CoursePage, request: HttpRequest) -> dict[str, Any]:
    """The lessons with the reader's state, and what the reader can do next."""
    enrolment = enrolment_of(request, page.course)
    source = languages.source_page(page)
    language = reading_language.of(request)
    places = course_tree.lessons(source, bodies=False, language=language)
    urls = [addresses.in_language(place.page, language, request) for place in places]
    lessons = steps(places, urls, enrolment)
    waiting = next((step for step in lessons if step.closed), None)
    return {
        "course": page.course,
        "rules": source,
        "choices": languages.choices(languages.used(page.course), source, request),
        **languages.said_of(page, request),
        "steps": lessons,
        "minutes": sum(step.page.minutes for step in lessons),
        "enrolment": enrolment,
        "done_percent": 100 * sum(step.done for step in lessons) / len(lessons) if lessons else 0,
        "next_step": next((step for step in lessons if not step.done and not step.closed), None),
        "waiting": waiting,
        "programmes": _programmes(request, programme__courses=page.course),
        "first": [] if enrolment and waiting is None else _first(page, request),
        "audience_labels": [each.label for each in Audience if each.value in source.audiences],
        "representations": _representations(request) if enrolment is None else [],
        "classes": next_class.to_join(page.course, request.user),
        "address": request.build_absolute_uri(page.get_url(request) or ""),
    }


def steps(
    places: Sequence[Place], urls: Sequence[str], enrolment: Enrolment | None, *, asks_first: bool = True
) -> list[Step]:
    """The lessons of a course in their order, each with its address, and what keeps the learner from one.

    asks_first: False where it is known that no other course must be finished before.
    """
    done: set[int] = set()
    closed: Mapping[int, str] = {}
    if enrolment:
        done = {row.lesson_id for row in _done(enrolment.pk)}
        closed = opening.closed(enrolment, [place.page.lesson for place in places], done, asks_first=asks_first)
    return [
        Step(place, url, number, place.page.lesson_id in done, closed.get(place.page.lesson_id, ""))
        for number, (place, url) in enumerate(zip(places, urls, strict=True), start=1)
    ]


@Prepared
def _done(enrolment: int) -> QuerySet[LessonDone]:
    return LessonDone.objects.filter(enrolment=enrolment)


def programme_context(page: ProgrammePage, request: HttpRequest) -> dict[str, Any]:
    """The programme's courses in their order, and how many of them the reader has finished."""
    cards = _cards(list(page.programme.places.values_list("course", flat=True)), request)
    finished = sum(1 for card in cards if card.enrolment and card.enrolment.is_finished)
    return {
        "cards": cards,
        "finished": finished,
        "percent": 100 * finished / len(cards) if cards else 0,
        "fonts": languages.fonts([page.locale.language_code, languages.preferred(request)]),
    }


def enrolment_of(request: HttpRequest, course: Course) -> Enrolment | None:
    """The reader's enrolment in the course."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Enrolment.objects.of_person(user).filter(course=course).first()


def _first(page: CoursePage, request: HttpRequest) -> list[CoursePage]:
    """The pages of the courses to finish before this one: all of them, or those that the reader has not."""
    user = getattr(request, "user", None)
    wanted = page.course.prerequisites.published()
    if user is not None and user.is_authenticated:
        wanted = wanted.filter(pk__in=[course.pk for course in opening.unfinished(page.course, user)])
    pages = languages.course_pages(list(wanted.values_list("pk", flat=True)), reading_language.of(request))
    return sorted(pages.values(), key=lambda each: each.title)


def _programmes(request: HttpRequest, **wanted: Any) -> list[ProgrammePage]:
    """The programmes that readers can open, in their language where there is one."""
    pages = ProgrammePage.objects.live().public().written().filter(**wanted).distinct()
    found: dict[int, ProgrammePage] = {}
    for each in pages.order_by("path").select_related("locale"):
        if each.programme_id not in found or each.locale.language_code == languages.preferred(request):
            found[each.programme_id] = each
    return list(found.values())


def _representations(request: HttpRequest) -> list[Representation]:
    """For whom else the reader may learn today."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    theirs = Representation.objects.on().filter(person__in=accounts_of(user))
    return list(theirs.select_related("household", "organisation"))


def _cards(courses: list[int], request: HttpRequest) -> list[Card]:
    """Those of the courses with these keys that readers can open."""
    language = languages.preferred(request)
    pages = languages.course_pages(courses, language)
    totals: Mapping[int, tuple[int, int]] = {
        row["course"]: (row["lessons"], row["all_minutes"])
        for row in Lesson.objects.in_order()
        .filter(course__in=courses)
        .order_by()
        .values("course")
        .annotate(lessons=Count("pk"), all_minutes=Sum("minutes"))
    }
    enrolments: dict[int, Enrolment] = {}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        for row in Enrolment.objects.of_person(user).filter(course__in=courses):
            enrolments.setdefault(row.course_id, row)
    return [
        Card(
            pages[course],
            pages[course].get_url(request) or "",
            *totals.get(course, (0, 0)),
            enrolments.get(course),
        )
        for course in courses
        if course in pages
    ]
