"""The narrow keys by which statements are found: 64 bits of a hash of what a filter asks for.

A filter is one key, or two where it asks for "related" things too. So no table of agents or verbs is written when a
statement comes, and two writers never wait for one another's rows.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from msgspec import UNSET

from xapi.rules.actors import Actor
from xapi.rules.context import Context
from xapi.rules.statement import Object, Statement, SubStatement
from xapi.rules.things import Activity, StatementRef

_remembered = lru_cache(maxsize=20_000)


@_remembered
def agent(identifier: str) -> int:
    """The agent is actor or object, or member of such a group. The identifier is that of `Actor`."""
    return _key("agent", identifier)


@_remembered
def related_agent(identifier: str) -> int:
    """The agent is somewhere else: authority, instructor, team, context agents, or inside a sub-statement."""
    return _key("related agent", identifier)


@_remembered
def verb(iri: str) -> int:
    """The statement has this verb."""
    return _key("verb", iri)


@_remembered
def activity(iri: str) -> int:
    """The activity is the object."""
    return _key("activity", iri)


@_remembered
def related_activity(iri: str) -> int:
    """The activity is in the context, or inside a sub-statement."""
    return _key("related activity", iri)


@_remembered
def activity_verb(activity_iri: str, verb_iri: str) -> int:
    """The activity is the object and the statement has this verb: asked for together, since each alone finds much."""
    return _key("activity and verb", f"{activity_iri} {verb_iri}")


@_remembered
def registration(value: UUID | str) -> int:
    """The statement belongs to this registration."""
    return _key("registration", str(value).lower())


def reference(statement_id: UUID) -> int:
    """Another statement, as the object of one."""
    return _key("reference", str(statement_id))


@_remembered
def authority(identifier: str) -> int:
    """The agent asserted the statement; it is one of the related agents too."""
    return _key("authority", identifier)


def document(identifier: str) -> int:
    """The document has this stateId or profileId."""
    return _key("document", identifier)


def found_by(statement: Statement) -> set[int]:
    """All keys of a statement's own content, without its authority."""
    found = {verb(statement.verb.id), *map(agent, statement.actor.identifiers)}
    context, target = statement.context, statement.target
    if isinstance(target, Activity):
        found.update((activity(target.id), activity_verb(target.id, statement.verb.id)))
    elif isinstance(target, Actor):
        found.update(map(agent, target.identifiers))
    elif isinstance(target, SubStatement):
        found.update(_inside(target))
    if context is not UNSET:
        found.update(_around(context))
        if context.registration is not UNSET:
            found.add(registration(context.registration))
    return found


def of_object(target: Object) -> int:
    """The key of a statement's object; 0 for a sub-statement or an anonymous group."""
    if isinstance(target, Activity):
        return activity(target.id)
    if isinstance(target, StatementRef):
        return reference(UUID(target.id))
    return of_actor(target) if isinstance(target, Actor) else 0


def of_actor(actor: Actor) -> int:
    """The key of an actor; 0 for an anonymous group."""
    return agent(actor.identifier) if actor.identifier else 0


def _inside(statement: SubStatement) -> Iterator[int]:
    """What a sub-statement relates its statement to."""
    yield from map(related_agent, statement.actor.identifiers)
    if isinstance(statement.target, Activity):
        yield related_activity(statement.target.id)
    elif isinstance(statement.target, Actor):
        yield from map(related_agent, statement.target.identifiers)
    if statement.context is not UNSET:
        yield from _around(statement.context)


def _around(context: Context) -> list[int]:
    """What a context relates its statement to."""
    found: list[int] = []
    if context.context_activities is not UNSET:
        found += map(related_activity, context.context_activities.ids)
    for actor in context.actors():
        found += map(related_agent, actor.identifiers)
    return found


def _key(kind: str, value: str) -> int:
    return int.from_bytes(blake2b(f"{kind} {value}".encode(), digest_size=8).digest(), "big", signed=True)
