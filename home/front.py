"""What the front page shows of the rooms behind it."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from home import learning
from library.models import Record
from lms import catalogue, languages
from lms.models import CoursePage
from targets import decision, figures
from targets.models import Target

COURSES_SHOWN = 6
RECORDS_SHOWN = 3


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
        "going_on": learning.going_on(learning.courses_of(request), request) if request.user.is_authenticated else None,
        "fonts": languages.fonts([languages.preferred(request)]),
    }


def _headline(day: date) -> figures.Figure | None:
    """The target of village heads for the whole country, once there is a population to measure by."""
    target = Target.objects.filter(key=decision.HEADS).first()
    figure = figures.of_unit(target, None, day) if target else None
    return figure if figure and figure.population else None
