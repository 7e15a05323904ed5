"""The list of people as a file: whom the reader may see, by the filters of the list, without what is sensitive."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import exports, jobs
from people.admin_people_list import PeopleFilterSet
from people.dated import holds_on
from people.models import Audience, AudienceMembership, Unit, User

EXPORT = "people.export"
STRETCH = 500  # people read at a time


def headings() -> list[str]:
    """As rosters name them, so that the file can be mended and taken in again."""
    names = [_("Họ và tên"), _("Số điện thoại"), _("E-mail"), _("Tên đăng nhập"), _("Năm sinh"), _("Giới tính")]
    return [*names, _("Tỉnh"), _("Xã"), _("Thôn"), _("Cơ quan, tổ chức"), _("Nhóm đối tượng")]


def found(reader: User, query: str) -> QuerySet[User]:
    """Those of the list with these filters and words, as its address says them."""
    asked = QueryDict(query)
    people = PeopleFilterSet(asked, queryset=User.objects.visible_to(reader).persons()).qs
    words = asked.get("q", "").strip()
    return people.found_by(words) if words else people


@jobs.handler(EXPORT)
def export(job: jobs.Job) -> None:
    """arguments: reader (primary key), query (of the list's address), language."""
    reader = User.objects.get(pk=job.arguments["reader"])
    with translation.override(job.arguments["language"]):
        people = found(reader, job.arguments["query"])
        name = _("danh-sach-nguoi") + f"-{timezone.localdate():%Y-%m-%d}.csv"
        exports.run(job, name=name, headings=headings(), stretches=_stretches(people))


def _stretches(people: QuerySet[User]) -> Iterator[Sequence[Sequence[Any]]]:
    """By key, with a constant number of queries for each stretch."""
    rows = people.select_related("unit", "organisation").order_by("pk")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:STRETCH]):
        yield _lines(some)
        last = some[-1].pk


def _lines(people: Sequence[User]) -> list[list[Any]]:
    wanted = {key for person in people if person.unit for key in person.unit.ancestor_ids}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=wanted)}
    audiences: dict[int, list[str]] = {}
    held = AudienceMembership.objects.filter(holds_on(), person__in=people).order_by("since", "pk")
    for person, audience in held.values_list("person_id", "audience"):
        audiences.setdefault(person, []).append(str(Audience(audience).label))
    return [_line(person, units, audiences.get(person.pk, [])) for person in people]


def _line(person: User, units: dict[int, Unit], audiences: list[str]) -> list[Any]:
    places = {units[key].level: units[key].name for key in person.unit.ancestor_ids} if person.unit else {}
    return [
        person.full_name,
        person.phone or "",
        person.email or "",
        person.username or "",
        person.birth_year or "",
        str(person.get_gender_display()),
        *(places.get(level, "") for level in (Unit.Level.PROVINCE, Unit.Level.COMMUNE, Unit.Level.VILLAGE)),
        str(person.organisation or ""),
        "; ".join(audiences),
    ]
