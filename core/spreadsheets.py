"""Tables for Excel and LibreOffice, in which no text runs as a formula: CSV (UTF-8 with a byte order mark) and XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

BYTE_ORDER_MARK = "\ufeff"
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_FORMULA) else value


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Each row as a line of CSV."""
    room = io.StringIO()
    writer = csv.writer(room)
    for row in rows:
        writer.writerow([defused(value) for value in row])
        yield room.getvalue()
        room.seek(0)
        room.truncate()


@dataclass(frozen=True)
class Heading:
    """A column of an XLSX: its heading, its width in characters, whether it keeps text as typed, what may be chosen."""

    text: str
    width: int = 20
    as_text: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet of an XLSX; rows may be an iterator that is walked once."""

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Any]]


def write_xlsx(sheets: Iterable[Sheet], file: IO[bytes]) -> None:
    """Write sheets one row at a time: headings bold and in sight, widths set, choices as drop-down lists."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        page.freeze_panes = "A2"
        for place, heading in enumerate(sheet.headings, 1):
            letter = get_column_letter(place)
            page.column_dimensions[letter].width = heading.width
            if heading.as_text:
                page.column_dimensions[letter].number_format = "@"
            if heading.choices:
                page.data_validations.append(_drop_down(heading.choices, letter))
        page.append([_cell(page, heading.text, bold=True) for heading in sheet.headings])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    book.save(file)


def _cell(page: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, None)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
        cell.data_type = "s"  # a text that begins with "=" too
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)
    return cell


def _drop_down(choices: Sequence[str], letter: str) -> DataValidation:
    """Excel holds a list of at most 255 characters in the rule itself; longer ones are cut, and typing stays free."""
    fitting: list[str] = []
    for choice in choices:
        if "," not in choice and len(",".join([*fitting, choice])) <= 250:
            fitting.append(choice)
    quoted = ",".join(fitting).replace('"', '""')
    rule = DataValidation(type="list", formula1=f'"{quoted}"', allow_blank=True, showErrorMessage=False)
    rule.add(f"{letter}2:{letter}20000")
    return rule
