"""A record as lines of text: exact both ways, and forgiving to what people paste."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library import marc_lines
from library.marc import ControlField, DataField, Field, MarcRecord
from library.marc_lines import NotALine
from tests.library.books import book

LEADER = "LDR 00000nam#a2200000#i#4500\n"
VALUE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1d\x1e\x1f"), max_size=20)
CODE = st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789")
INDICATORS = st.text("0123456789 ", min_size=2, max_size=2)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    if draw(st.booleans()):
        return ControlField(draw(st.sampled_from(["001", "005", "009"])), draw(VALUE))
    parts = draw(st.lists(st.tuples(CODE, VALUE), min_size=1, max_size=4))
    return DataField.of(f"{draw(st.integers(10, 999)):03}", draw(INDICATORS), parts)


@given(st.lists(fields(), max_size=8))
@example([ControlField("001", "\u00a0")])
@example([ControlField("009", "\t x\u3000"), DataField.of("245", "10", [("a", "\u00a0"), ("b", " \u2003 ")])])
def test_what_is_written_is_read_again(some: list[Field]) -> None:
    marc = MarcRecord("00000nam a2200000 i 4500", some)
    assert marc_lines.parse(marc_lines.write(marc)) == marc


@pytest.mark.parametrize(
    "pasted",
    [
        "245 10 $aTruyện cổ$cVi Hồng",
        "245 10$aTruyện cổ$cVi Hồng",
        "=245  10$aTruyện cổ$cVi Hồng",
        "24510$aTruyện cổ$cVi Hồng",
        "245 10 |aTruyện cổ |cVi Hồng",
        "245\t10\t$a Truyện cổ $c Vi Hồng",
        "245 10 ‡a Truyện cổ ‡c Vi Hồng ",
    ],
)
def test_other_ways_to_write_are_understood(pasted: str) -> None:
    [field] = marc_lines.parse(LEADER + pasted).fields
    assert field == DataField.of("245", "10", [("a", "Truyện cổ"), ("c", "Vi Hồng")])


@pytest.mark.parametrize(
    ("pasted", "indicators"),
    [("650 #4 $a", " 4"), ("650  4 $a", " 4"), ("650 _4 $a", " 4"), ("=650  \\4$a", " 4"), ("100 1# $a", "1 "),
     ("100 1  $a", "1 "), ("500 ## $a", "  "), ("500 $a", "  "), ("500$a", "  "), ("500    $a", "  ")],
)  # fmt: skip
def test_blank_indicators_are_understood(pasted: str, indicators: str) -> None:
    [field] = marc_lines.parse(LEADER + pasted + "x").fields
    assert isinstance(field, DataField)
    assert field.indicators == indicators


def test_dollars_and_what_else_would_be_lost_are_written_by_name() -> None:
    field = DataField.of("365", "  ", [("b", " 5$ {dollar}\n")])
    line = marc_lines.line(field)
    assert line == "365 ## $b{u0020}5{dollar} {lcub}dollar}{u000a}"
    assert marc_lines.parse(LEADER + line).fields == [field]


def test_every_bad_line_is_named() -> None:
    with pytest.raises(NotALine) as caught:
        marc_lines.parse(LEADER + "245 10 nhan đề\n1 $a\n650 #4 $\n245 100 $ax")
    assert [number for number, _text in caught.value.problems] == [2, 3, 4, 5]
    with pytest.raises(NotALine, match="LDR"):
        marc_lines.parse("245 10 $aX")


def test_what_nobody_touched_stays_to_the_byte() -> None:
    odd = DataField("260", "##\x1faHà Nội")  # looks like blanks, and is not
    keep = MarcRecord(book().leader, [*book().fields, odd])
    text = marc_lines.write(keep).replace("359 tr.", "360 tr.")
    after = marc_lines.parse(text, keep=keep)
    assert after.fields[-1].content == "##\x1faHà Nội"
    assert after.fields != keep.fields


@pytest.mark.parametrize("line", ["500 ## $aX\x1e245", "500 ## $aX\x1fbY", "001 a\x1d", "LDR 0\x1e"])
def test_what_divides_fields_cannot_be_smuggled_in(line: str) -> None:
    with pytest.raises(NotALine, match="Có ký tự phân cách của MARC"):
        marc_lines.parse(LEADER + line)


def test_its_number_stays_text() -> None:
    [field] = marc_lines.parse(LEADER + "500 ## $aX{u001e}{ud800}{u110000}").fields
    assert field == DataField.of("500", "  ", [("a", "X{u001e}{ud800}{u110000}")])
    assert marc_lines.parse(LEADER + marc_lines.line(field)).fields == [field]


@pytest.mark.parametrize(
    "line", ["880 10 $6245-01/$1$a傳翹", "880 10 $6245-01/{dollar}1$a傳翹", "880 10 $6 245-01/$1 $a傳翹"]
)
def test_the_name_of_chinese_in_a_link_is_no_subfield(line: str) -> None:
    [field] = marc_lines.parse(f"LDR {'#' * 24}\n{line}").fields
    assert field.content == "10\x1f6245-01/$1\x1fa傳翹"
    assert marc_lines.line(field) == "880 10 $6245-01/{dollar}1$a傳翹"


def test_a_subfield_1_behind_another_link_stays_one() -> None:
    [field] = marc_lines.parse(f"LDR {'#' * 24}\n700 1# $6880-01$1https://example.org/1$a1").fields
    assert field.content == "1 \x1f6880-01\x1f1https://example.org/1\x1fa1"
