"""Stored statements in words that a person understands: who, did, what, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from people.actors import persons_of
from people.models import User
from xapi import activities, verbs
from xapi.models import Statement

Data = dict[str, Any]


@dataclass(slots=True)
class Line:
    """One statement, said."""

    row: Statement
    who: str
    did: str
    what: str
    by: str  # the credential's name; empty for this site itself


def in_words(rows: Sequence[Statement], *, reader: Any) -> list[Line]:
    """The statements in the order given, by a constant number of queries.

    A person is named where the reader may see that person; otherwise by the identifier in the statement.
    """
    data = [row.data for row in rows]
    names = _names([each["actor"] for each in data], reader)
    known = activities.definitions_of({each["object"]["id"] for each in data if _is_activity(each["object"])})
    return [
        Line(
            row=row,
            who=name or _identifier(each["actor"]),
            did=_verb(each["verb"]),
            what=_object(each["object"], known),
            by=row.credential.name if row.credential else "",
        )
        for row, each, name in zip(rows, data, names, strict=True)
    ]


def _names(actors: Sequence[Data], reader: Any) -> list[str]:
    persons = persons_of(actors)
    pks = {person.pk for person in persons if person}
    visible = set(User.objects.visible_to(reader).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()
    return [person.full_name if person and person.pk in visible else "" for person in persons]


def _identifier(actor: Data) -> str:
    """What stands for an actor that we have no name for."""
    if "member" in actor and "mbox" not in actor and "account" not in actor:
        return ", ".join(_identifier(each) for each in actor["member"][:3])
    account = actor.get("account", {}).get("name")
    return (
        account
        or actor.get("mbox", "").removeprefix("mailto:")
        or actor.get("openid")
        or actor.get("mbox_sha1sum", "?")
    )


def _verb(verb: Data) -> str:
    if known := verbs.BY_ID.get(verb["id"]):
        return known.vi
    return _text(verb.get("display", {})) or verb["id"].rstrip("/").rpartition("/")[2]


def _object(target: Data, known: dict[str, Data]) -> str:
    if _is_activity(target):
        definition = known.get(target["id"]) or target.get("definition", {})
        return _text(definition.get("name", {})) or target["id"]
    if target["objectType"] == "StatementRef":
        return str(target["id"])
    if target["objectType"] == "SubStatement":
        return f"{_identifier(target['actor'])} {_verb(target['verb'])} {_object(target['object'], known)}"
    return _identifier(target)


def _is_activity(target: Data) -> bool:
    return target.get("objectType", "Activity") == "Activity"


def _text(texts: dict[str, str]) -> str:
    """Vietnamese where there is some, else the first language."""
    return next((text for tag, text in texts.items() if tag.lower().startswith("vi")), next(iter(texts.values()), ""))
