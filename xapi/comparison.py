"""Whether two statements with one id are the same statement (Data 2.3.1)."""

from typing import Any

import orjson

from xapi.rules import formats

_SET_BY_THE_STORE = {"id", "authority", "stored", "version", "timestamp", "attachments"}


def same(sent: dict[str, Any], kept: dict[str, Any]) -> bool:
    """Whether what was sent says the same as what is kept.

    Ignored are what the store sets, definitions of activities, displays of verbs, the order of group members, the
    writing of times, the case of host names and hexadecimal digits, and attachments.
    """
    return _same_time(sent, kept) and _essence(sent) == _essence(kept)


def _same_time(sent: dict[str, Any], kept: dict[str, Any]) -> bool:
    """A timestamp that was not sent is one that the store set."""
    if "timestamp" not in sent or "timestamp" not in kept:
        return True
    return formats.moment(sent["timestamp"], "") == formats.moment(kept["timestamp"], "")


def _essence(statement: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in statement.items() if name not in _SET_BY_THE_STORE}
    found["verb"] = found["verb"]["id"]
    found["actor"] = _actor(found["actor"])
    found["object"] = _object(found["object"])
    if "context" in found:
        found["context"] = _context(found["context"])
    if "duration" in found.get("result", {}):
        found["result"] = {**found["result"], "duration": _duration(found["result"]["duration"])}
    return found


def _object(value: dict[str, Any]) -> dict[str, Any]:
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        return _activity(value)
    if kind == "StatementRef":
        return {**value, "id": value["id"].lower()}
    if kind == "SubStatement":
        time = formats.moment(value["timestamp"], "") if "timestamp" in value else None
        return {**_essence(value), "timestamp": time}
    return _actor(value)


def _activity(value: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != "definition"}


def _actor(value: dict[str, Any]) -> dict[str, Any]:
    found = dict(value)
    if "mbox" in found:
        local, _, host = found["mbox"].rpartition("@")
        found["mbox"] = f"{local}@{host.lower()}"
    if "mbox_sha1sum" in found:
        found["mbox_sha1sum"] = found["mbox_sha1sum"].lower()
    if "member" in found:
        found["member"] = sorted((_actor(each) for each in found["member"]), key=_in_order)
    return found


def _in_order(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _context(value: dict[str, Any]) -> dict[str, Any]:
    found = dict(value)
    for name in ("instructor", "team"):
        if name in found:
            found[name] = _actor(found[name])
    if "registration" in found:
        found["registration"] = found["registration"].lower()
    if "statement" in found:
        found["statement"] = _object(found["statement"])
    if "contextActivities" in found:
        found["contextActivities"] = {
            name: [_activity(each) for each in ([given] if isinstance(given, dict) else given)]
            for name, given in found["contextActivities"].items()
        }
    return found


def _duration(value: str) -> str:
    """Hundredths of a second are the finest that counts (Data 4.6)."""
    whole, dot, fraction = value.replace(",", ".").partition(".")
    return f"{whole}.{fraction[:-1][:2]}{fraction[-1]}" if dot and fraction.endswith("S") else value
