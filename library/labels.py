"""Labels of copies on A4 sheets: for the spine, and with a barcode of the register number."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from core import paper
from core.paper import BOLD, MEDIUM, REGULAR
from library.models import Copy

MOST = 2_000  # labels in one file
PADDING = 2 * mm


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels as shops sell it: columns and rows, the size of a label, the margins of the sheet, in mm."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0.0

    @property
    def labels(self) -> int:
        """On one sheet."""
        return self.columns * self.rows


SPINE = Sheet(columns=5, rows=13, width=38.1, height=21.2, left=4.75, top=10.7, gap=2.5)
BARCODE = Sheet(columns=3, rows=8, width=70, height=37, left=0, top=0.5)


def spine(copies: Sequence[Copy], *, skip: int = 0) -> io.BytesIO:
    """Call number and register number, 65 on a sheet; skip so many labels that are used already."""
    return _sheets(copies, SPINE, _spine, skip=skip, title="Nhãn gáy")


def barcodes(copies: Sequence[Copy], *, skip: int = 0) -> io.BytesIO:
    """Library, title, barcode and register number, 24 on a sheet."""
    return _sheets(copies, BARCODE, _barcode, skip=skip, title="Nhãn mã vạch")


def _sheets(copies: Sequence[Copy], sheet: Sheet, draw: Callable[..., None], *, skip: int, title: str) -> io.BytesIO:
    paper.register_fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, initialFontName=REGULAR)
    page.setTitle(title)
    page.setAuthor("Nhà Sàn")
    for number, copy in enumerate(copies, start=max(0, min(skip, sheet.labels - 1))):
        place = number % sheet.labels
        if number and not place:
            page.showPage()
        row, column = divmod(place, sheet.columns)
        x = (sheet.left + column * (sheet.width + sheet.gap)) * mm
        y = A4[1] - (sheet.top + (row + 1) * sheet.height) * mm
        draw(page, copy, x, y, sheet.width * mm, sheet.height * mm)
    page.showPage()
    page.save()
    out.seek(0)
    return out


def _spine(page: Canvas, copy: Copy, x: float, y: float, width: float, height: float) -> None:
    lines = simpleSplit(copy.call_number, BOLD, 10, width - 2 * PADDING)[:3]
    bottom = y + height - PADDING - 9
    for line in lines:
        _centred(page, line, BOLD, 10, x + width / 2, bottom, width - 2 * PADDING)
        bottom -= 12
    _centred(page, copy.register_number, REGULAR, 7.5, x + width / 2, y + PADDING, width - 2 * PADDING)


def _barcode(page: Canvas, copy: Copy, x: float, y: float, width: float, height: float) -> None:
    middle, room = x + width / 2, width - 4 * PADDING
    _centred(page, copy.library.name, MEDIUM, 8, middle, y + height - 5 * mm, room)
    [title, *rest] = simpleSplit(copy.record.title, REGULAR, 7, room) or [""]
    _centred(page, f"{title} …" if rest else title, REGULAR, 7, middle, y + height - 9 * mm, room)
    bars = Code128(copy.register_number, barWidth=0.28 * mm, barHeight=13 * mm, humanReadable=False, quiet=True)
    if bars.width > width:
        bars = Code128(copy.register_number, barWidth=0.19 * mm, barHeight=13 * mm, humanReadable=False, quiet=True)
    bars.drawOn(page, middle - bars.width / 2, y + 9 * mm)
    _centred(page, copy.register_number, BOLD, 9, middle, y + 5 * mm, room)
    _centred(page, copy.call_number, REGULAR, 7, middle, y + 2 * mm, room)


def _centred(page: Canvas, text: str, font: str, size: float, x: float, y: float, room: float) -> None:
    """One line, made smaller until it fits."""
    page.setFont(*paper.fitted(text, font, size, room, smallest=4))
    page.drawCentredString(x, y, text)
