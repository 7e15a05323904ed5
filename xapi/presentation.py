"""The formats in which statements are shown: exact, ids and canonical (Communication 2.1.3)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from xapi import activities
from xapi.older import for_1_0

FORMATS = ("exact", "ids", "canonical")
_LANGUAGE_MAPS = ("name", "description")
_COMPONENTS = ("choices", "scale", "source", "target", "steps")

Data = dict[str, Any]


def shown(bodies: list[bytes], *, form: str, accept_language: str, version: str) -> list[bytes]:
    """Statements, given as they are kept, in the form asked for, for a client of this version."""
    if not version.startswith("2"):
        bodies = [for_1_0(body) for body in bodies]
    if form == "exact":
        return bodies
    statements = [orjson.loads(body) for body in bodies]
    if form == "ids":
        return [orjson.dumps(_changed(each, _id_of_actor, _id_of_activity, _id_of_verb)) for each in statements]
    known = activities.definitions_of({each["id"] for each in _activities(statements)})
    wanted = languages(accept_language)

    def activity(value: Data) -> Data:
        return _canonical_activity(value, known, wanted)

    def verb(value: Data) -> Data:
        return {**value, "display": _one(value["display"], wanted)} if "display" in value else value

    return [orjson.dumps(_changed(each, lambda actor: actor, activity, verb)) for each in statements]


def languages(accept_language: str) -> list[str]:
    """The language ranges of the header, the most wanted first, in lower case; those with q=0 are left out."""
    ranges = []
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag.strip() and weight > 0:
            ranges.append((weight, tag.strip().lower()))
    return [tag for _, tag in sorted(ranges, key=lambda each: -each[0])]


def _one(texts: dict[str, str], wanted: list[str]) -> dict[str, str]:
    """The one language of a map that fits best; the first where none fits."""
    tags = {given.lower(): given for given in texts}
    for asked in wanted:
        for fits in (_is, _is_below, _is_above):
            for tag, given in tags.items():
                if fits(tag, asked):
                    return {given: texts[given]}
    return dict(list(texts.items())[:1])


def _is(tag: str, asked: str) -> bool:
    return tag == asked


def _is_below(tag: str, asked: str) -> bool:
    """Asked for en, en-GB will do."""
    return tag.startswith(f"{asked}-")


def _is_above(tag: str, asked: str) -> bool:
    """Asked for en-GB, en will do."""
    return asked.startswith(f"{tag}-")


def _canonical_activity(value: Data, known: dict[str, Data], wanted: list[str]) -> Data:
    definition = known.get(value["id"]) or value.get("definition")
    if not definition:
        return value
    shown_definition = _one_language(definition, wanted)
    for name in _COMPONENTS:
        if name in definition:
            shown_definition[name] = [_one_language(each, wanted) for each in definition[name]]
    return {**value, "definition": shown_definition}


def _one_language(value: Data, wanted: list[str]) -> Data:
    return {**value, **{name: _one(value[name], wanted) for name in _LANGUAGE_MAPS if name in value}}


def _changed(
    statement: Data, actor: Callable[[Data], Data], activity: Callable[[Data], Data], verb: Callable[[Data], Data]
) -> Data:
    """The statement with its actors, activities and verbs put through these functions."""
    found = {**statement, "actor": actor(statement["actor"]), "verb": verb(statement["verb"])}
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        found["object"] = activity(target)
    elif kind in {"Agent", "Group"}:
        found["object"] = actor(target)
    elif kind == "SubStatement":
        found["object"] = _changed(target, actor, activity, verb)
    if "authority" in statement:
        found["authority"] = actor(statement["authority"])
    if "context" in statement:
        found["context"] = _changed_context(statement["context"], actor, activity)
    return found


def _changed_context(context: Data, actor: Callable[[Data], Data], activity: Callable[[Data], Data]) -> Data:
    found = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            found[name] = actor(context[name])
    for name, key in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            found[name] = [{**each, key: actor(each[key])} for each in context[name]]
    if "contextActivities" in context:
        kinds = context["contextActivities"].items()
        found["contextActivities"] = {kind: [activity(each) for each in values] for kind, values in kinds}
    return found


def _id_of_actor(value: Data) -> Data:
    """What identifies an agent or group; of an anonymous group what identifies its members."""
    names = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")
    found = {name: value[name] for name in names if name in value}
    if len(found) == ("objectType" in value) and "member" in value:
        found["member"] = [_id_of_actor(each) for each in value["member"]]
    return found


def _id_of_activity(value: Data) -> Data:
    return {"id": value["id"]}


def _id_of_verb(value: Data) -> Data:
    return {"id": value["id"]}


def _activities(statements: Iterable[Data]) -> Iterator[Data]:
    for statement in statements:
        target = statement["object"]
        kind = target.get("objectType", "Activity")
        if kind == "Activity":
            yield target
        elif kind == "SubStatement":
            yield from _activities([target])
        for values in statement.get("context", {}).get("contextActivities", {}).values():
            yield from values
