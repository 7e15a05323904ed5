"""Who was at a session: marks come in, the latest of each learner holds, and presence is a statement.

The statement's id is made from session and learner, so that one presence is one statement whoever says it how often.
When the latest mark says otherwise, the statement is voided and, where the learner was there after all, a new one made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import tincan
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import audit
from lms import activities, statements
from lms.models import THERE, Attendance, Enrolment, Mark, Presence, Session
from lms.statements import Occasion
from people.models import GroupMembership, User
from xapi.models import Statement
from xapi.statements import record

BATCH = 60  # marks in one transaction, which must stay short


@dataclass(frozen=True)
class Said:
    """What someone says about a learner. event: an id that the sender repeats when it sends the same again."""

    learner: User
    state: str
    at: datetime
    event: UUID
    note: str = ""

    @classmethod
    def now(cls, learner: User, state: str, *, note: str = "") -> "Said":
        """What is said now, for the first time."""
        return cls(learner, state, timezone.now(), uuid4(), note)


def roll(session: Session) -> QuerySet[User]:
    """The list of a session: the learners of the class who had not left before its day, and whoever was marked."""
    return User.objects.filter(pk__in=roll_keys(session)).order_by("full_name", "id")


def roll_keys(session: Session) -> QuerySet[Any, Any]:
    """The keys of the same people, to choose by among those whom somebody may see.

    Who entered the class after the session stands in it too, so that a late entry can be put right.
    """
    members = GroupMembership.objects.filter(group=session.cohort.group_id, leader=False)
    stayed = members.filter(Q(until=None) | Q(until__gte=session.day)).order_by().values_list("person")
    return stayed.union(session.attendances.order_by().values_list("learner"))


def mark(session: Session, said: Sequence[Said], *, by: User | None, how: str) -> set[UUID]:
    """Keep the marks and let the latest hold; returns the events that are kept, now or before.

    The learners must stand in the session's roll. An event id that means something else already is not kept.
    """
    kept: set[UUID] = set()
    for start in range(0, len(said), BATCH):
        with transaction.atomic():
            kept |= _mark(session, said[start : start + BATCH], by=by, how=how)
    return kept


def _mark(session: Session, said: Sequence[Said], *, by: User | None, how: str) -> set[UUID]:
    learners = {each.learner.pk: each.learner for each in said}
    locked = Enrolment.objects.select_for_update(of=("self",))  # one change of a learner's presence at a time
    enrolments = locked.by_learner(session.cohort.course_id, [*learners.values()])
    known = {row.event: row for row in Mark.objects.filter(event__in=[each.event for each in said])}
    fresh = {each.event: each for each in said if each.event not in known and each.learner.pk in enrolments}
    marks = [
        Mark(
            event=each.event,
            session=session,
            learner=each.learner,
            state=each.state,
            note=each.note,
            at=each.at,
            by=by.uuid if by else None,
            how=how,
        )
        for each in fresh.values()
    ]
    Mark.objects.bulk_create(marks)
    _hold_latest(
        session, {row.learner_id: (learners[row.learner_id], enrolments[row.learner_id]) for row in marks}, by=by
    )
    if marks and by is not None and how == Mark.How.LIST:
        audit.record(by=by, action="attendance.mark", subject=str(session.uuid), detail={"marks": len(marks)})
    same = {
        each.event
        for each in said
        if (row := known.get(each.event)) and (row.session_id, row.learner_id) == (session.pk, each.learner.pk)
    }
    return same | fresh.keys()


def _hold_latest(session: Session, enrolments: dict[int, tuple[User, Enrolment]], *, by: User | None) -> None:
    """Make Attendance and the statements of these learners say what their latest marks say."""
    latest = {
        row.learner_id: row for row in Mark.objects.filter(session=session, learner__in=enrolments).order_by("at", "id")
    }
    standing = {row.learner_id: row for row in Attendance.objects.filter(session=session, learner__in=enrolments)}
    instructor = _instructor(session, by)
    within = activities.programmes(session.cohort.course)
    taken = _taken(session, [person for person, _enrolment in enrolments.values()], standing)
    told: list[Any] = []
    new: list[Attendance] = []
    changed: list[Attendance] = []
    for learner, latest_mark in latest.items():
        row = standing.get(learner) or Attendance(session=session, learner_id=learner, state="")
        if row.pk is not None and row.mark_id == latest_mark.pk:
            continue
        if row.state != latest_mark.state:
            person, enrolment = enrolments[learner]
            told += _restate(row, latest_mark, person, session, taken)
            if row.statement_id is not None:
                told.append(_attended(row, latest_mark, enrolment, session, instructor, within))
        row.state, row.note, row.mark, row.at = latest_mark.state, latest_mark.note, latest_mark, latest_mark.at
        (changed if row.pk else new).append(row)
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(changed, ["state", "note", "mark", "at", "attempt", "statement_id"])
    if told:
        record(told)


def _restate(row: Attendance, latest: Mark, learner: User, session: Session, taken: set[UUID]) -> list[Any]:
    """The old statement taken back, and the id of the new one, where the learner was there."""
    told = [] if row.statement_id is None else [statements.voided(row.statement_id)]
    row.statement_id = None
    if latest.state in THERE:
        row.attempt += 1
        while (event := presence_id(session, learner, row.attempt)) in taken:
            row.attempt += 1
            following = presence_id(session, learner, row.attempt)
            taken |= set(Statement.objects.filter(statement_id=following).values_list("statement_id", flat=True))
        row.statement_id = event
    return told


def _attended(
    row: Attendance,
    latest: Mark,
    enrolment: Enrolment,
    session: Session,
    instructor: User | None,
    within: Sequence[tincan.Activity],
) -> tincan.Statement:
    assert row.statement_id is not None  # by the caller
    occasion = Occasion.of(at=_moment(session, latest), event=row.statement_id)
    return statements.attended(enrolment, session, latest.state, occasion, instructor=instructor, within=within)


def presence_id(session: Session, learner: User, attempt: int) -> UUID:
    """The id of the statement of a presence; 1 is the first, each correction makes the next."""
    return uuid5(session.uuid, str(learner.uuid) if attempt == 1 else f"{learner.uuid} {attempt}")


def _taken(session: Session, people: Iterable[User], standing: dict[int, Attendance]) -> set[UUID]:
    """Of the ids that come next, those that somebody else's statement has."""
    nexts = {
        presence_id(session, person, (standing[person.pk].attempt if person.pk in standing else 0) + 1)
        for person in people
    }
    return set(Statement.objects.filter(statement_id__in=nexts).values_list("statement_id", flat=True))


def _moment(session: Session, latest: Mark) -> datetime:
    """When the learner was there: at the mark, if it was made during the session, else by the session's end."""
    return min(max(latest.at, session.starts_at), session.ends_at, timezone.now())


def _instructor(session: Session, by: User | None) -> User | None:
    trainers = list(session.cohort.trainers.order_by("pk"))
    return by if by in trainers else next(iter(trainers), None)


def summary(session: Session) -> dict[str, int]:
    """How many there are of each state."""
    counts = dict.fromkeys(Presence.values, 0)
    for state in session.attendances.values_list("state", flat=True):
        counts[state] += 1
    return counts
