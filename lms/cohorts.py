"""Makes classes and says who runs them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from lms.models import Cohort, Course
from people.models import Group, GroupMembership, User

CARE = timedelta(days=90)  # for so long after a class its trainers still see and look after its people
CHANGEABLE = ("name", "unit", "organisation", "mode", "place", "seats", "join_open", "since", "until", "source")


def create(
    *,
    course: Course,
    name: str,
    since: date,
    until: date | None = None,
    trainers: Iterable[User] = (),
    by: User | None = None,
    **fields: Any,
) -> Cohort:
    """A new class with its group; fields: others of Cohort."""
    with transaction.atomic():
        group = Group.objects.create(name=name, since=since, until=_care_ends(until))
        cohort = Cohort.objects.create(
            course=course,
            name=name,
            since=since,
            until=until,
            group=group,
            created_by=by.uuid if by else None,
            **fields,
        )
        set_trainers(cohort, trainers)
        if by is not None:
            audit.record(by=by, action="cohort.create", subject=str(cohort.uuid))
    return cohort


def change(cohort: Cohort, *, by: User, trainers: Iterable[User] | None = None, **fields: Any) -> None:
    """Change what may be changed; the course of a class stays. trainers: those of today, if they change."""
    if unknown := fields.keys() - set(CHANGEABLE):
        raise TypeError(f"a class has no changeable {', '.join(sorted(unknown))}")
    with transaction.atomic():
        for name, value in fields.items():
            setattr(cohort, name, value)
        cohort.save(update_fields=[*fields, "search_key"])
        Group.objects.filter(pk=cohort.group_id).update(
            name=cohort.name, since=cohort.since, until=_care_ends(cohort.until)
        )
        if trainers is not None:
            set_trainers(cohort, trainers)
        audit.record(by=by, action="cohort.change", subject=str(cohort.uuid), detail={"fields": sorted(fields)})


def _care_ends(until: date | None) -> date | None:
    return until + CARE if until else None


def set_trainers(cohort: Cohort, trainers: Iterable[User]) -> None:
    """These lead the class from today on; others' leading ended yesterday, or goes when it began today."""
    today = timezone.localdate()
    wanted = {person.pk: person for person in trainers}
    leading = GroupMembership.objects.on().filter(group=cohort.group_id, leader=True)
    gone = leading.exclude(person__in=wanted)
    gone.filter(since=today).delete()
    gone.update(until=today - timedelta(days=1))
    for person in wanted.values():
        if not leading.filter(person=person).exists():
            GroupMembership.objects.update_or_create(
                group=cohort.group, person=person, since=today, defaults={"leader": True, "until": None}
            )
