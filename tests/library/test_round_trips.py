"""What is written is read again, in every format that can hold it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import canonical, iso2709, marc_json, marcxml
from library.exceptions import TooLong
from library.marc import ControlField, DataField, Field, MarcRecord
from library.reading import Read
from tests.library.books import book

LETTERS = "aăâđêơưáẹÀ 0.,&<>\"'\u0301\u0323ក្ខ東京\U0001f600\u00a0\u200d"
text = st.text(st.characters(exclude_characters="\x1d\x1e\x1f", exclude_categories=["Cs"]), max_size=30)
xml_text = st.text(
    st.one_of(st.sampled_from(LETTERS), st.characters(categories=["L", "M", "N", "P", "Z"])), max_size=30
)
code = st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789")
indicators = st.text(st.sampled_from(" 0123456789"), min_size=2, max_size=2)
number = st.integers(10, 999).map("{:03}".format)


def records(values: st.SearchStrategy[str]) -> st.SearchStrategy[MarcRecord]:
    control = st.builds(ControlField, st.integers(1, 9).map("{:03}".format), values)
    subfields = st.lists(st.tuples(code, values), min_size=1, max_size=5)
    data = st.builds(DataField.of, number, indicators, subfields)
    fields: st.SearchStrategy[list[Field]] = st.lists(st.one_of(control, data), min_size=1, max_size=12)
    return st.builds(MarcRecord, st.just("00000nam a2200000 i 4500"), fields)


def same_but_lengths(one: MarcRecord, other: MarcRecord) -> None:
    assert one.fields == other.fields
    assert (one.leader[5:12], one.leader[17:]) == (other.leader[5:12], other.leader[17:])


@given(records(text))
def test_canonical(marc: MarcRecord) -> None:
    assert canonical.parse(canonical.write(marc)) == marc


@given(records(text))
def test_iso2709(marc: MarcRecord) -> None:
    raw = iso2709.write(marc)
    parsed, repairs = iso2709.parse(raw)
    same_but_lengths(parsed, marc)
    assert repairs == ()
    assert iso2709.write(parsed) == raw


@given(st.lists(records(xml_text), max_size=4))
def test_iso2709_stream(shelf: list[MarcRecord]) -> None:
    raws = [iso2709.write(marc) for marc in shelf]
    assert [item.raw for item in iso2709.read(io.BytesIO(b"".join(raws)))] == raws


@given(records(xml_text))
def test_marcxml(marc: MarcRecord) -> None:
    data = marcxml.OPENING + marcxml.to_xml(marc, namespace=False) + marcxml.CLOSING
    [item] = marcxml.read(io.BytesIO(data))
    assert isinstance(item, Read)
    assert item.marc == marc
    [again] = marcxml.read(io.BytesIO(item.raw))
    assert isinstance(again, Read)
    assert (again.marc, again.raw) == (marc, item.raw)


@given(records(text))
def test_marc_in_json(marc: MarcRecord) -> None:
    assert marc_json.from_json(marc_json.to_json(marc)) == marc


@pytest.mark.parametrize(("length", "fits"), [(9_999 - 5, True), (9_999 - 4, False)])
def test_iso2709_refuses_a_field_over_9999_bytes(length: int, *, fits: bool) -> None:
    marc = book(more=(DataField.of("520", "  ", [("a", "x" * length)]),))
    if fits:
        assert iso2709.parse(iso2709.write(marc))[0].fields == marc.fields
        return
    with pytest.raises(TooLong, match="field 520 has 10000 bytes"):
        iso2709.write(marc)


def test_iso2709_refuses_a_record_over_99999_bytes() -> None:
    note = DataField.of("500", "  ", [("a", "x" * 9_000)])
    with pytest.raises(TooLong, match="ISO 2709 holds 99999"):
        iso2709.write(book(more=(note,) * 12))


def test_the_canonical_form_has_no_limit() -> None:
    marc = book(more=(DataField.of("520", "  ", [("a", "x" * 300_000)]),))
    assert canonical.parse(canonical.write(marc)) == marc
