"""Reads tables that people hand in, XLSX or CSV, one line at a time: hostile until parsed.

Of an XLSX only values are read: formulas are not computed, macros, links and pictures never touched.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import chain
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from core import office_files
from core.office_files import HEAD, LARGEST_FILE, OLD_OFFICE, Unreadable, too_large

LONGEST_ROW = 2 * 1024 * 1024  # bytes of XML
MOST_LINES = 200_000  # empty ones too: what reads a workbook keeps a trace of each line
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # characters, Excel's own limit

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


@dataclass(frozen=True)
class Line:
    """A line of a sheet as its program counts them (from 1), each cell as text; hidden ones are read as well."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False


Sheet = tuple[str, Iterator[Line]]
Merged = dict[int, dict[int, int]]  # line: {column: the last line of the merged cell that begins there}, from 1; from 0
MERGED_DOWN = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]{0,40}?\bref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
MOST_MERGED = 50_000  # such cells of a sheet; further ones are read as they are written
ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]{0,400})>")
HIDDEN = re.compile(rb"""\bhidden\s?=\s?["'](?:1|true)["']""")
ROW_NUMBER = re.compile(rb"""\br\s?=\s?["']([0-9]{1,7})["']""")
LONGEST_TAG = 500  # bytes of XML: what lies between two pieces of a sheet is looked at again


@dataclass
class Layout:
    """What the XML of a sheet says of its rows beside their values."""

    down: Merged = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def sheets(file: IO[bytes], *, as_written: bool = False) -> Iterator[Sheet]:
    """(name, its lines that are not empty) of each visible sheet; a CSV has one without a name. Raises Unreadable.

    as_written: line ends and runs of spaces inside a cell stay as they are; shares and days are told as they are shown.
    """
    head = file.read(HEAD)
    if not head.strip():
        raise Unreadable(_("Tệp trống."))
    if file.seek(0, io.SEEK_END) > LARGEST_FILE:
        raise Unreadable(_("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp."))
    file.seek(0)
    if head.startswith(b"PK"):
        yield from _workbook(file, as_written=as_written)
    elif head.startswith(OLD_OFFICE):
        raise Unreadable(_("Đây là tệp .xls đời cũ hoặc tệp có mật khẩu. Hãy lưu lại dạng .xlsx, không mật khẩu."))
    else:
        yield "", _csv_lines(file, head, as_written=as_written)


def text(value: Any, *, as_written: bool = False) -> str:
    """A cell's value as text: whole numbers without a point, days as 2026-03-12, spaces in order, marks composed."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    elif isinstance(value, datetime):
        value = value.date() if value.time() == time() else value.isoformat(" ", "minutes")
    elif isinstance(value, time):
        value = value.isoformat("minutes")
    return "" if value is None else _tidy(str(value), as_written=as_written)


def _tidy(value: str, *, as_written: bool) -> str:
    plain = unicodedata.normalize("NFC", value[:LONGEST_CELL].translate(INVISIBLE))
    if as_written:
        return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", plain.replace("\r\n", "\n")).strip()
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", plain).split())


def _workbook(file: IO[bytes], *, as_written: bool) -> Iterator[Sheet]:
    layouts = _check_archive(file)
    file.seek(0)
    broken = Unreadable(_("Tệp Excel bị hỏng. Hãy mở ra và lưu lại dạng .xlsx rồi thử lại."))
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # whatever openpyxl stumbles over in a broken file
        raise broken from error
    for sheet in visible:
        layout = layouts.get(sheet._worksheet_path, Layout())  # noqa: SLF001 - nothing else tells it
        yield sheet.title, _sheet_lines(sheet, layout, broken, as_written=as_written)


def _check_archive(file: IO[bytes]) -> dict[str, Layout]:
    """Refuse what cannot be borne; {part of a sheet: its cells that are merged downwards, and its hidden rows}."""
    layouts: dict[str, Layout] = {}

    def watch(part: zipfile.ZipInfo, stream: IO[bytes], head: bytes) -> bool:
        return _is_sheet(stream, head, layouts.setdefault(part.filename, Layout()))

    office_files.check(
        file,
        main="xl/workbook.xml",
        not_this=_("Đây không phải tệp Excel .xlsx. Hãy lưu lại dạng .xlsx hoặc .csv."),
        broken=_("Tệp Excel bị hỏng. Hãy mở ra và lưu lại dạng .xlsx rồi thử lại."),
        watch=watch,
    )
    return layouts


def _is_sheet(stream: IO[bytes], head: bytes, layout: Layout) -> bool:
    """A sheet is read row by row: its rows may be neither too many nor too long, since a parser keeps traces."""
    if not re.search(rb"<(\w+:)?worksheet\b", head.replace(b"\x00", b"")):
        return False
    _check_rows(chain([head], iter(lambda: stream.read(LONGEST_ROW), b"")), layout)
    return True


def _check_rows(pieces: Iterable[bytes], layout: Layout) -> None:
    rows, since, cells, tail, end = 0, 0, 0, b"", b""
    for piece in pieces:
        for found_cell in MERGED_DOWN.finditer(end + piece):
            column, first, last = found_cell.groups()
            place = column_index_from_string(column.decode()) - 1
            if int(first) < int(last) and place < MOST_COLUMNS and cells < MOST_MERGED:
                cells += 1
                layout.down.setdefault(int(first), {})[place] = int(last)
        layout.hidden.update(_hidden_rows(end + piece))
        end = (end + piece[-LONGEST_TAG:])[-LONGEST_TAG:]
        found = re.findall(rb"<(?:\w+:)?row\b", (tail + piece).replace(b"\x00", b""))
        since = 0 if found else since + len(piece)
        rows, tail = rows + len(found), piece[-8:]
        _check_length(rows)
        if since > 2 * LONGEST_ROW:
            raise too_large()


def _hidden_rows(xml: bytes) -> Iterator[int]:
    """The numbers of rows that programs do not show: by a filter, a closed group or by hand."""
    for tag in ROW.findall(xml):
        if HIDDEN.search(tag) and (number := ROW_NUMBER.search(tag)):
            yield int(number[1])


def _sheet_lines(sheet: Any, layout: Layout, broken: Unreadable, *, as_written: bool) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a file says about its own size may be a lie
    lines = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=not as_written), 1)
    down: Merged = {} if as_written else layout.down
    standing: dict[int, tuple[int, Any]] = {}  # column: the last line that its merged cell covers, what stands in it
    while True:
        try:
            number, values = next(lines)
        except StopIteration:
            return
        except Exception as error:  # whatever openpyxl stumbles over in a broken file
            raise broken from error
        _check_length(number)
        if as_written:
            values = tuple(map(_as_shown, values))
        if values.count(None) < len(values):
            filled = _filled(values, number, standing)
            cells = (text(value, as_written=as_written) for value in filled)
            yield from _line(number, cells, hidden=number in layout.hidden)
        for place, last in down.get(number, {}).items():
            standing[place] = last, values[place] if place < len(values) else None


def _filled(values: Sequence[Any], number: int, standing: Mapping[int, tuple[int, Any]]) -> Sequence[Any]:
    """The cells of a line that is not empty; what stands in a merged cell is said of every line beside it."""
    if not standing:
        return values
    filled = list(values) + [None] * (max(standing) + 1 - len(values))
    for place, (last, value) in standing.items():
        if number <= last and filled[place] is None:
            filled[place] = value
    return filled


def _as_shown(cell: Any) -> Any:
    """What its author in Viet Nam sees: 50%, 2/9/2026, 1,125; Excel stores 0.5, a day, more than 15 digits."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float, datetime)):
        return value
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return f"{value.day}/{value.month}/{value.year}" if is_day else value
    is_share = "%" in (cell.number_format or "")
    shown = f"{value * 100 if is_share else value:.15g}".replace(".", ",")
    return f"{shown}%" if is_share else value if "e" in shown else shown


def _check_length(number: int) -> None:
    if number > MOST_LINES:
        raise Unreadable(_("Bảng dài hơn 200 000 dòng, kể cả dòng trống. Hãy xóa các dòng trống hoặc chia nhỏ tệp."))


def _csv_lines(file: IO[bytes], head: bytes, *, as_written: bool) -> Iterator[Line]:
    encoding = _encoding(head)
    stream = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        first = stream.readline(HEAD)
        stream.seek(0)
        for number, cells in enumerate(csv.reader(stream, delimiter=_delimiter(first)), 1):
            _check_length(number)
            yield from _line(number, (_tidy(cell, as_written=as_written) for cell in cells[:MOST_COLUMNS]))
    except UnicodeError as error:
        raise Unreadable(
            _("Từ dòng %(line)d, tệp CSV không phải mã Unicode (UTF-8). Hãy lưu lại dạng “CSV UTF-8” hoặc .xlsx.")
            % {"line": number + 1}
        ) from error
    except csv.Error as error:
        raise Unreadable(_("Dòng %(line)d của tệp CSV không đọc được.") % {"line": number + 1}) from error
    finally:
        stream.detach()


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head or re.match(rb"\s*(%PDF|<|\{\\rtf)", head):
        raise Unreadable(_("Đây không phải bảng tính. Hãy dùng tệp .xlsx hoặc .csv."))
    return "utf-8-sig"


def _delimiter(line: str) -> str:
    """Excel writes a semicolon where the comma is the decimal sign, as in Viet Nam."""
    return max(",;\t", key=line.count)


def _line(number: int, cells: Iterable[str], *, hidden: bool = False) -> Iterator[Line]:
    found = list(cells)
    while found and not found[-1]:
        found.pop()
    if found:
        yield Line(number, tuple(found), hidden)
