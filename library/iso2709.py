"""ISO 2709, the exchange format of MARC: reads with mending, writes strictly."""

import re
from collections.abc import Collection, Iterator
from itertools import accumulate
from typing import BinaryIO

from library import encoding
from library.exceptions import TooLong, Unreadable
from library.framing import frames
from library.marc import (
    FIELD_END,
    NOT_IN_LEADER,
    NOT_IN_TAG,
    RECORD_END,
    SUBFIELD,
    DataField,
    Field,
    MarcRecord,
    field,
    mended_tag,
)
from library.reading import HARMLESS, Read, Refused, Repair

LEADER_LENGTH = 24
ENTRY = 12  # tag 3, length 4, start 5
FIELD_LIMIT = 9_999
RECORD_LIMIT = 99_999
SOUND_ENTRY = re.compile(rb"[0-9A-Za-z]{3}\d{9}")


def read(stream: BinaryIO, *, older: str = "") -> Iterator[Read | Refused]:
    """Every record of a stream, in its order, with bounded memory; older: see library.encoding."""
    for raw, problem in frames(stream):
        if problem:
            yield Refused(raw, problem)
            continue
        try:
            marc, repairs = parse(raw, older=older)
        except Unreadable as error:
            yield Refused(raw, str(error))
        else:
            yield Read(marc, raw, "iso2709", repairs)


def parse(raw: bytes, *, older: str = "") -> tuple[MarcRecord, tuple[Repair, ...]]:
    """The record in these bytes and what was repaired; raises Unreadable."""
    head_end = raw.find(b"\x1e")
    if head_end < LEADER_LENGTH:
        raise Unreadable(f"no leader and directory in {len(raw)} bytes")
    leader, directory, repairs = _head(raw[:head_end])
    body, body_repairs = _body(raw[head_end + 1 :])
    if leader[12:17] != f"{head_end + 1:05}":
        repairs.append(Repair.DIRECTORY)
    if leader[:5] != f"{len(raw):05}":
        repairs.append(Repair.LENGTH)
    text, utf8, text_repairs = encoding.decode(body, says_utf8=leader[9] == "a", older=older)
    contents = text.split(FIELD_END)[:-1]
    lengths = [len(part) + 1 for part in (contents if utf8 and body.isascii() else body.split(b"\x1e")[:-1])]
    fields, field_repairs = _fields(directory, contents, lengths)
    if not fields:
        raise Unreadable("no fields")
    if NOT_IN_TAG.search("".join([each.tag for each in fields])):
        fields = [field(mended_tag(each.tag), each.content) for each in fields]
        field_repairs.append(Repair.FIELD)
    if not body.isascii() or not utf8:
        leader = leader[:9] + "a" + leader[10:]
    repairs += [*body_repairs, *text_repairs, *field_repairs]
    return MarcRecord(leader, fields), tuple(dict.fromkeys(repairs))


def _head(head: bytes) -> tuple[str, str, list[Repair]]:
    """Leader, directory and repairs. Where they do not fit, the directory is what looks like entries at the end."""
    leader, directory, repairs = head[:LEADER_LENGTH], head[LEADER_LENGTH:], []
    start = _entries_at_end(head) if len(directory) % ENTRY else len(head)
    if start < len(head) and (start < LEADER_LENGTH or not _is_sound(leader)):
        leader, directory = head[:start].ljust(LEADER_LENGTH)[:LEADER_LENGTH], head[start:]
        repairs.append(Repair.DIRECTORY)
    text = leader.decode("latin-1")
    clean = NOT_IN_LEADER.sub(" ", text)
    if clean != text:
        repairs.append(Repair.LEADER)
    return clean, directory.decode("latin-1"), repairs


def _entries_at_end(head: bytes) -> int:
    """Where the unbroken row of sound entries begins that ends with the head."""
    start = len(head)
    while start >= ENTRY and SOUND_ENTRY.fullmatch(head, start - ENTRY, start):
        start -= ENTRY
    return start


def _is_sound(leader: bytes) -> bool:
    return (leader[:5] + leader[12:17]).isdigit() and leader[20:22] == b"45"


def _body(body: bytes) -> tuple[bytes, list[Repair]]:
    """The fields, each with its end mark, without the record's."""
    if body.endswith(b"\x1e\x1d"):
        return body[:-1], []
    body = body.rstrip(b"\x1d\r\n")
    return (body if body.endswith(b"\x1e") else body + b"\x1e"), [Repair.END]


def _fields(directory: str, contents: list[str], lengths: list[int]) -> tuple[list[Field], list[Repair]]:
    """The fields that a directory names; where it is wrong, by its plausible part."""
    tags = _tags_in_sequence(directory, lengths)
    if tags is not None:
        pairs = zip(tags, contents, strict=True)
        return [
            DataField(tag, content) if SUBFIELD in content and tag[:2] != "00" else field(tag, content)
            for tag, content in pairs
        ], []
    tags = [directory[at : at + 3] for at in range(0, len(directory) - ENTRY + 1, ENTRY)]
    starts = _starts(directory)
    offsets = _offsets(lengths)
    order = [offsets.get(start, -1) for start in starts]
    if -1 not in order and len(set(order)) == len(order) == len(contents):
        return [field(tag, contents[at]) for tag, at in zip(tags, order, strict=True)], []
    return _by_guess(tags, starts, offsets, contents), [Repair.DIRECTORY]


def _tags_in_sequence(directory: str, lengths: list[int]) -> list[str] | None:
    """The tags, if the directory names exactly these fields one after the other (the usual case), else None.

    A length over 9,999 may have taken five digits.
    """
    if (
        len(directory) == ENTRY * len(lengths)
        and directory.isascii()
        and sum(lengths) <= RECORD_LIMIT
        and max(lengths, default=0) <= FIELD_LIMIT
    ):
        places = range(0, len(directory), ENTRY)
        starts = accumulate(lengths, initial=0)
        expected = [length * 100_000 + start for length, start in zip(lengths, starts, strict=False)]
        numbers = [directory[at + 3 : at + ENTRY] for at in places]
        if "".join(numbers).isdigit() and list(map(int, numbers)) == expected:
            return [directory[at : at + 3] for at in places]
        return None
    return _tags_of_long_fields(directory, lengths)


def _tags_of_long_fields(directory: str, lengths: list[int]) -> list[str] | None:
    """The same where lengths may have five digits."""
    tags = []
    at = start = 0
    for length in lengths:
        entry = f"{length:04}{start:05}"
        if not directory.startswith(entry, at + 3):
            return None
        tags.append(directory[at : at + 3])
        at += 3 + len(entry)
        start += length
    return tags if at == len(directory) else None


def _starts(directory: str) -> list[int]:
    """Where the directory says that each field begins; -1 where it says no number."""
    numbers = [directory[at + 7 : at + 12] for at in range(0, len(directory) - ENTRY + 1, ENTRY)]
    return [int(number) if number.isdecimal() and number.isascii() else -1 for number in numbers]


def _offsets(lengths: list[int]) -> dict[int, int]:
    """Which field begins at which byte."""
    offsets, start = {}, 0
    for index, length in enumerate(lengths):
        offsets[start] = index
        start += length
    return offsets


def _by_guess(tags: list[str], starts: list[int], offsets: dict[int, int], contents: list[str]) -> list[Field]:
    """Fields of a record whose directory is wrong: by number where that fits, else by the starts that fit."""
    if len(tags) == len(contents):
        return [field(tag, content) for tag, content in zip(tags, contents, strict=True)]
    known = {offsets[start]: tag for tag, start in zip(tags, starts, strict=True) if start in offsets}
    if len(known) < min(len(tags), len(contents)) / 2:
        return [field(tag, content) for tag, content in zip(tags, contents, strict=False)]
    fields: list[Field] = []
    for index, content in enumerate(contents):
        if index in known:
            fields.append(field(known[index], content))
        elif fields:  # an end mark inside a field: what follows it belongs to that field
            fields[-1] = field(fields[-1].tag, f"{fields[-1].content} {content}")
    return fields


def stands(raw: bytes, repairs: Collection[str]) -> bool:
    """Whether these received bytes can go out as they are: sound, and in UTF-8."""
    if not HARMLESS.issuperset(repairs) or (b"\x1b" in raw and raw[9:10] != b"a"):
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def write(marc: MarcRecord) -> bytes:
    """The record as ISO 2709 in UTF-8; raises TooLong when it does not fit the format's lengths.

    Leader and tags, whose places are counted, go out in ASCII.
    """
    directory: list[str] = []
    contents: list[bytes] = []
    start = 0
    for each in marc.fields:
        content = (each.content + FIELD_END).encode()
        if len(content) > FIELD_LIMIT:
            raise TooLong(f"field {each.tag} has {len(content)} bytes, ISO 2709 holds {FIELD_LIMIT}")
        directory.append(f"{mended_tag(each.tag)}{len(content):04}{start:05}")
        contents.append(content)
        start += len(content)
    base = LEADER_LENGTH + ENTRY * len(directory) + 1
    length = base + start + 1
    if length > RECORD_LIMIT:
        raise TooLong(f"the record has {length} bytes, ISO 2709 holds {RECORD_LIMIT}")
    old = NOT_IN_LEADER.sub(" ", marc.leader).ljust(LEADER_LENGTH)
    leader = f"{length:05}{old[5:9]}a{old[10:12]}{base:05}{old[17:20]}4500"
    return (leader + "".join(directory) + FIELD_END).encode() + b"".join(contents) + RECORD_END.encode()
