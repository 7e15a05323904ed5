"""Tables that people hand in (rosters, villages, past classes): checked whole, shown, and only then written.

A package declares each kind in AppConfig.ready():

    table_imports.declare(Roster())

Checking and writing are steps of jobs (or of a command). Each batch is written in one transaction with what came of its
rows and how far it came, so a process killed at any moment loses nothing and writes nothing twice.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django import forms
from django.core.files import File
from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, jobs, sheet_reading, table_columns
from core.exceptions import NotAtThisState
from core.models import ImportedRow, ImportProblem, Job, TableImport
from core.sheet_reading import Line, Unreadable
from core.table_columns import Column, Headings

CHECK, WRITE = "core.check_table", "core.write_table"
KEPT = timedelta(days=30)  # files and what was said of their rows; they hold personal data
State, Outcome = TableImport.State, ImportedRow.Outcome


@dataclass(frozen=True)
class TableRow:
    """A row: the line where it stands and its cells as text by the columns' names; absent ones are empty."""

    line: int
    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True)
class Problem:
    """What is wrong: in which column (its name; empty: the row), what to do, and whether it keeps the row out."""

    column: str
    text: str
    fatal: bool = True


@dataclass
class Verdict:
    """What a row would do. plan is the kind's own: what it found while checking and needs for writing."""

    outcome: str = Outcome.ADD
    problems: list[Problem] = field(default_factory=list)
    plan: Any = None

    @property
    def is_wrong(self) -> bool:
        """Whether the row stays out."""
        return any(problem.fatal for problem in self.problems)


class Work(ABC):
    """One run over the rows of one file, in order; may remember what earlier rows said."""

    @abstractmethod
    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        """One verdict for each row, in a constant number of queries for the batch."""

    @abstractmethod
    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        """Write those that add or change, in the caller's transaction; a detail for each row's report."""


class Kind(ABC):
    """A kind of table. form asks what the file itself does not say; its cleaned data must be JSON."""

    name: str
    title: Any
    help: Any = ""
    permission: str
    columns: Sequence[Column]
    form: type[forms.Form] = forms.Form
    batch = 100

    @abstractmethod
    def work(self, table_import: TableImport) -> Work:
        """A new run; table_import.started_by says in whose name, table_import.arguments what the form asked."""


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
        made.file.storage.delete(made.file.name)
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
            headings = _find_headings(table_import, kind)
            work = kind.work(table_import)
            for batch in _batches(table_import, kind, headings):
                verdicts = work.check(batch)
                found.update(_judged(table_import, kind, batch, verdicts))
                yield found.total() - found["warned"]
        except Unreadable as error:
            table_import.state, table_import.refusal = State.REFUSED, str(error)
            table_import.ended_at = timezone.now()
        else:
            table_import.state, table_import.found = State.CHECKED, dict(found)
            table_import.rows = found.total() - found["warned"]
        table_import.save(update_fields=["state", "refusal", "found", "rows", "headings", "ended_at"])


def write(table_import: TableImport) -> Iterator[int]:
    """Write the rows that are right, on from where an earlier run came; yields how many were dealt with. Ends in DONE.

    A row that the check found wrong stays out; one that became wrong meanwhile too, with the reason.
    """
    kind = kind_named(table_import.kind)
    with translation.override(table_import.language):
        work = kind.work(table_import)
        headings = Headings(table_import.headings["line"], table_import.headings["places"])
        done = table_import.outcomes.count()
        for batch in _batches(table_import, kind, headings, after=table_import.written_through):
            with transaction.atomic():
                _write_batch(table_import, kind, work, batch)
            done += len(batch)
            yield done
        came = table_import.outcomes.order_by().values_list("outcome").annotate(rows=Count("pk"))
        table_import.state, table_import.came, table_import.ended_at = State.DONE, dict(came), timezone.now()
        table_import.save(update_fields=["state", "came", "ended_at"])


def lines_of(table_import: TableImport) -> Iterator[Line]:
    """The lines of the sheet that was read, its headings and titles included."""
    with table_import.file.open("rb") as file:
        for name, lines in sheet_reading.sheets(file):
            if name == table_import.headings.get("sheet", ""):
                yield from lines
                return


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


def _find_headings(table_import: TableImport, kind: Kind) -> Headings:
    """Choose the sheet and the line that name most columns; keeps what was chosen. Raises Unreadable."""
    best: tuple[str, Headings] | None = None
    with table_import.file.open("rb") as file:
        for name, lines in sheet_reading.sheets(file):
            top = [(line.number, line.cells) for line in islice(lines, table_columns.SEARCHED)]
            headings = table_columns.find(kind.columns, top)
            if headings and (best is None or len(headings.places) > len(best[1].places)):
                best = name, headings
    wanted = ", ".join(f"“{column.heading}”" for column in kind.columns if column.required)
    if best is None:
        raise Unreadable(
            _("Không thấy dòng tiêu đề. Dòng đầu bảng phải có tên các cột, trong đó có: %(columns)s. Hãy dùng tệp mẫu.")
            % {"columns": wanted}
        )
    sheet, headings = best
    if missing := headings.missing(kind.columns):
        names = ", ".join(f"“{column.heading}”" for column in missing)
        raise Unreadable(
            _("Thiếu cột %(columns)s (dòng tiêu đề là dòng %(line)d).") % {"columns": names, "line": headings.line}
        )
    table_import.headings = {
        "sheet": sheet,
        "line": headings.line,
        "places": headings.places,
        "ignored": [heading[:100] for heading in headings.ignored[:50]],
    }
    return headings


def _batches(table_import: TableImport, kind: Kind, headings: Headings, *, after: int = 0) -> Iterator[list[TableRow]]:
    """The rows below the headings, those up to the line `after` left out."""
    rows = (
        TableRow(line.number, values)
        for line in lines_of(table_import)
        if line.number > max(headings.line, after) and any((values := _values(line, headings)).values())
    )
    batch = list(islice(rows, kind.batch))
    if not batch and not after:
        raise Unreadable(_("Dưới dòng tiêu đề không có dòng nào."))
    while batch:
        yield batch
        batch = list(islice(rows, kind.batch))


def _values(line: Line, headings: Headings) -> dict[str, str]:
    return {name: line.cells[place] for name, place in headings.places.items() if place < len(line.cells)}


def _judged(
    table_import: TableImport, kind: Kind, rows: Sequence[TableRow], verdicts: Sequence[Verdict]
) -> Iterator[str]:
    """Keep the problems of a batch; the outcome of each row, and "warned" for each with a warning."""
    problems = [
        each
        for row, verdict in zip(rows, verdicts, strict=True)
        for each in _problems(table_import, kind, row, verdict)
    ]
    ImportProblem.objects.bulk_create(problems, batch_size=500)
    for verdict in verdicts:
        yield Outcome.WRONG if verdict.is_wrong else verdict.outcome
        if verdict.problems and not verdict.is_wrong:
            yield "warned"


def _problems(table_import: TableImport, kind: Kind, row: TableRow, verdict: Verdict) -> Iterator[ImportProblem]:
    headings = {column.name: str(column.heading) for column in kind.columns}
    for problem in verdict.problems:
        yield ImportProblem(
            table_import=table_import,
            line=row.line,
            column=headings.get(problem.column, ""),
            value=row[problem.column][:200],
            text=problem.text[:500],
            fatal=problem.fatal,
        )


def _write_batch(table_import: TableImport, kind: Kind, work: Work, batch: Sequence[TableRow]) -> None:
    first, last = batch[0].line, batch[-1].line
    known = table_import.problems.filter(fatal=True, line__range=(first, last))
    wrong = set(known.order_by().values_list("line", flat=True))
    rows = [row for row in batch if row.line not in wrong]
    verdicts = work.check(rows)
    became_wrong = [(row, verdict) for row, verdict in zip(rows, verdicts, strict=True) if verdict.is_wrong]
    ImportProblem.objects.bulk_create(
        chain.from_iterable(_problems(table_import, kind, row, verdict) for row, verdict in became_wrong)
    )
    right = [(row, verdict) for row, verdict in zip(rows, verdicts, strict=True) if not verdict.is_wrong]
    details = work.write(right)
    _keep_outcomes(table_import, batch, right, details)
    table_import.written_through = last
    table_import.save(update_fields=["written_through"])


def _keep_outcomes(
    table_import: TableImport,
    batch: Sequence[TableRow],
    right: Sequence[tuple[TableRow, Verdict]],
    details: Iterable[str],
) -> None:
    came = {row.line: (verdict.outcome, detail) for (row, verdict), detail in zip(right, details, strict=True)}
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(table_import=table_import, line=row.line, outcome=outcome, detail=detail[:255])
            for row in batch
            for outcome, detail in [came.get(row.line, (Outcome.WRONG, ""))]
        ],
        batch_size=500,
    )
