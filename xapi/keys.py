"""The narrow keys by which statements are found: 64 bits of a hash of what a filter asks for.

A filter is one key, or two where it asks for "related" things too. So no table of agents or verbs is written when a
statement comes, and two writers never wait for one another's rows.
"""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID


def agent(identifier: str) -> int:
    """The agent is actor or object, or member of such a group. The identifier is that of `agent_identifier`."""
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


def agent_identifier(actor: Mapping[str, Any]) -> str | None:
    """One string for the inverse functional identifier of an agent or group; None for an anonymous group."""
    for name in ("mbox", "mbox_sha1sum", "openid"):
        if name in actor:
            return f"{name} {actor[name]}"
    if "account" in actor:
        return f"account {actor['account']['homePage']} {actor['account']['name']}"
    return None


@lru_cache(maxsize=50_000)
def _key(kind: str, value: str) -> int:
    return int.from_bytes(blake2b(f"{kind} {value}".encode(), digest_size=8).digest(), "big", signed=True)
