"""Questions as GIFT: what other programs write is understood, ours comes back whole, each mistake is told by line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms import gift
from tests.lms.all_kinds import QUESTIONS

TEXT = r"""
// Câu hỏi của lớp Bắc Hà
$CATEGORY: $course$/An toàn/Mã OTP

::Mã OTP:: Ai được hỏi mã OTP? {
=Không ai #Đúng rồi.
~Ngân hàng #Không bao giờ.
~Công an
}

Mất máy thì làm gì? {
  ~%50%Khóa sim
  ~%50%Khóa tài khoản

  ~%-100%Chờ
####Làm ngay.}

[html]<p>Ngân hàng <b>không</b> hỏi mã OTP.</p>{TRUE#Sai mất rồi.#Đúng.}

Ai dùng nhạc cụ nào? {=Mông -> khèn =Chăm -> trống =  -> đàn bầu}

Hòa Bình nay là tỉnh {=Phú Thọ =%50%Vĩnh Phú#Tên cũ.} nào?

12 × 45 là bao nhiêu? {#540:0.5#12 \= nhân}

Năm nào? {#2024..2026}

Hãy kể lại. {}

Dấu \{ \} \~ \= \# \: là gì? {T}
"""


def plain(text: str) -> list[dict[str, Any]]:
    """The questions; none may be misunderstood."""
    found = gift.read(text)
    assert [each.problem for each in found if each.problem] == []
    return [each.question for each in found]  # type: ignore[misc]


def test_every_kind_of_gift_is_understood() -> None:
    """As other programs write it."""
    single, multiple, true, matching, fill_in, number, span, written, signs = plain(TEXT)
    assert single == {
        "kind": "single",
        "text": "Ai được hỏi mã OTP?",
        "feedback": "",
        "options": [
            {"text": "Không ai", "right": True, "why": "Đúng rồi."},
            {"text": "Ngân hàng", "right": False, "why": "Không bao giờ."},
            {"text": "Công an", "right": False, "why": ""},
        ],
    }
    assert [each["right"] for each in multiple["options"]] == [True, True, False]
    assert (multiple["kind"], multiple["feedback"], multiple["partial"]) == ("multiple", "Làm ngay.", True)
    assert true == {
        "kind": "true_false",
        "text": "Ngân hàng không hỏi mã OTP.",
        "feedback": "",
        "right": "true",
        "why": "Sai mất rồi. Đúng.",
    }
    assert matching["pairs"] == [{"left": "Mông", "right": "khèn"}, {"left": "Chăm", "right": "trống"}]
    assert matching["others"] == ["đàn bầu"]
    assert fill_in["text"] == "Hòa Bình nay là tỉnh ______ nào?"
    assert [(each["text"], each["share"], each["why"]) for each in fill_in["accepted"]] == [
        ("Phú Thọ", 100, ""),
        ("Vĩnh Phú", 50, "Tên cũ."),
    ]
    assert (number["number"], number["tolerance"], number["why"]) == ("540", "0.5", "12 = nhân")
    assert (span["number"], span["tolerance"]) == ("2025", "1")
    assert written["kind"] == "written"
    assert signs["text"] == "Dấu { } ~ = # : là gì?"


def test_categories_become_tags_and_lines_are_known() -> None:
    """Without the program's own $words$."""
    first, *_others = gift.read(TEXT)
    assert (first.line, first.tags) == (5, ["An toàn", "Mã OTP"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Không có ngoặc", "đúng một cặp { }"),
        ("Hai { =a ~b } cặp { =c }", "đúng một cặp { }"),
        ("{ =a ~b }", "không có lời hỏi"),
        ("A? { a b }", "bắt đầu bằng ="),
        ("A? { ~a ~b }", "Không có phương án nào đúng"),
        ("A? { =a ~ }", "Có phương án không có lời"),
        ("A? { =a -> }", "ít nhất hai cặp"),
        ("A? {#mười}", "Đáp số phải viết"),
        ("A? {#3..1}", "Đáp số phải viết"),
        ("A? {#=%50%3}", "Đáp số phải viết"),
        ("A? {=%0%a =%0%b}", "Không có phương án nào đúng"),
        (r'[html]<p>Hình <img src\="@@PLUGINFILE@@/a.png">?</p>{=a ~b}', "có ảnh"),
        (r'Hình nào? {=<img src\="@@PLUGINFILE@@/a.png"> a ~b}', "có ảnh"),
        ("// nhasan: {\nA? {T}", "ghi chú của Nhà Sàn"),
    ],
)
def test_a_mistake_is_told_and_holds_up_nothing(text: str, problem: str) -> None:
    """With its line; the question after it is read."""
    wrong, right = gift.read(f"{text}\n\nĐúng? {{T}}")
    assert problem in wrong.problem
    assert wrong.line == 1
    assert right.question is not None


def test_our_own_export_comes_back_whole() -> None:
    """What GIFT cannot say stands in comments that other programs skip."""
    assert plain(gift.write(QUESTIONS)) == _as_read(QUESTIONS)


def _as_read(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each | {"feedback": each.get("feedback", "")} if each["kind"] in gift.TOLD else each for each in questions]


words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], blacklist_characters="<>&["),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip() and not text.startswith(("//", "$CATEGORY")) and "->" not in text)
options = st.lists(st.fixed_dictionaries({"text": words, "right": st.booleans(), "why": words}), min_size=2, max_size=5)


MOODLE = r"""
// question: 0  name: Switch category to $course$/top/An toàn
$CATEGORY: $course$/top/An toàn/Ví//thẻ


// question: 12  name: Câu 1
// [id:CAU-1] [tag:mã OTP] [tag:ngân hàng [mới\]]
::Câu 1::[html]<p dir\="ltr" style\="text-align\: left;">M&atilde; OTP&nbsp;l&agrave;
g&igrave;?</p>\n<ul>\n<li>5 &lt; 6</li><li>R&amp;D</li></ul>{
	=<p>M&atilde; d&ugrave;ng một lần</p>#<p>Đ&uacute;ng</p>
// một phần
	~%50%<p>Mã bí mật</p>
	~<p>Số thẻ</p>
}


// question: 13  name: Thủ đô
::Thủ đô::[html]<p>Thủ đô?</p>{
	=%100%Hà Nội#
	=%0%Huế#<p>Cố đô.</p>
	=%0%*#<p>Chưa đúng.</p>
	####<p>Chung</p>
}


// question: 14  name: Số
::Số::[html]<p>Bao nhiêu?</p>{#
	=%50%3.5:1#<p>Gần đúng</p>
	=%100%3.5:0.1#<p>Đúng</p>
	~#<p>Sai</p>
}
"""


def test_what_moodle_exports_is_understood() -> None:
    """Entities, blocks of HTML, tags in comments, the category "top", an answer for all others, several numbers."""
    single, fill_in, number = gift.read(MOODLE)
    assert single.tags == ["An toàn", "Ví/thẻ", "mã OTP", "ngân hàng [mới]"]
    assert fill_in.tags == ["An toàn", "Ví/thẻ"]
    assert single.question == {
        "kind": "single",
        "text": "Mã OTP là gì?\n5 < 6\nR&D",
        "feedback": "",
        "options": [
            {"text": "Mã dùng một lần", "right": True, "why": "Đúng"},
            {"text": "Mã bí mật", "right": False, "why": ""},
            {"text": "Số thẻ", "right": False, "why": ""},
        ],
    }
    assert "một phần điểm" in single.warnings[0]
    assert fill_in.question == {
        "kind": "fill_in",
        "text": "Thủ đô?",
        "feedback": "Chung",
        "accepted": [{"text": "Hà Nội", "share": 100, "why": ""}, {"text": "Huế", "share": 0, "why": "Cố đô."}],
    }
    assert "mọi câu trả lời khác" in fill_in.warnings[0]
    assert number.question == {
        "kind": "number",
        "text": "Bao nhiêu?",
        "feedback": "",
        "number": "3.5",
        "tolerance": "0.1",
        "why": "Đúng",
    }
    assert "một đáp số" in number.warnings[0]


def test_rights_of_unequal_weight_are_told() -> None:
    """Every right option counts alike here."""
    (equal,) = gift.read("A? {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}")
    (unequal,) = gift.read("A? {~%75%a ~%25%b ~c}")
    assert equal.warnings == []
    assert "tỷ lệ điểm khác nhau" in unequal.warnings[0]


def test_a_comment_of_ours_says_no_warnings() -> None:
    """Whoever wrote it."""
    (found,) = gift.read('// nhasan: {"warnings": 5, "hint": "Gợi ý"}\nA? {~%75%a ~%25%b ~c}')
    assert found.question is not None
    assert found.question["hint"] == "Gợi ý"
    assert len(found.warnings) == 1


def test_what_we_write_moodle_takes() -> None:
    """A third is 33.33333, since Moodle refuses other shares than those it knows; signs of HTML are plain signs."""
    options = [{"text": text, "right": text != "d", "why": ""} for text in "abcd"]
    question = {"kind": "multiple", "text": "5 < 6?", "options": options, "partial": True, "feedback": ""}
    assert gift.write([question]) == (
        "[plain]5 < 6? {\n  ~%33.33333%a\n  ~%33.33333%b\n  ~%33.33333%c\n  ~%-33.33333%d\n}\n"
    )
    assert "~%50%a" in gift.write([question | {"options": [{**options[0]}, {**options[1]}, options[3]]}])


def test_text_that_looks_like_a_comment_round_trips() -> None:
    """And lines that end as Word ends them."""
    questions = [
        {"kind": "true_false", "text": "// là gì?", "right": "true", "why": "", "feedback": "a\u2028b"},
        {"kind": "true_false", "text": "$CATEGORY: là gì?", "right": "true", "why": "", "feedback": ""},
    ]
    assert plain(gift.write(questions)) == questions


@given(words, options, words)
def test_any_choice_round_trips(text: str, chosen: list[dict[str, Any]], feedback: str) -> None:
    """Whatever signs it holds."""
    right = sum(each["right"] for each in chosen)
    if not right:
        chosen[0]["right"] = True
    kind = "multiple" if right > 1 else "single"
    question = {"kind": kind, "text": text, "options": chosen, "feedback": feedback}
    (found,) = plain(gift.write([question | ({"partial": False} if kind == "multiple" else {})]))
    assert {name: found[name] for name in question} == question


@given(st.text(max_size=200))
def test_any_text_is_understood_or_told(text: str) -> None:
    """Never an error."""
    for each in gift.read(text):
        assert bool(each.question) != bool(each.problem)
