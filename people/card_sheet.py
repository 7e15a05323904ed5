"""Sign-in cards as PDF: ten on an A4 page, each of an identity card's size (85.6 × 54 mm), with lines to cut along."""

import io
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from core import paper
from core.paper import BOLD, INDIGO, INK, MEDIUM, REGULAR, SOFT
from people.cards import Printed
from people.models import Unit, User

WIDTH, HEIGHT = 85.6 * mm, 54 * mm
COLUMNS, ROWS = 2, 5
LEFT, TOP = (A4[0] - COLUMNS * WIDTH) / 2, (A4[1] + ROWS * HEIGHT) / 2
QR = 25 * mm
TEXT = WIDTH - QR - 13 * mm  # beside the code


def render(cards: Sequence[Printed]) -> io.BytesIO:
    """The file, from its first byte."""
    paper.register_fonts()
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, pageCompression=1, initialFontName=REGULAR)
    page.setTitle(_("Thẻ đăng nhập"))
    page.setAuthor("Nhà Sàn")
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if number and place == 0:
            page.showPage()
        row, column = divmod(place, COLUMNS)
        page.saveState()
        page.translate(LEFT + column * WIDTH, TOP - (row + 1) * HEIGHT)
        _card(page, card)
        page.restoreState()
    page.showPage()
    page.save()
    out.seek(0)
    return out


def shown_phone(name: str) -> str:
    """A Vietnamese number as people say it: 0912 345 678; other names as they are."""
    if not name.startswith("+84"):
        return name
    digits = f"0{name[3:]}"
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def _card(page: Canvas, card: Printed) -> None:
    _ground(page)
    x, person = 5 * mm, card.person
    _name(page, person, x)
    _line(page, _("Tên đăng nhập"), REGULAR, 6.5, x, 22.5 * mm, SOFT)
    _line(page, shown_phone(person.sign_in_name), MEDIUM, 10, x, 18.5 * mm, INK)
    _line(page, _("Mã PIN"), REGULAR, 6.5, x, 14 * mm, SOFT)
    _line(page, f"{card.pin[:3]} {card.pin[3:]}", BOLD, 17, x, 8 * mm, INDIGO)
    keep = _("Giữ mã PIN cho riêng mình. Mất thẻ: báo ngay cán bộ phụ trách lớp.")
    _line(page, keep, REGULAR, 6.5, x, 3.2 * mm, SOFT, width=WIDTH - 10 * mm)
    x, y = WIDTH - QR - 5 * mm, 11.5 * mm
    paper.qr(page, card.url, x=x, y=y, size=QR)
    page.linkURL(card.url, (x, y, x + QR, y + QR), relative=1)  # for who has the file on the very phone
    page.setFillColor(SOFT)
    page.setFont(REGULAR, 6)
    page.drawCentredString(WIDTH - QR / 2 - 5 * mm, 7.3 * mm, urlsplit(settings.BASE_URL).netloc)


def _ground(page: Canvas) -> None:
    """Where to cut, the band with the house's name and the weave below it."""
    page.setStrokeColor(SOFT)
    page.setLineWidth(0.3)
    page.setDash(2, 2)
    page.rect(0, 0, WIDTH, HEIGHT)
    page.setDash()
    page.setFillColor(INDIGO)
    page.rect(0, HEIGHT - 11 * mm, WIDTH, 11 * mm, stroke=0, fill=1)
    paper.weave(page, x=0, middle=HEIGHT - 11 * mm, width=WIDTH, diamonds=24, half=1.25 * mm)
    page.setFillColorRGB(1, 1, 1)
    page.setFont(BOLD, 10)
    page.drawString(5 * mm, HEIGHT - 7 * mm, "NHÀ SÀN")
    page.setFont(REGULAR, 8)
    page.drawRightString(WIDTH - 5 * mm, HEIGHT - 7 * mm, _("Thẻ đăng nhập"))


def _name(page: Canvas, person: User, x: float) -> None:
    """The name on one or two lines, the place below it."""
    font = paper.font_for(person.full_name, BOLD)
    lines = simpleSplit(person.full_name, font, 11, TEXT)[:2]
    y = 36.5 * mm
    for line in lines:
        _line(page, line, BOLD, 11, x, y, INK)
        y -= 4.4 * mm
    if person.unit:
        _line(page, place(person.unit), REGULAR, 7, x, y + 0.4 * mm, SOFT)


def place(unit: Unit) -> str:
    """The unit and the one it lies in."""
    return f"{unit.name}, {unit.parent.name}" if unit.parent else unit.name


def _line(
    page: Canvas, text: str, font: str, size: float, x: float, y: float, colour: object, *, width: float = TEXT
) -> None:
    font, size = paper.fitted(text, font, size, width, smallest=5)
    page.setFillColor(colour)
    page.setFont(font, size)
    page.drawString(x, y, text)
