"""The Person object: the identifiers of one person, each property an array (Communication 2.4)."""

from collections.abc import Iterable
from typing import Any

import msgspec

from core.identity import id_base
from people import actors
from xapi.rules.actors import Actor

_PROPERTIES = ("name", "mbox", "mbox_sha1sum", "openid", "account")


def person(agent: Actor, *, with_others: bool) -> dict[str, Any]:
    """What the agent itself says. with_others: for a user of ours, the other identifiers too that are known as theirs.

    Names, telephone numbers and addresses that this site knows are never told.
    """
    asked = msgspec.to_builtins(agent)
    known = [asked, *(_others(asked) if with_others else ())]
    arrays = {name: _distinct(each[name] for each in known if name in each) for name in _PROPERTIES}
    return {"objectType": "Person"} | {name: values for name, values in arrays.items() if values}


def _others(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """All actors of a user of ours."""
    ours = asked.get("account", {}).get("homePage") == id_base()
    user = actors.person_of(asked) if ours else None
    return actors.actors_of(user) if user else []


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
