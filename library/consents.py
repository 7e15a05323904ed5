"""Entering and withdrawing the consent of communities; what may be shown follows at once."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit, jobs
from library import records, rights
from library.models import CommunityConsent, Record

SETTLE = "library.settle_consents"
STEP = 200  # records in one transaction


@transaction.atomic
def keep(consent: CommunityConsent, *, by: Any | None) -> CommunityConsent:
    """Store a new, changed or withdrawn consent. The log names no person: who consented stands in the row alone."""
    what = "add" if consent.pk is None else "withdraw" if consent.withdrawn_on else "change"
    consent.save()
    action = f"library.consent.{what}"
    audit.record(by=by, action=action, subject=f"record:{consent.record_id}", detail={"scope": consent.scope})
    settle([consent.record_id])
    return consent


def shown(record: Record) -> list[CommunityConsent]:
    """What readers see of a record's consents: those in force, the latest first."""
    return list(record.consents.in_force())


def settle(keys: list[int]) -> None:
    """Bring the access of records in line with their consents, in the caller's transaction."""
    if changed := rights.settle(keys):
        records.announce(changed, settled=True)


@jobs.handler(SETTLE)
def settle_due(job: jobs.Job) -> None:
    """Consents that begin or end by the calendar (daily)."""
    since = timezone.localdate() - timedelta(days=7)
    due = CommunityConsent.objects.filter(Q(given_on__gte=since) | Q(withdrawn_on__gte=since)).values("record")
    after = 0
    while keys := list(
        Record.objects.filter(pk__gt=after, pk__in=due).order_by("pk").values_list("pk", flat=True)[:STEP]
    ):
        after = keys[-1]
        with transaction.atomic():
            settle(keys)
            job.advance(done=job.done + len(keys))
