"""Classes of the past, handed in as a table: one row for each person of a class.

A class is known by course, name and first day, so handing in the same table again changes nothing. What comes of a row
is what a class of today would make: membership, enrolment, presence as statements with the time of the session, marked
as entered afterwards; who was there all the time has completed the course.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid5

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import ImportedRow, TableImport
from core.table_columns import Column
from core.table_kinds import Kind, Problem, TableRow, Verdict, Work
from lms import attendance, class_people, cohorts, joining
from lms.attendance import Said
from lms.models import Attendance, Cohort, Mark, Presence, Session
from lms.past_class_facts import Facts, Reader, days_there
from people.models import User

STARTS = time(8)
ADD, SAME = ImportedRow.Outcome.ADD, ImportedRow.Outcome.SAME


class SourceForm(forms.Form):
    """Where the table comes from."""

    source = forms.CharField(
        label=gettext_lazy("Nguồn"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Văn bản hoặc sổ làm căn cứ, ví dụ: Báo cáo số 12/BC-UBND ngày 05/7/2026."),
    )


class PastClasses(Kind):
    """People of classes that are over."""

    name = "past_classes"
    title = gettext_lazy("Lớp đã học xong")
    help = gettext_lazy(
        "Mỗi dòng một người của một lớp. Danh sách quét có chữ ký thì đính kèm ở trang của lớp sau khi nhập."
    )
    permission = "lms.add_cohort"
    columns = (
        Column("name", gettext_lazy("Tên lớp"), also=("Lớp", "Class"), required=True, example="Lớp trưởng bản, đợt 1"),
        Column("course", gettext_lazy("Khóa học"), also=("Mã khóa học", "Course"), required=True, example="an-toan-so"),
        Column(
            "days",
            gettext_lazy("Ngày học"),
            also=("Thời gian", "Dates", "Days"),
            required=True,
            example="10/03/2026 - 12/03/2026",
            note=gettext_lazy("Một ngày, nhiều ngày cách nhau bằng dấu chấm phẩy, hoặc từ ngày - đến ngày."),
            as_text=True,
        ),
        Column(
            "hours",
            gettext_lazy("Số giờ"),
            also=("Tổng số giờ", "Hours"),
            example="24",
            note=gettext_lazy("Của cả lớp."),
        ),
        Column("place", gettext_lazy("Nơi học"), also=("Địa điểm", "Place"), example="Nhà văn hóa xã Tả Van"),
        Column("unit", gettext_lazy("Mã địa bàn"), also=("Mã đơn vị", "Unit code"), example="03008", as_text=True),
        *class_people.COLUMNS,
        Column(
            "there",
            gettext_lazy("Ngày có mặt"),
            also=("Có mặt", "Days attended"),
            note=gettext_lazy("Để trống: có mặt đủ. Nếu vắng, ghi những ngày có mặt; ghi 0 nếu vắng cả lớp."),
            as_text=True,
        ),
    )
    form = SourceForm
    batch = 25

    def work(self, table_import: TableImport) -> Work:
        """In the name of who hands it in."""
        return _PastClasses(table_import)


@dataclass(frozen=True)
class Plan:
    """What a row will write."""

    facts: Facts
    person: User
    there: frozenset[date]


class _PastClasses(Work):
    def __init__(self, table_import: TableImport) -> None:
        by = table_import.started_by
        self.by = User.objects.filter(uuid=by).first() if by else None
        self.source = str(table_import.arguments.get("source") or table_import.file_name)[:200]
        self.reader = Reader(self.by)
        self.first: dict[tuple[int, str, date], tuple[int, Facts]] = {}  # the line that tells of a class first
        self.people: dict[tuple[tuple[int, str, date], int], int] = {}

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        self.reader.prepare(rows)
        people = class_people.find(rows, self.by)
        verdicts = [self._verdict(row, person) for row, person in zip(rows, people, strict=True)]
        self._find_known([verdict for verdict in verdicts if not verdict.is_wrong])
        return verdicts

    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        by_class: dict[tuple[int, str, date], list[Plan]] = {}
        for _row, verdict in rows:
            if verdict.outcome == ADD:
                by_class.setdefault(verdict.plan.facts.key, []).append(verdict.plan)
        for plans in by_class.values():
            self._write_class(plans)
        return ["" for _row in rows]

    def _verdict(self, row: TableRow, person: User | Problem) -> Verdict:
        facts, problems = self.reader.read(row)
        if isinstance(person, Problem):
            problems.append(person)
        if facts is None or isinstance(person, Problem):
            return Verdict(problems=problems)
        there, wrong = days_there(row, facts)
        line, told = self.first.setdefault(facts.key, (row.line, facts))
        if (told.days, told.hours, told.place, told.unit) != (facts.days, facts.hours, facts.place, facts.unit):
            text = _("Dòng %(line)s nói khác về cùng lớp này: ngày, số giờ, nơi học và địa bàn phải giống nhau.")
            wrong = [*wrong, Problem("", text % {"line": line})]
        twice = self.people.setdefault((facts.key, person.pk), row.line)
        if twice != row.line:
            wrong = [*wrong, Problem("", _("Người này của lớp này đã có ở dòng %(line)s.") % {"line": twice})]
        return Verdict(problems=[*wrong, *class_people.warnings(row, person)], plan=Plan(facts, person, there))

    def _find_known(self, verdicts: Sequence[Verdict]) -> None:
        """Rows whose person is in the class already change nothing; two queries."""
        plans: list[Plan] = [verdict.plan for verdict in verdicts]
        condition = Q(pk__in=[])
        for course, name, day in {plan.facts.key for plan in plans}:
            condition |= Q(course=course, name=name, since=day, entered_afterwards=True)
        known = {(row.course_id, row.name, row.since): row.pk for row in self._own().filter(condition)}
        marked: dict[tuple[int, int], set[date]] = {}  # {(class, person): the days on which they were there}
        for row in Attendance.objects.filter(
            session__cohort__in=known.values(), learner__in=[plan.person for plan in plans]
        ).select_related("session"):
            days = marked.setdefault((row.session.cohort_id, row.learner_id), set())
            days |= {row.session.day} if row.is_there else set()
        for verdict in verdicts:
            plan = verdict.plan
            days_known = marked.get((known.get(plan.facts.key, 0), plan.person.pk))
            if days_known is None:
                continue
            verdict.outcome = SAME
            if days_known != plan.there:
                said = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days_known)) or "0"
                text = _("Lớp này đã nhập, với ngày có mặt: %(days)s. Muốn đổi thì sửa ở trang điểm danh của lớp.")
                verdict.problems.append(Problem("there", text % {"days": said}, fatal=False))

    def _write_class(self, plans: Sequence[Plan]) -> None:
        facts = plans[0].facts
        cohort = self._cohort(facts)
        joining.add(cohort, [plan.person for plan in plans], by=self.by)
        for session in self._sessions(cohort, facts):
            said = [
                Said(
                    plan.person,
                    Presence.PRESENT if session.day in plan.there else Presence.ABSENT,
                    session.ends_at,
                    uuid5(session.uuid, f"import {plan.person.uuid}"),
                )
                for plan in plans
            ]
            attendance.mark(session, said, by=self.by, how=Mark.How.IMPORT)

    def _own(self) -> QuerySet[Cohort]:
        """The classes that whoever hands it in runs: another province's class of the same name is another class."""
        return Cohort.objects.all() if self.by is None else Cohort.objects.visible_to(self.by)

    def _cohort(self, facts: Facts) -> Cohort:
        course, name, since = facts.key
        known = self._own().filter(course=course, name=name, since=since, entered_afterwards=True)
        return known.select_related("course", "group").first() or cohorts.create(
            course=facts.course,
            name=name,
            since=since,
            until=facts.days[-1],
            trainers=[self.by] if self.by else [],
            by=self.by,
            mode=Cohort.Mode.CLASSROOM,
            place=facts.place,
            unit=facts.unit,
            join_open=False,
            source=self.source,
            entered_afterwards=True,
        )

    @staticmethod
    def _sessions(cohort: Cohort, facts: Facts) -> list[Session]:
        """One for each day; the hours are shared among them, the last takes what is left over."""
        known = {session.day: session for session in cohort.sessions.all()}
        share = (facts.hours / len(facts.days)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        for day in facts.days:
            if day in known:
                continue
            hours = share if day != facts.days[-1] else facts.hours - share * (len(facts.days) - 1)
            begins = datetime.combine(day, STARTS)
            ends = begins + timedelta(hours=float(hours) or 8)
            known[day] = Session.objects.create(
                cohort=cohort, day=day, starts=STARTS, ends=ends.time(), hours=hours, place=facts.place
            )
        sessions = [known[day] for day in facts.days]
        for session in sessions:
            session.cohort = cohort
        return sessions
