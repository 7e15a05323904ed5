"""The parameters of a call, held to the same rules as what stands in statements (Data 2.2)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from xapi.calls import Call
from xapi.exceptions import Refused
from xapi.json_text import parse
from xapi.rules import formats
from xapi.rules.actors import Actor
from xapi.rules.broken import Broken, read_as


def only(call: Call, allowed: Collection[str]) -> None:
    """Refuse parameters that the resource does not have (Communication 3.2)."""
    for name in call.parameters:
        if name not in allowed:
            raise Refused(400, f"{name[:80]}: is not a parameter here; there are {', '.join(sorted(allowed))}")


def text(call: Call, name: str) -> str:
    """A parameter that must be there."""
    if name not in call.parameters:
        raise Refused(400, f"{name}: is required")
    return call.parameters[name]


def flag(call: Call, name: str) -> bool:
    """A boolean, written as in JSON; false where it is absent."""
    value = call.parameters.get(name, "false")
    if value not in {"true", "false"}:
        raise Broken(name, "must be true or false")
    return value == "true"


def number(call: Call, name: str) -> int | None:
    """A whole number that is not negative."""
    value = call.parameters.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise Broken(name, "must be a whole number that is not negative")
    return int(value)


def choice(call: Call, name: str, values: Collection[str], default: str) -> str:
    """One of some words."""
    value = call.parameters.get(name, default)
    if value not in values:
        raise Broken(name, f"must be one of {', '.join(values)}")
    return value


def uuid(call: Call, name: str) -> UUID | None:
    """A UUID in standard form."""
    value = call.parameters.get(name)
    if value is None:
        return None
    formats.uuid(value, name)
    return UUID(value)


def iri(call: Call, name: str) -> str | None:
    """An IRI."""
    value = call.parameters.get(name)
    if value is not None:
        formats.iri(value, name)
    return value


def time(call: Call, name: str) -> datetime | None:
    """A timestamp."""
    value = call.parameters.get(name)
    return None if value is None else formats.moment(value, name)


def actor(call: Call, name: str) -> Actor | None:
    """An agent or a group in JSON."""
    value = call.parameters.get(name)
    if value is None:
        return None
    try:
        return read_as(Actor, parse(value.encode("utf-8", "surrogatepass")))
    except Broken as broken:
        raise broken.within(name) from None


def agent(call: Call, name: str) -> Actor:
    """An agent in JSON, no group; it must be there."""
    text(call, name)
    found = actor(call, name)
    if found is None or found.object_type == "Group":
        raise Broken(name, "must be an agent, not a group")
    return found


def activity(call: Call, name: str) -> str:
    """The IRI of an activity; it must be there."""
    found = text(call, name)
    formats.iri(found, name)
    return found
