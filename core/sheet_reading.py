"""Reads tables that people hand in, XLSX or CSV, one line at a time: hostile until parsed.

Of an XLSX only values are read: formulas are not computed, macros, links and pictures never touched.
"""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _

LARGEST_FILE = 20 * 1024 * 1024  # bytes as handed in
LARGEST_UNPACKED = 400 * 1024 * 1024  # bytes of all parts of an XLSX
LARGEST_PART = 24 * 1024 * 1024  # bytes of any part but a sheet: the table of strings is held in memory
LONGEST_ROW = 2 * 1024 * 1024  # bytes of XML
MOST_PARTS = 2000
MOST_LINES = 200_000  # empty ones too: what reads a workbook keeps a trace of each line
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # characters, Excel's own limit
HEAD = 64 * 1024  # bytes in which an XML part's root must begin

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


class Unreadable(Exception):
    """Raised when a file is no table that we read; the text tells its owner why and what to do."""


@dataclass(frozen=True)
class Line:
    """A line of a sheet as its program counts them (from 1), each cell as text."""

    number: int
    cells: tuple[str, ...]


Sheet = tuple[str, Iterator[Line]]


def sheets(file: IO[bytes]) -> Iterator[Sheet]:
    """(name, its lines that are not empty) of each visible sheet; a CSV has one without a name. Raises Unreadable."""
    head = file.read(HEAD)
    if not head.strip():
        raise Unreadable(_("Tệp trống."))
    if file.seek(0, io.SEEK_END) > LARGEST_FILE:
        raise Unreadable(_("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp."))
    file.seek(0)
    if head.startswith(b"PK"):
        yield from _workbook(file)
    elif head.startswith(OLD_OFFICE):
        raise Unreadable(_("Đây là tệp .xls đời cũ hoặc tệp có mật khẩu. Hãy lưu lại dạng .xlsx, không mật khẩu."))
    else:
        yield "", _csv_lines(file, head)


def text(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, days as 2026-03-12, spaces in order, marks composed."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    elif isinstance(value, datetime):
        value = value.date() if value.time() == time() else value.isoformat(" ", "minutes")
    elif isinstance(value, time):
        value = value.isoformat("minutes")
    return "" if value is None else _tidy(str(value))


def _tidy(value: str) -> str:
    plain = unicodedata.normalize("NFC", value[:LONGEST_CELL].translate(INVISIBLE))
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", plain).split())


def _workbook(file: IO[bytes]) -> Iterator[Sheet]:
    _check_archive(file)
    file.seek(0)
    broken = Unreadable(_("Tệp Excel bị hỏng. Hãy mở ra và lưu lại dạng .xlsx rồi thử lại."))
    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # whatever openpyxl stumbles over in a broken file
        raise broken from error
    for sheet in visible:
        yield sheet.title, _sheet_lines(sheet, broken)


def _check_archive(file: IO[bytes]) -> None:
    """An XLSX without macros whose parts are bearable when they are unpacked and parsed."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise Unreadable(_("Đây không phải tệp Excel .xlsx. Hãy lưu lại dạng .xlsx hoặc .csv."))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Unreadable(_("Tệp có macro. Hãy lưu lại dạng .xlsx (không macro) rồi tải lên."))
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise _too_large()
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Unreadable(_("Tệp Excel bị hỏng. Hãy mở ra và lưu lại dạng .xlsx rồi thử lại.")) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No declarations of types and entities; rows neither too many nor too long: a parser keeps traces.

    Whatever the part is called: the workbook says which is which.
    """
    named_xml = part.filename.lower().endswith((".xml", ".rels"))
    with archive.open(part) as stream:
        head = stream.read(HEAD)
        plain = head.replace(b"\x00", b"")  # UTF-16 too
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain or (named_xml and not re.search(rb"<[A-Za-z]", plain)):
            raise Unreadable(_("Tệp Excel có nội dung lạ nên không được đọc. Hãy mở ra và lưu lại dạng .xlsx."))
        if re.search(rb"<(\w+:)?worksheet\b", plain):
            _check_rows(chain([head], iter(lambda: stream.read(LONGEST_ROW), b"")))
        elif part.file_size > LARGEST_PART:
            raise _too_large()


def _check_rows(pieces: Iterable[bytes]) -> None:
    rows, since, tail = 0, 0, b""
    for piece in pieces:
        found = re.findall(rb"<(?:\w+:)?row\b", (tail + piece).replace(b"\x00", b""))
        since = 0 if found else since + len(piece)
        rows, tail = rows + len(found), piece[-8:]
        _check_length(rows)
        if since > 2 * LONGEST_ROW:
            raise _too_large()


def _too_large() -> Unreadable:
    return Unreadable(_("Tệp mở ra quá lớn. Hãy xóa các dòng, cột trống rồi lưu lại, hoặc chia nhỏ tệp."))


def _sheet_lines(sheet: Any, broken: Unreadable) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a file says about its own size may be a lie
    lines = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1)
    while True:
        try:
            number, values = next(lines)
        except StopIteration:
            return
        except Exception as error:  # whatever openpyxl stumbles over in a broken file
            raise broken from error
        _check_length(number)
        if values.count(None) < len(values):
            yield from _line(number, map(text, values))


def _check_length(number: int) -> None:
    if number > MOST_LINES:
        raise Unreadable(_("Bảng dài hơn 200 000 dòng, kể cả dòng trống. Hãy xóa các dòng trống hoặc chia nhỏ tệp."))


def _csv_lines(file: IO[bytes], head: bytes) -> Iterator[Line]:
    encoding = _encoding(head)
    stream = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        first = stream.readline(HEAD)
        stream.seek(0)
        for number, cells in enumerate(csv.reader(stream, delimiter=_delimiter(first)), 1):
            _check_length(number)
            yield from _line(number, map(_tidy, cells[:MOST_COLUMNS]))
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
