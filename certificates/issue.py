"""Issues a certificate once per completed enrolment and revokes it."""

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate, CertificateQueue, RegisterCounter
from core import audit, outbox
from lms.models import Enrolment
from people.models import Unit, User

# No letters that are mistaken for one another when read from paper or over the phone (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


def enqueue(*, enrolment: Enrolment, **_signal: object) -> None:
    """Receiver of lms.signals.enrolment_completed: only queues, in the same transaction."""
    if enrolment.course.certificate:
        outbox.enqueue(CertificateQueue, [str(enrolment.registration)])


def issue_queued(registrations: Sequence[str]) -> None:
    """The drain's handler: issues for each registration that has no certificate yet."""
    waiting = Enrolment.objects.filter(registration__in=registrations, completed_at__isnull=False)
    for enrolment in waiting.select_related("learner__unit__parent", "course").order_by("completed_at", "pk"):
        issue(enrolment)


def issue(enrolment: Enrolment) -> Certificate:
    """The enrolment's certificate, made now if there is none. Dated by the completion in Viet Nam's time zone."""
    if enrolment.completed_at is None:
        raise ValueError(f"enrolment {enrolment.registration} is not completed: nothing to certify")
    issued_on = timezone.localdate(enrolment.completed_at)
    with transaction.atomic():
        RegisterCounter.objects.get_or_create(year=issued_on.year)
        counter = RegisterCounter.objects.select_for_update().get(year=issued_on.year)
        existing = Certificate.objects.filter(enrolment=enrolment).first()
        if existing:
            return existing
        counter.last += 1
        counter.save(update_fields=["last"])
        return Certificate.objects.create(
            code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
            number=f"NS-{issued_on.year}-{counter.last:06d}",
            enrolment=enrolment,
            holder_name=enrolment.learner.full_name,
            holder_unit=_place(enrolment.learner.unit),
            course_title=enrolment.course.title,
            hours=enrolment.course.hours,
            issued_on=issued_on,
        )


def revoke(certificate: Certificate, *, by: User, reason: str) -> None:
    """Mark the line of the register as revoked; the verification page says so from now on."""
    with transaction.atomic():
        certificate.revoked_at = timezone.now()
        certificate.revoked_reason = reason
        certificate.save(update_fields=["revoked_at", "revoked_reason"])
        audit.record(by=by, action="certificate.revoke", subject=certificate.number, detail={"reason": reason})


def read_code(typed: str) -> str:
    """A code as a person types it, in the register's own form: case, spaces, dashes and look-alike letters forgiven."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum())
    return kept.replace("O", "0").replace("I", "1").replace("L", "1")


def _place(unit: Unit | None) -> str:
    names = []
    while unit is not None:
        names.append(unit.name)
        unit = unit.parent
    return ", ".join(names)
