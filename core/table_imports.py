"""Tables that people hand in (rosters, villages, past classes): checked whole, shown, and only then written.

A package declares each kind in AppConfig.ready():

    table_imports.declare(Roster())

Checking and writing are steps of jobs (or of a command). Each batch is written in one transaction with what came of its
rows and how far it came, so a process killed at any moment loses nothing and writes nothing twice.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, jobs
from core.exceptions import NotAtThisState
from core.models import Job, TableImport
from core.office_files import Unreadable
from core.table_columns import Headings
from core.table_kinds import Kind
from core.table_rows import batches, find_headings, judged, told_hidden, write_batch, written_batches

CHECK, WRITE = "core.check_table", "core.write_table"
KEPT = timedelta(days=30)  # files and what was said of their rows; they hold personal data
State = TableImport.State


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    """Make a kind known."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    """All that are declared."""
    return list(_kinds.values())


def kind_named(name: str) -> Kind:
    """The kind of that name; LookupError where none is."""
    return _kinds[name]


def start(
    *, kind: str, file: File, by: UUID | None, arguments: dict[str, Any], in_background: bool = True
) -> TableImport:
    """Keep the file, then its row; with in_background a job checks it, else the caller runs check()."""
    name = (file.name or "").rsplit("/", 1)[-1][:255]
    made = TableImport(
        kind=kind_named(kind).name,
        file_name=name,
        language=translation.get_language() or "vi",
        arguments=arguments,
        started_by=by,
    )
    made.file.save(name, file, save=False)  # before the transaction, which waits for no disk or network
    try:
        with transaction.atomic():
            made.save()
            if by is not None:
                audit.record(by=by, action="core.import_table", subject=f"import:{made.pk}", detail={"kind": kind})
            if in_background:
                _start_job(made, CHECK, _("Kiểm tra %(file)s"))
    except BaseException:
        made.file.delete(save=False)
        raise
    return made


@transaction.atomic
def accept(table_import: TableImport, *, in_background: bool = True) -> None:
    """The owner has seen the check: write the rows that are right. Raises NotAtThisState."""
    mine = TableImport.objects.filter(pk=table_import.pk, state=State.CHECKED)
    if not mine.update(state=State.WRITING, accepted_at=timezone.now()):
        raise NotAtThisState(table_import.file_name)
    table_import.refresh_from_db()
    if in_background:
        _start_job(table_import, WRITE, _("Ghi %(file)s"))


@transaction.atomic
def go_on(table_import: TableImport) -> None:
    """After its job was stopped or failed: check anew, or write on from where it was. Raises NotAtThisState."""
    locked = TableImport.objects.select_for_update(of=("self",)).select_related("job")
    table_import = locked.get(pk=table_import.pk)  # two presses of the button start one job
    if table_import.state not in {State.CHECKING, State.WRITING} or is_at_work(table_import):
        raise NotAtThisState(table_import.file_name)
    if table_import.state == State.CHECKING:
        _start_job(table_import, CHECK, _("Kiểm tra %(file)s"))
    else:
        _start_job(table_import, WRITE, _("Ghi %(file)s"))


def drop(table_import: TableImport) -> None:
    """The owner does not want it: nothing will be written. Raises NotAtThisState."""
    mine = TableImport.objects.filter(pk=table_import.pk, state__in=[State.CHECKED, State.CHECKING])
    if not mine.update(state=State.DROPPED, ended_at=timezone.now()):
        raise NotAtThisState(table_import.file_name)


def is_at_work(table_import: TableImport) -> bool:
    """Whether a job waits or runs for it."""
    return table_import.job is not None and table_import.job.is_going


def check(table_import: TableImport) -> Iterator[int]:
    """Look at every row without writing one; yields how many were looked at. Ends in CHECKED or REFUSED."""
    kind = kind_named(table_import.kind)
    with translation.override(table_import.language):
        table_import.problems.all().delete()
        found: Counter[str] = Counter()
        try:
            headings = find_headings(table_import, kind)
            work = kind.work(table_import)
            hidden: list[int] = []
            for batch in batches(table_import, kind, headings):
                hidden += [row.line for row in batch if row.hidden]
                verdicts = work.check(batch)
                found.update(judged(table_import, kind, batch, verdicts))
                yield found.total() - found["warned"]
        except Unreadable as error:
            table_import.state, table_import.refusal = State.REFUSED, str(error)
            table_import.ended_at = timezone.now()
        else:
            table_import.state, table_import.found = State.CHECKED, dict(found)
            table_import.rows = found.total() - found["warned"]
            table_import.headings |= {"hidden": told_hidden(hidden)} if hidden else {}
        table_import.save(update_fields=["state", "refusal", "found", "rows", "headings", "ended_at"])


def write(table_import: TableImport) -> Iterator[int]:
    """Write the rows that are right, on from where an earlier run came; yields how many were dealt with. Ends in DONE.

    A row that the check found wrong stays out; one that became wrong meanwhile too, with the reason. What was written
    before is read again first, so that a run that was cut off ends as one that was not.
    """
    kind = kind_named(table_import.kind)
    with translation.override(table_import.language):
        work = kind.work(table_import)
        headings = Headings(table_import.headings["line"], table_import.headings["places"])
        done = table_import.outcomes.count()
        for batch in written_batches(table_import, kind, headings):
            work.recall(batch)
            yield done
        for batch in batches(table_import, kind, headings, after=table_import.written_through):
            with transaction.atomic():
                write_batch(table_import, kind, work, batch)
            done += len(batch)
            yield done
        came = table_import.outcomes.order_by().values_list("outcome").annotate(rows=Count("pk"))
        table_import.state, table_import.came, table_import.ended_at = State.DONE, dict(came), timezone.now()
        table_import.save(update_fields=["state", "came", "ended_at"])


@jobs.handler(CHECK)
def check_job(job: Job) -> None:
    """Check one file, from its beginning."""
    table_import = TableImport.objects.get(pk=job.arguments["table_import"])
    if table_import.state == State.CHECKING:
        for done in check(table_import):
            job.advance(done=done)
    job.total = table_import.rows


@jobs.handler(WRITE)
def write_job(job: Job) -> None:
    """Write one file, on from where it was."""
    table_import = TableImport.objects.get(pk=job.arguments["table_import"])
    if table_import.state == State.WRITING:
        for done in write(table_import):
            job.advance(done=done, total=table_import.rows)
    job.result = table_import.came


def forget_ended() -> int:
    """Throw away files that ended long ago with what was said of their rows; how many. The counts stay."""
    old = TableImport.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(file="")
    forgotten = 0
    for table_import in old.exclude(state=State.WRITING):
        table_import.problems.all().delete()
        table_import.outcomes.all().delete()
        table_import.file.delete(save=False)
        table_import.arguments, table_import.file = {}, ""
        table_import.save(update_fields=["arguments", "file"])
        forgotten += 1
    return forgotten


def _start_job(table_import: TableImport, kind: str, title: str) -> None:
    table_import.job = jobs.start(
        kind,
        {"table_import": table_import.pk},
        by=table_import.started_by,
        title=title % {"file": table_import.file_name},
    )
    table_import.save(update_fields=["job"])
