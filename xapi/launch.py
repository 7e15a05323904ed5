"""Launch tokens: what content may do while it runs, for one learner, one registration and one activity.

The token stands in the learner's browser, so it says nothing that only this site or a trusted system may say: it voids
nothing, concludes nothing about activities of ours, and defines no activities. Its statements have the authority of its
credential, and count where that credential counts.
"""

import base64
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from msgspec import UNSET, UnsetType

from core import jobs
from core.identity import id_base
from core.models import Job
from people.actors import actor_of
from people.models import User
from xapi import verbs
from xapi.exceptions import Refused
from xapi.models import Credential, LaunchToken, Scope
from xapi.models.credential import hashed
from xapi.received import Received, place
from xapi.rules.context import Context
from xapi.rules.statement import Statement
from xapi.rules.things import Activity

KEY = "launch"  # the user name of all launch tokens; the secret alone finds the row, by its hash
LONGEST = timedelta(days=7)
TIDY = "xapi.tidy_launch_tokens"
BATCH = 500  # tokens deleted in one transaction
CONCLUSIONS = {verbs.COMPLETED.id, verbs.PASSED.id}


def issue(*, credential: Credential, person: User, registration: UUID, activity: str, lifetime: timedelta) -> str:
    """A new token: what stands behind `Authorization: Basic `, shown here once and kept as a hash."""
    if not timedelta() < lifetime <= LONGEST:
        raise ValueError(f"A launch token lives at most {LONGEST.days} days, not {lifetime}.")
    secret = secrets.token_urlsafe(32)
    LaunchToken.objects.create(
        hash=hashed(secret),
        credential=credential,
        actor=actor_of(person)["account"]["name"],
        registration=registration,
        activity=activity,
        expires_at=timezone.now() + lifetime,
    )
    return base64.b64encode(f"{KEY}:{secret}".encode()).decode()


def revoke(*, registration: UUID, activity: str | None = None) -> int:
    """From now on the tokens of the registration, or of one of its activities, open nothing; returns how many."""
    tokens = LaunchToken.objects.filter(registration=registration)
    if activity is not None:
        tokens = tokens.filter(activity=activity)
    return tokens.delete()[0]


def find(secret: str) -> LaunchToken | None:
    """The token with this secret, if it lives and its credential does."""
    alive = LaunchToken.objects.filter(expires_at__gt=timezone.now(), credential__revoked_at=None)
    return alive.filter(hash=hashed(secret)).select_related("credential").first()


def voice_of(token: LaunchToken) -> Credential:
    """The credential that asserts what comes with the token; in memory it has no scope but writing."""
    credential = token.credential
    credential.scopes = [Scope.STATEMENTS_WRITE.value]
    return credential


def check_statements(token: LaunchToken | None, received: Sequence[Received]) -> None:
    """Refuse a batch with a statement that the token may not write. Without a token all pass."""
    if token is None:
        return
    for number, each in enumerate(received):
        if reason := _why_not(token, each):
            raise Refused(403, f"{place(number, single=len(received) == 1)}: {reason}")


def check_registration(token: LaunchToken | None, registration: UUID | None) -> None:
    """Refuse a question about another registration. Where none is named, the answer is narrowed to the token's."""
    if token is not None and registration not in {None, token.registration}:
        raise Refused(403, "a launch token reads only statements of its own registration")


def check_state(
    token: LaunchToken | None, *, activity: str | None, agent: str | None, registration: UUID | None
) -> None:
    """Refuse State of anything but the token's learner, activity and registration. agent: `Actor.identifier`."""
    if token is not None and (activity, agent, registration) != (
        token.activity,
        token.actor_identifier,
        token.registration,
    ):
        raise Refused(403, "a launch token has only the State of its own learner, activity and registration")


def check_agent_profile(token: LaunchToken | None, *, agent: str | None, method: str) -> None:
    """Refuse the profile of another agent, and every change. agent: `Actor.identifier`."""
    if token is not None and (method not in {"GET", "HEAD"} or agent != token.actor_identifier):
        raise Refused(403, "a launch token only reads the profile of its own learner")


def _why_not(token: LaunchToken, received: Received) -> str:
    """Why the token may not write the statement; empty when it may."""
    return _not_its_own(token, received.model) or _not_its_to_say(received)


def _not_its_own(token: LaunchToken, model: Statement) -> str:
    """What ties the statement to another learner, registration or activity."""
    context = model.context
    if model.actor.object_type == "Group" or model.actor.identifier != token.actor_identifier:
        return f"the actor must be the learner's account {token.actor} at {id_base()}"
    if context is UNSET or context.registration is UNSET or UUID(context.registration) != token.registration:
        return f"context.registration must be {token.registration}"
    if not _belongs(token, model, context):
        return f"the object, or a parent or grouping of a foreign object, must be {token.activity} or below it"
    return ""


def _not_its_to_say(received: Received) -> str:
    """What only this site or a trusted system says. A conclusion's id is a UUID of version 5: none may be taken."""
    model = received.model
    if model.is_voiding:
        return "a launch token voids nothing"
    if model.verb.id in CONCLUSIONS and _is_ours(model.target):
        return f"only this site says {model.verb.id} of its own activities"
    return "ids of UUID version 5 are those of this site's conclusions" if received.id.version == 5 else ""


def _belongs(token: LaunchToken, model: Statement, context: Context) -> bool:
    """An activity of ours must be the token's or below it; naming a parent does not bring other lessons into reach."""
    target = model.target
    if isinstance(target, Activity) and _within(target.id, token.activity):
        return True
    around = context.context_activities
    if _is_ours(target) or around is UNSET:
        return False
    tied = (*_all(around.parent), *_all(around.grouping))
    return any(_within(each.id, token.activity) for each in tied)


def _all(activities: list[Activity] | Activity | UnsetType) -> Iterable[Activity]:
    if isinstance(activities, Activity):
        return [activities]
    return [] if activities is UNSET else activities


def _within(iri: str, above: str) -> bool:
    """The activity itself, or one whose IRI goes on behind it."""
    return iri == above or iri.startswith((f"{above.rstrip('/')}/", f"{above}#"))


def _is_ours(target: object) -> bool:
    return isinstance(target, Activity) and _within(target.id, id_base())


@jobs.handler(TIDY)
def tidy(job: Job) -> None:
    """Delete expired tokens."""
    expired = LaunchToken.objects.filter(expires_at__lte=timezone.now()).values_list("pk", flat=True)
    while found := list(expired[:BATCH]):
        with transaction.atomic():
            gone = LaunchToken.objects.filter(pk__in=found).delete()[0]
            job.advance(done=job.done + gone)
