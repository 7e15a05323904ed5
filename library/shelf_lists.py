"""The list of copies as they stand on the shelves, to go along with it: A4, a box to tick for each."""

import io
from collections.abc import Iterable

from django.utils import timezone
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from core import paper
from core.paper import BOLD, INK, MEDIUM, REGULAR, SOFT
from library.models import Copy

LINE = HexColor("#ddd6c6")
LEFT, RIGHT, TOP, BOTTOM = 15 * mm, A4[0] - 15 * mm, A4[1] - 18 * mm, 18 * mm
COLUMNS = (
    (15, "STT"),
    (25, "Số ĐKCB"),
    (57, "Ký hiệu xếp giá"),
    (92, "Nhan đề, tác giả"),
    (158, "Tình trạng"),
    (190, ""),
)
TITLE_ROOM = 63 * mm
ROW, LINE_HEIGHT = 6.5 * mm, 3.6 * mm


def write(copies: Iterable[Copy], *, title: str) -> io.BytesIO:
    """The file; copies come in the order in which they stand, with their record and library."""
    paper.register_fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, initialFontName=REGULAR)
    page.setTitle(title)
    page.setAuthor("Nhà Sàn")
    y, sheet, place = 0.0, 0, ("", "")
    for number, copy in enumerate(copies, start=1):
        lines = _title(copy)
        here = (copy.library.name, copy.location)
        needed = ROW + (len(lines) - 1) * LINE_HEIGHT + (8 * mm if here != place else 0)
        if y - needed < BOTTOM:
            if sheet:
                page.showPage()
            sheet += 1
            y, place = _head(page, title, sheet), ("", "")
        if here != place:
            y, place = _place(page, here, y), here
        y = _row(page, number, copy, lines, y)
    if not sheet:
        _head(page, title, 1)
    page.showPage()
    page.save()
    out.seek(0)
    return out


def _title(copy: Copy) -> list[str]:
    text = " / ".join(filter(None, (copy.record.title, copy.record.author)))
    lines: list[str] = simpleSplit(text, REGULAR, 8, TITLE_ROOM)
    return [lines[0], f"{lines[1]} …"] if len(lines) > 2 else lines or [""]


def _head(page: Canvas, title: str, sheet: int) -> float:
    page.setFillColor(INK)
    page.setFont(BOLD, 13)
    page.drawString(LEFT, TOP, title)
    page.setFillColor(SOFT)
    page.setFont(REGULAR, 8)
    page.drawRightString(RIGHT, TOP, f"{timezone.localdate():%d/%m/%Y} · trang {sheet}")
    y = TOP - 9 * mm
    page.setFont(MEDIUM, 8)
    for x, heading in COLUMNS:
        page.drawString(x * mm, y, heading)
    page.setStrokeColor(INK)
    page.line(LEFT, y - 2 * mm, RIGHT, y - 2 * mm)
    return y - 3 * mm


def _place(page: Canvas, here: tuple[str, str], y: float) -> float:
    page.setFillColor(INK)
    page.setFont(BOLD, 9)
    page.drawString(LEFT, y - 5 * mm, " · ".join(filter(None, here)))
    return y - 8 * mm


def _row(page: Canvas, number: int, copy: Copy, lines: list[str], y: float) -> float:
    base = y - 4 * mm
    page.setFillColor(INK)
    page.setFont(REGULAR, 8)
    texts = (str(number), copy.register_number, copy.call_number[:24])
    for (x, _heading), text in zip(COLUMNS, texts, strict=False):
        page.drawString(x * mm, base, text)
    for at, line in enumerate(lines):
        page.setFont(paper.font_for(line, REGULAR), 8)
        page.drawString(COLUMNS[3][0] * mm, base - at * LINE_HEIGHT, line)
    page.setFont(REGULAR, 8)
    page.drawString(COLUMNS[4][0] * mm, base, str(copy.get_status_display())[:18])
    page.setStrokeColor(SOFT)
    page.rect(COLUMNS[5][0] * mm, base - 0.7 * mm, 3.4 * mm, 3.4 * mm, stroke=1, fill=0)
    y -= ROW + (len(lines) - 1) * LINE_HEIGHT
    page.setStrokeColor(LINE)
    page.line(LEFT, y, RIGHT, y)
    return y
