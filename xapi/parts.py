"""The parts of a multipart body as they come, without holding it in memory (RFC 2046)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from xapi.body import Body
from xapi.exceptions import Refused

LONGEST_LINE = 8 * 1024  # bytes of a header
MOST_HEADERS = 30
NO_PARTS = "the multipart body does not hold parts between its boundaries, or has no end"

_boundary = re.compile(r";\s*boundary=(?:\"([^\"]+)\"|([^\s;\"]+))", re.IGNORECASE).search
_BOUNDARY_CHARACTERS = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]").fullmatch
_has_control = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]").search


@dataclass(slots=True)
class Part:
    """One part: its headers, names in lower case, and its content, to be read before the next part."""

    number: int
    headers: dict[str, str]
    content: Iterator[bytes]

    @property
    def kind(self) -> str:
        """The media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def parts(body: Body, content_type: str) -> Iterator[Part]:
    """The parts, of which there is at least one; Refused where the body breaks the rules."""
    found = _boundary(content_type)
    boundary = (found[1] or found[2]) if found else ""
    if not _BOUNDARY_CHARACTERS(boundary):
        raise Refused(400, "multipart/mixed needs a boundary in its Content-Type")
    return _parts(_Reader(body), f"--{boundary}".encode())


def _parts(reader: "_Reader", dashes: bytes) -> Iterator[Part]:
    delimiter = b"\r\n" + dashes
    _skip(reader.until(delimiter))  # the preamble
    for number in count(1):
        if reader.takes(b"--"):
            if number == 1:
                raise Refused(400, NO_PARTS)
            reader.finish()
            return
        if reader.line(number).strip(b" \t"):
            raise Refused(400, f"part {number} does not begin on the line after its boundary")
        part = Part(number, _headers(reader, number, dashes), reader.until(delimiter))
        yield part
        _skip(part.content)


def _headers(reader: "_Reader", number: int, dashes: bytes) -> dict[str, str]:
    """The lines up to the empty one."""
    headers: dict[str, str] = {}
    while line := reader.line(number):
        if line.startswith(dashes):
            raise Refused(400, f"part {number} has no empty line after its headers")
        name, colon, value = line.decode("latin-1").partition(":")
        if _has_control(line):
            raise Refused(400, f"part {number} has a control character in a header")
        if not colon:
            raise Refused(400, f"part {number} has a header without a colon")
        headers[name.strip().lower()] = value.strip()
        if len(headers) > MOST_HEADERS:
            raise Refused(400, f"part {number} has more than {MOST_HEADERS} headers")
    return headers


def _skip(pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


class _Reader:
    """Reads a body up to marks. It begins with a line's end, since the first boundary may be the first line."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._seen = bytearray(b"\r\n")

    def until(self, mark: bytes) -> Iterator[bytes]:
        """What stands before the mark, in pieces; the mark is taken too."""
        while (at := self._seen.find(mark)) < 0:
            if len(self._seen) >= len(mark):
                yield self._take(len(self._seen) - len(mark) + 1)  # the rest may be the mark's beginning
            self._fill()
        yield self._take(at)
        self._take(len(mark))

    def line(self, number: int) -> bytes:
        """The line up to its end."""
        found = b""
        for piece in self.until(b"\r\n"):
            found += piece
            if len(found) > LONGEST_LINE:
                raise Refused(400, f"part {number} has a header of more than {LONGEST_LINE} bytes")
        return found

    def takes(self, mark: bytes) -> bool:
        """Whether the mark comes next, which is taken then."""
        while len(self._seen) < len(mark):
            self._fill()
        found = self._seen.startswith(mark)
        self._take(len(mark) if found else 0)
        return found

    def finish(self) -> None:
        """Read what follows the last boundary, so that a request that broke off there is noticed."""
        _skip(iter(self._body.read, b""))

    def _take(self, size: int) -> bytes:
        taken = bytes(self._seen[:size])
        del self._seen[:size]
        return taken

    def _fill(self) -> None:
        piece = self._body.read()
        if not piece:
            raise Refused(400, NO_PARTS)
        self._seen += piece
