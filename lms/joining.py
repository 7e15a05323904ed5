"""Who learns in a class: entering by code or by staff's hand, and leaving. What was learned stays.

Entering is one enrolment in the course (the learner's only one) and a dated membership in the class's group.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import audit
from lms import enrolment
from lms.exceptions import CohortClosed, CohortFull, UnknownCode
from lms.models import Cohort, Enrolment
from lms.models.cohort import ALPHABET, new_code
from people.merging import accounts_of, persons_of_accounts
from people.models import GroupMembership, User


def read_code(typed: str) -> str:
    """A code as a person types it, in the one form that is stored: case, spaces and dashes forgiven."""
    return "".join(letter for letter in typed.upper() if letter in ALPHABET)


def find(typed: str) -> Cohort:
    """The class of this code. Raises UnknownCode, or CohortClosed when it takes nobody by code any more.

    The caller counts how often someone tries (core.ratelimit): codes are short.
    """
    cohort = Cohort.objects.filter(join_code=read_code(typed)).select_related("course", "unit", "group").first()
    if cohort is None:
        raise UnknownCode(typed)
    ensure_open(cohort)
    return cohort


def ensure_open(cohort: Cohort) -> None:
    """Raises CohortClosed when the class takes nobody by code, link or QR."""
    if not cohort.join_open or (cohort.until is not None and cohort.until < timezone.localdate()):
        raise CohortClosed(cohort.name)


def join(cohort: Cohort, learner: User) -> Enrolment:
    """The learner enters by code or link. Raises CohortClosed, CohortFull. Entering twice is entering once."""
    with transaction.atomic():
        locked = Cohort.objects.select_for_update(of=("self",)).select_related("course", "group").get(pk=cohort.pk)
        if not is_member(locked, learner):
            ensure_open(locked)
        return _enter(locked, [learner], by=learner)[0]


def add(cohort: Cohort, people: Iterable[User], *, by: User | None, since: date | None = None) -> int:
    """Staff put these people into the class; returns how many were not in it yet. Raises CohortFull: then nobody is.

    since: the first day of their membership; for a class of the past, its own first day.
    """
    people = list(people)
    with transaction.atomic():
        locked = Cohort.objects.select_for_update(of=("self",)).select_related("course", "group").get(pk=cohort.pk)
        before = len(_inside(locked, people))
        _enter(locked, people, by=by, since=since)
        added = len({person.pk for person in people}) - before
        if added and by is not None:
            audit.record(by=by, action="cohort.add", subject=str(cohort.uuid), detail={"people": added})
    return added


def leave(cohort: Cohort, learner: User, *, by: User) -> None:
    """The membership ends yesterday; one that began today was a mistake and goes. Learning and attendance stay."""
    today = timezone.localdate()
    with transaction.atomic():
        standing = members(cohort).filter(person=learner)
        standing.filter(since__gte=today).delete()
        ended = standing.update(until=today - timedelta(days=1))
        audit.record(by=by, action="cohort.leave", subject=str(cohort.uuid), detail={"memberships": ended})


def set_open(cohort: Cohort, *, is_open: bool, by: User) -> None:
    """Take people by code from now on, or no more."""
    with transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(join_open=is_open)
        audit.record(by=by, action="cohort.open" if is_open else "cohort.close", subject=str(cohort.uuid))


def renew_code(cohort: Cohort, *, by: User) -> str:
    """A new code; the old one, and printed posters with it, lead nowhere from now on."""
    with transaction.atomic():
        code = new_code()
        while Cohort.objects.filter(join_code=code).exists():
            code = new_code()
        Cohort.objects.filter(pk=cohort.pk).update(join_code=code)
        audit.record(by=by, action="cohort.new_code", subject=str(cohort.uuid))
    return code


def is_member(cohort: Cohort, learner: User) -> bool:
    """Whether the person learns in the class today, by their account or one merged into it."""
    return members(cohort).filter(person__in=accounts_of(learner)).exists()


def account_in(cohort: Cohort, learner: User) -> User:
    """The learner's account that stands in the class: their own, else one merged into it; their own if none does."""
    standing = members(cohort).filter(person__in=accounts_of(learner)).select_related("person")
    accounts = {row.person_id: row.person for row in standing}
    return accounts.get(learner.pk) or next(iter(accounts.values()), learner)


def places_left(cohort: Cohort) -> int | None:
    """How many may still enter; None where there is no limit."""
    if not cohort.seats:
        return None
    taken = members(cohort).values("person").distinct().count()
    return max(cohort.seats - taken, 0)


def _enter(cohort: Cohort, people: list[User], *, by: User | None, since: date | None = None) -> list[Enrolment]:
    """Under the cohort's lock: seats are counted, then each is enrolled and a member."""
    inside = _inside(cohort, people)
    leading = GroupMembership.objects.on().filter(group=cohort.group_id, leader=True, person__in=people)
    inside |= set(leading.values_list("person", flat=True))  # trainers may take the course, and stay trainers
    new = [person for person in {person.pk: person for person in people}.values() if person.pk not in inside]
    left = places_left(cohort)
    if left is not None and len(new) > left:
        raise CohortFull(cohort.name, left)
    past = cohort.entered_afterwards
    first = since or (cohort.since if past else timezone.localdate())
    until = cohort.until if past else None
    memberships = [GroupMembership(group=cohort.group, person=person, since=first, until=until) for person in new]
    GroupMembership.objects.bulk_create(memberships)
    at = timezone.make_aware(datetime.combine(first, time())) if past else None
    return [enrolment.enrol(learner=person, course=cohort.course, by=by, at=at) for person in people]


def _inside(cohort: Cohort, people: list[User]) -> set[int]:
    """Those of these people who are in the class, be it by another account of the same person."""
    persons = persons_of_accounts(people)
    standing = members(cohort).filter(person__in=persons).values_list("person", flat=True)
    there = {persons[account].pk for account in standing}
    return {person.pk for person in people if persons[person.pk].pk in there}


def members(cohort: Cohort) -> QuerySet[GroupMembership]:
    """Memberships of learners that have not ended; in a class of the past, of all."""
    today = timezone.localdate()
    rows = GroupMembership.objects.filter(group=cohort.group_id, leader=False)
    return rows if cohort.entered_afterwards else rows.filter(Q(until=None) | Q(until__gte=today))
