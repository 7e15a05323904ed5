"""Statements on their way to another store: their bytes, batches of them, and the files that go with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

import orjson

from xapi import multipart
from xapi.insertion import in_chunks
from xapi.models import Attachment, Statement
from xapi.older import for_1_0

MAX_BYTES = 8 * 1024 * 1024  # of a batch; a single statement with its files may be larger


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One statement as it is sent; files: how many bytes of its attachments are kept here."""

    pk: int
    statement_id: UUID
    voids: bool
    body: bytes
    files: int

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.body) + self.files


def prepare(rows: Sequence[Statement], *, version: str) -> list[Outgoing]:
    """The rows, which have their bodies, as a receiver of this version takes them."""
    bodies = {row.pk: bytes(row.body) for row in rows}
    hashes = {pk: _hashes(body) for pk, body in bodies.items()}
    lengths: dict[str, int] = {}
    for chunk in in_chunks({each for found in hashes.values() for each in found}):
        lengths.update(Attachment.objects.filter(sha2__in=chunk).values_list("sha2", "length"))
    return [
        Outgoing(
            pk=row.pk,
            statement_id=row.statement_id,
            voids=row.voids is not None,
            body=bodies[row.pk] if version.startswith("2") else for_1_0(bodies[row.pk]),
            files=sum(lengths.get(each, 0) for each in hashes[row.pk]),
        )
        for row in rows
    ]


def batches(statements: Iterable[Outgoing], *, most: int) -> Iterator[list[Outgoing]]:
    """Lists of at most so many statements, and of MAX_BYTES unless one alone is larger."""
    batch: list[Outgoing] = []
    size = 0
    for each in statements:
        if batch and (len(batch) == most or size + each.size > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += each.size
    if batch:
        yield batch


def content(batch: Sequence[Outgoing]) -> tuple[str, bytes | IO[bytes]]:
    """Content type and body of a POST; with files a multipart one, in a temporary file that its reader closes."""
    body = b"[" + b",".join(each.body for each in batch) + b"]"
    if not any(each.files for each in batch):
        return "application/json", body
    parts = multipart.answer(body, [each.body for each in batch])  # requests and answers have the same form
    file = TemporaryFile()  # noqa: SIM115 - closed by its reader
    for piece in parts:
        file.write(piece)
    file.seek(0)
    return parts["Content-Type"], file


def _hashes(body: bytes) -> set[str]:
    """The SHA-2 of the attachments that a statement names."""
    if b"sha2" not in body and b"\\u" not in body:  # the parsing is for the few that have some
        return set()
    data = orjson.loads(body)
    return {each["sha2"].lower() for part in (data, data["object"]) for each in part.get("attachments", ())}
