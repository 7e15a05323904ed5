"""A table of people who enter a class."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import ImportedRow, TableImport
from core.table_kinds import Kind, Problem, TableRow, Verdict, Work
from lms import class_people, joining
from lms.models import Cohort
from people.models import GroupMembership, User


class CodeForm(forms.Form):
    """Which class."""

    code = forms.CharField(label=gettext_lazy("Mã lớp"), max_length=20)

    def clean_code(self) -> str:
        """In the form that is stored; whether the user runs the class is seen when the file is checked."""
        code = joining.read_code(self.cleaned_data["code"])
        if not Cohort.objects.filter(join_code=code).exists():
            raise forms.ValidationError(_("Không có lớp nào mang mã này."))
        return code


class ClassRoster(Kind):
    """People of one class, by telephone number, user name or name."""

    name = "class_roster"
    title = gettext_lazy("Người học của một lớp")
    help = gettext_lazy(
        "Mỗi dòng một người đã có tài khoản. Người chưa có tài khoản thì nhập danh sách người học trước."
    )
    permission = "lms.change_cohort"
    columns = class_people.COLUMNS
    form = CodeForm
    batch = 25

    def work(self, table_import: TableImport) -> Work:
        """For the class of the code."""
        return _Roster(table_import)


class _Roster(Work):
    def __init__(self, table_import: TableImport) -> None:
        by = table_import.started_by
        self.by = User.objects.filter(uuid=by).first() if by else None
        rows = Cohort.objects.all() if self.by is None else Cohort.objects.visible_to(self.by)
        code = joining.read_code(str(table_import.arguments.get("code", "")))
        self.cohort = rows.filter(join_code=code).select_related("course", "group").first()
        self.met: dict[int, int] = {}  # the line where each person stands first
        self.planned: set[int] = set()  # who would enter and is not written yet

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        if self.cohort is None:
            return [Verdict(problems=[Problem("", _("Lớp này không do ông, bà phụ trách."))]) for _row in rows]
        people = class_people.find(rows, self.by)
        found = [person for person in people if isinstance(person, User)]
        inside = set(
            GroupMembership.objects.on()
            .filter(group=self.cohort.group_id, leader=False, person__in=found)
            .values_list("person", flat=True)
        )
        left = joining.places_left(self.cohort)
        return [self._verdict(row, person, inside, left) for row, person in zip(rows, people, strict=True)]

    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        new = [verdict.plan for _row, verdict in rows if verdict.outcome == ImportedRow.Outcome.ADD]
        if new and self.cohort is not None:
            joining.add(self.cohort, new, by=self.by)
            self.planned -= {person.pk for person in new}
        return ["" for _row in rows]

    def _verdict(self, row: TableRow, person: User | Problem, inside: set[int], left: int | None) -> Verdict:
        if isinstance(person, Problem):
            return Verdict(problems=[person])
        first = self.met.setdefault(person.pk, row.line)
        if first != row.line:
            text = _("Người này đã có ở dòng %(line)s.") % {"line": first}
            return Verdict(ImportedRow.Outcome.SAME, [Problem("", text, fatal=False)], person)
        problems = class_people.warnings(row, person)
        if person.pk in inside:
            return Verdict(ImportedRow.Outcome.SAME, problems, person)
        if left is not None and len(self.planned) >= left:
            return Verdict(problems=[Problem("", _("Lớp đã đủ chỗ."))])
        self.planned.add(person.pk)
        return Verdict(problems=problems, plan=person)
