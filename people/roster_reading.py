"""From the rows of a roster to what they say of people, with every mistake named in its column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.folding import fold
from core.table_kinds import Problem, TableRow, Verdict
from people import access, national_id, roster_birth, roster_cells, roster_gender, roster_names
from people.models import ManagerAssignment, Organisation, Unit, User
from people.place_finding import Finder, NotFound, Place
from people.roster_cells import Unclear

READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "phone": ("phone", roster_cells.read_phone),
    "email": ("email", roster_cells.read_email),
    "username": ("username", roster_cells.read_username),
    "birth": ("birth_year", roster_birth.read_birth_year),
    "gender": ("gender", roster_cells.read_gender),
    "ethnic_group": ("ethnic_group", roster_cells.read_ethnic_group),
    "languages": ("languages", roster_cells.read_languages),
    "audiences": ("audiences", roster_cells.read_audiences),
    "since": ("since", roster_cells.read_day),
    "decision_date": ("decision_date", roster_cells.read_day),
}
ONE_PERSONS = ("phone", "email", "username", "national_id")
SENSITIVE = ("ethnic_group", "national_id")


@dataclass
class Entry:
    """What a row says; what it does not say is empty."""

    line: int
    full_name: str = ""
    phone: str = ""
    email: str = ""
    username: str = ""
    birth_year: int | None = None
    gender: str = ""
    ethnic_group: str = ""
    languages: list[str] = field(default_factory=list)
    national_id: str = ""
    place: Place | None = None
    unit: Unit | None = None
    organisation: Organisation | None = None
    audiences: list[str] = field(default_factory=list)
    since: date | None = None
    decision_number: str = ""
    decision_date: date | None = None
    household: str = ""


class Reader:
    """Reads batches; remembers telephones and other numbers of one person that earlier rows had."""

    def __init__(self, *, by: User | None, has_basis: bool) -> None:
        self.has_basis = has_basis
        self.finder = Finder.load()
        self.seen: dict[tuple[str, str], int] = {}
        self.everywhere = by is None or access.sees_all(by)
        self.managed = [] if self.everywhere else _paths_managed(by)
        own = by.unit.path if by and by.unit else None
        self.writable = self.managed + ([own] if own else [])

    def read(self, rows: Sequence[TableRow], verdicts: Sequence[Verdict]) -> list[Entry]:
        """An entry for each row; problems go into its verdict."""
        entries = [self._entry(row, verdict) for row, verdict in zip(rows, verdicts, strict=True)]
        self._find_villages(rows, entries, verdicts)
        self._find_organisations(rows, entries, verdicts)
        for row, entry, verdict in zip(rows, entries, verdicts, strict=True):
            self._judge_place(row, entry, verdict)
            self._judge_doubles(entry, verdict)
        self._fetch_units(entries)
        return entries

    def _entry(self, row: TableRow, verdict: Verdict) -> Entry:
        entry = Entry(row.line, household=row["household"][:255], decision_number=row["decision_number"][:60])
        with _noting(verdict, "full_name"):
            entry.full_name = roster_cells.read_name(roster_names.whole(row))
        if roster_names.lacks_family_name(row):
            text = _("Mới có tên, chưa có họ và chữ đệm. Nếu thiếu, hãy ghi thêm.")
            verdict.problems.append(Problem("full_name", text, fatal=False))
        for column, (name, read) in READERS.items():
            if row[column]:
                with _noting(verdict, column):
                    setattr(entry, name, read(row[column]))
        self._read_gender_columns(row, entry, verdict)
        if row["national_id"]:
            try:
                whole = roster_cells.whole_id(row["national_id"])
                entry.national_id = national_id.read(whole, birth_year=entry.birth_year, gender=entry.gender)
            except national_id.NotAnId as error:
                verdict.problems.append(Problem("national_id", str(error)))
        for column in ("since", "decision_number", "decision_date"):
            if row[column] and not row["audiences"]:
                verdict.problems.append(Problem(column, _("Hãy ghi nhóm đối tượng, hoặc để trống cột này.")))
        if entry.since and entry.since > timezone.localdate():
            verdict.problems.append(Problem("since", _("Ngày này chưa đến.")))
        self._judge_basis(row, verdict)
        try:
            entry.place = self.finder.commune(row["province"], row["commune"])
        except NotFound as error:
            verdict.problems.append(Problem(error.column, error.message))
        return entry

    def _read_gender_columns(self, row: TableRow, entry: Entry, verdict: Verdict) -> None:
        column = ""
        with _noting(verdict, "female"):
            column = roster_gender.column_of(row)
        if not column:
            return
        with _noting(verdict, column):
            gender = roster_gender.GENDERS[column]
            if entry.gender and entry.gender != gender:
                raise Unclear(_("Cột này khác với cột “Giới tính”. Hãy sửa một trong hai."))
            entry.gender = gender
            if birth := roster_gender.birth(row):
                entry.birth_year = roster_birth.read_birth_year(birth)

    def _judge_basis(self, row: TableRow, verdict: Verdict) -> None:
        for column in SENSITIVE:
            if row[column] and not self.has_basis:
                text = _("Dữ liệu nhạy cảm: hãy chọn mục đích và căn cứ pháp lý khi tải tệp lên, hoặc xóa cột này.")
                verdict.problems.append(Problem(column, text))

    def _find_villages(self, rows: Sequence[TableRow], entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> None:
        named = [each for each in zip(rows, entries, verdicts, strict=True) if each[0]["village"]]
        communes = {entry.place.pk: entry.place for _row, entry, _verdict in named if entry.place}
        today = {pk: place.today or pk for pk, place in communes.items()}
        villages = self.finder.villages({*today.values()}) if communes else {}
        for row, entry, verdict in named:
            if entry.place is None:
                if not row["commune"]:
                    verdict.problems.append(Problem("commune", _("Hãy ghi xã của thôn, bản này.")))
                continue
            try:
                entry.place = self.finder.village(row["village"], entry.place, villages.get(today[entry.place.pk], []))
            except NotFound as error:
                verdict.problems.append(Problem(error.column, error.message))

    def _find_organisations(
        self, rows: Sequence[TableRow], entries: Sequence[Entry], verdicts: Sequence[Verdict]
    ) -> None:
        """By name, in the person's province where several bear it."""
        keys = {fold(row["organisation"])[:255] for row in rows if row["organisation"]}
        if not keys:
            return
        begins = reduce(or_, (Q(search_key__startswith=key) for key in keys))
        found: dict[str, list[Organisation]] = {}
        for organisation in Organisation.objects.on().filter(begins).select_related("unit"):
            found.setdefault(fold(organisation.name), []).append(organisation)
        for row, entry, verdict in zip(rows, entries, verdicts, strict=True):
            if row["organisation"]:
                same = found.get(fold(row["organisation"]), [])
                near = [each for each in same if entry.place and _share_province(each.unit, entry.place)]
                nearest = [each for each in near if entry.place and each.unit_id == entry.place.pk]
                self._take_organisation(nearest or near or same, entry, verdict)

    def _take_organisation(self, found: list[Organisation], entry: Entry, verdict: Verdict) -> None:
        if len(found) == 1:
            entry.organisation = found[0]
        elif found:
            names = "; ".join(f"{each.name} ({each.unit})" for each in found[:5])
            text = _("Có nhiều cơ quan, tổ chức cùng tên: %(names)s. Hãy sửa tên ở mục Cơ quan, tổ chức.")
            verdict.problems.append(Problem("organisation", text % {"names": names}))
        else:
            text = _("Chưa có cơ quan, tổ chức này. Hãy thêm ở mục Cơ quan, tổ chức, hoặc sửa cho đúng tên đã ghi.")
            verdict.problems.append(Problem("organisation", text))

    def _judge_place(self, row: TableRow, entry: Entry, verdict: Verdict) -> None:
        """Whoever hands in the file writes where they manage, or in their own place; sensitive data only the former."""
        if entry.place is None:
            if not row["province"] and not row["commune"]:
                fatal = not self.everywhere
                text = _("Chưa ghi xã. Người không có địa bàn thì không được tính vào số liệu của nơi nào.")
                if roster_names.is_all(row) and not fatal:
                    text = _(
                        "Dòng chỉ có họ tên. Hãy ghi thêm năm sinh, điện thoại hoặc xã; không phải người thì bỏ qua."
                    )
                    fatal = True
                verdict.problems.append(Problem("commune", text, fatal=fatal))
            return
        if self.everywhere:
            return
        if not self._is_below(entry.place, self.writable):
            text = _("%(unit)s không thuộc địa bàn ông, bà quản lý.") % {"unit": entry.place.name}
            verdict.problems.append(Problem("commune" if row["commune"] else "province", text))
        for column in SENSITIVE:
            if row[column] and not self._is_below(entry.place, self.managed):
                text = _("Chỉ người quản lý địa bàn được nhập cột này. Hãy xóa cột rồi tải lại.")
                verdict.problems.append(Problem(column, text))

    def _is_below(self, place: Place, paths: Sequence[str]) -> bool:
        today = self.finder.places.get(place.today or 0, place)
        return any(place.path.startswith(path) or today.path.startswith(path) for path in paths)

    def _judge_doubles(self, entry: Entry, verdict: Verdict) -> None:
        for name in ONE_PERSONS:
            value = getattr(entry, name)
            if not value:
                continue
            first = self.seen.setdefault((name, value), entry.line)
            if first != entry.line:
                text = _("Trùng với dòng %(line)d của tệp. Mỗi người một số; không có số riêng thì để trống.")
                if name in {"email", "username"}:
                    text = _("Trùng với dòng %(line)d của tệp. Hãy sửa hoặc để trống một trong hai.")
                verdict.problems.append(Problem(name, text % {"line": first}))
        if entry.full_name and entry.birth_year and entry.place:
            alike = f"{fold(entry.full_name)} {entry.birth_year} {entry.place.pk}"
            first = self.seen.setdefault(("name", alike), entry.line)
            if first != entry.line:
                told_apart = any(getattr(entry, name) for name in ONE_PERSONS)
                text = _("Cùng họ tên, năm sinh và địa bàn với dòng %(line)d. Nếu là hai người, hãy ghi số điện thoại.")
                verdict.problems.append(Problem("full_name", text % {"line": first}, fatal=not told_apart))

    def _fetch_units(self, entries: Sequence[Entry]) -> None:
        units = Unit.objects.in_bulk({entry.place.pk for entry in entries if entry.place})
        for entry in entries:
            entry.unit = units[entry.place.pk] if entry.place else None


class _noting:  # noqa: N801 - reads as a statement
    """with _noting(verdict, column): what is unclear becomes a problem of the column."""

    def __init__(self, verdict: Verdict, column: str) -> None:
        self.verdict, self.column = verdict, column

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Unclear):
            self.verdict.problems.append(Problem(self.column, str(error)))
            return True
        return False


def _paths_managed(by: User | None) -> list[str]:
    return list(ManagerAssignment.objects.on().filter(person=by).values_list("unit__path", flat=True))


def _share_province(unit: Unit, place: Place) -> bool:
    return unit.path.split("/", 1)[0] == place.path.split("/", 1)[0]
