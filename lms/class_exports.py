"""A class as a table to take away: the people with their progress, or who was at which session; as on the page.

A small class is answered at once; for a large one a job writes the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, exports, jobs
from lms import class_pages
from lms.models import Cohort, Session
from people.models import User

EXPORT = "lms.export_class"
STRETCH = 200  # people read at a time
AT_ONCE = 500  # more people than these are for a job
Rows = list[Sequence[Any]]


@dataclass(frozen=True)
class Table:
    """headings, and rows a stretch at a time."""

    headings: list[str]
    stretches: Iterator[Rows]


def table_of(cohort: Cohort, what: str, reader: User) -> Table:
    """What: "people" or "attendance", of those whom the reader may see."""
    stretches = _stretches(cohort, reader)
    if what == "people":
        return Table(people_headings(), (people_rows(cohort, people) for people in stretches))
    sessions = class_pages.sessions_of(cohort)
    return Table(attendance_headings(sessions), (attendance_rows(cohort, people, sessions) for people in stretches))


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


def people_rows(cohort: Cohort, people: Sequence[User]) -> Rows:
    """A learner each."""
    rows: Rows = []
    for each in class_pages.learners(cohort, people):
        own = each.enrolment
        rows.append(
            [
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
        )
    return rows


def attendance_headings(sessions: Sequence[Session]) -> list[str]:
    """Of the grid."""
    return [
        _("Họ và tên"),
        *(f"{session.day:%d/%m/%Y} {session.starts:%H:%M}" for session in sessions),
        _("Buổi có mặt"),
    ]


def attendance_rows(cohort: Cohort, people: Sequence[User], sessions: list[Session]) -> Rows:
    """Who × sessions."""
    rows: Rows = []
    for row in class_pages.grid(cohort, people, sessions):
        states = [str(cell.get_state_display()) if cell else "" for cell in row["cells"]]
        rows.append([row["person"].full_name, *states, row["there"]])
    return rows


@jobs.handler(EXPORT)
def write_file(job: jobs.Job) -> None:
    """arguments: cohort and reader (primary keys), what, form, language. Who may see the class is asked again."""
    asked = job.arguments
    reader = User.objects.get(pk=asked["reader"])
    cohort = Cohort.objects.visible_to(reader).select_related("course").get(pk=asked["cohort"])
    job.total = class_pages.people_of(cohort, reader).count()
    with translation.override(asked["language"]):
        table = table_of(cohort, asked["what"], reader)
        name = name_of(cohort, asked["what"], asked["form"])
        exports.run(job, name=name, headings=table.headings, stretches=table.stretches)


def start(cohort: Cohort, *, what: str, form: str, reader: User) -> jobs.Job:
    """Have a job write it; who started it takes the file from the list of jobs."""
    language = translation.get_language() or "vi"
    asked = {"cohort": cohort.pk, "reader": reader.pk, "what": what, "form": form, "language": language}
    with transaction.atomic():
        note(cohort, what=what, form=form, reader=reader)
        return jobs.start(EXPORT, asked, by=reader.uuid, title=_("Xuất danh sách: %(name)s") % {"name": cohort})


def note(cohort: Cohort, *, what: str, form: str, reader: User) -> None:
    """Who took what away."""
    audit.record(by=reader, action="cohort.export", subject=str(cohort.uuid), detail={"what": what, "form": form})


def name_of(cohort: Cohort, what: str, form: str) -> str:
    """What the file is called."""
    return f"lop-{cohort.join_code.lower()}-{what}.{form}"


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
