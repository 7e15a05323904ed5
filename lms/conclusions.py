"""That a course is completed or passed: decided once, live, by this site, and stored as a statement.

The id is made from registration, verb, activity and attempt, so that two processes that decide at once store one
statement. An id that somebody else's statement has taken is passed over. A conclusion that was voided is a correction:
the site decides again, as the next attempt, only when the learner has done something since.
"""

from collections.abc import Sequence
from itertools import count
from uuid import UUID, uuid5

from django.utils import timezone

from lms import statements
from lms.counting import CourseRule, Progress
from lms.models import Enrolment
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record


def record_due(enrolment: Enrolment, rule: CourseRule, progress: Progress, events: Sequence[Statement]) -> bool:
    """Record what the rule, newly met, makes due; returns whether anything was."""
    if progress.met_at is None:
        return False
    due = [] if progress.completed_at else [verbs.COMPLETED]
    if rule.asks_score and not progress.passed_at:
        due.append(verbs.PASSED)
    made = []
    for verb in due:
        if (statement_id := next_id(enrolment, verb, rule, events)) is not None:
            occasion = statements.Occasion.of(at=min(progress.met_at, timezone.now()), event=statement_id)
            score = float(progress.score) / 100 if progress.score is not None else None
            passed = verb == verbs.PASSED
            made.append(statements.concluded(enrolment, verb, occasion, score=score, passed=passed))
    if made:
        record(made)
    return bool(made)


def conclusion_id(registration: UUID, verb_iri: str, activity_iri: str, attempt: int) -> UUID:
    """The id of the statement that concludes an attempt, 1 being the first."""
    return uuid5(registration, f"{verb_iri} {activity_iri} {attempt}")


def next_id(enrolment: Enrolment, verb: verbs.Verb, rule: CourseRule, events: Sequence[Statement]) -> UUID | None:
    """The id of the next conclusion; None while the last one stands, or was voided and nothing came since."""
    previous = None
    for attempt in count(1):
        candidate = conclusion_id(enrolment.registration, verb.id, enrolment.course.iri, attempt)
        row = Statement.objects.filter(statement_id=candidate).first()
        if row is None:
            break
        if row.credential_id is None and (row.registration, row.verb) == (enrolment.registration, verb.id):
            previous = row
    if previous is None:
        return candidate
    voiding = _voiding(previous)
    if voiding is None or not any(event.pk > voiding.pk for event in events if event.object_key != rule.course):
        return None
    return candidate


def _voiding(statement: Statement) -> Statement | None:
    """The statement that voids this one."""
    if not statement.voided:
        return None
    target = statement.statement_id
    return Statement.objects.filter(refers_to=target, voids=target).order_by("pk").first()
