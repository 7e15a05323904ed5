"""Files of questions as lines of one table: XLSX and CSV as they stand, GIFT and Word turned into it.

So a question of any file is checked, shown, taken in and handed back to be mended by the same code.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from core import office_files, sheet_reading
from core.office_files import Unreadable
from core.sheet_reading import Line, Sheet
from lms import gift, marked_questions, question_cells, question_docx

XLSX, DOCX, GIFT = "xlsx", "docx", "gift"
LONGEST_GIFT = 4 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Read:
    """One question of a file: its line or number, its cells, and what keeps it out or is to be looked at."""

    line: int
    cells: dict[str, str]
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def form(file: IO[bytes]) -> str:
    """Which of the three the file is, by its content; what is none of them is read as a table, which says why not."""
    file.seek(0)
    head = file.read(office_files.HEAD)
    file.seek(0)
    if head.startswith(b"PK"):
        return DOCX if _is_word(file) else XLSX
    if head.startswith(office_files.OLD_OFFICE) or head.lstrip().startswith((b"%PDF", b"{\\rtf", b"<")):
        return XLSX
    return GIFT if b"{" in head or b"::" in head else XLSX


def sheets(file: IO[bytes]) -> Iterator[Sheet]:
    """The lines of the table; Raises Unreadable."""
    kind = form(file)
    if kind == XLSX:
        yield from sheet_reading.sheets(file, as_written=True)
        return
    found = reads(file)
    columns = question_cells.used_columns([read.cells for read in found])
    headings = [Line(0, tuple(str(column.heading) for column in columns))]
    lines = (Line(read.line, tuple(read.cells.get(column.name, "") for column in columns)) for read in found)
    yield _("Câu hỏi"), iter([*headings, *lines])


def reads(file: IO[bytes]) -> list[Read]:
    """The questions of a GIFT or Word file; of a table none. Raises Unreadable."""
    kind = form(file)
    if kind == DOCX:
        return [_of_word(number, each) for number, each in enumerate(question_docx.read(file), start=1)]
    return _gift(file) if kind == GIFT else []


def _gift(file: IO[bytes]) -> list[Read]:
    data = file.read(LONGEST_GIFT + 1)
    if len(data) > LONGEST_GIFT:
        raise Unreadable(_("Tệp GIFT lớn hơn 4 MB. Hãy chia nhỏ tệp."))
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("Tệp không phải mã Unicode (UTF-8). Hãy lưu lại dạng UTF-8.")) from None
    return [_of_gift(each) for each in gift.read(text)]


def _of_gift(each: gift.Read) -> Read:
    if each.question is None:
        return Read(each.line, {"text": each.text}, [each.problem])
    try:
        cells = question_cells.cells(each.question, key=each.key, tags=each.tags)
    except (KeyError, TypeError, ValueError, AttributeError):  # a comment of ours may hold anything
        cells = {}
    if not cells or not all(isinstance(cell, str) for cell in cells.values()):
        broken = _("Dòng ghi chú của Nhà Sàn trước câu này bị hỏng. Hãy xóa dòng đó.")
        return Read(each.line, {"text": each.text}, [broken])
    return Read(each.line, cells, warnings=each.warnings)


def _of_word(number: int, each: marked_questions.Read) -> Read:
    problems = [_("Câu %(n)s: %(problem)s") % {"n": each.number, "problem": problem} for problem in each.problems]
    warnings = [_("Câu %(n)s: %(problem)s") % {"n": each.number, "problem": warning} for warning in each.warnings]
    cells = question_cells.cells(each.question) if each.question else {"text": each.text}
    return Read(number, cells, problems, warnings)


def _is_word(file: IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return any(name.startswith("word/") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return False
    finally:
        file.seek(0, io.SEEK_SET)
