"""The actors of other systems' statements: gathered for staff, who say whom they mean.

Nothing is done while statements are stored. A job walks what is new of each credential, by key and in short steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from django.db import transaction

from core import audit, jobs
from core.models import Job
from people import actors
from people.actors import Identifier
from people.models import User
from xapi import clock, index, keys, retrieval
from xapi.models import ActorsGathered, Credential, ForeignActor, Statement
from xapi.rules.actors import Actor
from xapi.rules.broken import read_as
from xapi.signals import statements_stored

GATHER = "xapi.gather_actors"
RECOUNT = "xapi.recount_actor"
STEP = 200  # statements in a transaction
LONGEST = 500  # letters of a home page or value that ActorIdentifier holds; what is longer is nobody's

State = ForeignActor.State


@dataclass(slots=True)
class Seen:
    """What some statements say of one actor; first and last are primary keys."""

    identifier: Identifier
    first: int
    last: int
    name: str = ""
    statements: int = 0


def identity(identifier: Identifier) -> int:
    """The key of the identifier in its one spelling; see Actor.identifier."""
    return keys.agent(" ".join(part for part in identifier if part))


def keys_of(identifiers: Sequence[Identifier]) -> set[int]:
    """The keys by which statements of these are found, in all spellings that were seen."""
    known = {identity(each) for each in identifiers}
    return known | set(ForeignActor.objects.filter(identity__in=known).values_list("key", flat=True))


def keys_of_person(person: User) -> set[int]:
    """The same of all identifiers of a person."""
    return keys_of([found for each in actors.actors_of(person) if (found := actors.identifier_of(each))])


@jobs.handler(GATHER)
def gather(job: Job) -> None:
    """Look at what credentials have sent since the last time. Result: statements, how many were looked at."""
    until = clock.last_complete_key()
    for credential in Credential.objects.order_by("pk"):
        sent = retrieval.sent_by(credential)
        place, _made = ActorsGathered.objects.get_or_create(credential=credential)
        while ids := index.walk([sent], place.through + 1, until, ascending=True, limit=STEP):
            with transaction.atomic():
                held = ActorsGathered.objects.select_for_update().get(pk=place.pk)
                if held.through == place.through:  # else another worker was here
                    _keep(_seen(ids), credential)
                    held.through = ids[-1]
                    held.save()
                job.advance(done=job.done + len(ids))
            place = held


def attach(actor: ForeignActor, *, person: User, by: User) -> None:
    """The actor's statements are the person's from now on, and progress is looked at again."""
    with transaction.atomic():
        actors.attach(actor.identifier, person)
        _decide(actor, State.ATTACHED, by, {"person": str(person.uuid)})
        _recount(actor, by)


def detach(actor: ForeignActor, *, by: User) -> None:
    """Undo it: the actor waits again, and progress is looked at again."""
    with transaction.atomic():
        actors.detach(actor.identifier)
        _decide(actor, State.WAITING, by, {})
        _recount(actor, by)


def ignore(actor: ForeignActor, *, by: User) -> None:
    """Nobody of ours, or nothing to look at. Later statements change nothing about it."""
    with transaction.atomic():
        _decide(actor, State.IGNORED, by, {})


def restore(actor: ForeignActor, *, by: User) -> None:
    """Let an ignored one wait again."""
    with transaction.atomic():
        _decide(actor, State.WAITING, by, {})


@jobs.handler(RECOUNT)
def recount(job: Job) -> None:
    """Arguments: keys of an actor. Cursor: after, primary key of a statement.

    Says of all registrations in which the actor occurs that they are touched; what counts is decided by who listens.
    """
    after = job.cursor.get("after", 0)
    while found := index.after(job.arguments["keys"], after, limit=STEP):
        after = found[-1]
        about = Statement.objects.filter(pk__in=found).exclude(registration=None)
        with transaction.atomic():
            registrations = set(about.values_list("registration", flat=True))
            statements_stored.send(Statement, statements=[], registrations=registrations)
            job.advance(cursor={"after": after}, done=job.done + len(found))


def _seen(ids: Sequence[int]) -> dict[int, Seen]:
    """By key, the agents that these statements are of, but for what no person of ours could be."""
    seen: dict[int, Seen] = {}
    for pk, body in Statement.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "body"):
        actor = orjson.loads(body)["actor"]
        identifier = None if actor.get("objectType") == "Group" else actors.identifier_of(actor)
        if identifier is None or not _fits(identifier):
            continue
        key = keys.agent(read_as(Actor, actor).identifier or "")
        each = seen.setdefault(key, Seen(identifier, first=pk, last=pk))
        each.last = pk
        each.statements += 1
        each.name = str(actor.get("name", "")).replace("\0", "").strip()[:200] or each.name
    return seen


def _fits(identifier: Identifier) -> bool:
    return all(len(part) <= LONGEST and "\0" not in part for part in identifier)


def _keep(seen: dict[int, Seen], credential: Credential) -> None:
    """Add what was seen to what is known. Whoever is a person of ours by our own uuid needs no row."""
    known = {row.key: row for row in ForeignActor.objects.filter(key__in=seen)}
    new = {key: each for key, each in seen.items() if key not in known}
    meant = actors.persons_of([actors.actor_with(each.identifier) for each in new.values()])
    for (key, each), person in zip(new.items(), meant, strict=True):
        if person is None or not actors.is_ours(each.identifier):
            known[key] = ForeignActor(
                key=key,
                identity=identity(each.identifier),
                **each.identifier._asdict(),
                first=each.first,
                state=State.WAITING if person is None else State.ATTACHED,
            )
    rows = []
    for key, row in known.items():
        row.pk = None  # told by its key, whether it is there or not
        row.credential = credential
        row.statements += seen[key].statements
        row.last = max(row.last or 0, seen[key].last)
        row.name = seen[key].name or row.name
        rows.append(row)
    ForeignActor.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["credential", "statements", "last", "name", "search_key"],
    )


def _decide(actor: ForeignActor, state: str, by: User, detail: dict[str, str]) -> None:
    """All spellings of the identifier stand in the same list."""
    ForeignActor.objects.filter(identity=actor.identity).update(state=state)
    actor.state = state
    audit.record(by=by, action=f"xapi.actor.{state}", subject=f"actor:{actor.pk}", detail=detail)


def _recount(actor: ForeignActor, by: User) -> None:
    title = "Tính lại tiến độ: định danh ngoài"
    jobs.start(RECOUNT, {"keys": sorted(keys_of([actor.identifier]))}, by=by.uuid, title=title)
