"""The transcript as PDF in the layout of administrative papers (Decree 30/2020/NĐ-CP, annex I), fonts embedded."""

import io
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from core import paper
from core.paper import BOLD, INK, MEDIUM, REGULAR, SOFT
from home import transcript
from home.transcript import Transcript
from people.models import User

WIDTH = A4[0] - 45 * mm  # left 30, right 15, as the decree has it
SHARES = (0.05, 0.21, 0.125, 0.13, 0.075, 0.075, 0.125, 0.075, 0.135)  # of the width, for the columns


def render(person: User, learned: Transcript) -> io.BytesIO:
    """The file, from its first byte."""
    paper.register_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=30 * mm, rightMargin=15 * mm, topMargin=20 * mm, bottomMargin=20 * mm
    )
    document.title, document.author = _("Bảng kết quả học tập"), "Nhà Sàn"
    parts = [*_head(), *_person(person), _table(learned), Spacer(1, 5 * mm), *_sums(learned), Spacer(1, 8 * mm), _end()]
    document.build(parts, onFirstPage=_foot, onLaterPages=_foot)
    out.seek(0)
    return out


def _style(font: str = REGULAR, size: float = 11, **more: Any) -> ParagraphStyle:
    return ParagraphStyle("", fontName=font, fontSize=size, leading=size * 1.35, textColor=INK, **more)


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    """A text in a font that has all its letters."""
    font = paper.font_for(text, style.fontName)
    return Paragraph(f'<font name="{font}">{escape(text)}</font>', style)


def _head() -> list[Any]:
    """Who gives the paper on the left, the state and its motto on the right, the name of the paper below."""
    centred = {"alignment": TA_CENTER}
    motto = Paragraph("<u>Độc lập – Tự do – Hạnh phúc</u>", _style(BOLD, 10.5, **centred))
    left = [_said("NHÀ SÀN", _style(BOLD, 10, **centred)), _said(settings.BASE_URL, _style(size=8, **centred))]
    right = [Paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", _style(BOLD, 10, **centred)), motto]
    table = Table([[left, right]], colWidths=[0.38 * WIDTH, 0.62 * WIDTH])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    title = _said(_("BẢNG KẾT QUẢ HỌC TẬP"), _style(BOLD, 15, **centred))
    return [table, Spacer(1, 9 * mm), title, Spacer(1, 6 * mm)]


def _person(person: User) -> list[Any]:
    lines = [_("Họ và tên: %(name)s") % {"name": person.full_name}]
    if person.birth_year:
        lines.append(_("Năm sinh: %(year)s") % {"year": person.birth_year})
    if person.unit:
        place = f"{person.unit.name}, {person.unit.parent.name}" if person.unit.parent else person.unit.name
        lines.append(_("Địa bàn: %(place)s") % {"place": place})
    return [*(_said(line, _style()) for line in lines), Spacer(1, 5 * mm)]


def _table(learned: Transcript) -> Table:
    """A row for each course; the headings stand on every page."""
    small, head = _style(size=8.5), _style(MEDIUM, 8.5, alignment=TA_CENTER)
    names = [_("Số TT"), *transcript.headings()]
    rows = [[_said(name, head) for name in names]]
    for place, course in enumerate(learned.courses, start=1):
        rows.append([_said(text, small) for text in (str(place), *transcript.row(course))])
    if not learned.courses:
        rows.append([_said(_("Chưa ghi danh khóa học nào."), small), *[""] * (len(names) - 1)])
    table = Table(rows, colWidths=[share * WIDTH for share in SHARES], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, INK),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#eeeeee")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                *(("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)),
                *([] if learned.courses else [("SPAN", (0, 1), (-1, 1))]),
            ]
        )
    )
    return table


def _sums(learned: Transcript) -> list[Any]:
    said = [
        _("Số khóa học đã hoàn thành: %(count)s") % {"count": learned.finished},
        _("Tổng số giờ của các khóa đã hoàn thành: %(hours)s giờ") % {"hours": transcript.number(learned.hours)},
    ]
    if learned.class_hours:
        hours = transcript.number(learned.class_hours)
        said.append(_("Số giờ có mặt ở các buổi học của lớp: %(hours)s giờ") % {"hours": hours})
    return [_said(each, _style(MEDIUM)) for each in said]


def _end() -> Paragraph:
    """When it was made, and that it is no certificate."""
    now = timezone.localtime()
    day = _("Lập ngày %(day)02d tháng %(month)02d năm %(year)s.") % {
        "day": now.day,
        "month": now.month,
        "year": now.year,
    }
    note = _("Bảng này do người học tự lấy từ Nhà Sàn và không thay giấy chứng nhận; số vào sổ tra được tại %(url)s.")
    url = f"{settings.BASE_URL}/certificates/"
    return Paragraph(f"{escape(day)}<br/>{escape(note % {'url': url})}", _style(size=9, alignment=TA_RIGHT))


def _foot(page: Canvas, document: Any) -> None:
    page.saveState()
    page.setFont(REGULAR, 9)
    page.setFillColor(SOFT)
    page.drawCentredString(A4[0] / 2, 10 * mm, str(document.page))
    page.restoreState()
