"""What printed things share: the house's colours and fonts, the woven border, QR codes. Lengths are in points."""

from functools import cache
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_sans
import segno
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

INDIGO, BROCADE, TURMERIC = HexColor("#1b1f4b"), HexColor("#b3262b"), HexColor("#d99a1c")
INK, SOFT, PAPER = HexColor("#1d1b26"), HexColor("#5a566a"), HexColor("#fbf8f1")
REGULAR, MEDIUM, BOLD = "BeVietnamPro-Regular", "BeVietnamPro-Medium", "BeVietnamPro-Bold"
WIDE = "NotoSans"  # has the letters of Ê-đê, Ba-na, Gia-rai names (ĕ ŏ ƀ) that Be Vietnam Pro lacks


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab; called before a canvas is made."""
    for name in (REGULAR, MEDIUM, BOLD):
        pdfmetrics.registerFont(TTFont(name, _file(fontpkg_be_vietnam_pro.ROOT, f"{name}.ttf")))
    pdfmetrics.registerFont(TTFont(WIDE, _file(fontpkg_noto_sans.ROOT, "NotoSans[[]wdth,wght].ttf")))


def _file(root: Path, name: str) -> str:
    return str(next(Path(root).rglob(name)))


def font_for(text: str, font: str) -> str:
    """The font, or the wide one where it lacks a letter of the text."""
    known = pdfmetrics.getFont(font).face.charToGlyph
    return font if all(ord(sign) in known for sign in text) else WIDE


def fitted(text: str, font: str, size: float, width: float, *, smallest: float = 8) -> tuple[str, float]:
    """Font and size by which the text stays within the width, as far as it may shrink."""
    font = font_for(text, font)
    while size > smallest and pdfmetrics.stringWidth(text, font, size) > width:
        size -= 0.5
    return font, size


def weave(page: Canvas, *, x: float, middle: float, width: float, diamonds: int, half: float) -> None:
    """A row of diamonds, as on a brocade."""
    step = width / diamonds
    for index in range(diamonds):
        centre = x + step * (index + 0.5)
        _diamond(page, centre, middle, half, BROCADE if index % 2 else TURMERIC)
        _diamond(page, centre, middle, half * 0.41, PAPER)


def _diamond(page: Canvas, x: float, y: float, half: float, colour: HexColor) -> None:
    path = page.beginPath()
    path.moveTo(x - half, y)
    path.lineTo(x, y + half)
    path.lineTo(x + half, y)
    path.lineTo(x, y - half)
    path.close()
    page.setFillColor(colour)
    page.drawPath(path, stroke=0, fill=1)


def qr(page: Canvas, url: str, *, x: float, y: float, size: float) -> None:
    """The code of an address, with the quiet zone that scanners want around it."""
    matrix = [list(row) for row in segno.make(url, error="m", micro=False).matrix]
    module = size / len(matrix)
    page.setFillColorRGB(1, 1, 1)
    page.rect(x - 3 * module, y - 3 * module, size + 6 * module, size + 6 * module, stroke=0, fill=1)
    page.setFillColor(INDIGO)
    path = page.beginPath()
    for row_index, row in enumerate(matrix):
        for column, dark in enumerate(row):
            if dark:
                path.rect(x + column * module, y + size - (row_index + 1) * module, module, module)
    page.drawPath(path, stroke=0, fill=1)
