"""Credentials made, changed and revoked; each change stands in the audit log."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, jobs
from core.audit import HasUuid
from core.models import Job
from xapi import index, retrieval
from xapi.models import Credential, Statement
from xapi.signals import statements_stored

RECOUNT = "xapi.recount"
STEP = 500  # statements looked at in one step


@transaction.atomic
def make(
    *, name: str, scopes: list[str], counts: list[str], requests_a_minute: int | None, by: HasUuid | None
) -> tuple[Credential, str]:
    """A new credential and its secret, which is shown once and never again."""
    made, secret = Credential.create(name=name, scopes=scopes, counts=counts, requests_a_minute=requests_a_minute)
    detail = {"scopes": scopes, "counts": counts, "requests_a_minute": requests_a_minute}
    audit.record(by=by, action="xapi.credential.create", subject=f"credential:{made.key}", detail=detail)
    return made, secret


@transaction.atomic
def change(
    credential: Credential,
    *,
    name: str,
    scopes: list[str],
    counts: list[str],
    requests_a_minute: int | None,
    by: HasUuid | None,
) -> bool:
    """Change what differs; False when nothing does.

    Where other courses count now, progress is looked at again in every registration that it wrote about.
    """
    new = {"name": name, "scopes": scopes, "counts": counts, "requests_a_minute": requests_a_minute}
    credential = Credential.objects.select_for_update().get(pk=credential.pk)
    changed = {field: value for field, value in new.items() if getattr(credential, field) != value}
    if not changed:
        return False
    detail: dict[str, Any] = {field: [getattr(credential, field), value] for field, value in changed.items()}
    for field, value in changed.items():
        setattr(credential, field, value)
    credential.save(update_fields=list(changed))
    audit.record(by=by, action="xapi.credential.change", subject=f"credential:{credential.key}", detail=detail)
    if "counts" in changed:
        title = _("Tính lại tiến độ: %(name)s") % {"name": credential.name}
        jobs.start(RECOUNT, {"credential": credential.pk}, by=by.uuid if by else None, title=title)
    return True


@transaction.atomic
def revoke(credential: Credential, *, by: HasUuid | None) -> None:
    """From now on it opens nothing, nor do its launch tokens. What it stored stays."""
    credential.revoke()
    audit.record(by=by, action="xapi.credential.revoke", subject=f"credential:{credential.key}")


@jobs.handler(RECOUNT)
def recount(job: Job) -> None:
    """Arguments: credential (primary key). Cursor: after (primary key of a statement).

    Says of all its registrations that they are touched; what counts is decided by who listens.
    """
    credential = Credential.objects.get(pk=job.arguments["credential"])
    sent = retrieval.sent_by(credential)
    after = job.cursor.get("after", 0)
    while found := index.after(sent, after, limit=STEP):
        after = found[-1]
        about = Statement.objects.filter(pk__in=found).exclude(registration=None)
        with transaction.atomic():
            registrations = set(about.values_list("registration", flat=True))
            statements_stored.send(Statement, statements=[], registrations=registrations)
            job.advance(cursor={"after": after}, done=job.done + len(found))
