"""Statements with their files in one request or answer: multipart/mixed (Communication 1.5.2)."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

import orjson
from django.http import StreamingHttpResponse

from xapi import attachments, signatures
from xapi.attachments import CHUNK, File, Named
from xapi.body import in_memory
from xapi.calls import Call
from xapi.exceptions import InvalidStatement, Refused
from xapi.models import Attachment
from xapi.parts import Part, parts
from xapi.received import Received, read
from xapi.rules import formats


@contextmanager
def statements_and_files(call: Call) -> Iterator[tuple[list[Received], dict[str, File]]]:
    """What a PUT or POST brings: the statements, and the files by SHA-2, which are there until the block's end."""
    content_type = call.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        received = read(call.body, version=call.version)
        attachments.check(attachments.named(received), {})
        signatures.check(received, lambda _sha2: None, version=call.version)
        yield received, {}
    elif kind == "multipart/mixed":
        with SpooledTemporaryFile(max_size=CHUNK) as room:
            yield _read_parts(parts(call.content, content_type), call.version, room)
    else:
        raise Refused(400, "the Content-Type must be application/json or multipart/mixed")


def answer(body: bytes, statements: Sequence[bytes]) -> StreamingHttpResponse:
    """The statements and, after them, the files that came with them."""
    with_files = [each["id"] for each in map(orjson.loads, statements) if _has_attachments(each)]
    found = list(Attachment.objects.of_statements(UUID(each) for each in with_files))
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


def _read_parts(found: Iterator[Part], version: str, room: IO[bytes]) -> tuple[list[Received], dict[str, File]]:
    """The statements, which are the first part, and the files, whose contents go one after another into the room."""
    first = next(found)
    if first.kind != "application/json":
        raise Refused(400, "the first part must be the statements, with the type application/json")
    received = read(in_memory(first.content), version=version)
    named = attachments.named(received)
    files = dict(_file(part, named, room) for part in found)
    attachments.check(named, files)
    signatures.check(received, lambda sha2: _in_memory(files.get(sha2)), version=version)
    return received, files


def _in_memory(file: File | None) -> bytes | None:
    """A file that is read as a whole, as a signature must be."""
    if file is None:
        return None
    if file.length > signatures.LONGEST:
        raise Refused(413, f"a signature has at most {signatures.LONGEST} bytes")
    return b"".join(file.chunks())


def _file(part: Part, named: Mapping[str, Named], room: IO[bytes]) -> tuple[str, File]:
    """A part after the first: a file in binary, named by its SHA-2."""
    sha2 = part.headers.get("x-experience-api-hash", "").lower()
    if not sha2:
        raise Refused(400, f"part {part.number} needs the header X-Experience-API-Hash")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise Refused(400, f"part {part.number} needs the header Content-Transfer-Encoding: binary")
    if sha2 not in named:
        raise InvalidStatement("", f"a part of the request belongs to no attachment: {sha2[:128]}")
    content_type = part.headers.get("content-type")
    if content_type is not None:
        formats.media_type(content_type, f"part {part.number}.Content-Type")
    start, digest = room.tell(), hashlib.new(attachments.ALGORITHMS[len(sha2)])
    for piece in part.content:
        digest.update(piece)
        room.write(piece)
    if digest.hexdigest() != sha2:
        raise Refused(400, f"the content of part {part.number} does not have its X-Experience-API-Hash")
    said_length = part.headers.get("content-length")
    return sha2, File(room, start, room.tell() - start, content_type and content_type[:255], said_length)


def _has_attachments(statement: dict[str, Any]) -> bool:
    """Whether the statement or its sub-statement names files."""
    return "attachments" in statement or "attachments" in statement["object"]
