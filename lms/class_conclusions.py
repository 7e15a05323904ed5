"""A class in a room is finished by being there: whoever was at all its sessions has completed the course.

Decided once the class's last day has come, and stored as a `completed` statement that cites the class and its sessions.
When one of the presences that it cites is corrected, the conclusion is voided; sessions added later change nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import tincan
from django.utils import timezone

from core import jobs, outbox
from lms import conclusions, statements
from lms.counting import CourseRule
from lms.models import THERE, Attendance, Cohort, Enrolment, ProgressQueue, Session
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
    present = _present([enrolment for enrolment, _rule, _events in with_presence])
    finished = _finished({session.cohort_id for sessions in present.values() for session in sessions})
    told, touched = [], set()
    for enrolment, rule, events in with_presence:
        theirs = {session.iri: session for session in present.get(enrolment.learner_id, ())}
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
    rows = Enrolment.objects.filter(course=cohort.course_id, learner__in=marked).values_list("registration", flat=True)
    outbox.enqueue(ProgressQueue, [str(registration) for registration in rows])


@jobs.handler(JOB)
def conclude_ended(job: jobs.Job) -> None:
    """Daily: what became due because a class's last day has come."""
    today = timezone.localdate()
    ended = Cohort.objects.filter(mode=Cohort.Mode.CLASSROOM, until__lte=today, until__gte=today - LOOK_BACK)
    for cohort in ended.filter(pk__gt=int(job.cursor.get("last", 0))).order_by("pk"):
        queue_members(cohort)
        job.advance(cursor={"last": cohort.pk})


def _present(enrolments: Sequence[Enrolment]) -> Mapping[int, list[Session]]:
    """By learner, the sessions of classes of their course that they were at."""
    found: dict[int, list[Session]] = defaultdict(list)
    courses = {enrolment.learner_id: set[int]() for enrolment in enrolments}
    for enrolment in enrolments:
        courses[enrolment.learner_id].add(enrolment.course_id)
    rows = Attendance.objects.filter(learner__in=courses, state__in=THERE).select_related("session__cohort")
    for row in rows:
        if row.session.cohort.course_id in courses[row.learner_id]:
            found[row.learner_id].append(row.session)
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
