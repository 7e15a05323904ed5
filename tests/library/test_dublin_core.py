"""The crosswalk to simple Dublin Core."""

from library import dublin_core
from library.marc import DataField, MarcRecord
from tests.library.books import LEADER, book


def test_a_book() -> None:
    more = (
        DataField.of("020", "  ", [("a", "9786041234567 (bìa mềm)")]),
        DataField.of("520", "  ", [("a", "Truyện kể của người Tày.")]),
        DataField.of("540", "  ", [("a", "CC BY 4.0")]),
        DataField.of("651", " 4", [("a", "Bắc Kạn")]),
        DataField.of("700", "1 ", [("a", "Mạc Phi")]),
        DataField.of("856", "40", [("u", "https://thuvien.example.vn/1"), ("q", "application/pdf")]),
    )
    assert dublin_core.elements(book(more=more)) == [
        ("title", "Truyện cổ Tày"),
        ("creator", "Hoàng Quyết, 1929-"),
        ("subject", "Văn học dân gian – Việt Nam"),
        ("description", "Truyện kể của người Tày."),
        ("publisher", "Hà Nội : Văn hóa dân tộc"),
        ("contributor", "Mạc Phi"),
        ("date", "1974"),
        ("type", "Text"),
        ("format", "359 tr. ; 19 cm"),
        ("format", "application/pdf"),
        ("identifier", "urn:isbn:9786041234567"),
        ("identifier", "https://thuvien.example.vn/1"),
        ("language", "vie"),
        ("coverage", "Bắc Kạn"),
        ("rights", "CC BY 4.0"),
    ]


def test_private_notes_stay_inside() -> None:
    notes = [DataField.of("561", f"{shown} ", [("a", f"ind {shown}")]) for shown in "01"]
    assert ("description", "ind 1") in dublin_core.elements(MarcRecord(LEADER, notes))
    assert ("description", "ind 0") not in dublin_core.elements(MarcRecord(LEADER, notes))


def test_an_empty_record_has_its_type_only() -> None:
    assert dublin_core.elements(MarcRecord(LEADER)) == [("type", "Text")]


def test_values_hold_no_control_characters() -> None:
    marc = MarcRecord(LEADER, [DataField.of("245", "10", [("a", "tr\x1bước\x00")])])
    assert dublin_core.elements(marc)[0] == ("title", "tr ước")
