"""Whose learning a report is about: a course, or a class of it, as far as the reader may see its learners."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lms import joining, messages
from lms.models import Answer, Cohort, Course, Enrolment
from lms.models.answer import AnswerQuerySet
from lms.models.enrolment import EnrolmentQuerySet
from people.models import User

MOST_CLASSES = 200  # to choose from; older ones are reached from their own pages


@dataclass(frozen=True)
class Scope:
    """What every page, figure and file of reports asks for rows."""

    course: Course
    reader: User
    cohort: Cohort | None = None

    @cached_property
    def _seen(self) -> EnrolmentQuerySet:
        """Asked for once: who sees whom takes some queries to know."""
        rows = Enrolment.objects.visible_to(self.reader).filter(course=self.course)
        if self.cohort:
            rows = rows.filter(learner__in=joining.members(self.cohort).order_by().values("person"))
        return rows

    def enrolments(self) -> EnrolmentQuerySet:
        """Of the course's learners; in a class of those who are in it, or were to its end."""
        return self._seen.all()

    def behind(self) -> EnrolmentQuerySet:
        """Those of them who are behind: in a class exactly those whom a message to who is behind reaches."""
        if self.cohort:
            people = messages.recipients(self.cohort, behind_only=True)
            return self.enrolments().filter(learner__in=people.order_by().values("pk"))
        return self.enrolments().behind().filter(learner__is_active=True)

    def answers(self) -> AnswerQuerySet:
        """Their answers that stand."""
        return Answer.objects.standing().filter(enrolment__in=self.enrolments().order_by().values("pk"))

    def classes(self) -> QuerySet[Cohort]:
        """To choose from, the newest first."""
        return Cohort.objects.visible_to(self.reader).filter(course=self.course)[:MOST_CLASSES]


def scope_or_404(reader: Any, course: str, cohort: str = "") -> Scope:
    """By the course's key and the class's uuid ("": the whole course); 404 for what is not, or is not the reader's."""
    found = get_object_or_404(Course, key=course)
    if not cohort:
        return Scope(found, reader)
    rows = Cohort.objects.visible_to(reader).filter(course=found).select_related("group")
    return Scope(found, reader, get_object_or_404(rows, uuid=_uuid(cohort)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
