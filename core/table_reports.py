"""The files that go back to whoever hands in a table: the template, and the rows with what is wrong or came of them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

from django.utils.translation import gettext as _

from core import table_imports, table_rows
from core.models import ImportedRow, TableImport
from core.sheet_reading import Line
from core.spreadsheets import Heading, Sheet, write_xlsx
from core.table_kinds import Kind

BATCH = 500


def write_template(kind: Kind, file: IO[bytes]) -> None:
    """An empty table with its headings, and a second sheet that says what belongs in each column."""
    headings = [
        Heading(
            str(column.heading), max(14, len(str(column.heading)) + 4), column.as_text, tuple(map(str, column.choices))
        )
        for column in kind.template_columns
    ]
    guide = [
        (
            str(column.heading),
            _("bắt buộc") if column.required else "",
            " ".join(filter(None, [str(column.note), "; ".join(map(str, column.choices))])),
            column.example,
        )
        for column in kind.template_columns
    ]
    columns = [Heading(_("Cột"), 30), Heading(_("Bắt buộc"), 12), Heading(_("Ghi gì"), 90), Heading(_("Ví dụ"), 30)]
    write_xlsx(
        [Sheet(str(kind.title), headings, []), Sheet(_("Hướng dẫn"), columns, guide), *kind.extra_sheets()], file
    )


def write_result(table_import: TableImport, file: IO[bytes], *, only_wrong: bool = False) -> None:
    """The owner's rows with what came of each. With only_wrong those to mend: corrected, it can be handed in again."""
    all_lines = table_rows.lines_of(table_import, table_imports.kind_named(table_import.kind))
    lines = (line for line in all_lines if line.number > table_import.headings["line"])
    cells = table_import.headings.get("cells", [])
    added = [Heading(_("Cần sửa"), 80)] if only_wrong else [Heading(_("Kết quả"), 18), Heading(_("Chi tiết"), 80)]
    headings = [Heading(cell, max(12, min(40, len(cell) + 4))) for cell in cells]
    rows = _rows(table_import, lines, len(cells), only_wrong=only_wrong)
    write_xlsx([Sheet(table_import.headings["sheet"] or _("Kết quả"), [*headings, *added], rows)], file)


def _rows(table_import: TableImport, lines: Iterator[Line], width: int, *, only_wrong: bool) -> Iterator[Sequence[Any]]:
    while batch := list(islice(lines, BATCH)):
        said = _said(table_import, batch[0].number, batch[-1].number)
        outcomes = _outcomes(table_import, batch[0].number, batch[-1].number)
        for line in batch:
            problems = said.get(line.number, [])
            cells = [*line.cells[:width], *[""] * (width - len(line.cells))]
            if not only_wrong:
                outcome, detail = outcomes.get(line.number, ("", ""))
                yield [*cells, outcome, " ".join(filter(None, [detail, *(text for text, _fatal in problems)]))]
            elif any(fatal for _text, fatal in problems):
                yield [*cells, " ".join(text for text, _fatal in problems)]


def _said(table_import: TableImport, first: int, last: int) -> dict[int, list[tuple[str, bool]]]:
    found: dict[int, list[tuple[str, bool]]] = {}
    for problem in table_import.problems.filter(line__range=(first, last)):
        where = f"{problem.column}: " if problem.column else ""
        found.setdefault(problem.line, []).append((f"{where}{problem.text}", problem.fatal))
    return found


def _outcomes(table_import: TableImport, first: int, last: int) -> dict[int, tuple[str, str]]:
    labels = dict(ImportedRow.Outcome.choices)
    rows = table_import.outcomes.filter(line__range=(first, last))
    return {row.line: (str(labels[row.outcome]), row.detail) for row in rows}
