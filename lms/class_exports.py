"""A class as a table to take away: the people with their progress, or who was at which session; as on the page."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import audit, table_files
from lms import class_pages
from lms.models import Cohort, Session
from people.models import User

STRETCH = 200  # people read at a time


def people_headings() -> list[str]:
    """Of the list of people."""
    return [
        _("Họ và tên"),
        _("Địa bàn"),
        _("Tình trạng"),
        _("Bài đã học"),
        _("Số bài"),
        _("Điểm (phần trăm)"),
        _("Buổi có mặt"),
        _("Buổi đã học"),
        _("Hoàn thành ngày"),
    ]


def people_rows(cohort: Cohort, reader: User) -> Iterator[Sequence[Any]]:
    """The learners whom the reader may see, a stretch at a time."""
    for people in _stretches(cohort, reader):
        for each in class_pages.learners(cohort, people):
            own = each.enrolment
            yield [
                each.person.full_name,
                str(each.person.unit or ""),
                str(own.get_status_display()) if own else "",
                own.lessons_done if own else 0,
                each.lessons,
                float(own.score) if own and own.score is not None else "",
                each.there,
                each.held,
                f"{timezone.localdate(own.completed_at):%d/%m/%Y}" if own and own.completed_at else "",
            ]


def attendance_headings(sessions: Sequence[Session]) -> list[str]:
    """Of the grid."""
    return [
        _("Họ và tên"),
        *(f"{session.day:%d/%m/%Y} {session.starts:%H:%M}" for session in sessions),
        _("Buổi có mặt"),
    ]


def attendance_rows(cohort: Cohort, reader: User, sessions: list[Session]) -> Iterator[Sequence[Any]]:
    """Who × sessions."""
    for people in _stretches(cohort, reader):
        for row in class_pages.grid(cohort, people, sessions):
            states = [str(cell.get_state_display()) if cell else "" for cell in row["cells"]]
            yield [row["person"].full_name, *states, row["there"]]


@require_safe
@permission_required("lms.view_cohort", raise_exception=True)
def export(request: HttpRequest, cohort: Any, what: str, form: str) -> HttpResponseBase:
    """A file of the class's people or attendance as CSV or XLSX; noted in the audit log."""
    row = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("course"), uuid=cohort)
    assert isinstance(request.user, User)
    reader = request.user
    if what == "people":
        headings, rows = people_headings(), people_rows(row, reader)
    else:
        sessions = class_pages.sessions_of(row)
        headings, rows = attendance_headings(sessions), attendance_rows(row, reader, sessions)
    audit.record(by=reader, action="cohort.export", subject=str(row.uuid), detail={"what": what, "form": form})
    name = f"lop-{row.join_code.lower()}-{what}.{form}"
    return table_files.response(name, headings, rows, title=_("Lớp"))


def _stretches(cohort: Cohort, reader: User) -> Iterator[list[User]]:
    """By name, a stretch at a time, each beginning behind the last one's end."""
    rows = class_pages.people_of(cohort, reader).select_related("unit")
    last: User | None = None
    while True:
        behind = rows if last is None else rows.filter(_behind(last))
        people = list(behind[:STRETCH])
        if not people:
            return
        yield people
        last = people[-1]


def _behind(last: User) -> Q:
    return Q(full_name__gt=last.full_name) | Q(full_name=last.full_name, pk__gt=last.pk)
