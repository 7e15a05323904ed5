"""The statement as it is kept: as received, with what the store must set (Data 2.4)."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from msgspec import UNSET, UnsetType

from xapi.received import Received
from xapi.rules.context import Context
from xapi.rules.statement import SubStatement


def seal(received: Received, *, stored: datetime, authority: bytes, version: str) -> bytes:
    """The JSON to keep. authority is JSON; version is that of the request.

    The bytes that came stay as they are behind the properties that we set, so that nothing is lost in numbers,
    escapes or order. Only where one of ours replaces one of theirs is the statement written anew.
    """
    model = received.model
    time = spoken(stored)
    ours = b'"stored":"' + time + b'","authority":' + authority
    if model.id is UNSET:
        ours = b'"id":"' + str(received.id).encode() + b'",' + ours
    if model.timestamp is UNSET:
        ours += b',"timestamp":"' + time + b'"'
    if model.version is UNSET:
        ours += b',"version":"2.0.0"' if version.startswith("2") else b',"version":"1.0.0"'
    if model.stored is UNSET and model.authority is UNSET and not _has_single(received):
        return b"".join((b"{", ours, b",", received.raw[1:]))
    return orjson.dumps({**_with_arrays(received.data), **orjson.loads(b"{" + ours + b"}")})


@lru_cache(maxsize=64)
def spoken(time: datetime) -> bytes:
    """A time as we write it: UTC, with milliseconds and Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.").encode() + b"%03dZ" % (time.microsecond // 1000)


def _has_single(received: Received) -> bool:
    """Whether a context activity stands without its array, in the statement or in its sub-statement."""
    target = received.model.target
    return _single_in(received.model.context) or (isinstance(target, SubStatement) and _single_in(target.context))


def _single_in(context: Context | UnsetType) -> bool:
    return context is not UNSET and context.context_activities is not UNSET and context.context_activities.has_single


def _with_arrays(data: dict[str, Any]) -> dict[str, Any]:
    """Single context activities as arrays of one (Data 2.4.6.2)."""
    changed = dict(data)
    if activities := data.get("context", {}).get("contextActivities"):
        arrays = {name: [each] if isinstance(each, dict) else each for name, each in activities.items()}
        changed["context"] = {**data["context"], "contextActivities": arrays}
    if data.get("object", {}).get("objectType") == "SubStatement":
        changed["object"] = _with_arrays(data["object"])
    return changed
