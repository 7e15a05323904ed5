"""Authorities that the library starts with: ethnic groups, their languages, terms of ethnic affairs.

Made from library/starter/*.csv and the register of ethnic groups in people. Loading again changes nothing; a file that
was changed changes its records, except those that a librarian has edited since.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from library import records
from library.marc import ControlField, DataField, MarcRecord
from library.models import Collection, Record
from library.records import Incoming
from people import ethnic_groups

FOLDER = Path(__file__).with_name("starter")
AGENCY = "VN-NhaSan"
SLUG = "tieu-de-chuan-dan-toc"
NAME = "Tiêu đề chuẩn về công tác dân tộc"
DESCRIPTION = (
    "54 dân tộc với mã số và tên gọi khác, ngôn ngữ của các dân tộc với mã ISO 639-3 và MARC, "
    "thuật ngữ công tác dân tộc. Thư viện khác được thu hoạch và dùng lại."
)
LIST_OF_GROUPS = "Danh mục các thành phần dân tộc Việt Nam (Quyết định 121-TCTK/PPCĐ năm 1979)"
LEADER = "00000nz  a2200000n  4500"
FIXED = "260101|n|azznnbabn          |a ana     d"  # a heading for subjects, from a list of our own
AT_ONCE = 100


def load() -> int:
    """Save all of them into their collection; returns how many there are."""
    collection, _made = Collection.objects.get_or_create(slug=SLUG, defaults={"name": NAME, "description": DESCRIPTION})
    wanted = list(authorities())
    edited = _edited([marc.control("001") for marc in wanted])
    incoming = [Incoming.of_made(marc) for marc in wanted if marc.control("001") not in edited]
    for start in range(0, len(incoming), AT_ONCE):
        records.save_many(incoming[start : start + AT_ONCE], collections=[collection])
    return len(wanted)


def _edited(numbers: list[str]) -> set[str]:
    """Those that somebody here has changed or deleted."""
    rows = Record.objects.authorities().filter(control_agency=AGENCY, control_number__in=numbers, source=None)
    kept = rows.values_list("control_number", "repairs", "deleted_at")
    return {number for number, repairs, gone in kept if gone or "edited" in repairs.split(",")}


def authorities() -> Iterator[MarcRecord]:
    """All records, built anew."""
    languages = {row["iso"]: row for row in _rows("languages.csv")}
    spoken: dict[str, list[ethnic_groups.EthnicGroup]] = {}
    own = {row["code"]: row for row in _rows("ethnic_groups.csv")}
    for group in ethnic_groups.groups().values():
        row = own[group.code]
        codes = _split(row["languages"])
        for code in codes:
            spoken.setdefault(code, []).append(group)
        yield _group(group, _split(row["own_names"]), [languages[code] for code in codes])
    for code, row in languages.items():
        yield _language(row, spoken.get(code, []))
    terms = {row["code"]: row for row in _rows("terms.csv")}
    for row in terms.values():
        yield _term(row, terms)


def _group(group: ethnic_groups.EthnicGroup, own_names: list[str], spoken: list[dict[str, str]]) -> MarcRecord:
    heading = group_heading(group)
    others = [f"Dân tộc {group.name}", f"{group.name} (dân tộc)", group.name, *group.other_names, *own_names]
    fields = [
        DataField.of("024", "7 ", [("a", group.code), ("q", "Mã số dân tộc"), ("2", "local")]),
        DataField.of("075", "  ", [("a", "Dân tộc"), ("2", "local")]),
        *_languages(spoken),
        _heading("150", heading),
        *(_heading("450", name) for name in _distinct(others, heading)),
        *(_see_also("550", row["heading"], f"nn-{row['iso']}") for row in spoken),
        DataField.of("670", "  ", [("a", LIST_OF_GROUPS)]),
    ]
    return _record(f"dt-{group.code}", fields)


def group_heading(group: ethnic_groups.EthnicGroup) -> str:
    """How catalogues here name a group as a subject."""
    return f"Người {group.name}"


def _language(row: dict[str, str], speakers: list[ethnic_groups.EthnicGroup]) -> MarcRecord:
    fields = [
        DataField.of("075", "  ", [("a", "Ngôn ngữ"), ("2", "local")]),
        *_languages([row]),
        _heading("150", row["heading"]),
        *(_heading("450", name) for name in _distinct(_split(row["other_names"]), row["heading"])),
        *(_see_also("550", group_heading(group), f"dt-{group.code}") for group in speakers),
        DataField.of("670", "  ", [("a", "ISO 639-3"), ("b", row["iso"])]),
    ]
    return _record(f"nn-{row['iso']}", fields)


def _term(row: dict[str, str], terms: dict[str, dict[str, str]]) -> MarcRecord:
    ending = "55" if row["kind"] == "genre" else "50"
    narrower = [code for code, other in terms.items() if row["code"] in _split(other["broader"])]
    related = _split(row["related"]) + [c for c, other in terms.items() if row["code"] in _split(other["related"])]
    fields = [
        _heading(f"1{ending}", row["heading"]),
        *(_heading(f"4{ending}", name) for name in _distinct(_split(row["other_names"]), row["heading"])),
        *(_see_also(f"5{ending}", terms[c]["heading"], f"tn-{c}", "g") for c in _split(row["broader"])),
        *(_see_also(f"5{ending}", terms[c]["heading"], f"tn-{c}", "h") for c in narrower),
        *(_see_also(f"5{ending}", terms[c]["heading"], f"tn-{c}") for c in dict.fromkeys(related)),
    ]
    if row["note"]:
        fields.append(DataField.of("680", "  ", [("i", row["note"])]))
    return _record(f"tn-{row['code']}", fields)


def _record(number: str, fields: list[DataField]) -> MarcRecord:
    control = [ControlField("001", number), ControlField("003", AGENCY), ControlField("008", FIXED)]
    source = DataField.of("040", "  ", [("a", AGENCY), ("b", "vie"), ("c", AGENCY), ("f", "local")])
    return MarcRecord(LEADER, [*control, *sorted([source, *fields], key=lambda each: each.tag)])


def _languages(rows: list[dict[str, str]]) -> list[DataField]:
    """377 twice: the MARC code where there is one, and ISO 639-3 beside it."""
    marc = list(dict.fromkeys(row["marc"] for row in rows if row["marc"]))
    iso = [row["iso"] for row in rows]
    fields = [DataField.of("377", "  ", [("a", code) for code in marc])] if marc else []
    return [*fields, DataField.of("377", " 7", [*(("a", code) for code in iso), ("2", "iso639-3")])] if iso else fields


def _heading(tag: str, text: str) -> DataField:
    return DataField.of(tag, "  ", [("a", text)])


def _see_also(tag: str, text: str, number: str, relation: str = "") -> DataField:
    parts = [("w", relation)] if relation else []
    return DataField.of(tag, "  ", [*parts, ("a", text), ("0", f"({AGENCY}){number}")])


def _distinct(names: list[str], heading: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name != heading]


def _split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
