"""Files that come with statements, each content once (Data 2.4.11)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import UNSET

from xapi.exceptions import InvalidStatement
from xapi.models import Attachment, AttachmentChunk
from xapi.received import Received
from xapi.rules.statement import Statement, SubStatement
from xapi.rules.things import Attachment as Model

CHUNK = 1024 * 1024  # bytes
UNKNOWN_TYPE = "application/octet-stream"
_ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}  # by hexadecimal digits


@dataclass(slots=True)
class File:
    """A file that came with a request, and what the headers of its part said, if they said it."""

    content: bytes
    content_type: str | None
    length: str | None


def keep(files: Mapping[str, File]) -> None:
    """Store the files, by their SHA-2, that are not there yet."""
    for sha2, file in sorted(files.items()):
        row, made = Attachment.objects.get_or_create(
            sha2=sha2, defaults={"content_type": file.content_type or UNKNOWN_TYPE, "length": len(file.content)}
        )
        if made:
            pieces = range(0, len(file.content), CHUNK)
            AttachmentChunk.objects.bulk_create(
                AttachmentChunk(attachment=row, number=number, content=file.content[start : start + CHUNK])
                for number, start in enumerate(pieces)
            )


def content(row: Attachment) -> Iterator[bytes]:
    """The bytes of a stored file, piece by piece."""
    for number in range((row.length + CHUNK - 1) // CHUNK):
        yield bytes(row.chunks.values_list("content", flat=True).get(number=number))


def fits(sha2: str, file: bytes) -> bool:
    """Whether the SHA-2 is that of the content."""
    algorithm = _ALGORITHMS.get(len(sha2))
    return algorithm is not None and hashlib.new(algorithm, file).hexdigest() == sha2.lower()


def check(received: Sequence[Received], files: Mapping[str, File]) -> None:
    """Each attachment has a fileUrl or came as a file, and each file belongs to an attachment (Communication 1.5)."""
    wanted: set[str] = set()
    for number, each in enumerate(received):
        for place, attachment in _of(each, f"statements[{number}]"):
            sha2 = attachment.sha2.lower()
            wanted.add(sha2)
            if sha2 in files:
                _agree(place, attachment, files[sha2])
            elif attachment.file_url is UNSET:
                raise InvalidStatement(place, "has neither a fileUrl nor a part with its sha2 in the request")
    if left := files.keys() - wanted:
        raise InvalidStatement("", f"a part of the request belongs to no attachment: {min(left)}")


def _agree(place: str, attachment: Model, file: File) -> None:
    """What is said in both places is the same (Communication 1.5.2)."""
    if file.length is not None and file.length != str(attachment.length):
        raise InvalidStatement(f"{place}.length", f"the part says Content-Length: {file.length}")
    if file.content_type is not None and _bare(file.content_type) != _bare(attachment.content_type):
        raise InvalidStatement(f"{place}.contentType", f"the part says Content-Type: {file.content_type}")


def _bare(content_type: str) -> str:
    """The media type without parameters."""
    return content_type.partition(";")[0].strip().lower()


def _of(received: Received, place: str) -> Iterable[tuple[str, Model]]:
    """The attachments of a statement and of its sub-statement, each with its path."""
    for path, part in ((place, received.model), (f"{place}.object", received.model.target)):
        if isinstance(part, Statement | SubStatement) and part.attachments is not UNSET:
            yield from ((f"{path}.attachments[{number}]", each) for number, each in enumerate(part.attachments))
