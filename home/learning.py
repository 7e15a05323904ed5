"""What /my/ shows of a person's learning: where to go on, what is due, how much was learned, each course."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from lms import addresses, languages, opening, places
from lms.class_pages import OwnClass
from lms.models import THERE, Attendance, Enrolment, Lesson, LessonDone

SOON = timedelta(days=60)  # how far ahead what is due is shown


@dataclass(frozen=True)
class GoingOn:
    """The one main action for a learner: the very lesson, and the place in it."""

    url: str
    label: str


@dataclass(frozen=True)
class Due:
    """Something with a day: a session, the end of a class, a lesson that opens."""

    on: date
    what: str
    url: str = ""


@dataclass(frozen=True)
class Learned:
    """One course of a person; hours count once it is finished. Score in percent."""

    enrolment: Enrolment
    title: str
    language: str  # of the title
    url: str
    lessons: Sequence[Lesson]
    done: frozenset[int]
    certificate: Certificate | None

    @property
    def total(self) -> int:
        """Lessons that the course has today."""
        return len(self.lessons)

    @property
    def lessons_done(self) -> int:
        """Of those."""
        return min(self.enrolment.lessons_done, self.total)

    @property
    def percent(self) -> float:
        """Of the lessons."""
        return 100 * self.lessons_done / self.total if self.total else 0

    @property
    def finished_on(self) -> date | None:
        """The day by the site's clock."""
        return timezone.localdate(self.enrolment.completed_at) if self.enrolment.completed_at else None

    @property
    def hours(self) -> Decimal:
        """What the course counts for, once it is finished; what the certificate says, whatever the course is today."""
        if not self.enrolment.is_finished:
            return Decimal(0)
        return self.certificate.hours if self.certificate else self.enrolment.course.hours

    @property
    def certificate_awaited(self) -> bool:
        """It is being made."""
        return self.enrolment.is_finished and self.enrolment.course.certificate and self.certificate is None


def courses_of(request: HttpRequest) -> list[Learned]:
    """The reader's courses, the latest activity first; of several enrolments in one the furthest. Five queries."""
    furthest: dict[int, Enrolment] = {}
    for enrolment in Enrolment.objects.of_person(request.user).select_related("course", "learner"):
        furthest.setdefault(enrolment.course_id, enrolment)
    enrolments = sorted(furthest.values(), key=_activity, reverse=True)
    language = languages.preferred(request)
    pages = languages.course_pages(furthest, language)
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in Lesson.objects.in_order().filter(course__in=furthest):
        lessons[lesson.course_id].append(lesson)
    done: dict[int, set[int]] = defaultdict(set)
    for key, lesson_key in LessonDone.objects.filter(enrolment__in=enrolments).values_list("enrolment", "lesson"):
        done[key].add(lesson_key)
    given = Certificate.objects.filter(enrolment__in=enrolments, revoked_at=None)
    certificates = {row.enrolment_id: row for row in given}
    return [
        Learned(
            enrolment,
            page.title if page else enrolment.course.title,
            page.locale.language_code if page else enrolment.course.language,
            addresses.in_language(page, language, request),
            lessons[enrolment.course_id],
            frozenset(done[enrolment.pk]),
            certificates.get(enrolment.pk),
        )
        for enrolment in enrolments
        for page in [pages.get(enrolment.course_id)]
    ]


def going_on(courses: Sequence[Learned], request: HttpRequest) -> GoingOn | None:
    """Of the unfinished course with the latest activity: the lesson that was being read, else the next; 3 queries."""
    course = next((each for each in courses if not each.enrolment.is_finished and each.url), None)
    if course is None:
        return None
    own = course.enrolment
    closed = opening.closed(own, course.lessons, course.done)
    ahead = [each for each in course.lessons if each.pk not in course.done and each.pk not in closed]
    reading = places.latest([own]).get(own.registration)
    read = places.lesson_of(own.course, reading) if reading else ""
    lesson = next((each for each in ahead if each.key == read), None) or next(iter(ahead), None)
    if lesson is None:
        return GoingOn(course.url, _("Học tiếp: %(title)s") % {"title": course.title})
    language = languages.preferred(request)
    page = languages.lesson_pages([lesson.pk], language).get(lesson.pk)
    anchor = f"#{reading.block}" if reading and lesson.key == read else ""
    label = _("Học tiếp: %(lesson)s (%(course)s)") % {
        "lesson": page.title if page else lesson.title,
        "course": course.title,
    }
    return GoingOn(f"{addresses.in_language(page, language, request)}{anchor}" if page else course.url, label)


def due(courses: Sequence[Learned], classes: Sequence[OwnClass]) -> list[Due]:
    """What has a day within SOON, the earliest first. No query."""
    today = timezone.localdate()
    found = []
    for each in classes:
        if each.next:
            what = _("Buổi học %(time)s của %(name)s") % {"time": f"{each.next.starts:%H:%M}", "name": each.cohort.name}
            found.append(Due(each.next.day, what))
        if each.cohort.until:
            found.append(Due(each.cohort.until, _("%(name)s kết thúc") % {"name": each.cohort.name}))
    for course in courses:
        if not course.enrolment.is_finished:
            for lesson in course.lessons:
                opens = _opens_on(lesson, course.enrolment.enrolled_at)
                if opens and opens > today and lesson.pk not in course.done:
                    what = _("Mở bài “%(lesson)s” (%(course)s)")
                    names = {"lesson": lesson.title, "course": course.title}
                    found.append(Due(opens, what % names, course.url))
    return sorted((each for each in found if today <= each.on <= today + SOON), key=lambda each: each.on)


def class_hours(user: Any) -> Decimal:
    """Hours of sessions at which the person was there."""
    from people.merging import accounts_of

    rows = Attendance.objects.filter(learner__in=accounts_of(user), state__in=THERE)
    return rows.aggregate(hours=Sum("session__hours"))["hours"] or Decimal(0)


def _activity(enrolment: Enrolment) -> tuple[datetime, int]:
    return (enrolment.active_at or enrolment.enrolled_at, enrolment.pk)


def _opens_on(lesson: Lesson, enrolled_at: datetime) -> date | None:
    if lesson.opens_at is None and lesson.opens_after is None:
        return None
    opens = enrolled_at + timedelta(days=lesson.opens_after or 0)
    return timezone.localdate(max(opens, lesson.opens_at or opens))
