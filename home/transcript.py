"""All that a person learned, as a table: on the page, as CSV, and as a PDF (home.transcript_pdf)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core import spreadsheets
from home import learning
from home.learning import Learned


@dataclass(frozen=True)
class Transcript:
    """The courses in the order of enrolment; hours are those of finished courses, class_hours those of sessions."""

    courses: Sequence[Learned]
    hours: Decimal
    class_hours: Decimal

    @property
    def finished(self) -> int:
        """How many courses are finished."""
        return sum(course.enrolment.is_finished for course in self.courses)


def of(request: HttpRequest) -> Transcript:
    """The reader's, merged accounts included; six queries."""
    courses = sorted(learning.courses_of(request), key=lambda each: (each.enrolment.enrolled_at, each.enrolment.pk))
    return Transcript(courses, sum((each.hours for each in courses), Decimal(0)), learning.class_hours(request.user))


def headings() -> list[str]:
    """Of the columns."""
    return [
        _("Khóa học"),
        _("Ngày ghi danh"),
        _("Tình trạng"),
        _("Bài đã học"),
        _("Điểm (%)"),
        _("Hoàn thành"),
        _("Số giờ"),
        _("Số vào sổ giấy chứng nhận"),
    ]


def row(course: Learned) -> list[str]:
    """One course in words, as it is printed; one with a certificate by the name that stands there."""
    own = course.enrolment
    return [
        course.certificate.course_title if course.certificate else own.course.title,
        f"{timezone.localdate(own.enrolled_at):%d/%m/%Y}",
        str(own.get_status_display()),
        f"{course.lessons_done}/{course.total}",
        "" if own.score is None else number(own.score),
        f"{course.finished_on:%d/%m/%Y}" if course.finished_on else "",
        number(course.hours) if course.hours else "",
        course.certificate.number if course.certificate else "",
    ]


def number(value: Decimal) -> str:
    """1.50 as "1,5" in the reader's language."""
    return str(formats.number_format(value.normalize() if value else 0, use_l10n=True))


def as_csv(transcript: Transcript) -> Iterator[str]:
    """The parts of the file, for spreadsheets; numbers stay numbers."""
    yield spreadsheets.BYTE_ORDER_MARK
    yield from spreadsheets.lines([headings()])
    for course in transcript.courses:
        words: list[Any] = [*row(course)]
        own = course.enrolment
        words[4] = "" if own.score is None else float(own.score)
        words[6] = float(course.hours) if course.hours else ""
        yield from spreadsheets.lines([words])
