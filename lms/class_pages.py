"""What the pages about classes show, for the trainer's phone and for the admin alike; a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from lms.models import THERE, Attendance, Cohort, Enrolment, Presence, Session
from people.models import GroupMembership, User

PEOPLE = 50  # on one page of a list
ROLL = 200  # on one page of attendance
NUMBER_OF_DIGITS = 6


@dataclass(frozen=True)
class Learner:
    """A person of a class, how far they are, and how often they were there."""

    person: User
    enrolment: Enrolment | None
    lessons: int
    there: int
    held: int
    until: date | None

    @property
    def percent(self) -> float:
        """Lessons gone through, 0 to 100."""
        return (
            100 * min(self.enrolment.lessons_done, self.lessons) / self.lessons
            if self.enrolment and self.lessons
            else 0
        )


@dataclass(frozen=True)
class OwnClass:
    """A class on the learner's own page."""

    cohort: Cohort
    next: Session | None
    trainers: list[str]

    @property
    def place(self) -> str:
        """Where the next session is."""
        return (self.next.place if self.next else "") or self.cohort.place


def of_learner(user: Any) -> list[OwnClass]:
    """The classes that the user learns in, each with its next session; three queries."""
    cohorts = list(Cohort.objects.of_member(user).select_related("course").order_by("since", "pk"))
    coming: dict[int, Session] = {}
    for session in Session.objects.coming().filter(cohort__in=cohorts):
        coming.setdefault(session.cohort_id, session)
    trainers: dict[int, list[str]] = defaultdict(list)
    groups = [cohort.group_id for cohort in cohorts]
    for row in GroupMembership.objects.on().filter(group__in=groups, leader=True).select_related("person"):
        trainers[row.group_id].append(row.person.full_name)
    return [OwnClass(cohort, coming.get(cohort.pk), trainers[cohort.group_id]) for cohort in cohorts]


def page_with_counts(cohorts: QuerySet[Cohort], asked: str) -> Page[Any]:
    """One page of classes; only those of the page are counted, not all before them."""
    page = page_of(cohorts.values_list("pk", flat=True), asked)
    page.object_list = _with_counts(Cohort.objects.filter(pk__in=list(page)))
    return page


def _with_counts(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """With course and place at hand, and how many learners (`learners`) and sessions (`meetings`) each has."""
    members = GroupMembership.objects.filter(group=OuterRef("group"), leader=False).order_by().values("group")
    meetings = Session.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    return cohorts.select_related("course", "unit", "organisation").annotate(
        learners=Coalesce(Subquery(members.annotate(n=Count("person", distinct=True)).values("n")), 0),
        meetings=Coalesce(Subquery(meetings.annotate(n=Count("pk")).values("n")), 0),
    )


def sessions_of(cohort: Cohort) -> list[Session]:
    """All sessions with how many were there (`there`) and how many are marked (`marked`)."""
    rows = cohort.sessions.annotate(
        marked=Count("attendances"), there=Count("attendances", filter=Q(attendances__state__in=THERE))
    ).order_by("day", "starts", "pk")
    sessions: list[Session] = list(rows)
    for session in sessions:
        session.cohort = cohort
    return sessions


def people_of(cohort: Cohort, reader: Any) -> QuerySet[User]:
    """The learners of the class, those who left too, whom the reader may see."""
    members = GroupMembership.objects.filter(group=cohort.group_id, leader=False).order_by().values("person")
    return User.objects.visible_to(reader).filter(pk__in=members).order_by("full_name", "id")


def hidden_people(cohort: Cohort, seen: int) -> int:
    """How many of the class are not among those whom the reader sees."""
    members = GroupMembership.objects.filter(group=cohort.group_id, leader=False)
    return members.order_by().values("person").distinct().count() - seen


def learners(cohort: Cohort, people: Iterable[User]) -> list[Learner]:
    """These people of the class with their progress; six queries."""
    people = list(people)
    enrolments = Enrolment.objects.by_learner(cohort.course_id, people)
    lessons = cohort.course.lessons.in_order().count()
    held = cohort.sessions.filter(day__lte=timezone.localdate()).count()
    there = Counter(
        Attendance.objects.filter(session__cohort=cohort, learner__in=people, state__in=THERE).values_list(
            "learner", flat=True
        )
    )
    spans = GroupMembership.objects.filter(group=cohort.group_id, leader=False, person__in=people).order_by("since")
    until = dict(spans.values_list("person", "until"))
    return [
        Learner(person, enrolments.get(person.pk), lessons, there[person.pk], held, until.get(person.pk))
        for person in people
    ]


def page_of(rows: Any, asked: str, size: int = PEOPLE) -> Page[Any]:
    """One page of a list; what is no number is the first page."""
    return Paginator(rows, size).get_page(asked if asked.isdecimal() and len(asked) <= NUMBER_OF_DIGITS else 1)


def grid(cohort: Cohort, people: Iterable[User], sessions: list[Session]) -> list[dict[str, Any]]:
    """Who × sessions: by person, the state in each session in order, None where nobody was marked; one query."""
    people = list(people)
    rows = Attendance.objects.filter(session__in=sessions, learner__in=people)
    states = {(row.learner_id, row.session_id): row for row in rows}
    table = []
    for person in people:
        cells = [states.get((person.pk, session.pk)) for session in sessions]
        table.append({"person": person, "cells": cells, "there": sum(1 for cell in cells if cell and cell.is_there)})
    return table


def choices_of_presence() -> list[tuple[str, str]]:
    """The states with short words for narrow buttons."""
    return [(each.value, str(each.label)) for each in Presence]
