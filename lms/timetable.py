"""The sessions of a class: made one by one or every week, moved, taken away while nobody was marked."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import audit
from lms import class_conclusions
from lms.models import Cohort, Lesson, Session
from people.models import User

MOST = 60  # sessions in one repetition


def hours_between(starts: time, ends: time) -> Decimal:
    """Clock hours from one time to another, to a tenth."""
    length = datetime.combine(date.min, ends) - datetime.combine(date.min, starts)
    return (Decimal(int(length.total_seconds())) / 3600).quantize(Decimal("0.1"))


def add(
    cohort: Cohort,
    *,
    day: date,
    starts: time,
    ends: time,
    by: User | None,
    times: int = 1,
    hours: Decimal | None = None,
    title: str = "",
    place: str = "",
    lesson: Lesson | None = None,
) -> list[Session]:
    """A session on the day, and on the same weekday of the weeks after it, as often as `times` says.

    Where the class has a session at that very time, that one stays as it is and is among those returned.
    """
    length = hours if hours is not None else hours_between(starts, ends)
    with transaction.atomic():
        made = [
            Session.objects.get_or_create(
                cohort=cohort,
                day=day + timedelta(weeks=week),
                starts=starts,
                defaults={"ends": ends, "hours": length, "title": title, "place": place, "lesson": lesson},
            )[0]
            for week in range(min(times, MOST))
        ]
        if by is not None:
            audit.record(by=by, action="session.add", subject=str(cohort.uuid), detail={"sessions": len(made)})
    return made


def change(session: Session, *, by: User, **fields: Any) -> None:
    """Move a session or say more of it. Statements that were made keep their time."""
    with transaction.atomic():
        for name, value in fields.items():
            setattr(session, name, value)
        session.save(update_fields=[*fields])
        audit.record(by=by, action="session.change", subject=str(session.uuid), detail={"fields": sorted(fields)})


def remove(session: Session, *, by: User) -> bool:
    """Take a session away; False when someone was marked in it: then it stays."""
    with transaction.atomic():
        Cohort.objects.select_for_update(of=("self",)).get(pk=session.cohort_id)
        if session.marks.exists():
            return False
        audit.record(by=by, action="session.remove", subject=str(session.uuid))
        cohort = session.cohort
        session.delete()
        class_conclusions.queue_members(cohort)
    return True
