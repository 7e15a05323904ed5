"""What one row of a table of villages and attributes says, as far as the row and the register of places tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.folding import fold
from core.table_kinds import Problem, TableRow, Verdict
from people.exceptions import NotPossible
from people.models import Unit, UnitAttribute
from people.place_finding import Finder, NotFound, Place
from people.regions import Region
from people.village_names import parts

YES, NO = {"x", "co", "yes", "1", "true", "dung"}, {"", "khong", "no", "0", "false", "k"}
ZONES = {"1": "1", "i": "1", "2": "2", "ii": "2", "3": "3", "iii": "3"}
FLAGS = (
    UnitAttribute.Kind.HARDSHIP,
    UnitAttribute.Kind.MINORITY_AREA,
    UnitAttribute.Kind.MOUNTAIN_AREA,
    UnitAttribute.Kind.BORDER,
)
ELSEWHERE = gettext_lazy("Ông, bà không quản lý địa bàn này.")


@dataclass
class Plan:
    """What a row means: the unit, or the village of that name in a commune; what it was before; what is said of it."""

    place: Place
    name: str
    since: date
    document: str
    code: str = ""
    commune: Unit | None = None
    unit: Unit | None = None
    formerly: list[Unit] = field(default_factory=list)
    taken_up: Unit | None = None
    attributes: list[tuple[str, str]] = field(default_factory=list)


class Reader:
    """Reads rows. since, document: of rows that do not say it; managed: keys of the units that may be named, or all."""

    def __init__(self, *, since: date, document: str, managed: set[int] | None) -> None:
        self.since, self.document, self.managed = since, document, managed
        self.finder = Finder.load()

    def read(self, rows: Sequence[TableRow]) -> list[Verdict]:
        """Every problem of each row; a plan where there is none. One query."""
        verdicts = [self._read(row) for row in rows]
        plans: list[Plan] = [verdict.plan for verdict in verdicts if verdict.plan]
        units = Unit.objects.in_bulk({plan.place.pk for plan in plans})
        for plan in plans:
            unit = units[plan.place.pk]
            plan.commune, plan.unit = (unit, None) if plan.name else (None, unit)
        return verdicts

    def _read(self, row: TableRow) -> Verdict:
        verdict = Verdict()
        place = self._place(row, verdict)
        name = ""
        if row["village"]:
            try:
                name = " ".join(parts(row["village"]))
            except NotPossible as reason:
                verdict.problems.append(Problem("village", reason.message))
        since = self._day(row, verdict)
        document = row["document"][:200] or self.document
        if not document:
            verdict.problems.append(Problem("document", _("Hãy ghi văn bản làm căn cứ.")))
        attributes = self._attributes(row, verdict)
        if place and self.managed is not None and place.pk not in self.managed:
            column = "province" if place.level == Unit.Level.PROVINCE else "commune"
            verdict.problems.append(Problem(column, str(ELSEWHERE)))
        if place and not verdict.is_wrong:
            verdict.plan = Plan(place, name, since, document, code=row["code"], attributes=attributes)
        return verdict

    def _place(self, row: TableRow, verdict: Verdict) -> Place | None:
        """The commune or province of today that the row names, also by the name of a former one."""
        province = self._found(row, verdict, "province", "") if row["province"] else None
        if row["commune"] or row["commune_code"]:
            column = "commune" if row["commune"] else "commune_code"
            return self._found(row, verdict, column, row["province"] if province else "")
        if row["village"]:
            verdict.problems.append(Problem("commune", _("Hãy ghi xã của thôn, bản này.")))
        elif not row["province"]:
            verdict.problems.append(Problem("", _("Dòng này không ghi tỉnh, xã hay thôn nào.")))
        return province

    def _found(self, row: TableRow, verdict: Verdict, column: str, province: str) -> Place | None:
        try:
            if column == "province":
                named = self.finder.commune(row["province"], "")
            else:
                named = self.finder.commune(province, row["commune"], row["commune_code"])
            assert named is not None  # something was asked for
            place = self.finder.of_today(named, column)
        except NotFound as reason:
            verdict.problems.append(Problem(column, reason.message))
            return None
        if named.ended and column != "province":
            text = _("Xã cũ; được ghi vào %(unit)s.") % {"unit": place.name}
            verdict.problems.append(Problem(column, text, fatal=False))
        return place

    def _day(self, row: TableRow, verdict: Verdict) -> date:
        try:
            return read_day(row["since"]) if row["since"] else self.since
        except NotPossible as reason:
            verdict.problems.append(Problem("since", reason.message))
            return self.since

    def _attributes(self, row: TableRow, verdict: Verdict) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if zone := fold(row["zone"]):
            value = ZONES.get(zone.removeprefix("xa ").removeprefix("khu vuc ").removeprefix("kv "))
            if value is None:
                verdict.problems.append(Problem("zone", _("Hãy ghi I, II hoặc III.")))
            else:
                found.append((UnitAttribute.Kind.ZONE, value))
        if region := fold(row["region"]):
            by_name = {fold(str(label)): value for value, label in Region.choices}
            value = by_name.get(region.removeprefix("vung "))
            if value is None:
                verdict.problems.append(
                    Problem(
                        "region", _("Hãy ghi một trong: %(names)s.") % {"names": ", ".join(map(str, Region.labels))}
                    )
                )
            else:
                found.append((UnitAttribute.Kind.REGION, value))
        for kind in FLAGS:
            said = fold(row[kind])
            if said in YES:
                found.append((kind, ""))
            elif said not in NO:
                verdict.problems.append(Problem(kind, _("Hãy ghi x (có) hoặc để trống.")))
        return found


def read_day(text: str) -> date:
    """A day as 31/12/2026, 31-12-2026 or 2026-12-31. Raises NotPossible."""
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1945 <= day.year <= 2200:
            return day
    raise NotPossible(_("Hãy ghi ngày như 31/12/2026."))
