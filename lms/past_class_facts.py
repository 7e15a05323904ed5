"""What a row of past classes says of its class, judged cell by cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from core.folding import fold
from core.table_kinds import Problem, TableRow
from lms import past_days
from lms.models import Course
from people.models import Unit, User

MOST_HOURS = 15  # in one day: a session begins at eight and ends on the day it begins


@dataclass(frozen=True)
class Facts:
    """The class that a row belongs to."""

    course: Course
    name: str
    days: tuple[date, ...]
    hours: Decimal
    place: str
    unit: Unit | None

    @property
    def key(self) -> tuple[int, str, date]:
        """What makes it this class and no other."""
        return self.course.pk, self.name, self.days[0]


class Reader:
    """Reads rows of one file; courses and units are looked up once for a batch."""

    def __init__(self, by: User | None) -> None:
        self.by = by
        self.courses: dict[str, Course] = {}
        self.units: dict[str, Unit] = {}

    def prepare(self, rows: Sequence[TableRow]) -> None:
        """Look up what the rows name; two queries."""
        if not self.courses:
            every = list(Course.objects.all())
            self.courses = {fold(course.title): course for course in every} | {course.key: course for course in every}
        codes = {row["unit"].strip() for row in rows if row["unit"]} - self.units.keys()
        if codes:
            seen = Unit.objects.current() if self.by is None else Unit.objects.current().visible_to(self.by)
            self.units |= {unit.code: unit for unit in seen.filter(code__in=codes)}

    def read(self, row: TableRow) -> tuple[Facts | None, list[Problem]]:
        """The facts, or None with every problem of the row's cells about the class."""
        problems: list[Problem] = []
        name = " ".join(row["name"].split())[:200]
        if not name:
            problems.append(Problem("name", _("Cần tên lớp.")))
        typed = row["course"].strip()
        course = self.courses.get(typed.lower()) or self.courses.get(fold(typed))
        if course is None:
            problems.append(Problem("course", _("Không có khóa học nào mang mã hoặc tên này.")))
        days = self._days(row, problems)
        hours = self._hours(row, len(days), problems)
        unit = self.units.get(row["unit"].strip())
        if row["unit"] and unit is None:
            problems.append(Problem("unit", _("Không có đơn vị nào hiện nay mang mã này mà ông, bà được xem.")))
        if problems or course is None:
            return None, problems
        return Facts(course, name, days, hours, " ".join(row["place"].split())[:200], unit), []

    @staticmethod
    def _days(row: TableRow, problems: list[Problem]) -> tuple[date, ...]:
        try:
            days = past_days.read(row["days"])
        except ValueError:
            problems.append(Problem("days", _("Hãy ghi ngày như 10/03/2026, hoặc 10/03/2026 - 12/03/2026.")))
            return ()
        if not days or len(days) > past_days.LONGEST:
            problems.append(Problem("days", _("Một lớp có từ 1 đến %(most)s ngày học.") % {"most": past_days.LONGEST}))
        elif days[-1] > timezone.localdate():
            problems.append(Problem("days", _("Lớp chưa học xong. Lớp đang học hay sắp học thì mở trong mục Lớp học.")))
        return days

    @staticmethod
    def _hours(row: TableRow, days: int, problems: list[Problem]) -> Decimal:
        if not row["hours"].strip():
            return Decimal(0)
        try:
            hours = Decimal(re.sub(r"\s*(giờ|h)$", "", row["hours"].strip().lower()).replace(",", "."))
        except InvalidOperation:
            hours = Decimal("NaN")
        if not hours.is_finite() or hours < 0 or (days and hours > MOST_HOURS * days):
            problems.append(
                Problem("hours", _("Số giờ là một số, không quá %(most)s giờ một ngày.") % {"most": MOST_HOURS})
            )
            return Decimal(0)
        return hours


def days_there(row: TableRow, facts: Facts) -> tuple[frozenset[date], list[Problem]]:
    """On which of the class's days the person was there; empty cell: all."""
    text = row["there"].strip()
    if not text:
        return frozenset(facts.days), []
    if text == "0":
        return frozenset(), []
    try:
        days = frozenset(past_days.read(text))
    except ValueError:
        return frozenset(), [
            Problem("there", _("Hãy ghi ngày như 10/03/2026; để trống nếu có mặt đủ; 0 nếu vắng cả lớp."))
        ]
    if outside := sorted(days - set(facts.days)):
        text = _("Ngày %(day)s không phải ngày học của lớp.") % {"day": f"{outside[0]:%d/%m/%Y}"}
        return frozenset(), [Problem("there", text)]
    return days, []
