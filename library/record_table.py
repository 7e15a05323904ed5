"""Records from a table: each column goes where the map says that librarians keep (RecordColumn)."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import TableImport
from core.table_columns import Column
from core.table_kinds import Kind, Problem, TableRow, Verdict, Work
from library import control_numbers, iso2709, records
from library.exceptions import TooLong
from library.marc import ControlField, DataField, Field, MarcRecord
from library.match_rules import Met, Rule
from library.models import ImportBatch, Record, RecordColumn
from library.records import Incoming

LEADER = "00000nam a2200000 i 4500"
FIXED = {"LDR": LEADER, "006": " " * 18, "008": "      s        vm            000 0 vie d"}
OUTCOMES = {"imported": "add", "updated": "change", "unchanged": "same"}
DEFAULTS = (
    # heading, other headings, target, separator, required
    ("Số kiểm soát", "Mã biểu ghi, Control number", "001", "", False),
    ("Mã cơ quan", "Cơ quan biên mục, Agency", "003", "", False),
    ("ISBN", "", "020 ## a", ";", False),
    ("ISSN", "", "022 ## a", ";", False),
    ("Ngôn ngữ", "Mã ngôn ngữ, Language", "008/35-37", "", False),
    ("Ký hiệu phân loại", "DDC, Phân loại, Dewey", "082 04 a", "", False),
    ("Tác giả", "Tác giả chính, Author", "100 1# a", "", False),
    ("Tác giả tập thể", "Cơ quan ban hành, Corporate author", "110 2# a", "", False),
    ("Nhan đề", "Tên sách, Tên tài liệu, Title", "245 10 a", "", True),
    ("Nhan đề phụ", "Phụ đề, Subtitle", "245 10 b", "", False),
    ("Thông tin trách nhiệm", "Statement of responsibility", "245 10 c", "", False),
    ("Lần xuất bản", "Edition", "250 ## a", "", False),
    ("Nơi xuất bản", "Place", "264 #1 a", "", False),
    ("Nhà xuất bản", "NXB, Publisher", "264 #1 b", "", False),
    ("Năm xuất bản", "Năm, Year", "264 #1 c", "", False),
    ("Số trang", "Mô tả vật lý, Pages", "300 ## a", "", False),
    ("Khổ", "Kích thước, Size", "300 ## c", "", False),
    ("Tùng thư", "Series", "490 0# a", "", False),
    ("Ghi chú", "Note", "500 ## a", ";", False),
    ("Tóm tắt", "Abstract", "520 ## a", "", False),
    ("Chủ đề", "Từ khóa, Đề mục chủ đề, Subjects", "650 #4 a", ";", False),
    ("Dân tộc", "Ethnic group", "653 ## a", ";", False),
    ("Địa danh", "Places", "651 #4 a", ";", False),
    ("Tác giả khác", "Đồng tác giả, Other authors", "700 1# a", ";", False),
    ("Địa chỉ mạng", "Liên kết, URL, Link", "856 40 u", ";", False),
)


class MatchForm(forms.Form):
    """What becomes of rows whose record is here already."""

    match_on = forms.ChoiceField(
        label=gettext_lazy("So trùng theo"), choices=ImportBatch.MatchOn.choices, initial=ImportBatch.MatchOn.TITLE
    )
    on_match = forms.ChoiceField(
        label=gettext_lazy("Khi trùng"),
        choices=[choice for choice in ImportBatch.OnMatch.choices if choice[0] != ImportBatch.OnMatch.ADD],
        initial=ImportBatch.OnMatch.SKIP,
        help_text=gettext_lazy("Thay là thay cả biểu ghi bằng những gì bảng này có."),
    )


class RecordTable(Kind):
    """The kind. Its records come as drafts, for a cataloguer to look at."""

    name = "records"
    title = gettext_lazy("Biểu ghi thư viện")
    help = gettext_lazy(
        "Mỗi dòng thành một biểu ghi nháp. Cột nào vào trường MARC nào được đặt ở Thư viện → Cột của bảng biểu ghi."
    )
    permission = "library.add_record"
    form = MatchForm

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """As librarians keep them."""
        return [
            Column(
                f"c{column.pk}",
                column.heading,
                tuple(filter(None, map(str.strip, column.also.split(",")))),
                required=column.required,
                note=_note(column),
                as_text=True,
            )
            for column in RecordColumn.objects.all()
        ]

    def work(self, table_import: TableImport) -> Work:
        return RecordWork(table_import.arguments, table_import.pk)


class RecordWork(Work):
    """One run over a table."""

    def __init__(self, arguments: dict[str, Any], key: int) -> None:
        chosen = ImportBatch.MatchOn.TITLE, ImportBatch.OnMatch.SKIP
        self.rule = Rule(arguments.get("match_on", chosen[0]), arguments.get("on_match", chosen[1]), -key)
        for _done in self.rule.prepare():
            pass
        self.columns = list(RecordColumn.objects.all())
        self.seen: dict[str, str] = {}

    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        verdicts = [self._read(row) for row in rows]
        right = [(row, verdict) for row, verdict in zip(rows, verdicts, strict=True) if not verdict.is_wrong]
        incoming = [verdict.plan[0] for _row, verdict in right]
        met = self.rule.apply(incoming, [row.line for row, _verdict in right])
        self._keep_numbers([row for row, _verdict in right], incoming, met)
        outcomes = records.preview(incoming, seen=self.seen)
        for (_row, verdict), one, its_met, outcome in zip(right, incoming, met, outcomes, strict=True):
            verdict.plan = (one, its_met)
            verdict.outcome = "same" if its_met.left else OUTCOMES[outcome]
            if its_met.left == "several":
                verdict.problems.append(Problem("", its_met.note))
        return verdicts

    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        plans: list[tuple[Incoming, Met]] = [verdict.plan for _row, verdict in rows]
        taken = [(one, met) for one, met in plans if not met.left]
        saved = records.save_many([one for one, _met in taken], status=Record.Status.DRAFT)
        keys = [key for key, _outcome in saved]
        self.rule.written(
            {key: one.marc for key, (one, _met) in zip(keys, taken, strict=True)},
            [(key, met) for key, (_one, met) in zip(keys, taken, strict=True)],
        )
        became = iter(keys)
        return [f"#{met.key or ''} {met.note}".strip(" #") if met.left else f"#{next(became)}" for _one, met in plans]

    def _keep_numbers(self, rows: Sequence[TableRow], incoming: Sequence[Incoming], met: Sequence[Met]) -> None:
        """A record that a row without a number replaces keeps its own number."""
        cells = [f"c{column.pk}" for column in self.columns if column.target == "001"]
        replaced = [
            (one, each)
            for row, one, each in zip(rows, incoming, met, strict=True)
            if each.own_key and not each.left and not any(row[cell] for cell in cells)
        ]
        found = Record.objects.filter(pk__in=[each.key for _one, each in replaced]).exclude(control_number="")
        numbers = {key: both for key, *both in found.values_list("pk", "control_number", "control_agency")}
        for one, each in replaced:
            if each.key in numbers:
                made = Incoming.of_made(control_numbers.numbered(one.marc, *numbers[each.key]))
                one.marc, one.raw, one.raw_format = made.marc, made.raw, made.raw_format
                each.own_key = ""

    def _read(self, row: TableRow) -> Verdict:
        """The record of a row, or what is wrong with it."""
        verdict = Verdict()
        fixed = dict(FIXED)
        cells: list[tuple[str, str, str]] = []  # target without code, code, value
        for column in self.columns:
            value = row[f"c{column.pk}"]
            if not value:
                if column.required:
                    verdict.problems.append(Problem(f"c{column.pk}", _("Ô này không được để trống.")))
            elif "/" in column.target:
                tag, places = column.target.split("/")
                start, end = int(places[:2]), int(places[-2:])
                if len(value) > end + 1 - start:
                    text = _("Dài hơn %(number)d ký tự của vị trí này.") % {"number": end + 1 - start}
                    verdict.problems.append(Problem(f"c{column.pk}", text))
                else:
                    fixed[tag] = fixed[tag][:start] + value.ljust(end + 1 - start) + fixed[tag][end + 1 :]
            else:
                cells += [(column.target[:6].strip(), column.target[7:8], part) for part in _parts(column, value)]
        if not verdict.is_wrong:
            self._plan(verdict, MarcRecord(fixed["LDR"], _fields(cells, fixed)))
        return verdict

    def _plan(self, verdict: Verdict, marc: MarcRecord) -> None:
        try:
            if not control_numbers.is_numbered(marc):
                marc = control_numbers.numbered(marc, control_numbers.of_content(iso2709.write(marc)))
            verdict.plan = (Incoming(marc, iso2709.write(marc), "iso2709"), Met())
        except TooLong:
            verdict.problems.append(Problem("", _("Dòng này dài hơn mức một biểu ghi ISO 2709 chứa được.")))


def _note(column: RecordColumn) -> str:
    where = f"MARC {column.target}."
    several = _("Nhiều giá trị cách nhau bằng “%(separator)s”.") % {"separator": column.separator}
    return f"{where} {several}" if column.separator else where


def _parts(column: RecordColumn, value: str) -> list[str]:
    parts = value.split(column.separator) if column.separator else [value]
    return [part.strip() for part in parts if part.strip()]


def _fields(cells: Sequence[tuple[str, str, str]], fixed: dict[str, str]) -> list[Field]:
    """The fields in the order of their tags; columns of one field stand together, repeated values apart."""
    year = next((value for tag, code, value in cells if tag[:3] in {"264", "260"} and code == "c"), "")
    if year.isdecimal() and len(year) == 4 and fixed["008"][7:11] == "    ":
        fixed["008"] = fixed["008"][:7] + year + fixed["008"][11:]
    found: list[Field] = [ControlField("008", fixed["008"])]
    if fixed["006"].strip():
        found.append(ControlField("006", fixed["006"]))
    for target, group in groupby(sorted(cells, key=lambda cell: cell[0]), key=lambda cell: cell[0]):
        pairs = [(code, value) for _target, code, value in group]
        found += _of_target(target, pairs)
    return sorted(found, key=lambda each: each.tag)


def _of_target(target: str, pairs: Sequence[tuple[str, str]]) -> list[Field]:
    if len(target) == 3:
        return [ControlField(target, pairs[0][1])]
    tag, indicators = target[:3], target[4:].replace("#", " ")
    codes = [code for code, _value in pairs]
    if len(set(codes)) == len(codes):
        return [DataField.of(tag, indicators, sorted(pairs))]
    return [DataField.of(tag, indicators, [pair]) for pair in pairs]
