"""Which lessons a learner may enter: what a course asks beforehand, dates, and one lesson after the other."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.models import Course, Enrolment, Lesson
from people.models import User


def unfinished(course: Course, learner: User) -> list[Course]:
    """The courses that the learner must finish first and has not."""
    finished = Enrolment.objects.of_person(learner).filter(completed_at__isnull=False).order_by()
    wanted = course.prerequisites.filter(published=True).exclude(pk__in=finished.values("course"))
    return list(wanted.order_by("title", "pk"))


def closed(
    enrolment: Enrolment, lessons: Sequence[Lesson], done: Collection[int], *, asks_first: bool = True
) -> dict[int, str]:
    """By lesson key, why it is not open yet. lessons: all of the course in order; done: keys of those done.

    What was done once stays open. asks_first: False where it is known that no other course must be finished before.
    """
    first = unfinished(enrolment.course, enrolment.learner) if asks_first else []
    missing = ", ".join(course.title for course in first)
    reasons: dict[int, str] = {}
    waits_for = ""
    for lesson in lessons:
        if lesson.pk not in done:
            reason = _("Cần học xong trước: %(courses)s.") % {"courses": missing} if missing else ""
            if reason := reason or _not_yet(lesson, enrolment.enrolled_at) or waits_for:
                reasons[lesson.pk] = reason
            if enrolment.course.in_order and not waits_for:
                waits_for = _("Bài này mở khi ông, bà đã xong bài “%(lesson)s”.") % {"lesson": lesson.title}
    return reasons


def why_closed(enrolment: Enrolment, lesson: Lesson) -> str:
    """Why the learner may not enter this lesson yet; empty when it is open."""
    done = set(enrolment.done.values_list("lesson", flat=True))
    if lesson.pk in done:
        return ""
    return closed(enrolment, list(enrolment.course.lessons.in_order()), done).get(lesson.pk, "")


def _not_yet(lesson: Lesson, enrolled_at: datetime) -> str:
    opens = enrolled_at + timedelta(days=lesson.opens_after or 0)
    opens = max(opens, lesson.opens_at or opens)
    if opens <= timezone.now():
        return ""
    return _("Bài này mở lúc %(time)s.") % {"time": date_format(timezone.localtime(opens), "H:i d/m/Y")}
