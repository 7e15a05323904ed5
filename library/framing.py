"""Cuts a stream of ISO 2709 into records, with bounded memory, also where lengths are wrong or ends are missing.

The record's end mark (0x1D) decides, not the length in its leader: a reader that trusts a wrong length is lost for the
rest of the file. The length is asked only where both disagree.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

END = b"\x1d"
FIELD_END = 0x1E
CHUNK = 1 << 18
LIMIT = 4 << 20  # bytes; the format itself ends at 99,999, broken writers do not
LONGEST_ANNOUNCED = 99_999

# Length, status, type, level, control, encoding, counts, base address, three positions, entry map.
LEADER = re.compile(rb"\d{5}[a-z0-9 ][a-z][a-z0-9# ]{2}[a ]\d\d\d{5}[a-zA-Z0-9# ]{3}45\d\d")
JUNK = re.compile(rb"(?:\xef\xbb\xbf)?(?:[\s\x00\x1a]+(?=\d{5})|[\r\n\t\x00\x1a]*)")


class Frame(NamedTuple):
    """The bytes of one record. `problem` says why they cannot be one, "" if they can."""

    raw: bytes
    problem: str = ""


def frames(stream: BinaryIO, *, chunk: int = CHUNK, limit: int = LIMIT) -> Iterator[Frame]:
    """All records of a stream in their order; what stands between them (line ends, padding) is left out."""
    buffer, ended, skipping = b"", False, False
    while not ended:
        more = stream.read(chunk)
        ended = not more
        buffer += more
        at = 0
        while (cut := buffer.find(END, at)) >= 0:
            if not ended and cut - at < LONGEST_ANNOUNCED and len(buffer) - at <= LONGEST_ANNOUNCED:
                break  # a record that disagrees with its length is judged by what follows it
            cut = cut + 1 if skipping else _true_end(buffer, at, cut + 1)
            if not skipping:
                yield from _split(buffer[at:cut])
            at, skipping = cut, False
        buffer = buffer[at:]
        if len(buffer) > limit:
            if not skipping:
                yield Frame(buffer[:limit], f"no end of the record within {limit} bytes")
            buffer, skipping = b"", True
    if not skipping:
        yield from _rest(buffer)


def _true_end(buffer: bytes, at: int, end: int) -> int:
    """Where the record at `at` ends: at its first end mark, unless its length says that this mark is inside it."""
    start = at + _junk(buffer, at)
    announced = _announced(buffer[start : start + 5])
    stop = start + announced
    if stop <= end or buffer[stop - 1 : stop] != END or LEADER.match(buffer, end):
        return end
    return stop


def _split(piece: bytes) -> Iterator[Frame]:
    """One record; or several, where a record lost its end and the next one's leader follows within."""
    piece = piece[_junk(piece, 0) :]
    if not piece.strip(b" \x1d"):
        return
    if _announced(piece[:5]) != len(piece):
        at = 0
        for found in LEADER.finditer(piece, 24):
            yield _without_end(piece[at : found.start()])
            at = found.start()
        piece = piece[at:]
    yield Frame(piece)


def _rest(piece: bytes) -> Iterator[Frame]:
    """What stands after the last end mark: nothing, a record that lost its end mark, or one that was cut off."""
    *whole, last = list(_split(piece)) or [Frame(b"")]
    yield from whole
    if last.raw.strip():
        yield _without_end(last.raw)


def _without_end(piece: bytes) -> Frame:
    body = piece.rstrip(b"\r\n\x00\x1a ")
    if body and body[-1] == FIELD_END and _announced(piece[:5]) <= len(body) + 1:
        return Frame(body)
    return Frame(piece, f"cut off after {len(piece)} of {_announced(piece[:5]) or 'an unknown number of'} bytes")


def _junk(buffer: bytes, at: int) -> int:
    found = JUNK.match(buffer, at)
    return found.end() - found.start() if found else 0


def _announced(digits: bytes) -> int:
    """The length in a leader, 0 if it is none."""
    return int(digits) if len(digits) == 5 and digits.isdigit() else 0
