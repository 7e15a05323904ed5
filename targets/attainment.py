"""Who has attained a target: derived from completed enrolments and the dated registers, per person touched.

Deriving again gives the same rows, so order and repetition do not matter. Times become days in Asia/Ho_Chi_Minh.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs, outbox
from lms.models import Enrolment
from people.models import AudienceMembership, Household, Organisation, Representation, User
from targets.models import Attainment, AttainmentQueue, Target, TargetCourse

REBUILD_BATCH = 100  # people in one transaction, which must stay short
ECONOMY_KINDS = (Organisation.Kind.COOPERATIVE, Organisation.Kind.ENTERPRISE)


def enqueue_learners(*, enrolments: Sequence[Enrolment], **_signal: object) -> None:
    """Receiver of lms.signals.progress_refreshed: only queues, in the same transaction."""
    learners = User.objects.filter(pk__in={enrolment.learner_id for enrolment in enrolments})
    outbox.enqueue(AttainmentQueue, [str(uuid) for uuid in learners.values_list("uuid", flat=True)])


def enqueue_person_of(*, instance: AudienceMembership | Representation, **_signal: object) -> None:
    """Receiver of changes in the registers of audiences and representations."""
    outbox.enqueue(AttainmentQueue, [str(instance.person.uuid)])


def enqueue_people_of(*, instance: User | Household | Organisation, created: bool, **signal: Any) -> None:
    """Receiver of changes of a subject: its name, its unit, whether it is of an ethnic minority."""
    if created or signal["update_fields"] == frozenset({"last_login"}):
        return
    if isinstance(instance, User):
        outbox.enqueue(AttainmentQueue, [str(instance.uuid)])
        return
    uuids = User.objects.filter(representations__in=instance.representations.all()).values_list("uuid", flat=True)
    outbox.enqueue(AttainmentQueue, [str(uuid) for uuid in uuids])


def enqueue_moved(*, sender: type[User | Household | Organisation], keys: Sequence[int], **_signal: Any) -> None:
    """Receiver of people.signals.moved: many subjects were given another unit at once."""
    people = User.objects.filter(pk__in=keys)
    if sender is Household:
        people = User.objects.filter(representations__household__in=keys)
    elif sender is Organisation:
        people = User.objects.filter(representations__organisation__in=keys)
    outbox.enqueue(AttainmentQueue, [str(uuid) for uuid in people.values_list("uuid", flat=True)])


def start_rebuild(**_signal: object) -> None:
    """Receiver of a changed rule: everybody who learned may be concerned, so it is a job."""
    jobs.start("targets.rebuild", {}, by=None, title=str(_("Tính lại kết quả theo quy định mới của chỉ tiêu")))


@jobs.handler("targets.rebuild")
def rebuild_in_steps(job: jobs.Job) -> None:
    """Derive every attainment again, a batch of people at a time."""
    for last in _rebuild(int(job.cursor.get("last", 0))):
        job.advance(cursor={"last": last})


def rebuild(**_signal: object) -> None:
    """Derive every attainment again at once (receiver of lms.signals.replay_finished)."""
    for _last in _rebuild(0):
        pass


def _rebuild(last: int) -> Iterator[int]:
    """Walk by key all who learned or stand in the table; yields the key reached after each batch."""
    touched = Q(pk__in=Enrolment.objects.values("learner")) | Q(pk__in=Attainment.objects.values("person"))
    people = User.objects.filter(touched).order_by("pk").values_list("pk", "uuid")
    while batch := list(people.filter(pk__gt=last)[:REBUILD_BATCH]):
        refresh([str(uuid) for _pk, uuid in batch])
        last = batch[-1][0]
        yield last


def refresh(uuids: Sequence[str]) -> None:
    """Derive the attainments that these people have a part in: their own, and of whom they learned for."""
    people = list(User.objects.filter(uuid__in=uuids))
    if not people:
        return
    with transaction.atomic():
        rules = _Rules.load()
        households, organisations = _represented_by(people)
        wanted = {
            **_of_people(people, rules),
            **_of_economies(Attainment.Subject.HOUSEHOLD, households, rules),
            **_of_economies(Attainment.Subject.ORGANISATION, organisations, rules),
        }
        subjects = (
            {person.uuid for person in people} | {row.uuid for row in households} | {row.uuid for row in organisations}
        )
        _store(wanted, _touching(people, subjects))


@dataclass(frozen=True)
class _Rules:
    """The targets with the courses that count for each, and from when to when."""

    targets: list[Target]
    courses: dict[int, list[TargetCourse]]

    @classmethod
    def load(cls) -> "_Rules":
        courses: dict[int, list[TargetCourse]] = {}
        for row in TargetCourse.objects.all():
            courses.setdefault(row.target_id, []).append(row)
        return cls(list(Target.objects.all()), courses)

    def of_kind(self, kind: str) -> list[Target]:
        return [target for target in self.targets if target.subject_kind == kind]

    def counts(self, target: Target, enrolment: Enrolment, day: date) -> bool:
        """Whether completing this course on this day met the target's rule."""
        return any(
            rule.course_id == enrolment.course_id and rule.since <= day and (rule.until is None or day <= rule.until)
            for rule in self.courses.get(target.pk, [])
        )


Key = tuple[int, UUID]


def _of_people(people: Sequence[User], rules: _Rules) -> dict[Key, Attainment]:
    audiences: dict[int, set[str]] = {}
    for person_id, audience in AudienceMembership.objects.filter(person__in=people).values_list(
        "person_id", "audience"
    ):
        audiences.setdefault(person_id, set()).add(audience)
    found: dict[Key, Attainment] = {}
    for enrolment, day in _completions(Q(learner__in=people)):
        learner = enrolment.learner
        for target in rules.of_kind(Target.SubjectKind.PERSON):
            key = (target.pk, learner.uuid)
            if key in found or not audiences.get(learner.pk, set()) & set(target.audiences):
                continue
            if rules.counts(target, enrolment, day):
                found[key] = _attainment(target, Attainment.Subject.PERSON, learner, learner.full_name, day, enrolment)
    return found


def _of_economies(kind: str, subjects: Sequence[Household | Organisation], rules: _Rules) -> dict[Key, Attainment]:
    """The earliest completion by anyone who learned for the household or organisation on that day."""
    by_pk = {subject.pk: subject for subject in subjects}
    representations: dict[int, list[Representation]] = {}
    for row in Representation.objects.filter(**{f"{kind}__in": list(by_pk)}):
        representations.setdefault(row.person_id, []).append(row)
    found: dict[Key, Attainment] = {}
    for enrolment, day in _completions(Q(learner__in=list(representations))):
        for row in _learned_for(enrolment, representations[enrolment.learner_id], day):
            subject = by_pk.get(getattr(row, f"{kind}_id"))
            if subject is None:
                continue
            for target in rules.of_kind(Target.SubjectKind.ECONOMY):
                key = (target.pk, subject.uuid)
                if key not in found and rules.counts(target, enrolment, day):
                    found[key] = _attainment(target, kind, subject, subject.name, day, enrolment)
    return found


def _learned_for(enrolment: Enrolment, rows: Sequence[Representation], day: date) -> list[Representation]:
    """The one named at enrolment, else all that held on the day: who learns for two households counts for both."""
    if enrolment.learns_for_id:
        return [row for row in rows if row.pk == enrolment.learns_for_id]
    return [row for row in rows if row.since <= day and (row.until is None or day <= row.until)]


def _attainment(
    target: Target, kind: str, subject: User | Household | Organisation, name: str, day: date, enrolment: Enrolment
) -> Attainment:
    return Attainment(
        target=target,
        subject_kind=kind,
        subject=subject.uuid,
        subject_name=name,
        attained_on=day,
        unit_id=subject.unit_id,
        person_id=enrolment.learner_id,
        enrolment=enrolment,
    )


def _completions(condition: Q) -> Iterable[tuple[Enrolment, date]]:
    """Completed enrolments with their day, earliest first; ties by registration, which a replay does not change."""
    rows: QuerySet[Enrolment] = Enrolment.objects.filter(condition, completed_at__isnull=False)
    for enrolment in rows.select_related("learner").order_by("completed_at", "registration"):
        yield enrolment, timezone.localdate(enrolment.completed_at)


def _represented_by(people: Sequence[User]) -> tuple[list[Household], list[Organisation]]:
    households = Household.objects.filter(ethnic_minority=True, representations__person__in=people).distinct()
    organisations = Organisation.objects.filter(
        ethnic_minority=True, kind__in=ECONOMY_KINDS, representations__person__in=people
    ).distinct()
    return list(households), list(organisations)


def _touching(people: Sequence[User], subjects: set[UUID]) -> QuerySet[Attainment]:
    return Attainment.objects.filter(Q(subject__in=subjects) | Q(person__in=people)).select_for_update()


COLUMNS = ("subject_kind", "subject_name", "attained_on", "unit_id", "person_id", "enrolment_id")


def _store(wanted: dict[Key, Attainment], present: QuerySet[Attainment]) -> None:
    """Make the stored rows equal to the wanted ones, writing only what differs."""
    stale, changed = [], []
    for row in present:
        new = wanted.pop((row.target_id, row.subject), None)
        if new is None:
            stale.append(row.pk)
        elif any(getattr(row, column) != getattr(new, column) for column in COLUMNS):
            new.pk = row.pk
            changed.append(new)
    Attainment.objects.filter(pk__in=stale).delete()
    for row in changed:
        row.save(force_update=True)
    Attainment.objects.bulk_create(wanted.values(), batch_size=500)
