"""Long exports: a job writes a file a stretch at a time, and who started it takes it away from the list of jobs.

A package declares a handler that calls run() with its headings and stretches of rows. A job that is resumed begins its
file anew: what is exported changes meanwhile, and half a file of yesterday is of no use.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from core import table_files
from core.models import Job

KEPT = timedelta(days=7)
FOLDER = "exports"  # outside the public folders


def run(job: Job, *, name: str, headings: Sequence[str], stretches: Iterable[Sequence[Sequence[Any]]]) -> None:
    """Write a CSV or XLSX, as the name ends; job.result: where it lies, what to call it, how many rows it has."""
    done = 0

    def rows() -> Iterator[Sequence[Any]]:
        nonlocal done
        for stretch in stretches:
            yield from stretch
            done += len(stretch)
            job.advance(done=done)

    with tempfile.TemporaryFile() as room:
        table_files.write(name, headings, rows(), room)
        keep(job, room, name=name, rows=done)


def keep(job: Job, room: IO[bytes], *, name: str, rows: int) -> None:
    """Put a file that a job has made where who started it takes it away; name says its form by its ending."""
    room.seek(0)
    place = default_storage.save(f"{FOLDER}/{uuid4().hex}{PurePath(name).suffix}", File(room))
    job.result = {"file": place, "name": name, "rows": rows}
    job.total = rows


def forget_old() -> int:
    """Throw away files that were made long ago; how many. Their jobs say so by having none."""
    forgotten = 0
    for job in _with_file(Job.objects.filter(ended_at__lt=timezone.now() - KEPT)):
        default_storage.delete(job.result.pop("file"))
        job.save(update_fields=["result"])
        forgotten += 1
    return forgotten


def _with_file(jobs: Any) -> Iterator[Job]:
    yield from (job for job in jobs.iterator(chunk_size=200) if job.result.get("file"))
