"""MARC-in-JSON.

{"leader": "…", "fields": [{"001": "…"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "…"}]}}]}
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from library.exceptions import Unreadable
from library.marc import NOT_IN_LEADER, ControlField, DataField, Field, MarcRecord
from library.reading import Read, Refused, Repair

CHUNK = 1 << 16
LIMIT = 4 << 20  # bytes of one record
MARK = re.compile(rb'"(?:[^"\\]|\\.)*+(")?|[{}]', re.DOTALL)
OPENING, BETWEEN, CLOSING = b"[\n", b",\n", b"\n]\n"

DELIMITER = re.compile("[\x1d-\x1f]")


def to_json(marc: MarcRecord) -> bytes:
    """One record as an object."""
    return orjson.dumps({"leader": marc.leader, "fields": [{each.tag: _field(each)} for each in marc.fields]})


def _field(each: Field) -> object:
    if isinstance(each, ControlField):
        return each.value
    subfields = [{code: value} for code, value in each.subfields]
    return {"ind1": each.indicator1, "ind2": each.indicator2, "subfields": subfields}


def read(stream: BinaryIO, *, older: str = "") -> Iterator[Read | Refused]:
    """Every record of a stream: in an array, one a line, or one after the other; memory holds one at a time."""
    for raw, whole in _objects(stream):
        if not whole:
            yield Refused(raw[:LIMIT], f"cut off, or longer than {LIMIT} bytes")
            continue
        try:
            found = _read(raw)
        except Unreadable as error:
            yield Refused(raw, str(error))
        else:
            yield found.converted(older) if older else found


def _read(raw: bytes) -> Read:
    marc = from_json(raw, strict=False)
    leader = NOT_IN_LEADER.sub(" ", marc.leader.ljust(24)[:24])
    repairs = (Repair.LEADER,) if leader != marc.leader else ()
    if not marc.fields:
        raise Unreadable("no fields")
    return Read(MarcRecord(leader, marc.fields), raw, "json", repairs)


def _objects(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The objects that stand at the top or in arrays, each whole or (False) not."""
    buffer, at, depth, start = b"", 0, 0, 0
    while more := stream.read(CHUNK):
        buffer += more
        while found := MARK.search(buffer, at):
            if found[0][:1] == b'"' and not found[1]:
                at = found.start()  # the text goes on in the next chunk
                break
            at = found.end()
            if found[0] == b"{":
                start = found.start() if depth == 0 else start
                depth += 1
            elif found[0] == b"}" and depth:
                depth -= 1
                if depth == 0:
                    yield buffer[start:at], True
        else:
            at = len(buffer)
        begin = start if depth else at
        buffer, at, start = buffer[begin:], at - begin, 0
        if len(buffer) > LIMIT:
            break
    if buffer.strip():
        yield buffer, False


def from_json(data: bytes, *, strict: bool = True) -> MarcRecord:
    """The record in an object; raises Unreadable. Not strict: a leader may be damaged, indicators missing."""
    try:
        document = orjson.loads(data)
        leader = document["leader"] if strict else document.get("leader", "")
        if not isinstance(leader, str) or (strict and (len(leader) != 24 or DELIMITER.search(leader))):
            raise Unreadable("the leader is not a text of 24 characters")
        fields = [_from_pair(tag, value, strict=strict) for entry in document["fields"] for tag, value in entry.items()]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(f"not MARC-in-JSON: {type(error).__name__} {error}") from error
    return MarcRecord(leader, fields)


def _from_pair(tag: str, value: Any, *, strict: bool) -> Field:
    if len(tag) != 3 or DELIMITER.search(tag):
        raise Unreadable(f"tag {tag!r} has not three characters")
    if isinstance(value, str):
        return ControlField(tag, _plain(value))
    pairs = [(_plain(code), _plain(text)) for entry in value["subfields"] for code, text in entry.items()]
    if any(len(code) != 1 for code, _text in pairs):
        raise Unreadable(f"field {tag} has a subfield code that is not one character")
    first, second = (value["ind1"], value["ind2"]) if strict else (value.get("ind1", " "), value.get("ind2", " "))
    return DataField.of(tag, _plain(first).ljust(1)[:1] + _plain(second).ljust(1)[:1], pairs)


def _plain(text: str) -> str:
    """A text that cannot be taken for MARC's own marks."""
    return DELIMITER.sub("\ufffd", text)
