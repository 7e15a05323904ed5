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
