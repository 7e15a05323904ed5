"""Files that come with statements, each content once (Data 2.4.11)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.db import transaction
from django.utils import timezone
from msgspec import UNSET

from core.models import Job
from xapi.exceptions import InvalidStatement
from xapi.insertion import NewRow, in_chunks
from xapi.models import Attachment, AttachmentChunk, StatementAttachment
from xapi.received import Received
from xapi.rules.statement import Statement as StatementModel
from xapi.rules.statement import SubStatement
from xapi.rules.things import Attachment as Model

CHUNK = 1024 * 1024  # bytes
UNKNOWN_TYPE = "application/octet-stream"
ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}  # by hexadecimal digits
FORGOTTEN_AFTER = timedelta(days=1)  # no request takes so long

Named = list[tuple[str, Model]]  # the attachments that name one file, each with its path


@dataclass(slots=True)
class File:
    """A file that came with a request: where its content lies, and what the headers of its part said, if anything."""

    room: IO[bytes]
    start: int
    length: int
    content_type: str | None
    said_length: str | None

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        for start in range(0, self.length, CHUNK):
            self.room.seek(self.start + start)
            yield self.room.read(min(CHUNK, self.length - start))


def named(received: Sequence[Received]) -> dict[str, Named]:
    """The attachments of statements by SHA-2."""
    found: dict[str, Named] = {}
    for number, each in enumerate(received):
        for path, attachment in _of(each, f"statements[{number}]"):
            found.setdefault(attachment.sha2.lower(), []).append((path, attachment))
    return found


def check(named: Mapping[str, Named], files: Mapping[str, File]) -> None:
    """Each attachment has a fileUrl or came as a file, and says the same as the file (Communication 1.5)."""
    for sha2, places in named.items():
        for path, attachment in places:
            if sha2 in files:
                _agree(path, attachment, files[sha2])
            elif attachment.file_url is UNSET:
                raise InvalidStatement(path, "has neither a fileUrl nor a part with its sha2 in the request")


@contextmanager
def written(files: Mapping[str, File]) -> Iterator[dict[str, int]]:
    """The rows of the files by SHA-2, their contents in the database, each chunk in a short transaction of its own.

    So the transaction of the statements stays short. What is new is invisible until `keep` completes it there; what it
    does not complete is thrown away at the block's end, or by `forget` where the process died before.
    """
    rows = _complete(files)
    new = []
    try:
        for sha2 in sorted(files.keys() - rows.keys()):
            rows[sha2] = _begin(sha2, files[sha2])
            new.append(rows[sha2])
            for number, content in enumerate(files[sha2].chunks()):
                with transaction.atomic():
                    AttachmentChunk.objects.create(attachment_id=rows[sha2], number=number, content=content)
        yield rows
    finally:
        for pk in Attachment.objects.filter(pk__in=new, complete=False).values_list("pk", flat=True):
            _throw_away(pk)


def keep(rows: Sequence[NewRow], news: Sequence[Received], files: Mapping[str, int]) -> None:
    """In the transaction that stores statements: their files are complete, and are shown with these statements."""
    pairs = [(row.id, sha2) for row, each in zip(rows, news, strict=True) for sha2 in named([each]) if sha2 in files]
    wanted = {sha2 for _, sha2 in pairs}
    kept = _complete(wanted)
    for sha2 in sorted(wanted - kept.keys()):
        Attachment.objects.filter(pk=files[sha2]).update(complete=True)
        kept[sha2] = files[sha2]
    StatementAttachment.objects.bulk_create(
        (StatementAttachment(statement_id=pk, attachment_id=kept[sha2]) for pk, sha2 in pairs), batch_size=400
    )


def content(row: Attachment) -> Iterator[bytes]:
    """The bytes of a stored file, piece by piece."""
    for number in range((row.length + CHUNK - 1) // CHUNK):
        yield bytes(row.chunks.values_list("content", flat=True).get(number=number))


def forget(job: Job) -> int:
    """Throw away what requests that never ended have left; returns how many files."""
    left = Attachment.objects.filter(complete=False, begun_at__lt=timezone.now() - FORGOTTEN_AFTER)
    count = 0
    while (pk := left.values_list("pk", flat=True).first()) is not None:
        _throw_away(pk, job)
        count += 1
    return count


def _complete(files: Iterable[str]) -> dict[str, int]:
    """The rows of those files that are there already."""
    there = Attachment.objects.filter(complete=True)
    pairs = [pair for chunk in in_chunks(files) for pair in there.filter(sha2__in=chunk).values_list("sha2", "pk")]
    return dict(pairs)


def _begin(sha2: str, file: File) -> int:
    """A row for a file whose content follows."""
    with transaction.atomic():
        row = Attachment.objects.create(
            sha2=sha2, content_type=file.content_type or UNKNOWN_TYPE, length=file.length, complete=False
        )
    return row.pk


def _throw_away(pk: int, job: Job | None = None) -> None:
    """Delete a file that is not complete, a few megabytes in a transaction."""
    chunks = AttachmentChunk.objects.filter(attachment=pk)
    while some := list(chunks.values_list("pk", flat=True)[:8]):
        with transaction.atomic():
            AttachmentChunk.objects.filter(pk__in=some).delete()
            if job:
                job.advance()
    with transaction.atomic():
        Attachment.objects.filter(pk=pk, complete=False).delete()


def _agree(place: str, attachment: Model, file: File) -> None:
    """What is said in both places is the same (Communication 1.5.2)."""
    if file.said_length is not None and file.said_length != str(attachment.length):
        raise InvalidStatement(f"{place}.length", f"the part says Content-Length: {file.said_length[:40]}")
    if file.content_type is not None and _bare(file.content_type) != _bare(attachment.content_type):
        raise InvalidStatement(f"{place}.contentType", f"the part says Content-Type: {file.content_type}")


def _bare(content_type: str) -> str:
    """The media type without parameters."""
    return content_type.partition(";")[0].strip().lower()


def _of(received: Received, place: str) -> Iterator[tuple[str, Model]]:
    """The attachments of a statement and of its sub-statement, each with its path."""
    for path, part in ((place, received.model), (f"{place}.object", received.model.target)):
        if isinstance(part, StatementModel | SubStatement) and part.attachments is not UNSET:
            yield from ((f"{path}.attachments[{number}]", each) for number, each in enumerate(part.attachments))
