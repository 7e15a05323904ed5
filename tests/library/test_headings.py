"""How headings are compared and linked."""

import pytest

from library import headings
from library.marc import ControlField, DataField, MarcRecord
from tests.library.books import book

GROUP = MarcRecord(
    "00000nz  a2200000n  4500",
    [
        ControlField("001", "dt-02"),
        DataField.of("075", "  ", [("a", "Dân tộc"), ("2", "local")]),
        DataField.of("150", "  ", [("a", "Người Tày")]),
        DataField.of("450", "  ", [("a", "Thổ")]),
        DataField.of("450", "  ", [("a", "Dân tộc Tày")]),
    ],
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Người Ê-đê", "người ê đê.", True),
        ("Hoà giải", "Hòa giải", True),
        ("Người Êđê", "Người Ê Đê", True),
        ("Người Mường", "Người Mương", False),
        ("Lào", "Lao", False),
        ("Mạ", "Ma", False),
    ],
)
def test_spelling_does_not_count_but_marks_do(one: str, other: str, same: bool) -> None:
    assert (headings.key(one) == headings.key(other)) is same


def test_the_headings_of_a_book() -> None:
    marc = book(more=(DataField.of("041", "17", [("a", "vie"), ("h", "tyz"), ("2", "iso639-3")]),))
    assert [(each.kind, each.text, each.is_subject) for each in headings.used(marc)] == [
        ("person", "Hoàng Quyết, 1929-", False),
        ("subject", "Văn học dân gian", True),
        ("language", "vie", False),
        ("language", "tyz", False),
    ]


def test_uncontrolled_words_are_headings_each() -> None:
    [*_others, one, two, _language] = headings.used(
        book(more=(DataField.of("653", "  ", [("a", "then"), ("a", "tính")]),))
    )
    assert (one.text, two.text) == ("then", "tính")


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("(VN-NhaSan)dt-02", "(VN-NhaSan)dt-02"),
        (" ( VN-NhaSan ) dt-02 ", "(VN-NhaSan)dt-02"),
        ("https://thuvien.example.vn/library/records/17/", "record:17"),
        ("https://thuvien.example.vn/en/library/records/017", "record:17"),
        ("http://id.loc.gov/authorities/subjects/sh1", ""),
        ("", ""),
    ],
)
def test_links(value: str, link: str) -> None:
    assert headings.link_of(DataField.of("650", " 7", [("a", "Người Tày"), ("0", value)])) == link


def test_names_of_an_authority() -> None:
    assert [(each.kind, each.text, each.is_heading) for each in headings.names(GROUP)] == [
        ("ethnic_group", "Người Tày", True),
        ("ethnic_group", "Thổ", False),
        ("ethnic_group", "Dân tộc Tày", False),
    ]
