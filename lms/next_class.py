"""Classes of a course that somebody may still join, for the course's page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from lms.models import Cohort, Course

SHOWN = 3


@dataclass(frozen=True)
class OpenClass:
    """A class that takes people by its code; places_left is None where there is no limit."""

    cohort: Cohort
    begins: date
    places_left: int | None


def to_join(course: Course, user: Any) -> list[OpenClass]:
    """The next ones that have room, the earliest first, unless the reader is in one. One query, or two."""
    if user.is_authenticated and Cohort.objects.of_member(user).filter(course=course).exists():
        return []
    today = timezone.localdate()
    inside = Q(group__memberships__leader=False) & (
        Q(group__memberships__until=None) | Q(group__memberships__until__gte=today)
    )
    rows = Cohort.objects.running().filter(course=course, join_open=True, entered_afterwards=False)
    rows = rows.select_related("unit").annotate(
        taken=Count("group__memberships__person", filter=inside, distinct=True),
        next_day=Min("sessions__day", filter=Q(sessions__day__gte=today)),
    )
    rows = rows.filter(Q(since__gte=today) | Q(next_day__isnull=False)).filter(Q(seats=0) | Q(taken__lt=F("seats")))
    return [
        OpenClass(row, row.next_day or row.since, row.seats - row.taken if row.seats else None)
        for row in rows.order_by(Coalesce("next_day", "since"), "pk")[:SHOWN]
    ]
