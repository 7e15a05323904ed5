"""The columns derived from the MARC."""

import pytest

from library import columns
from library.marc import ControlField, DataField, MarcRecord
from tests.library.books import LEADER, book

AUTHORITY = "00000nz  a2200000n  4500"


def record(*fields: DataField | ControlField, leader: str = LEADER) -> MarcRecord:
    return MarcRecord(leader, fields)


def test_a_book() -> None:
    assert columns.derive(book()) == {
        "kind": "bib",
        "control_number": "ns0001",
        "control_agency": "VN-NhaSan",
        "title": "Truyện cổ Tày",
        "author": "Hoàng Quyết",
        "year": 1974,
        "language": "vie",
        "material": "book",
    }


def test_an_empty_record() -> None:
    assert columns.derive(record()) == {
        "kind": "bib",
        "control_number": "",
        "control_agency": "",
        "title": "",
        "author": "",
        "year": None,
        "language": "",
        "material": "book",
    }


def test_an_authority_has_its_heading_as_title() -> None:
    heading = DataField.of("150", "  ", [("a", "Tày (Dân tộc)"), ("x", "Văn học dân gian")])
    derived = columns.derive(record(ControlField("001", " a1 "), heading, leader=AUTHORITY))
    assert (derived["kind"], derived["title"], derived["material"]) == (
        "authority",
        "Tày (Dân tộc) – Văn học dân gian",
        "authority",
    )
    assert derived["control_number"] == "a1"


@pytest.mark.parametrize(
    ("subfields", "title"),
    [
        ([("a", "Chỉ nam"), ("c", "Ai đó")], "Chỉ nam"),
        ([("a", "Sách :"), ("b", "phụ đề /"), ("c", "Ai đó")], "Sách : phụ đề"),
        ([("a", "Sách"), ("b", "phụ đề"), ("c", "Ai đó")], "Sách : phụ đề"),
        ([("a", "Sách ="), ("b", "Book")], "Sách = Book"),
        ([("a", "Ai là ai?"), ("b", "phụ đề")], "Ai là ai? phụ đề"),
        ([("a", "Sách."), ("n", "Tập 1,"), ("p", "Mở đầu.")], "Sách. Tập 1, Mở đầu"),
        ([("a", "Viết bởi A.")], "Viết bởi A."),
        ([("a", "Che\u0301\u0302 đo\u0323\u0302")], "Chế độ"),
        ([("a", "Một\x1b hai\n ba")], "Một hai ba"),
        ([("a", "")], ""),
    ],
)
def test_titles(subfields: list[tuple[str, str]], title: str) -> None:
    assert columns.derive(record(DataField.of("245", "10", subfields)))["title"] == title


@pytest.mark.parametrize(
    ("fixed", "date", "year"),
    [
        ("240101s1974    vm", "", 1974),
        ("240101s19uu    vm", "[1980?]", 1980),
        ("240101n9999    vm", "c1999, in 2001", 1999),
        ("", "không rõ", None),
        ("240101s19uu    vm", "123456", None),
    ],
)
def test_years(fixed: str, date: str, year: int | None) -> None:
    marc = record(ControlField("008", fixed), DataField.of("260", "  ", [("c", date)]))
    assert columns.derive(marc)["year"] == year


@pytest.mark.parametrize(
    ("code", "field", "language"),
    [("vie", "eng", "vie"), ("|||", "tyz", "tyz"), ("und", "", ""), ("   ", "VIE", "vie"), ("zxx", "eng", "eng")],
)
def test_languages(code: str, field: str, language: str) -> None:
    marc = record(ControlField("008", " " * 35 + code), DataField.of("041", "0 ", [("a", field)]))
    assert columns.derive(marc)["language"] == language


@pytest.mark.parametrize(
    ("type_and_level", "material"),
    [
        ("am", "book"),
        ("as", "serial"),
        ("aa", "article"),
        ("em", "map"),
        ("jm", "music"),
        ("rm", "object"),
        ("  ", "book"),
    ],
)
def test_materials(type_and_level: str, material: str) -> None:
    assert columns.derive(record(leader=f"00000n{type_and_level} a2200000 i 4500"))["material"] == material


def test_a_number_too_long_to_be_one_matches_nothing() -> None:
    assert columns.derive(book("x" * 256))["control_number"] == ""
    assert columns.derive(book("x" * 255))["control_number"] == "x" * 255
