"""The table of villages and attributes that people hand in (`manage.py import_units`, Quản trị → Nhập từ tệp).

A row is about the nearest place that it names: a village (made where it is missing), a commune or a province. Columns
of attributes say what the state says of it. "Thôn cũ" names the villages that became this one: one is a new name,
several are a merger, and one that ended with its split commune is taken up again.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.models import ImportedRow, TableImport
from core.table_columns import Column
from core.table_kinds import Kind, Problem, TableRow, Verdict, Work
from people import unit_attributes, villages
from people.models import Unit, UnitAttribute, User
from people.unit_rows import Plan, Reader


class UnitsForm(forms.Form):
    """For rows that do not say it themselves."""

    since = forms.DateField(
        label=gettext_lazy("Từ ngày"),
        help_text=gettext_lazy("Dùng cho các dòng không ghi ngày."),
        widget=AdminDateInput,
        initial=timezone.localdate,
    )
    document = forms.CharField(
        label=gettext_lazy("Văn bản"),
        help_text=gettext_lazy("Nghị quyết, quyết định làm căn cứ; dùng cho các dòng không ghi văn bản."),
        max_length=200,
    )

    def clean_since(self) -> str:
        """As JSON keeps it."""
        return str(self.cleaned_data["since"].isoformat())


class UnitWork(Work):
    """One run over the rows."""

    def __init__(self, table_import: TableImport) -> None:
        asked = table_import.arguments
        since = date.fromisoformat(asked["since"]) if asked.get("since") else timezone.localdate()
        self.by = User.objects.filter(uuid=table_import.started_by).first() if table_import.started_by else None
        self.seen: dict[tuple[int, str], int] = {}
        self.ending: dict[int, int] = {}
        self.codes: dict[str, int] = {}
        managed: set[int] | None = None
        if table_import.started_by:
            mine = Unit.objects.managed_by(self.by).exclude(level=Unit.Level.VILLAGE)
            managed = set(mine.values_list("pk", flat=True))
        self.reader = Reader(since=since, document=asked.get("document") or "", managed=managed)

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        verdicts = self.reader.read(rows)
        plans = [verdict.plan for verdict in verdicts if verdict.plan]
        taken = Unit.objects.filter(code__in={plan.code for plan in plans if plan.code}, valid_to=None)
        codes = dict(taken.values_list("code", "pk"))
        communes = {plan.commune.pk for plan in plans if plan.commune}
        known, orphans = self._villages(communes), {}
        if any(row["formerly"] for row in rows):
            orphans = self._orphans(communes)
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.plan and verdict.plan.name:
                self._meet_villages(row, verdict, known, orphans)
                self._judge_code(verdict, row, codes)
        said = self._said({plan.unit.pk for plan in plans if plan.unit})
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.plan:
                self._judge(row, verdict, said)
        return verdicts

    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        return [self._write(verdict) for _row, verdict in rows]

    def _write(self, verdict: Verdict) -> str:
        plan: Plan = verdict.plan
        if verdict.outcome == ImportedRow.Outcome.SAME:
            return plan.unit.name if plan.unit else ""
        unit = plan.unit or self._village(plan)
        for kind, value in plan.attributes:
            unit_attributes.give(
                unit=unit, kind=kind, value=value, since=plan.since, document=plan.document, by=self.by
            )
        return f"{unit.name} ({unit.code})"

    def _village(self, plan: Plan) -> Unit:
        assert plan.commune is not None
        told: dict[str, Any] = {"name": plan.name, "by": self.by}
        if plan.taken_up:
            told |= {"commune": plan.commune, "from_day": plan.since, "document": plan.document}
            return villages.move(village=plan.taken_up, **told)
        if len(plan.formerly) > 1:
            return villages.merge(villages=plan.formerly, from_day=plan.since, document=plan.document, **told)
        if plan.formerly:
            return villages.rename(village=plan.formerly[0], from_day=plan.since, document=plan.document, **told)
        return villages.add(commune=plan.commune, since=plan.since, code=plan.code, **told)

    def _meet_villages(
        self,
        row: TableRow,
        verdict: Verdict,
        known: dict[int, dict[str, Unit]],
        orphans: dict[tuple[int, str], list[Unit]],
    ) -> None:
        """The village exists; or it is made, perhaps of former ones."""
        plan: Plan = verdict.plan
        assert plan.commune is not None
        there = known.get(plan.commune.pk, {})
        first = self.seen.setdefault((plan.commune.pk, plan.name.casefold()), row.line)
        if first != row.line:
            verdict.problems.append(Problem("village", _("Trùng với dòng %(line)d.") % {"line": first}))
        plan.unit = there.get(plan.name.casefold())
        if plan.unit is None and plan.since < plan.commune.valid_from:
            text = _("Xã này có từ ngày %(day)s.") % {"day": plan.commune.valid_from.strftime("%d/%m/%Y")}
            verdict.problems.append(Problem("since", text))
        for old in filter(None, (part.strip() for part in row["formerly"].split(";"))):
            former = there.get(old.casefold())
            if former is None and plan.unit is None and (found := orphans.get((plan.commune.pk, old.casefold()))):
                self._take_up(verdict, found, old)
            elif former is None and plan.unit is None:
                text = _("%(commune)s không có “%(name)s” hiện nay.") % {"commune": plan.commune.name, "name": old}
                verdict.problems.append(Problem("formerly", text))
            elif former is None or (former == plan.unit and former.valid_from >= plan.since):
                continue  # done by an earlier import
            elif former.valid_from >= plan.since:
                text = _("“%(name)s” có từ ngày %(day)s, không trước ngày thay đổi.")
                day = former.valid_from.strftime("%d/%m/%Y")
                verdict.problems.append(Problem("formerly", text % {"name": old, "day": day}))
            elif self.ending.setdefault(former.pk, row.line) != row.line:
                text = _("“%(name)s” đã được nhập ở dòng %(line)d.") % {"name": old, "line": self.ending[former.pk]}
                verdict.problems.append(Problem("formerly", text))
            else:
                plan.formerly.append(former)
        if plan.formerly:  # they end, so the name may be that of one of them
            plan.unit = None

    def _take_up(self, verdict: Verdict, found: list[Unit], old: str) -> None:
        """One village that ended with its commune, and after that."""
        plan: Plan = verdict.plan
        [village, *others] = found
        if others or plan.taken_up or plan.formerly:
            text = _("Có nhiều thôn “%(name)s” của các xã cũ. Hãy chuyển từng thôn trên trang của thôn.")
            verdict.problems.append(Problem("formerly", text % {"name": old}))
        elif village.valid_to and village.valid_to >= plan.since:
            text = _("“%(name)s” kết thúc ngày %(day)s; ngày bắt đầu phải sau ngày đó.")
            day = village.valid_to.strftime("%d/%m/%Y")
            verdict.problems.append(Problem("since", text % {"name": old, "day": day}))
        else:
            plan.taken_up = village

    def _judge_code(self, verdict: Verdict, row: TableRow, codes: dict[str, int]) -> None:
        """A code is that of one unit at a time; a village that goes on under another name keeps its own."""
        plan: Plan = verdict.plan
        if not plan.code or plan.formerly or plan.taken_up:
            return
        if plan.unit and plan.unit.code != plan.code:
            text = _("%(village)s đã có mã %(code)s.") % {"village": plan.unit.name, "code": plan.unit.code}
            verdict.problems.append(Problem("code", text))
        elif len(plan.code) > 16:
            verdict.problems.append(Problem("code", _("Mã dài nhất 16 ký tự.")))
        elif plan.unit is None and plan.code in codes:
            verdict.problems.append(Problem("code", _("Mã này đã dùng cho một đơn vị khác.")))
        elif self.codes.setdefault(plan.code, row.line) != row.line:
            verdict.problems.append(Problem("code", _("Trùng với dòng %(line)d.") % {"line": self.codes[plan.code]}))

    def _judge(self, row: TableRow, verdict: Verdict, said: dict[tuple[int, str], UnitAttribute]) -> None:
        """What the row would do, and attributes that do not fit."""
        plan: Plan = verdict.plan
        level = plan.unit.level if plan.unit else Unit.Level.VILLAGE
        changes = []
        for kind, value in plan.attributes:
            levels = UnitAttribute.LEVELS[UnitAttribute.Kind(kind)]
            if level not in levels:
                names = ", ".join(str(Unit.Level(each).label) for each in levels)
                verdict.problems.append(Problem(kind, _("Chỉ ghi cho: %(levels)s.") % {"levels": names}))
                continue
            held = said.get((plan.unit.pk, kind)) if plan.unit else None
            if held and held.since > plan.since:
                day = held.since.strftime("%d/%m/%Y")
                text = _("Đã ghi “%(label)s” từ ngày %(day)s.") % {"label": held.label, "day": day}
                verdict.problems.append(Problem(kind, text))
            elif held is None or (held.value, held.document, held.until) != (value, plan.document, None):
                changes.append((kind, value))
        plan.attributes = changes
        if plan.unit is None:
            verdict.outcome = ImportedRow.Outcome.CHANGE if plan.formerly or plan.taken_up else ImportedRow.Outcome.ADD
        else:
            verdict.outcome = ImportedRow.Outcome.CHANGE if changes else ImportedRow.Outcome.SAME

    def _villages(self, communes: Iterable[int]) -> dict[int, dict[str, Unit]]:
        """{commune: {name: village of today}}"""
        found: dict[int, dict[str, Unit]] = {}
        for village in Unit.objects.current().filter(parent__in=communes, level=Unit.Level.VILLAGE):
            found.setdefault(village.parent_id or 0, {})[village.name.casefold()] = village
        return found

    def _orphans(self, communes: Iterable[int]) -> dict[tuple[int, str], list[Unit]]:
        """{(commune, name): villages without successor of communes that went, in part, to this one}"""
        found: dict[tuple[int, str], list[Unit]] = {}
        rows = Unit.objects.filter(
            level=Unit.Level.VILLAGE,
            valid_to__isnull=False,
            successions=None,
            parent__successions__successor__in=communes,
        )
        for village in rows.annotate(heir=F("parent__successions__successor")):
            found.setdefault((village.heir, village.name.casefold()), []).append(village)
        return found

    def _said(self, units: Iterable[int]) -> dict[tuple[int, str], UnitAttribute]:
        """{(unit, kind): the latest attribute}"""
        rows = UnitAttribute.objects.filter(unit__in=units).order_by("since")
        return {(row.unit_id, row.kind): row for row in rows}


class UnitKind(Kind):
    """Villages, and attributes of villages, communes and provinces."""

    name = "units"
    title = gettext_lazy("Thôn, bản và thuộc tính địa bàn")
    help = gettext_lazy(
        "Mỗi dòng nói về nơi nhỏ nhất mà dòng ghi: thôn (thêm mới nếu chưa có), xã hoặc tỉnh. “Thôn cũ” là thôn mang"
        " tên trước đây, hoặc các thôn được nhập làm một, cách nhau bằng dấu chấm phẩy."
    )
    permission = "people.add_unit"
    form = UnitsForm
    batch = 20  # each village is some ten statements, and a transaction stays short
    columns = (
        Column(
            "province",
            gettext_lazy("Tỉnh, thành phố"),
            also=("Tỉnh", "Thành phố", "TP", "Province", "City"),
            example="Lào Cai",
        ),
        Column(
            "commune",
            gettext_lazy("Xã, phường"),
            also=("Xã", "Phường", "Đặc khu", "Tên xã", "Commune", "Ward"),
            example="Púng Luông",
        ),
        Column("commune_code", gettext_lazy("Mã xã"), also=("Commune code",), example="04489", as_text=True),
        Column("village", gettext_lazy("Thôn, bản"), also=("Thôn", "Tên thôn", "Village"), example="Bản Lìm Mông"),
        Column("code", gettext_lazy("Mã thôn"), also=("Village code",), as_text=True),
        Column(
            "formerly", gettext_lazy("Thôn cũ"), also=("Formerly", "Nhập từ"), example="Bản Lìm Thái; Bản Háng Sung"
        ),
        Column("since", gettext_lazy("Từ ngày"), also=("Since", "From"), example="01/07/2026"),
        Column("document", gettext_lazy("Văn bản"), also=("Document", "Nghị quyết", "Quyết định")),
        Column("zone", gettext_lazy("Xã khu vực"), also=("Khu vực", "Zone"), choices=("I", "II", "III")),
        Column("hardship", gettext_lazy("Thôn đặc biệt khó khăn"), also=("Thôn ĐBKK", "ĐBKK", "Hardship"), example="x"),
        Column("minority_area", gettext_lazy("Vùng đồng bào dân tộc thiểu số"), also=("Vùng DTTS", "Minority area")),
        Column("mountain_area", gettext_lazy("Miền núi"), also=("Mountain area",)),
        Column("border", gettext_lazy("Xã biên giới"), also=("Biên giới", "Border")),
        Column("region", gettext_lazy("Vùng kinh tế – xã hội"), also=("Vùng", "Region")),
    )

    def work(self, table_import: TableImport) -> Work:
        return UnitWork(table_import)
