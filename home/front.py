"""What the front page and /my/ show of the rooms behind them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from library.models import Record
from lms import catalogue, languages
from lms.models import CoursePage, Enrolment
from targets import decision, figures
from targets.models import Target

COURSES_SHOWN = 6
RECORDS_SHOWN = 3


@dataclass(frozen=True)
class GoingOn:
    """The one main action for a learner: where to go on."""

    url: str
    label: str


@dataclass(frozen=True)
class Learning:
    """One course of a learner on /my/."""

    title: str
    language: str
    url: str
    state: str
    done: int
    total: int
    percent: float
    finished_on: date | None
    certificate: Certificate | None
    certificate_awaited: bool


def context(request: HttpRequest) -> dict[str, Any]:
    """The front page: courses, newest records, how far the country has come, and where the learner goes on."""
    today = timezone.localdate()
    records = Record.objects.public().bibliographic()
    return {
        "today": today,
        "headline": _headline(today),
        "cards": catalogue.newest(request, limit=COURSES_SHOWN),
        "course_count": CoursePage.objects.live().public().sources().count(),
        "records": records.order_by("-pk")[:RECORDS_SHOWN],
        "record_count": records.count(),
        "going_on": going_on(request),
        "fonts": languages.fonts([languages.preferred(request)]),
    }


def going_on(request: HttpRequest) -> GoingOn | None:
    """The unfinished course with the latest activity, unless a merged account finished it."""
    user = request.user
    if not user.is_authenticated:
        return None
    own = Enrolment.objects.of_learner(user)
    finished = own.exclude(completed_at=None).order_by().values("course")
    enrolment = own.filter(completed_at=None).exclude(course__in=finished).first()
    if enrolment is None:
        return None
    pages = languages.course_pages([enrolment.course_id], languages.preferred(request))
    page = pages.get(enrolment.course_id)
    return GoingOn(page.get_url(request) or "", _("Học tiếp: %(title)s") % {"title": page.title}) if page else None


def learning(request: HttpRequest) -> list[Learning]:
    """The learner's courses, the latest activity first; five queries."""
    enrolments = list(Enrolment.objects.of_learner(request.user).prefetch_related("course__lessons"))
    pages = languages.course_pages([e.course_id for e in enrolments], languages.preferred(request))
    certificates = {
        row.enrolment_id: row for row in Certificate.objects.filter(enrolment__in=enrolments, revoked_at=None)
    }
    return [
        _learning(enrolment, pages.get(enrolment.course_id), certificates.get(enrolment.pk), request)
        for enrolment in enrolments
    ]


def _learning(
    enrolment: Enrolment, page: CoursePage | None, certificate: Certificate | None, request: HttpRequest
) -> Learning:
    total = sum(lesson.position is not None for lesson in enrolment.course.lessons.all())
    done = min(enrolment.lessons_done, total)
    finished = enrolment.completed_at
    return Learning(
        title=page.title if page else enrolment.course.title,
        language=page.locale.language_code if page else enrolment.course.language,
        url=(page and page.get_url(request)) or "",
        state=enrolment.get_status_display(),
        done=done,
        total=total,
        percent=100 * done / total if total else 0,
        finished_on=timezone.localdate(finished) if finished else None,
        certificate=certificate,
        certificate_awaited=bool(finished and enrolment.course.certificate and certificate is None),
    )


def _headline(day: date) -> figures.Figure | None:
    """The target of village heads for the whole country, once there is a population to measure by."""
    target = Target.objects.filter(key=decision.HEADS).first()
    figure = figures.of_unit(target, None, day) if target else None
    return figure if figure and figure.population else None
