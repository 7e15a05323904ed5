"""MARC-in-JSON.

{"leader": "…", "fields": [{"001": "…"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "…"}]}}]}
"""

import re
from typing import Any

import orjson

from library.exceptions import Unreadable
from library.marc import ControlField, DataField, Field, MarcRecord

DELIMITER = re.compile("[\x1d-\x1f]")


def to_json(marc: MarcRecord) -> bytes:
    """One record as an object."""
    return orjson.dumps({"leader": marc.leader, "fields": [{each.tag: _field(each)} for each in marc.fields]})


def _field(each: Field) -> object:
    if isinstance(each, ControlField):
        return each.value
    subfields = [{code: value} for code, value in each.subfields]
    return {"ind1": each.indicator1, "ind2": each.indicator2, "subfields": subfields}


def from_json(data: bytes) -> MarcRecord:
    """The record in an object; raises Unreadable."""
    try:
        document = orjson.loads(data)
        fields = [_from_pair(tag, value) for entry in document["fields"] for tag, value in entry.items()]
        leader = document["leader"]
        if not isinstance(leader, str) or len(leader) != 24 or DELIMITER.search(leader):
            raise Unreadable("the leader is not a text of 24 characters")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(f"not MARC-in-JSON: {error}") from error
    return MarcRecord(leader, fields)


def _from_pair(tag: str, value: Any) -> Field:
    if len(tag) != 3:
        raise Unreadable(f"tag {tag!r} has not three characters")
    if isinstance(value, str):
        return ControlField(tag, _plain(value))
    pairs = [(_plain(code), _plain(text)) for entry in value["subfields"] for code, text in entry.items()]
    if any(len(code) != 1 for code, _text in pairs):
        raise Unreadable(f"field {tag} has a subfield code that is not one character")
    indicators = _plain(value["ind1"]).ljust(1)[:1] + _plain(value["ind2"]).ljust(1)[:1]
    return DataField.of(tag, indicators, pairs)


def _plain(text: str) -> str:
    """A text that cannot be taken for MARC's own marks."""
    return DELIMITER.sub(" ", text)
