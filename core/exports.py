"""Long exports: a job writes a file a stretch at a time, and who started it takes it away from the list of jobs.

A package declares a handler that calls run() with its headings and stretches of rows. A job that is resumed begins its
file anew: what is exported changes meanwhile, and half a file of yesterday is of no use.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from core import spreadsheets
from core.models import Job
from core.spreadsheets import Heading, Sheet

KEPT = timedelta(days=7)
FOLDER = "exports"  # outside the public folders


def run(job: Job, *, name: str, headings: Sequence[str], stretches: Iterable[Sequence[Sequence[Any]]]) -> None:
    """Write the rows as CSV or XLSX, as the name ends.

    job.result holds where the file lies, what to call it and how many rows it has.
    """
    form = name.rsplit(".", 1)[-1]
    with tempfile.TemporaryFile() as room:
        rows = _counted(job, stretches)
        if form == "xlsx":
            sheet = Sheet(job.title, [Heading(text) for text in headings], rows)
            spreadsheets.write_xlsx([sheet], room)
        else:
            room.writelines(line.encode() for line in spreadsheets.csv_lines(headings, rows))
        room.seek(0)
        place = default_storage.save(f"{FOLDER}/{uuid4().hex}.{form}", File(room))
    job.result = {"file": place, "name": name, "rows": job.done}
    job.total = job.done


def _counted(job: Job, stretches: Iterable[Sequence[Sequence[Any]]]) -> Iterator[Sequence[Any]]:
    """All rows; after each stretch the job says how far it is, and ends where it was stopped."""
    done = 0
    for rows in stretches:
        yield from rows
        done += len(rows)
        job.advance(done=done)


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
