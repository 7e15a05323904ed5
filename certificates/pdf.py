"""The certificate as PDF: A4 landscape, embedded Vietnamese fonts, a QR code that leads to the verification page."""

import io
from functools import cache
from pathlib import Path

import fontpkg_be_vietnam_pro
import segno
from django.utils import formats
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.models import Certificate

INDIGO, BROCADE, TURMERIC = HexColor("#1b1f4b"), HexColor("#b3262b"), HexColor("#d99a1c")
INK, SOFT, PAPER = HexColor("#1d1b26"), HexColor("#5a566a"), HexColor("#fbf8f1")
WIDTH, HEIGHT = landscape(A4)
MIDDLE = WIDTH / 2
REGULAR, MEDIUM, BOLD = "BeVietnamPro-Regular", "BeVietnamPro-Medium", "BeVietnamPro-Bold"


@cache
def _register_fonts() -> None:
    for name in (REGULAR, MEDIUM, BOLD):
        file = next(Path(fontpkg_be_vietnam_pro.ROOT).rglob(f"{name}.ttf"))
        pdfmetrics.registerFont(TTFont(name, str(file)))


def render(certificate: Certificate) -> io.BytesIO:
    """The file, from its first byte. The same certificate gives the same bytes."""
    _register_fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=REGULAR)
    page.setTitle(f"Giấy chứng nhận {certificate.number}")
    page.setAuthor("Nhà Sàn")
    page.setSubject(certificate.course_title)
    _ground(page)
    _text(page, certificate)
    _qr(page, certificate.verification_url, x=WIDTH - 62 * mm, y=27 * mm, size=30 * mm)
    page.showPage()
    page.save()
    out.seek(0)
    return out


def _ground(page: Canvas) -> None:
    """Paper, a frame and the woven border above and below."""
    page.setFillColor(PAPER)
    page.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    for y in (0, HEIGHT - 12 * mm):
        page.setFillColor(INDIGO)
        page.rect(0, y, WIDTH, 12 * mm, stroke=0, fill=1)
        _weave(page, y + 6 * mm)


def _weave(page: Canvas, middle: float) -> None:
    step = WIDTH / 33
    for index in range(33):
        centre = step * (index + 0.5)
        _diamond(page, centre, middle, 3.4 * mm, BROCADE if index % 2 else TURMERIC)
        _diamond(page, centre, middle, 1.4 * mm, PAPER)


def _diamond(page: Canvas, x: float, y: float, half: float, colour: HexColor) -> None:
    path = page.beginPath()
    path.moveTo(x - half, y)
    path.lineTo(x, y + half)
    path.lineTo(x + half, y)
    path.lineTo(x, y - half)
    path.close()
    page.setFillColor(colour)
    page.drawPath(path, stroke=0, fill=1)


def _text(page: Canvas, certificate: Certificate) -> None:
    _centred(page, "NHÀ SÀN", BOLD, 13, HEIGHT - 30 * mm, INDIGO)
    _centred(page, "Học và đọc về công tác dân tộc", REGULAR, 10, HEIGHT - 36 * mm, SOFT)
    _centred(page, "GIẤY CHỨNG NHẬN", BOLD, 34, HEIGHT - 58 * mm, BROCADE)
    _centred(page, "Chứng nhận", REGULAR, 13, HEIGHT - 71 * mm, SOFT)
    _centred(page, certificate.holder_name, BOLD, 28, HEIGHT - 86 * mm, INDIGO)
    _centred(page, certificate.holder_unit, REGULAR, 12, HEIGHT - 94 * mm, INK)
    _centred(page, "đã hoàn thành khóa học", REGULAR, 13, HEIGHT - 107 * mm, SOFT)
    _centred(page, certificate.course_title, BOLD, 20, HEIGHT - 119 * mm, INK)
    hours = formats.number_format(certificate.hours.normalize(), use_l10n=True)
    _centred(page, f"Thời lượng: {hours} giờ", MEDIUM, 12, HEIGHT - 128 * mm, INK)
    day = certificate.issued_on
    page.setFillColor(INK)
    page.setFont(REGULAR, 12)
    page.drawString(32 * mm, 50 * mm, f"Ngày {day.day:02d} tháng {day.month:02d} năm {day.year}")
    page.drawString(32 * mm, 42 * mm, f"Số vào sổ: {certificate.number}")
    page.setFillColor(SOFT)
    page.setFont(REGULAR, 9)
    page.drawString(32 * mm, 30 * mm, "Quét hình vuông bên phải, hoặc mở địa chỉ dưới đây để xác minh:")
    page.drawString(32 * mm, 25 * mm, certificate.verification_url)
    page.drawCentredString(WIDTH - 47 * mm, 20 * mm, certificate.code)


def _centred(page: Canvas, text: str, font: str, size: float, y: float, colour: HexColor) -> None:
    """One line in the middle, made smaller until it fits between the margins."""
    while size > 8 and pdfmetrics.stringWidth(text, font, size) > WIDTH - 50 * mm:
        size -= 0.5
    page.setFillColor(colour)
    page.setFont(font, size)
    page.drawCentredString(MIDDLE, y, text)


def _qr(page: Canvas, url: str, *, x: float, y: float, size: float) -> None:
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
