"""A class with learners for the tests of classes."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from lms import attendance, cohorts, joining, timetable
from lms.attendance import Said
from lms.models import Cohort, Course, Mark, Session
from people import accounts
from people.models import User
from xapi.models import Statement


def class_of(
    course: Course, *, names: int = 3, trainer: User | None = None, **fields: Any
) -> tuple[Cohort, User, list[User]]:
    """A class in a room that began last week and ends today, its trainer, and its learners."""
    today = timezone.localdate()
    trainer = trainer or accounts.create(full_name="Vừ Thị Mai", username=f"mai-{uuid4().hex[:6]}")
    given = {"name": "Lớp Hua Tạt", "since": today - timedelta(days=7), "until": today} | fields
    cohort = cohorts.create(course=course, trainers=[trainer], **given)
    people = [accounts.create(full_name=f"Sùng A {letter}", username=f"sung-{uuid4().hex[:8]}") for letter in "ABCDE"]
    joining.add(cohort, people[:names], by=trainer, since=cohort.since)
    return cohort, trainer, people[:names]


def meeting(cohort: Cohort, day: date | None = None, starts: time = time(8), ends: time = time(11)) -> Session:
    """A session of the class; yesterday if not told otherwise."""
    day = day or timezone.localdate() - timedelta(days=1)
    return timetable.add(cohort, day=day, starts=starts, ends=ends, by=None)[0]


def say(session: Session, learner: User, state: str, *, at: datetime | None = None, by: User | None = None) -> None:
    """Mark one learner."""
    said = Said(learner, state, at or timezone.now(), uuid4())
    attendance.mark(session, [said], by=by, how=Mark.How.LIST)


def presences(session: Session) -> list[Statement]:
    """The standing statements of presence in the session."""
    rows = Statement.objects.filter(voided=False, voids=None).order_by("pk")
    return [row for row in rows if row.data["object"]["id"] == session.iri]
