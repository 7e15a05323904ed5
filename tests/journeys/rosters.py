"""A roster as a trainer keeps it: 300 people of one commune, twelve of them written down with a mistake each."""

import io
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple

import openpyxl
from django.utils import timezone

YEAR = timezone.localdate().year
PROVINCE, COMMUNE = "Lào Cai", "Tả Van"
FAMILIES = ("Giàng", "Lò", "Vừ", "Thào", "Mùa", "Sùng", "Lý", "Hạng", "Cứ", "Vàng")
MIDDLES = ("A", "Thị", "Mí", "Seo", "Văn")
GIVEN = ("Páo", "Hoa", "Sính", "Chơ", "Mai", "Dơ")


class Mistake(NamedTuple):
    """What stands in a cell, what should, and what the site says about it. line: as the spreadsheet counts."""

    line: int
    column: str
    wrong: str
    right: str
    said: str


MISTAKES = (
    Mistake(5, "Họ và tên", "", "Giàng A Chơ", "Hãy ghi họ và tên."),
    Mistake(20, "Họ và tên", "Giàng Seo 0912", "Giàng Seo Páo", "Họ và tên chỉ gồm chữ. Hãy xem có nhầm cột không."),
    Mistake(
        40, "Số điện thoại", "09120000", "0912000040",
        "Số điện thoại chưa đúng. Hãy ghi đủ 10 chữ số, ví dụ 0912 345 678; mỗi ô một số.",
    ),
    Mistake(
        60, "Số điện thoại", "0912000059", "0912000060",
        "Trùng với dòng 59 của tệp. Mỗi người một số; không có số riêng thì để trống.",
    ),
    Mistake(
        80, "Thư điện tử", "pao@", "",
        "Thư điện tử chưa đúng. Ví dụ: ten@gmail.com. Không có thì để trống.",
    ),
    Mistake(100, "Năm sinh", "1885", "1980", f"Năm sinh phải từ {YEAR - 120} đến {YEAR}. Ví dụ: 1985."),
    Mistake(120, "Giới tính", "Trai", "Nam", "Giới tính ghi là Nam, Nữ hoặc Khác."),
    Mistake(140, "Ngôn ngữ", "Mông; Klingon", "Mông", "Chưa biết ngôn ngữ “Klingon”. Hãy ghi như: Mông; Thái; Khmer."),
    Mistake(
        160, "Xã, phường", "Tả Vang", COMMUNE,
        "Tỉnh Lào Cai không có xã, phường nào tên “Tả Vang”. Có phải: Xã Tả Van; Xã Tả Thàng; Phường Tân An?",
    ),
    Mistake(180, "Xã, phường", "Bắc Hà", COMMUNE, "Xã Bắc Hà không thuộc địa bàn ông, bà quản lý."),
    Mistake(
        200, "Nhóm đối tượng", "Tổ trưởng Zalo", "Trưởng thôn",
        "Chưa biết nhóm đối tượng “Tổ trưởng Zalo”. Hãy ghi một trong: Cán bộ, công chức, viên chức cơ quan công tác"
        " dân tộc; Cán bộ, công chức cấp xã; Trưởng thôn, bản, ấp, buôn; Người có uy tín; Hộ gia đình; Hợp tác xã;"
        " Doanh nghiệp.",
    ),
    Mistake(220, "Từ ngày", "31/02/2026", "01/01/2026", "Hãy ghi ngày như 31/12/2026."),
)  # fmt: skip


def people() -> list[dict[str, str]]:
    """What each of the 300 rows says when it is right, by heading; the row on line 2 comes first."""
    names = product(FAMILIES, MIDDLES, GIVEN)
    return [
        {
            "Họ và tên": " ".join(name),
            "Số điện thoại": f"0912{line:06}",
            "Năm sinh": str(1960 + line % 40),
            "Giới tính": "Nữ" if name[1] == "Thị" else "Nam",
            "Ngôn ngữ": "Mông",
            "Tỉnh, thành phố": PROVINCE,
            "Xã, phường": COMMUNE,
            "Nhóm đối tượng": "Trưởng thôn",
            "Từ ngày": "01/01/2026",
        }
        for line, name in enumerate(names, 2)
    ]


def with_mistakes() -> list[dict[str, str]]:
    """The same as somebody typed it."""
    rows = people()
    for mistake in MISTAKES:
        assert rows[mistake.line - 2].get(mistake.column, "") == mistake.right
        rows[mistake.line - 2][mistake.column] = mistake.wrong
    return rows


def filled_in(template: bytes, rows: Sequence[dict[str, str]]) -> bytes:
    """The template with the rows below its headings."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    page = book.worksheets[0]
    headings = [cell.value for cell in page[1]]
    assert set(rows[0]) <= set(headings)
    for line, row in enumerate(rows, 2):
        for column, heading in enumerate(headings, 1):
            page.cell(line, column, row.get(heading) or None)
    return _saved(book)


def mended(table: bytes, mend: Callable[[int, dict[str, Any]], dict[str, str]]) -> bytes:
    """The rows to mend with what mend(number, row) says of each by heading; the first row is number 0."""
    book = openpyxl.load_workbook(io.BytesIO(table))
    page = book.worksheets[0]
    headings = [cell.value for cell in page[1]]
    for line in range(2, page.max_row + 1):
        row = {heading: page.cell(line, column).value for column, heading in enumerate(headings, 1)}
        for heading, value in mend(line - 2, row).items():
            page.cell(line, headings.index(heading) + 1).value = value or None
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
