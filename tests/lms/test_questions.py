"""Every kind of question: what it asks without telling the key, what it reads, what is right, what it states."""

import json
import unicodedata
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from tincan import ActivityDefinition
from wagtail.blocks import StructBlockValidationError

from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.questions import KINDS, Grade
from lms.questions import spelling as sp
from lms.questions.short import read_number
from lms.questions.spelling import same


def listed(*values: Any) -> list[dict[str, Any]]:
    """A list block's data; ids a, b, c …"""
    return [{"type": "item", "id": chr(97 + place), "value": value} for place, value in enumerate(values)]


def option(text: str, *, right: bool = False, why: str = "") -> dict[str, Any]:
    """An option's data."""
    return {"text": text, "right": right, "why": why}


VALUES: dict[str, dict[str, Any]] = {
    "single": {
        "options": listed(option("Một"), option("Hai", right=True, why="Vì thế."), option("Ba")),
        "shuffle": True,
    },
    "multiple": {
        "options": listed(option("Một", right=True), option("Hai"), option("Ba", right=True)),
        "shuffle": False,
        "partial": True,
    },
    "true_false": {"right": "false", "why": "Không ai được hỏi mã OTP."},
    "matching": {
        "pairs": listed({"left": "Mông", "right": "khèn"}, {"left": "Chăm", "right": "trống ghi-năng"}),
        "others": [{"type": "item", "id": "x", "value": "đàn bầu"}],
        "partial": True,
    },
    "ordering": {"steps": listed("Cắm sạc", "Bật máy", "Gọi"), "partial": True},
    "fill_in": {
        "accepted": listed(
            {"text": "Hòa Bình", "share": 100, "why": ""}, {"text": "Phú Thọ", "share": 50, "why": "Nay."}
        ),
        "forgiven": ["case", "tone_place", "i_or_y", "punctuation"],
    },
    "number": {"number": "12.5", "tolerance": "0.5", "unit": "km", "why": "Đo."},
    "scale": {"steps": 5, "low": "Không", "high": "Rất"},
    "written": {"longest": 20, "rubric": [], "model": "Mẫu"},
    "upload": {"kinds": ["picture"], "rubric": []},
}
RIGHT: dict[str, Any] = {
    "single": ["b"],
    "multiple": ["a", "c"],
    "true_false": "false",
    "matching": [["a", "a"], ["b", "b"]],
    "ordering": ["a", "b", "c"],
    "fill_in": "hoà bình.",
    "number": "12",
}
HALF = {
    "multiple": ["a"],
    "matching": [["a", "a"], ["b", "x"]],
    "fill_in": "phú thọ",
}


def read(name: str, query: str, file: SimpleUploadedFile | None = None) -> Any:
    """What the kind reads from a form."""
    files = MultiValueDict({"file": [file]} if file else {})
    return KINDS[name].read(VALUES[name], QueryDict(query), files)


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answer_is_worth_everything(name: str) -> None:
    """And nothing is missing."""
    grade = KINDS[name].grade(VALUES[name], RIGHT[name])
    assert (grade.score, grade.success) == (1, True)


@pytest.mark.parametrize("name", HALF)
def test_part_of_it_is_worth_a_part(name: str) -> None:
    """Where that was chosen."""
    grade = KINDS[name].grade(VALUES[name], HALF[name])
    assert (grade.score, grade.success) == (0.5, False)


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("single", ["a"]),
        ("multiple", ["b"]),
        ("multiple", ["a", "b"]),
        ("true_false", "true"),
        ("matching", [["a", "b"], ["b", "a"]]),
        ("ordering", ["b", "c", "a"]),
        ("fill_in", "Hoà Bìn"),
        ("number", "13.1"),
    ],
)
def test_a_wrong_answer_is_worth_nothing(name: str, response: Any) -> None:
    """Wrong ticks take away what right ones gave, never below nothing."""
    grade = KINDS[name].grade(VALUES[name], response)
    assert (grade.score, grade.success) == (0, False)


def test_without_partial_credit_only_all_counts() -> None:
    """The author decides."""
    for name in ("multiple", "matching", "ordering"):
        assert KINDS[name].grade(VALUES[name] | {"partial": False}, RIGHT[name]).score == 1
    assert KINDS["multiple"].grade(VALUES["multiple"] | {"partial": False}, ["a"]).score == 0
    assert KINDS["ordering"].grade(VALUES["ordering"] | {"partial": False}, ["a", "c", "b"]).score == 0
    assert KINDS["ordering"].grade(VALUES["ordering"], ["a", "c", "b"]).score == pytest.approx(0.3333)


@pytest.mark.parametrize("name", ["scale", "written", "upload"])
def test_what_no_machine_can_judge_is_left_open(name: str) -> None:
    """A trainer grades it, or nobody."""
    assert KINDS[name].grade(VALUES[name], "3") == Grade(None, None)


@pytest.mark.parametrize(
    ("name", "query", "response"),
    [
        ("single", "option=b", ["b"]),
        ("multiple", "option=c&option=a&option=c", ["a", "c"]),
        ("true_false", "option=true", "true"),
        ("matching", "left-a=a&left-b=x", [["a", "a"], ["b", "x"]]),
        ("ordering", "place-a=2&place-b=3&place-c=1", ["c", "a", "b"]),
        ("fill_in", "text=++Hòa Bình+", "Hòa Bình"),
        ("number", "text=12,5", "12.5"),
        ("scale", "option=3", "3"),
        ("written", "text=Dòng%0D%0Ahai", "Dòng\nhai"),
    ],
)
def test_a_form_is_read(name: str, query: str, response: Any) -> None:
    """As browsers send it."""
    assert read(name, query) == response


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("single", ""),
        ("single", "option=a&option=b"),
        ("multiple", ""),
        ("true_false", ""),
        ("matching", "left-a=a"),
        ("ordering", "place-a=1&place-b=2"),
        ("ordering", "place-a=1&place-b=1&place-c=2"),
        ("fill_in", "text=+"),
        ("fill_in", "text=" + "a" * 501),
        ("number", "text=mười hai"),
        ("number", "text=nan"),
        ("number", "text=1e999"),
        ("scale", ""),
        ("written", "text="),
        ("written", "text=" + "a" * 21),
        ("upload", ""),
    ],
)
def test_an_incomplete_answer_is_told_what_to_do(name: str, query: str) -> None:
    """In a sentence for the learner."""
    with pytest.raises(EmptyAnswer) as refused:
        read(name, query)
    assert str(refused.value).endswith(".") or str(refused.value).endswith("”.")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("single", "option=z"),
        ("true_false", "option=maybe"),
        ("matching", "left-a=a&left-b=zz"),
        ("ordering", "place-a=1&place-b=2&place-c=9"),
        ("ordering", "place-a=x&place-b=2&place-c=1"),
        ("scale", "option=6"),
    ],
)
def test_a_tampered_form_is_refused(name: str, query: str) -> None:
    """It names what was never asked."""
    with pytest.raises(InvalidAnswer) as refused:
        read(name, query)
    assert not isinstance(refused.value, EmptyAnswer)


def test_a_file_of_another_kind_is_refused() -> None:
    """With the kinds that are taken."""
    assert read("upload", "", SimpleUploadedFile("ảnh.JPG", b"x")) == {"name": "ảnh.JPG", "size": 1}
    with pytest.raises(EmptyAnswer, match="Câu này chỉ nhận ảnh"):
        read("upload", "", SimpleUploadedFile("a.exe", b"x"))


@pytest.mark.parametrize("name", VALUES)
def test_what_is_asked_does_not_tell_the_key(name: str) -> None:
    """Nothing but texts and ids, and those in an order that the seed decides."""
    kind, value = KINDS[name], VALUES[name]
    asked = kind.asked(value, Random("x"))
    said = json.dumps(asked, default=lambda thing: [*thing], ensure_ascii=False)
    for secret in ("why", "Vì thế.", 'right":', "tolerance", "12.5", "Hòa Bình", "Không ai", "Mẫu"):
        assert secret not in said
    assert json.dumps(kind.asked(value, Random("x")), default=lambda thing: [*thing]) == json.dumps(
        asked, default=lambda thing: [*thing]
    )


def test_steps_are_never_asked_in_their_right_order() -> None:
    """Whatever the seed."""
    for seed in range(50):
        asked = KINDS["ordering"].asked(VALUES["ordering"], Random(seed))
        assert [text for _id, text in asked["steps"]] != ["Cắm sạc", "Bật máy", "Gọi"]


@pytest.mark.parametrize(
    ("name", "response", "said", "pattern"),
    [
        ("single", ["b"], "b", ["b"]),
        ("multiple", ["a", "c"], "a[,]c", ["a[,]c"]),
        ("true_false", "false", "false", ["false"]),
        ("matching", [["a", "a"], ["b", "x"]], "a[.]a[,]b[.]x", ["a[.]a[,]b[.]b"]),
        ("ordering", ["b", "a", "c"], "b[,]a[,]c", ["a[,]b[,]c"]),
        ("fill_in", "Hòa", "Hòa", ["{case_matters=false}Hòa Bình"]),
        ("number", "12", "12", ["12.0[:]13.0"]),
        ("scale", "3", "step-3", None),
        ("written", "Bài", "Bài", None),
        ("upload", {"name": "a.jpg", "size": 1}, "a.jpg", None),
    ],
)
def test_response_and_pattern_are_written_as_the_specification_says(
    name: str, response: Any, said: str, pattern: list[str] | None
) -> None:
    """Data, Appendix C."""
    kind = KINDS[name]
    definition = kind.definition(VALUES[name], "vi")
    assert kind.said(response) == said
    assert definition.get("correctResponsesPattern") == pattern
    assert ActivityDefinition(interaction_type=kind.interaction).interaction_type == kind.interaction


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("single", {"options": listed(option("a"), option("b"))}, "options"),
        ("single", {"options": listed(option("a", right=True), option("b", right=True))}, "options"),
        ("multiple", {"options": listed(option("a"), option("b"))}, "options"),
        ("fill_in", {"accepted": listed({"text": "a", "share": 50, "why": ""})}, "accepted"),
    ],
)
def test_a_question_without_a_right_answer_is_not_saved(name: str, value: dict[str, Any], field: str) -> None:
    """The form says where."""
    block = KINDS[name].block()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(value))
    assert field in refused.value.block_errors


@pytest.mark.parametrize(
    ("one", "other", "forgiven", "is_same"),
    [
        ("hòa", "hoà", [sp.TONE_PLACE], True),
        ("hòa", "hoà", [], False),
        ("thúy", "thuý", [sp.TONE_PLACE], True),
        ("hòa", "hóa", [sp.TONE_PLACE], False),
        ("kĩ sư", "kỹ sư", [sp.I_OR_Y], True),
        ("Mĩ", "Mỹ", [sp.I_OR_Y], True),
        ("quí", "quý", [sp.I_OR_Y], True),
        ("tai", "tay", [sp.I_OR_Y], False),
        ("thuy", "thui", [sp.I_OR_Y], False),
        ("Lào Cai", "lào cai", [sp.CASE], True),
        ("Lào Cai", "lào cai", [], False),
        ("Ê-đê", "Ê đê", [sp.PUNCTUATION], True),
        ("H’Mông", "H'Mông", [], True),
        ("đường", "duong", [sp.MARKS], True),
        ("đường", "dường", [sp.TONE_PLACE], False),
        ("ba  mươi ", "ba mươi", [], True),
        ("a\u0302\u0301", "\u1ea5", [], True),
        ("ộ", "o\u0302\u0323", [], True),
    ],
)
def test_spellings_of_vietnamese(one: str, other: str, forgiven: list[str], is_same: bool) -> None:
    """What is one word for who reads, is one for the key, by setting."""
    assert same(one, other, forgiven) is is_same


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("-3", "-3"),
        ("12a", None),
        ("", None),
        ("infinity", None),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str | None) -> None:
    """With a comma or a point."""
    found = read_number(text)
    assert (None if found is None else format(found, "f")) == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str) -> None:
    """Never an error."""
    found = read_number(text)
    assert found is None or found.is_finite()


@given(st.text(max_size=40), st.sets(st.sampled_from([sp.CASE, sp.TONE_PLACE, sp.I_OR_Y, sp.MARKS, sp.PUNCTUATION])))
def test_a_text_is_the_same_as_itself(text: str, forgiven: set[str]) -> None:
    """Whatever is forgiven, and however its marks are combined."""
    assert same(text, unicodedata.normalize("NFD", text), forgiven)


@pytest.mark.parametrize(("said", "why"), [("phú thọ", "Nay."), ("Hòa Bình", ""), ("Huế", "")])
def test_what_the_writer_says_of_an_accepted_text_is_told(said: str, why: str) -> None:
    """To whoever answered so, and to nobody else."""
    assert KINDS["fill_in"].reviewed(VALUES["fill_in"], said)["why"] == why


@pytest.mark.parametrize(
    ("key", "said", "response", "right"),
    [
        ("540000", "540.000", "540000", True),
        ("540000", "540,000", "540000", True),
        ("540000", "540 000", "540000", True),
        ("1.5", "1.500", "1.500", True),
        ("1.5", "1,500", "1.500", True),
        ("7", "540.000", "540000", False),
        ("0.125", "0.125", "0.125", True),
        ("7000", "7.00", "7.00", False),
    ],
)
def test_a_point_before_three_digits_is_read_as_the_question_means_it(
    key: str, said: str, response: str, right: bool
) -> None:
    """540.000 is 540 thousand in Viet Nam, 1.500 is one and a half elsewhere; who is right either way is right."""
    value, kind = {"number": key, "tolerance": "0"}, KINDS["number"]
    read = kind.read(value, QueryDict(f"text={said}"), MultiValueDict())
    assert (read, kind.grade(value, read).success) == (response, right)


def test_numbers_are_shown_as_readers_write_them() -> None:
    """With a comma, and none is a number too."""
    shown = KINDS["number"].reviewed({"number": "0.0", "tolerance": 0}, "12.5")
    assert (shown["number"], shown["response"]) == ("0,0", "12,5")
    assert KINDS["number"].reviewed({"number": 540}, "")["response"] == ""
