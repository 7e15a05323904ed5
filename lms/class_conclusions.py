"""A class in a room is finished by being there: whoever was at all its sessions has completed the course.

Decided once the class's last day has come, and stored as a `completed` statement that cites the class and its sessions.
When one of the presences that it cites is corrected, the conclusion is voided; sessions added later change nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import tincan
from django.db.models import Q
from django.utils import timezone

from core import jobs, outbox
from lms import conclusions, statements
from lms.counting import CourseRule
from lms.models import THERE, Attendance, Cohort, Enrolment, ProgressQueue, Session
from people.merging import persons_of_accounts
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record

JOB = "lms.conclude_classes"
LOOK_BACK = timedelta(days=14)  # the daily job looks at classes that ended since; the worker may have been off


@dataclass(frozen=True)
class Finished:
    """A class that is over, with all that it held."""

    cohort: Cohort
    sessions: Sequence[Session]


def record_due(rows: Sequence[tuple[Enrolment, CourseRule, Sequence[Statement]]]) -> set[int]:
    """Record and take back what attendance makes due for these enrolments; returns the keys of those it concerned.

    rows: each locked enrolment with the rule of its course and its counting statements.
    """
    with_presence = [row for row in rows if any(event.verb == verbs.ATTENDED.id for event in row[2]) or _cited(row[2])]
    if not with_presence:
        return set()
    present = _present([(enrolment, events) for enrolment, _rule, events in with_presence])
    finished = _finished({session.cohort_id for sessions in present.values() for session in sessions})
    told, touched = [], set()
    for enrolment, rule, events in with_presence:
        theirs = {session.iri: session for session in present.get(enrolment.pk, ())}
        wrong = [event for event in _cited(events) if not set(_sessions_of(event)) <= theirs.keys()]
        told += [statements.voided(event.statement_id) for event in wrong]
        due = None if enrolment.is_finished else _due(enrolment, theirs, finished)
        if due and (event := conclusions.next_id(enrolment, verbs.COMPLETED, rule, events)):
            told.append(_conclusion(enrolment, due, statements.Occasion.of(at=_end(due), event=event)))
        if wrong or due:
            touched.add(enrolment.pk)
    if told:
        record(told)
    return touched if told else set()


def queue_members(cohort: Cohort) -> None:
    """Have the progress of everybody who was marked in the class recomputed."""
    marked = Attendance.objects.filter(session__cohort=cohort).values("learner")
    theirs = Q(learner__in=marked) | Q(learner__merged_as__person__in=marked)
    rows = Enrolment.objects.filter(theirs, course=cohort.course_id).values_list("registration", flat=True)
    outbox.enqueue(ProgressQueue, [str(registration) for registration in rows])


@jobs.handler(JOB)
def conclude_ended(job: jobs.Job) -> None:
    """Daily: what became due because a class's last day has come."""
    today = timezone.localdate()
    ended = Cohort.objects.filter(mode=Cohort.Mode.CLASSROOM, until__lte=today, until__gte=today - LOOK_BACK)
    for cohort in ended.filter(pk__gt=int(job.cursor.get("last", 0))).order_by("pk"):
        queue_members(cohort)
        job.advance(cursor={"last": cohort.pk})


def _present(rows: Sequence[tuple[Enrolment, Sequence[Statement]]]) -> Mapping[int, list[Session]]:
    """By enrolment, the sessions at which its own statements say that the learner was, by whichever of the accounts."""
    told_by = {event.statement_id: enrolment for enrolment, events in rows for event in events}
    accounts = persons_of_accounts([enrolment.learner for enrolment, _events in rows])
    found: dict[int, list[Session]] = defaultdict(list)
    for row in Attendance.objects.filter(learner__in=accounts, state__in=THERE).select_related("session__cohort"):
        enrolment = told_by.get(row.statement_id) if row.statement_id else None
        if enrolment and row.session.cohort.course_id == enrolment.course_id:
            found[enrolment.pk].append(row.session)
    return found


def _finished(cohorts: set[int]) -> list[Finished]:
    """Those of these classes that are in a room and over, and the sessions that each held."""
    over = Cohort.objects.filter(pk__in=cohorts, mode=Cohort.Mode.CLASSROOM, until__lte=timezone.localdate())
    rows = over.prefetch_related("sessions").order_by("until", "pk")
    return [Finished(cohort, sessions) for cohort in rows if (sessions := list(cohort.sessions.all()))]


def _due(enrolment: Enrolment, theirs: Mapping[str, Session], finished: Sequence[Finished]) -> Finished | None:
    """The first class of the course that the learner was all at."""
    ids = {session.pk for session in theirs.values()}
    for each in finished:
        if each.cohort.course_id == enrolment.course_id and all(session.pk in ids for session in each.sessions):
            return each
    return None


def _end(finished: Finished) -> datetime:
    return min(max(session.ends_at for session in finished.sessions), timezone.now())


def _conclusion(enrolment: Enrolment, finished: Finished, occasion: statements.Occasion) -> tincan.Statement:
    cohort = finished.cohort
    because = {
        statements.extension("class"): cohort.iri,
        statements.extension("class-sessions"): [
            f"{cohort.iri}/sessions/{session.uuid}" for session in finished.sessions
        ],
        **statements.afterwards(cohort),
    }
    platform = statements.AFTERWARDS if cohort.entered_afterwards else statements.PLATFORM
    return statements.concluded(
        enrolment, verbs.COMPLETED, occasion, score=None, passed=False, because=because, platform=platform
    )


def _cited(events: Sequence[Statement]) -> list[Statement]:
    """Our own conclusions among the events that were drawn from presence in a class."""
    return [
        event
        for event in events
        if event.verb == verbs.COMPLETED.id and event.credential_id is None and _sessions_of(event)
    ]


def _sessions_of(event: Statement) -> list[str]:
    extensions = (event.data.get("context") or {}).get("extensions") or {}
    return extensions.get(statements.extension("class-sessions"), [])
