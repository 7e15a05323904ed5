"""Who of a course has done which lesson: filtered and sorted by the database, only a page of rows read at a time."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count, F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from lms import joining
from lms.models import Enrolment, Lesson, LessonDone
from lms.report_files import Table, declare
from lms.report_scope import Scope, scope_or_404
from people import unit_attributes
from people.admin_choosers import unit_chooser
from people.models import Unit, User

STRETCH = 500  # learners of a file read at a time
BEHIND = "behind"
SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "": (gettext_lazy("Họ và tên"), ("learner__full_name",)),
    "least": (gettext_lazy("Học ít bài nhất"), ("lessons_done", "learner__full_name")),
    "most": (gettext_lazy("Học nhiều bài nhất"), ("-lessons_done", "learner__full_name")),
    "lowest": (gettext_lazy("Điểm thấp nhất"), (F("score").asc(nulls_first=True), "learner__full_name")),
    "highest": (gettext_lazy("Điểm cao nhất"), (F("score").desc(nulls_last=True), "learner__full_name")),
    "longest": (gettext_lazy("Lâu chưa học nhất"), (F("active_at").asc(nulls_first=True), "learner__full_name")),
    "latest": (gettext_lazy("Mới học gần đây"), (F("active_at").desc(nulls_last=True), "learner__full_name")),
}


class GridForm(forms.Form):
    """What the list is narrowed to; nothing said is everybody, by name."""

    cohort = forms.ChoiceField(label=gettext_lazy("Lớp"), required=False)
    q = forms.CharField(label=gettext_lazy("Tên người học"), required=False, max_length=100)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("Địa bàn"),
        queryset=Unit.objects.none(),
        required=False,
        widget=unit_chooser.widget_class(),
    )
    attribute = forms.ChoiceField(label=gettext_lazy("Phân loại địa bàn"), required=False)
    on = forms.DateField(
        label=gettext_lazy("Phân loại vào ngày"),
        help_text=gettext_lazy("Để trống là hôm nay."),
        required=False,
        widget=AdminDateInput,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Tình trạng"),
        required=False,
        choices=[
            ("", gettext_lazy("Tất cả")),
            (BEHIND, gettext_lazy("Học chậm")),
            *Enrolment.Status.choices,
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Xếp theo"), required=False, choices=[(name, label) for name, (label, _by) in SORTS.items()]
    )

    def __init__(self, asked: QueryDict, *, scope: Scope) -> None:
        super().__init__(asked)
        self.scope = scope
        classes: forms.ChoiceField = self.fields["cohort"]  # type: ignore[assignment]
        classes.choices = class_choices(scope)
        attributes: forms.ChoiceField = self.fields["attribute"]  # type: ignore[assignment]
        attributes.choices = [("", _("Tất cả")), *unit_attributes.sayings()]
        units: forms.ModelChoiceField[Unit] = self.fields["unit"]  # type: ignore[assignment]
        units.queryset = Unit.objects.to_look_up(scope.reader)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the class and the order is asked."""
        return any(self.data.get(name) for name in ("q", "unit", "attribute", "status"))

    def found(self) -> QuerySet[Enrolment]:
        """Those who fit, in their order; nobody where something asked is wrong."""
        if not self.is_valid():
            return Enrolment.objects.none()
        said = self.cleaned_data
        rows = self.scope.behind() if said["status"] == BEHIND else self.scope.enrolments()
        if said["status"] not in {"", BEHIND}:
            rows = rows.filter(status=said["status"])
        if said["unit"]:
            units = Unit.objects.order_by().counting_under(said["unit"])
            rows = rows.filter(learner__unit__in=units.values("pk"))
        if said["attribute"]:
            kind, _colon, value = said["attribute"].partition(":")
            having = Unit.objects.order_by().having(kind, *filter(None, [value]), on=said["on"])
            rows = rows.filter(learner__unit__in=having.values("pk"))
        if said["q"]:
            rows = rows.filter(learner__in=User.objects.found_by(said["q"]).order_by().values("pk"))
        return rows.order_by(*SORTS[said["sort"]][1], "pk")


def class_choices(scope: Scope) -> list[tuple[str, str]]:
    """The reader's classes of the course, the one asked for always among them."""
    classes = list(scope.classes())
    if scope.cohort and scope.cohort not in classes:
        classes.insert(0, scope.cohort)
    shown = [(str(each.uuid), f"{each.name} ({each.since:%d/%m/%Y})") for each in classes]
    return [("", _("Cả khóa học")), *shown]


@dataclass(frozen=True)
class Row:
    """A learner's line. cells: by lesson, when it was done, None where it is not."""

    enrolment: Enrolment
    cells: list[datetime | None]
    is_behind: bool


@dataclass(frozen=True)
class Grid:
    """The lines of some enrolments of a scope; four queries, however many."""

    scope: Scope

    @cached_property
    def lessons(self) -> list[Lesson]:
        """The columns: the lessons that the course has today."""
        return list(self.scope.course.lessons.in_order())

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """In the order of the keys."""
        learners = Enrolment.objects.select_related("learner__unit").in_bulk(list(keys))
        done: dict[int, dict[int, datetime]] = defaultdict(dict)
        marks = LessonDone.objects.filter(enrolment__in=list(keys), lesson__in=self.lessons)
        for enrolment, lesson, at in marks.values_list("enrolment_id", "lesson_id", "at"):
            done[enrolment][lesson] = at
        behind = set(self.scope.behind().filter(pk__in=list(keys)).order_by().values_list("pk", flat=True))
        return [
            Row(learners[key], [done[key].get(lesson.pk) for lesson in self.lessons], key in behind)
            for key in keys
            if key in learners
        ]


def hidden(scope: Scope, seen: int) -> int:
    """How many of the class are not among those whom the reader sees."""
    if scope.cohort is None:
        return 0
    members = joining.members(scope.cohort).order_by().values("person").distinct().count()
    return max(members - seen, 0)


def tallies(scope: Scope) -> dict[str, int]:
    """How many learn, have finished, are behind."""
    counts = scope.enrolments().order_by().aggregate(all=Count("pk"), finished=Count("completed_at"))
    return {**counts, "behind": scope.behind().order_by().count()}


@declare("learners")
def table(reader: User, asked: QueryDict, *, course: str) -> Table:
    """The list as a file, as its address asks for it."""
    scope = scope_or_404(reader, course, asked.get("cohort", ""))
    found = GridForm(asked, scope=scope).found()
    grid = Grid(scope)
    headings = [
        _("Họ và tên"),
        _("Địa bàn"),
        _("Tình trạng"),
        _("Học chậm"),
        _("Bài đã học"),
        _("Số bài"),
        _("Điểm (phần trăm)"),
        _("Học gần nhất"),
        *(f"{place}. {lesson.title}" for place, lesson in enumerate(grid.lessons, 1)),
    ]
    return Table(
        name=_("hoc-vien") + f"-{scope.course.key}",
        title=_("Người học của khóa học %(course)s") % {"course": scope.course},
        headings=headings,
        number=found.order_by().count(),
        stretches=_stretches(found, grid),
    )


def _stretches(found: QuerySet[Enrolment], grid: Grid) -> Iterator[list[list[Any]]]:
    """As on the page; the keys are taken at once, eight bytes each, so that nobody slips between two stretches."""
    keys = array("q", found.values_list("pk", flat=True).iterator(chunk_size=5000))
    for start in range(0, len(keys), STRETCH):
        yield [_line(row) for row in grid.rows(keys[start : start + STRETCH])]


def _line(row: Row) -> list[Any]:
    own = row.enrolment
    return [
        str(own.learner),
        str(own.learner.unit or ""),
        own.get_status_display(),
        _("có") if row.is_behind else "",
        own.lessons_done,
        len(row.cells),
        "" if own.score is None else float(own.score),
        _day(own.active_at),
        *(_day(at) for at in row.cells),
    ]


def _day(at: datetime | None) -> str:
    return f"{timezone.localdate(at):%d/%m/%Y}" if at else ""
