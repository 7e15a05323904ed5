"""The narrow keys by which statements are found: 64 bits of a hash of what a filter asks for.

A filter is one key, or two where it asks for "related" things too. So no table of agents or verbs is written when a
statement comes, and two writers never wait for one another's rows.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from msgspec import UNSET

from xapi.rules.actors import Actor
from xapi.rules.context import Context
from xapi.rules.statement import Object, Statement, SubStatement
from xapi.rules.things import Activity, StatementRef


def agent(identifier: str) -> int:
    """The agent is actor or object, or member of such a group. The identifier is that of `Actor`."""
    return _key("agent", identifier)


def related_agent(identifier: str) -> int:
    """The agent is somewhere else: authority, instructor, team, context agents, or inside a sub-statement."""
    return _key("related agent", identifier)


def verb(iri: str) -> int:
    """The statement has this verb."""
    return _key("verb", iri)


def activity(iri: str) -> int:
    """The activity is the object."""
    return _key("activity", iri)


def related_activity(iri: str) -> int:
    """The activity is in the context, or inside a sub-statement."""
    return _key("related activity", iri)


def registration(value: UUID) -> int:
    """The statement belongs to this registration."""
    return _key("registration", str(value))


def reference(statement_id: UUID) -> int:
    """The statement is about this other statement."""
    return _key("reference", str(statement_id))


def authority(identifier: str) -> int:
    """The agent asserted the statement; it is one of the related agents too."""
    return _key("authority", identifier)


def found_by(statement: Statement) -> set[int]:
    """All keys of a statement's own content, without its authority."""
    found = {verb(statement.verb.id), *_agents(statement.actor, agent)}
    context, target = statement.context, statement.target
    if isinstance(target, Activity):
        found.add(activity(target.id))
    elif isinstance(target, Actor):
        found.update(_agents(target, agent))
    elif isinstance(target, StatementRef):
        found.add(reference(UUID(target.id)))
    else:
        found.update(_inside(target))
    if context is not UNSET:
        found.update(_around(context))
        if context.registration is not UNSET:
            found.add(registration(UUID(context.registration)))
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


def _agents(actor: Actor, kind: Callable[[str], int]) -> Iterator[int]:
    """The agent or group, and the members of a group."""
    if actor.identifier:
        yield kind(actor.identifier)
    if actor.member is not UNSET:
        for member in actor.member:
            yield from _agents(member, kind)


def _inside(statement: SubStatement) -> Iterator[int]:
    """What a sub-statement relates its statement to."""
    yield from _agents(statement.actor, related_agent)
    if isinstance(statement.target, Activity):
        yield related_activity(statement.target.id)
    elif isinstance(statement.target, Actor):
        yield from _agents(statement.target, related_agent)
    if statement.context is not UNSET:
        yield from _around(statement.context)


def _around(context: Context) -> Iterator[int]:
    """What a context relates its statement to."""
    if context.context_activities is not UNSET:
        for each in context.context_activities.all():
            yield related_activity(each.id)
    for actor in context.actors():
        yield from _agents(actor, related_agent)


@lru_cache(maxsize=50_000)
def _key(kind: str, value: str) -> int:
    return int.from_bytes(blake2b(f"{kind} {value}".encode(), digest_size=8).digest(), "big", signed=True)
