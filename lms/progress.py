"""Keeps the derived columns of enrolments equal to what their statements say.

The statements decide (lms.counting); this module reads them, writes the columns, and, live only, records what was
newly concluded and tells others. Replay is the same without the telling.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from core import outbox
from lms import class_conclusions, conclusions, signals
from lms.counting import CourseRule, Progress, conclude
from lms.models import Enrolment, Lesson, LessonDone, ProgressQueue
from people import actors
from people.models import User
from xapi.models import Statement

BATCH = 50  # enrolments in one transaction


@dataclass(frozen=True)
class Reckoning:
    """One enrolment, recomputed and stored."""

    enrolment: Enrolment
    rule: CourseRule
    events: Sequence[Statement]
    progress: Progress
    changed: bool
    newly_finished: bool


def queue(registrations: Iterable[UUID]) -> None:
    """Have these recomputed by the drain. All are queued: a statement may come before its enrolment is known."""
    outbox.enqueue(ProgressQueue, [str(registration) for registration in registrations])


def queue_merged(*, accounts: Sequence[User], **_signal: object) -> None:
    """Receiver of people.signals.merge_changed: other systems' statements may count that did not, or no longer."""
    queue(Enrolment.objects.filter(learner__in=accounts).values_list("registration", flat=True))


def drain(registrations: Sequence[str]) -> None:
    """Handler of the queue; registrations that are no enrolments of ours are passed over."""
    refresh(registrations)


def refresh(registrations: Iterable[UUID | str]) -> None:
    """Recompute these enrolments, record what is newly concluded, tell others; all in one transaction."""
    wanted = [UUID(str(registration)) for registration in registrations]
    with transaction.atomic():
        reckonings = _reckon(_locked().filter(registration__in=wanted))
        concluded = {
            r.enrolment.pk for r in reckonings if conclusions.record_due(r.enrolment, r.rule, r.progress, r.events)
        }
        waiting = [(r.enrolment, r.rule, r.events) for r in reckonings if r.enrolment.pk not in concluded]
        concluded |= class_conclusions.record_due(waiting)
        if concluded:
            reckonings += _reckon(_locked().filter(pk__in=concluded))
        changed = {r.enrolment.pk: r.enrolment for r in reckonings if r.changed}
        if changed:
            signals.progress_refreshed.send(sender=Enrolment, enrolments=list(changed.values()))
        for reckoning in reckonings:
            if reckoning.newly_finished:
                signals.enrolment_completed.send(sender=Enrolment, enrolment=reckoning.enrolment)


def replay() -> int:
    """Rebuild the progress of all enrolments, in batches by key; issues and sends nothing. Returns how many."""
    last, total = 0, 0
    while True:
        with transaction.atomic():
            reckonings = _reckon(_locked().filter(pk__gt=last)[:BATCH])
        if not reckonings:
            break
        last = reckonings[-1].enrolment.pk
        total += len(reckonings)
    signals.replay_finished.send(sender=Enrolment)
    return total


def _locked() -> QuerySet[Enrolment]:
    return Enrolment.objects.select_for_update(of=("self",)).select_related("course", "learner").order_by("pk")


def _reckon(enrolments: Iterable[Enrolment]) -> list[Reckoning]:
    """Recompute and store these enrolments, which must be locked."""
    enrolments = list(enrolments)
    rules = {each.course_id: CourseRule.of(each.course) for each in enrolments}
    events = _counting_events(enrolments)
    reckonings = []
    for enrolment in enrolments:
        own = events[enrolment.registration]
        progress = conclude(own, rules[enrolment.course_id])
        finished = enrolment.is_finished
        changed = _apply(enrolment, progress)
        newly = enrolment.is_finished and not finished
        reckonings.append(Reckoning(enrolment, rules[enrolment.course_id], own, progress, changed, newly))
    Enrolment.objects.bulk_update([r.enrolment for r in reckonings if r.changed], Enrolment.DERIVED)
    _store_done(reckonings)
    return reckonings


def _apply(enrolment: Enrolment, progress: Progress) -> bool:
    """Set the derived columns; returns whether one changed."""
    derived = {
        "status": progress.status,
        "lessons_done": len(progress.done),
        "score": progress.score,
        "active_at": progress.active_at,
        "completed_at": progress.completed_at,
        "passed_at": progress.passed_at,
    }
    changed = any(getattr(enrolment, name) != value for name, value in derived.items())
    for name, value in derived.items():
        setattr(enrolment, name, value)
    return changed


def _counting_events(enrolments: Sequence[Enrolment]) -> dict[UUID, list[Statement]]:
    """By registration, the unvoided statements that may become progress.

    Others' statements count only from a credential trusted with the course, and only about the learner.
    """
    by_registration = {each.registration: each for each in enrolments}
    found: dict[UUID, list[Statement]] = defaultdict(list)
    foreign: list[tuple[Enrolment, Statement]] = []
    for statement in Statement.objects.of_registrations(by_registration).select_related("credential"):
        assert statement.registration is not None  # of_registrations
        enrolment = by_registration[statement.registration]
        if not statement.counts_for(enrolment.course.key):
            continue
        if statement.credential is None:
            found[enrolment.registration].append(statement)
        else:
            foreign.append((enrolment, statement))
    if foreign:
        meant = actors.persons_of([statement.data["actor"] for _enrolment, statement in foreign])
        learners = actors.persons_of([actors.actor_of(enrolment.learner) for enrolment, _statement in foreign])
        for (enrolment, statement), person, learner in zip(foreign, meant, learners, strict=True):
            if person is not None and person == learner:
                found[enrolment.registration].append(statement)
    return found


def _store_done(reckonings: Sequence[Reckoning]) -> None:
    """Make LessonDone say what the statements say."""
    lessons = Lesson.objects.filter(course__in={r.enrolment.course_id for r in reckonings})
    ids = {(lesson.course_id, lesson.key): lesson.pk for lesson in lessons}
    stored = {
        (row.enrolment_id, row.lesson_id): row
        for row in LessonDone.objects.filter(enrolment__in=[r.enrolment.pk for r in reckonings])
    }
    wanted: dict[tuple[int, int], datetime] = {}
    for r in reckonings:
        wanted |= {(r.enrolment.pk, ids[r.enrolment.course_id, key]): at for key, at in r.progress.done.items()}
    LessonDone.objects.filter(pk__in=[row.pk for pair, row in stored.items() if wanted.get(pair) != row.at]).delete()
    LessonDone.objects.bulk_create(
        LessonDone(enrolment_id=enrolment, lesson_id=lesson, at=at)
        for (enrolment, lesson), at in wanted.items()
        if (row := stored.get((enrolment, lesson))) is None or row.at != at
    )
