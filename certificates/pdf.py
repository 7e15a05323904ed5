"""The certificate as PDF: A4 landscape, embedded Vietnamese fonts, a QR code that leads to the verification page."""

import io

from django.utils import formats
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from certificates.models import Certificate
from core import paper
from core.paper import BOLD, BROCADE, INDIGO, INK, MEDIUM, PAPER, REGULAR, SOFT

WIDTH, HEIGHT = landscape(A4)
MIDDLE = WIDTH / 2


def render(certificate: Certificate) -> io.BytesIO:
    """The file, from its first byte. The same certificate gives the same bytes."""
    paper.register_fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, initialFontName=REGULAR)
    page.setTitle(f"Giấy chứng nhận {certificate.number}")
    page.setAuthor("Nhà Sàn")
    page.setSubject(certificate.course_title)
    _ground(page)
    _text(page, certificate)
    paper.qr(page, certificate.verification_url, x=WIDTH - 62 * mm, y=27 * mm, size=30 * mm)
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
        paper.weave(page, x=0, middle=y + 6 * mm, width=WIDTH, diamonds=33, half=3.4 * mm)


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
    font, size = paper.fitted(text, font, size, WIDTH - 50 * mm)
    page.setFillColor(colour)
    page.setFont(font, size)
    page.drawCentredString(MIDDLE, y, text)
