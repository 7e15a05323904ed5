"""Statements with their files in one request or answer: multipart/mixed (Communication 1.5.2)."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.http import StreamingHttpResponse

from xapi import attachments
from xapi.attachments import File
from xapi.calls import Call
from xapi.exceptions import Refused
from xapi.insertion import in_chunks
from xapi.models import Attachment
from xapi.received import Received, read
from xapi.rules import formats

_boundary = re.compile(r";\s*boundary=(?:\"([^\"]+)\"|([^\s;\"]+))", re.IGNORECASE).search
_BOUNDARY_CHARACTERS = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]").fullmatch


@dataclass(slots=True)
class Part:
    """One part: its headers, names in lower case, and its content."""

    headers: dict[str, str]
    content: bytes


def statements_and_files(call: Call) -> tuple[list[Received], dict[str, File]]:
    """What a PUT or POST brings: the statements, and the files by SHA-2."""
    content_type = call.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    files: dict[str, File] = {}
    if kind == "application/json":
        received = read(call.body, version=call.version)
    elif kind == "multipart/mixed":
        first, *others = parts(call.body, content_type)
        if first.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refused(400, "the first part must be the statements, with the type application/json")
        received = read(first.content, version=call.version)
        files = dict(_file(part, number) for number, part in enumerate(others, start=2))
    else:
        raise Refused(400, "the Content-Type must be application/json or multipart/mixed")
    attachments.check(received, files)
    return received, files


def parts(body: bytes, content_type: str) -> list[Part]:
    """The parts of a multipart body (RFC 2046); Refused where it breaks the rules."""
    found = _boundary(content_type)
    boundary = (found[1] or found[2]) if found else ""
    if not _BOUNDARY_CHARACTERS(boundary):
        raise Refused(400, "multipart/mixed needs a boundary in its Content-Type")
    delimiter = b"\r\n--" + boundary.encode()
    _preamble, *pieces = (b"\r\n" + body).split(delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Refused(400, "the multipart body does not hold parts between its boundaries, or has no end")
    return [_part(piece, number) for number, piece in enumerate(pieces[:-1], start=1)]


def answer(body: bytes, statements: list[bytes]) -> StreamingHttpResponse:
    """The statements and, after them, the files that are kept for them."""
    wanted = {each["sha2"].lower() for statement in statements for each in _said(statement)}
    found = [row for chunk in in_chunks(sorted(wanted)) for row in Attachment.objects.filter(sha2__in=chunk)]
    boundary = secrets.token_hex(16)
    return StreamingHttpResponse(_written(body, found, boundary), content_type=f"multipart/mixed; boundary={boundary}")


def _written(body: bytes, files: list[Attachment], boundary: str) -> Iterator[bytes]:
    yield f"--{boundary}\r\nContent-Type: application/json\r\n\r\n".encode()
    yield body
    for file in files:
        yield (
            f"\r\n--{boundary}\r\nContent-Type: {file.content_type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"X-Experience-API-Hash: {file.sha2}\r\n\r\n"
        ).encode()
        yield from attachments.content(file)
    yield f"\r\n--{boundary}--\r\n".encode()


def _part(piece: bytes, number: int) -> Part:
    """The delimiter's line has nothing but white space; then headers, an empty line, the content."""
    rest, line_end, piece = piece.partition(b"\r\n")
    if rest.strip(b" \t") or not line_end:
        raise Refused(400, f"part {number} does not begin on the line after its boundary")
    if piece.startswith(b"\r\n"):
        return Part({}, piece[2:])
    head, blank, content = piece.partition(b"\r\n\r\n")
    if not blank:
        raise Refused(400, f"part {number} has no empty line after its headers")
    headers = {}
    for line in head.split(b"\r\n"):
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise Refused(400, f"part {number} has a header without a colon")
        headers[name.strip().lower()] = value.strip()
    return Part(headers, content)


def _file(part: Part, number: int) -> tuple[str, File]:
    """A part after the first: a file in binary, named by its SHA-2."""
    sha2 = part.headers.get("x-experience-api-hash", "").lower()
    if not sha2:
        raise Refused(400, f"part {number} needs the header X-Experience-API-Hash")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise Refused(400, f"part {number} needs the header Content-Transfer-Encoding: binary")
    if not attachments.fits(sha2, part.content):
        raise Refused(400, f"the content of part {number} does not have its X-Experience-API-Hash")
    content_type = part.headers.get("content-type")
    if content_type is not None:
        formats.media_type(content_type, f"part {number}.Content-Type")
    return sha2, File(part.content, content_type and content_type[:255], part.headers.get("content-length"))


def _said(statement: bytes) -> list[dict[str, str]]:
    """What a statement says about its attachments."""
    data = orjson.loads(statement)
    return [*data.get("attachments", []), *data["object"].get("attachments", [])]
