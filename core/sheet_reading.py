"""Reads tables that people hand in, XLSX or CSV, one line at a time: hostile until parsed.

Of an XLSX only values are read: formulas are not computed, macros, links and pictures never touched.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

from core import office_files
from core.office_files import HEAD, LARGEST_FILE, OLD_OFFICE, Unreadable, too_large

LONGEST_ROW = 2 * 1024 * 1024  # bytes of XML
MOST_LINES = 200_000  # empty ones too: what reads a workbook keeps a trace of each line
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # characters, Excel's own limit

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


@dataclass(frozen=True)
class Line:
    """A line of a sheet as its program counts them (from 1), each cell as text."""

    number: int
    cells: tuple[str, ...]


Sheet = tuple[str, Iterator[Line]]


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
    _check_archive(file)
    file.seek(0)
    broken = Unreadable(_("Tệp Excel bị hỏng. Hãy mở ra và lưu lại dạng .xlsx rồi thử lại."))
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # whatever openpyxl stumbles over in a broken file
        raise broken from error
    for sheet in visible:
        yield sheet.title, _sheet_lines(sheet, broken, as_written=as_written)


def _check_archive(file: IO[bytes]) -> None:
    office_files.check(
        file,
        main="xl/workbook.xml",
        not_this=_("Đây không phải tệp Excel .xlsx. Hãy lưu lại dạng .xlsx hoặc .csv."),
        broken=_("Tệp Excel bị hỏng. Hãy mở ra và lưu lại dạng .xlsx rồi thử lại."),
        watch=_is_sheet,
    )


def _is_sheet(part: zipfile.ZipInfo, stream: IO[bytes], head: bytes) -> bool:
    """A sheet is read row by row: its rows may be neither too many nor too long, since a parser keeps traces."""
    if not re.search(rb"<(\w+:)?worksheet\b", head.replace(b"\x00", b"")):
        return False
    _check_rows(chain([head], iter(lambda: stream.read(LONGEST_ROW), b"")))
    return True


def _check_rows(pieces: Iterable[bytes]) -> None:
    rows, since, tail = 0, 0, b""
    for piece in pieces:
        found = re.findall(rb"<(?:\w+:)?row\b", (tail + piece).replace(b"\x00", b""))
        since = 0 if found else since + len(piece)
        rows, tail = rows + len(found), piece[-8:]
        _check_length(rows)
        if since > 2 * LONGEST_ROW:
            raise too_large()


def _sheet_lines(sheet: Any, broken: Unreadable, *, as_written: bool) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a file says about its own size may be a lie
    lines = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=not as_written), 1)
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
            yield from _line(number, (text(value, as_written=as_written) for value in values))


def _as_shown(cell: Any) -> Any:
    """What its author sees: 50% and 2/9/2026, which Excel stores as 0.5 and a day, and no more than 15 digits."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, (int, float, datetime)):
        return value
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return f"{value.day}/{value.month}/{value.year}" if is_day else value
    is_share = "%" in (cell.number_format or "")
    shown = f"{value * 100 if is_share else value:.15g}"
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


def _line(number: int, cells: Iterable[str]) -> Iterator[Line]:
    found = list(cells)
    while found and not found[-1]:
        found.pop()
    if found:
        yield Line(number, tuple(found))
