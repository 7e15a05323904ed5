"""Imports of files in the admin: analysed, chosen, written and taken back by jobs that go on after a stop."""

from datetime import timedelta
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import jobs
from core.exceptions import NotAtThisState
from core.models import Job
from library import import_analysis, import_batches
from library.exceptions import NotMarc
from library.models import ImportBatch

ANALYSE, WRITE, TAKE_BACK, TIDY = "library.analyse_import", "library.write_import", "library.take_back", "library.tidy"
LARGEST = 2 * 1024**3  # bytes of a file
KEPT = timedelta(days=90)  # files, and what stood in the library before
State = ImportBatch.State
TITLES = {
    State.ANALYSING: (ANALYSE, gettext_lazy("Phân tích %(file)s")),
    State.WRITING: (WRITE, gettext_lazy("Nhập %(file)s")),
    State.TAKING_BACK: (TAKE_BACK, gettext_lazy("Rút lại %(file)s")),
}


@transaction.atomic
def start(*, file: File, by: UUID | None) -> ImportBatch:
    """Keep a file and analyse it in the background."""
    name = (file.name or "").rsplit("/", 1)[-1][:255]
    batch = ImportBatch.objects.create(
        file=file, file_name=name, language=translation.get_language() or "vi", started_by=by
    )
    _start_job(batch)
    return batch


@transaction.atomic
def accept(batch: ImportBatch, **chosen: Any) -> None:
    """A person has seen the analysis and chosen encoding, rule, collection and status: write. Raises NotAtThisState."""
    _move(batch, [State.ANALYSED], State.WRITING, **chosen)
    _start_job(batch)


@transaction.atomic
def take_back(batch: ImportBatch) -> None:
    """Undo what was written, also of an import that stopped half way. Raises NotAtThisState."""
    if batch.is_at_work:
        raise NotAtThisState(batch.file_name)
    _move(batch, [State.DONE, State.WRITING], State.TAKING_BACK)
    _start_job(batch)


def drop(batch: ImportBatch) -> None:
    """Nothing will be written. Raises NotAtThisState."""
    _move(batch, [State.ANALYSING, State.ANALYSED], State.DROPPED, ended_at=timezone.now())


@transaction.atomic
def go_on(batch: ImportBatch) -> None:
    """After its job was stopped or failed: on from where it was. Raises NotAtThisState."""
    if batch.state not in TITLES or batch.is_at_work or (batch.state != State.TAKING_BACK and not batch.file):
        raise NotAtThisState(batch.file_name)
    _start_job(batch)


@jobs.handler(ANALYSE)
def analyse_job(job: Job) -> None:
    """Analyse one file, from its beginning."""
    batch = ImportBatch.objects.get(pk=job.arguments["batch"])
    if batch.state != State.ANALYSING:
        return
    try:
        with batch.file.open("rb") as stream:
            for done in import_analysis.analyse(batch, cast("BinaryIO", stream)):
                job.advance(done=done, total=batch.file.size)
    except NotMarc:
        with translation.override(batch.language):
            text = _("Tệp này không phải ISO 2709, MARCXML hay MARC-in-JSON. Hãy chọn tệp khác.")
        _move(batch, [State.ANALYSING], State.REFUSED, refusal=text, ended_at=timezone.now())
        return
    _move(batch, [State.ANALYSING], State.ANALYSED, found=batch.found, encoding=batch.encoding)


@jobs.handler(WRITE)
def write_job(job: Job) -> None:
    """Write one file, on from where it was."""
    batch = ImportBatch.objects.select_related("collection").get(pk=job.arguments["batch"])
    if batch.state == State.WRITING:
        total = batch.found["records"] + batch.found["rejected"]
        with batch.file.open("rb") as stream, translation.override(batch.language):
            for done in import_batches.write(batch, cast("BinaryIO", stream)):
                job.advance(done=done, total=total)
    job.result = batch.came


@jobs.handler(TAKE_BACK)
def take_back_job(job: Job) -> None:
    """Undo one import, on from where it was."""
    batch = ImportBatch.objects.select_related("collection").get(pk=job.arguments["batch"])
    if batch.state == State.TAKING_BACK:
        total = batch.written_through
        for done in import_batches.take_back(batch):
            job.advance(done=done, total=total)
    job.result = batch.taken


@jobs.handler(TIDY)
def tidy_job(job: Job) -> None:
    """Forget files and what stood before of imports that are long ago; the counts stay, taking back ends."""
    old = ImportBatch.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(state__in=list(TITLES))
    for batch in old.filter(records__isnull=False).distinct() | old.exclude(file="").distinct():
        while some := list(batch.records.values_list("pk", flat=True)[:1000]):
            batch.records.filter(pk__in=some).delete()
            job.advance(done=job.done + len(some))
        if batch.file:
            batch.file.delete(save=False)
            batch.save(update_fields=["file"])


def _move(batch: ImportBatch, before: list[State], after: State, **values: Any) -> None:
    if not ImportBatch.objects.filter(pk=batch.pk, state__in=before).update(state=after, **values):
        raise NotAtThisState(batch.file_name)
    batch.refresh_from_db()


def _start_job(batch: ImportBatch) -> None:
    kind, title = TITLES[State(batch.state)]
    batch.job = jobs.start(kind, {"batch": batch.pk}, by=batch.started_by, title=str(title) % {"file": batch.file_name})
    batch.save(update_fields=["job"])
