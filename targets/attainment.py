"""Who has attained a target: derived from completed enrolments and the dated registers, per person touched.

Deriving again gives the same rows, so order and repetition do not matter. Times become days in Asia/Ho_Chi_Minh.
Accounts that were merged are one person: what each did and what each was counts once, for the one kept.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from people.merging import persons_of_accounts
from people.models import AudienceMembership, Household, Organisation, Representation, User
from targets.models import Attainment, AttainmentQueue, Target, TargetCourse

REBUILD_BATCH = 100  # people in one transaction, which must stay short
ECONOMY_KINDS = (Organisation.Kind.COOPERATIVE, Organisation.Kind.ENTERPRISE)


def enqueue_learners(*, enrolments: Sequence[Enrolment], **_signal: object) -> None:
    """Receiver of lms.signals.progress_refreshed: only queues, in the same transaction."""
    learners = User.objects.filter(pk__in={enrolment.learner_id for enrolment in enrolments})
    outbox.enqueue(AttainmentQueue, [str(uuid) for uuid in learners.values_list("uuid", flat=True)])


def enqueue_merged(*, accounts: Sequence[User], **_signal: object) -> None:
    """Receiver of people.signals.merge_changed."""
    outbox.enqueue(AttainmentQueue, [str(account.uuid) for account in accounts])


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
    touched = list(User.objects.filter(uuid__in=uuids))
    if not touched:
        return
    with transaction.atomic():
        rules = _Rules.load()
        persons = persons_of_accounts(touched)
        households, organisations = _represented_by(persons)
        wanted = {
            **_of_people(persons, rules),
            **_of_economies(Attainment.Subject.HOUSEHOLD, households, rules),
            **_of_economies(Attainment.Subject.ORGANISATION, organisations, rules),
        }
        accounts = User.objects.filter(pk__in=persons)
        subjects = {*accounts.values_list("uuid", flat=True)}
        subjects |= {row.uuid for row in households} | {row.uuid for row in organisations}
        _store(wanted, _touching(persons, subjects))


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


def _of_people(persons: Mapping[int, User], rules: _Rules) -> dict[Key, Attainment]:
    """persons: who stands for each account."""
    audiences: dict[int, set[str]] = {}
    for account, audience in AudienceMembership.objects.filter(person__in=persons).values_list("person", "audience"):
        audiences.setdefault(persons[account].pk, set()).add(audience)
    found: dict[Key, Attainment] = {}
    for enrolment, day in _completions(Q(learner__in=persons)):
        person = persons[enrolment.learner_id]
        for target in rules.of_kind(Target.SubjectKind.PERSON):
            key = (target.pk, person.uuid)
            if key in found or not audiences.get(person.pk, set()) & set(target.audiences):
                continue
            if rules.counts(target, enrolment, day):
                found[key] = _attainment(
                    target, Attainment.Subject.PERSON, person, person.full_name, day, enrolment, person
                )
    return found


def _of_economies(kind: str, subjects: Sequence[Household | Organisation], rules: _Rules) -> dict[Key, Attainment]:
    """The earliest completion by anyone who learned for the household or organisation on that day."""
    by_pk = {subject.pk: subject for subject in subjects}
    rows = list(Representation.objects.filter(**{f"{kind}__in": list(by_pk)}).select_related("person"))
    persons = persons_of_accounts([row.person for row in rows])
    representations: dict[int, list[Representation]] = {}
    for row in rows:
        representations.setdefault(persons[row.person_id].pk, []).append(row)
    found: dict[Key, Attainment] = {}
    for enrolment, day in _completions(Q(learner__in=persons)):
        person = persons[enrolment.learner_id]
        for row in _learned_for(enrolment, representations[person.pk], day):
            subject = by_pk.get(getattr(row, f"{kind}_id"))
            if subject is None:
                continue
            for target in rules.of_kind(Target.SubjectKind.ECONOMY):
                key = (target.pk, subject.uuid)
                if key not in found and rules.counts(target, enrolment, day):
                    found[key] = _attainment(target, kind, subject, subject.name, day, enrolment, person)
    return found


def _learned_for(enrolment: Enrolment, rows: Sequence[Representation], day: date) -> list[Representation]:
    """The one named at enrolment, else all that held on the day: who learns for two households counts for both."""
    if enrolment.learns_for_id:
        return [row for row in rows if row.pk == enrolment.learns_for_id]
    return [row for row in rows if row.since <= day and (row.until is None or day <= row.until)]


def _attainment(
    target: Target,
    kind: str,
    subject: User | Household | Organisation,
    name: str,
    day: date,
    enrolment: Enrolment,
    person: User,
) -> Attainment:
    return Attainment(
        target=target,
        subject_kind=kind,
        subject=subject.uuid,
        subject_name=name,
        attained_on=day,
        unit_id=subject.unit_id,
        person_id=person.pk,
        enrolment=enrolment,
    )


def _completions(condition: Q) -> Iterable[tuple[Enrolment, date]]:
    """Completed enrolments with their day, earliest first; ties by registration, which a replay does not change."""
    rows: QuerySet[Enrolment] = Enrolment.objects.filter(condition, completed_at__isnull=False)
    for enrolment in rows.order_by("completed_at", "registration"):
        yield enrolment, timezone.localdate(enrolment.completed_at)


def _represented_by(accounts: Collection[int]) -> tuple[list[Household], list[Organisation]]:
    households = Household.objects.filter(ethnic_minority=True, representations__person__in=accounts).distinct()
    organisations = Organisation.objects.filter(
        ethnic_minority=True, kind__in=ECONOMY_KINDS, representations__person__in=accounts
    ).distinct()
    return list(households), list(organisations)


def _touching(accounts: Collection[int], subjects: set[UUID]) -> QuerySet[Attainment]:
    return Attainment.objects.filter(Q(subject__in=subjects) | Q(person__in=accounts)).select_for_update()


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
