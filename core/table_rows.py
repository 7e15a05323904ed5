"""The rows of a table that was handed in: where they begin, batches of them, and what is kept of each."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import Any

from django.utils.translation import gettext as _

from core import table_columns
from core.models import ImportedRow, ImportProblem, TableImport
from core.office_files import Unreadable
from core.sheet_reading import Line
from core.table_columns import Headings
from core.table_kinds import Kind, TableRow, Verdict, Work

Outcome = ImportedRow.Outcome
SPANS = 30  # of hidden lines that are named


def lines_of(table_import: TableImport, kind: Kind) -> Iterator[Line]:
    """The lines of the sheet that was read, its headings and titles included."""
    with table_import.file.open("rb") as file:
        for name, lines in kind.sheets(file):
            if name == table_import.headings.get("sheet", ""):
                yield from lines
                return


def rows_of(table_import: TableImport, kind: Kind, *, start: int, count: int) -> list[TableRow]:
    """Some rows of a file that was checked, the first of them at `start` (from 0)."""
    headings = Headings(table_import.headings["line"], table_import.headings["places"])
    return list(islice(_rows(table_import, kind, headings), start, start + count))


def find_headings(table_import: TableImport, kind: Kind) -> Headings:
    """Choose the sheet and the line that name most columns; keeps what was chosen. Raises Unreadable.

    Other sheets that are such tables too are kept by name: whoever hands in the file must know that they are not read.
    """
    best: tuple[str, Headings] | None = None
    tables = []
    with table_import.file.open("rb") as file:
        for name, lines in kind.sheets(file):
            top = [(line.number, line.cells) for line in islice(lines, table_columns.SEARCHED)]
            headings = table_columns.find(kind.columns, top)
            if headings and not headings.missing(kind.columns):
                tables.append(name)
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
        "unread": [name for name in tables if name != sheet],
        "line": headings.line,
        "places": headings.places,
        "ignored": [heading[:100] for heading in headings.ignored[:50]],
        "cells": [heading[:100] for heading in headings.cells],
    }
    return headings


def batches(table_import: TableImport, kind: Kind, headings: Headings, *, after: int = 0) -> Iterator[list[TableRow]]:
    """The rows below the headings, those up to the line `after` left out."""
    rows = _rows(table_import, kind, headings, after=after)
    batch = list(islice(rows, kind.batch))
    if not batch and not after:
        raise Unreadable(_("Dưới dòng tiêu đề không có dòng nào."))
    while batch:
        yield batch
        batch = list(islice(rows, kind.batch))


def _rows(table_import: TableImport, kind: Kind, headings: Headings, *, after: int = 0) -> Iterator[TableRow]:
    return (
        TableRow(line.number, values, line.hidden)
        for line in lines_of(table_import, kind)
        if line.number > max(headings.line, after) and any((values := _values(line, headings, kind)).values())
    )


def _values(line: Line, headings: Headings, kind: Kind) -> dict[str, str]:
    cells = {name: line.cells[place] for name, place in headings.places.items() if place < len(line.cells)}
    return table_columns.join_parts(kind.columns, cells)


def told_hidden(lines: Sequence[int]) -> dict[str, Any]:
    """How many rows are hidden in the file and which, as {"count": 4, "lines": "5–7, 12"}; of long lists the start."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    said = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:SPANS]]
    return {"count": len(lines), "lines": ", ".join([*said, "…"] if len(spans) > SPANS else said)}


def judged(
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


def written_batches(table_import: TableImport, kind: Kind, headings: Headings) -> Iterator[list[TableRow]]:
    """The rows that earlier runs of the import wrote, those left out not among them."""
    if not table_import.written_through:
        return
    rows = takewhile(lambda row: row.line <= table_import.written_through, _rows(table_import, kind, headings))
    while batch := list(islice(rows, kind.batch)):
        outcomes = table_import.outcomes.filter(line__range=(batch[0].line, batch[-1].line))
        written = set(outcomes.exclude(outcome=Outcome.WRONG).order_by().values_list("line", flat=True))
        yield [row for row in batch if row.line in written]


def write_batch(table_import: TableImport, kind: Kind, work: Work, batch: Sequence[TableRow]) -> None:
    """Write what is right of one batch, in the caller's transaction, with what came of each of its rows."""
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
