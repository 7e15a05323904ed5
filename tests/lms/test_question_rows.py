"""A question becomes the cells of a row and comes back whole; each mistake is told by its column."""

import io
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core import sheet_reading, spreadsheets, table_columns
from lms import question_cells, question_rows, question_template
from lms.question_columns import COLUMNS, kind_word
from lms.questions import KINDS
from tests.lms.all_kinds import QUESTIONS

NAMES = [column.name for column in COLUMNS]


def through_excel(questions: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The cells of each row as they come back from a workbook."""
    rows = [question_cells.cells(each) for each in questions]
    headings = [spreadsheets.Heading(str(column.heading)) for column in COLUMNS]
    room = io.BytesIO()
    spreadsheets.write_xlsx(
        [spreadsheets.Sheet("Câu hỏi", headings, [[row.get(name, "") for name in NAMES] for row in rows])], room
    )
    room.seek(0)
    ((_name, lines),) = sheet_reading.sheets(room, as_written=True)
    head, *body = lines
    places = table_columns.find(COLUMNS, [(head.number, head.cells)]).places
    assert list(places) == NAMES
    return [{name: line.cells[place] for name, place in places.items() if place < len(line.cells)} for line in body]


def whole(question: dict[str, Any]) -> dict[str, Any]:
    """With what a table with all columns says of it: empty remarks, no keys."""
    found = {"hint": "", "feedback": "", **question}
    for name in ("options", "accepted"):
        if name in question:
            found[name] = [{"why": "", **{k: v for k, v in each.items() if k != "key"}} for each in question[name]]
    if "pairs" in question:
        found["pairs"] = [{"left": each["left"], "right": each["right"]} for each in question["pairs"]]
        found.setdefault("others", [])
    if question["kind"] in {"written", "upload"}:
        found["rubric"] = [{"note": "", **each} for each in question.get("rubric", [])]
    if question["kind"] in {"true_false", "number"}:
        found.setdefault("why", "")
    if question["kind"] == "number":
        found.setdefault("unit", "")
    if question["kind"] == "written":
        found.setdefault("model", "")
    return found


def read(row: dict[str, str]) -> dict[str, Any]:
    question, problems = question_rows.read(row, NAMES)
    assert [problem.text for problem in problems] == []
    assert question is not None
    return question


@pytest.mark.parametrize("question", [*QUESTIONS, *question_template.examples()], ids=lambda each: each["kind"])
def test_every_kind_goes_through_excel_without_loss(question: dict[str, Any]) -> None:
    """The site's own examples and those of the template."""
    (row,) = through_excel([question])
    assert read(row) == whole(question)


@pytest.mark.parametrize("languages", [("en", "vi"), ("vi", "en")])
def test_files_of_one_language_come_in_in_the_other(languages: tuple[str, str]) -> None:
    """Headings and words of both are known."""
    for question in QUESTIONS:
        with translation.override(languages[0]):
            (row,) = through_excel([question])
        with translation.override(languages[1]):
            assert read(row) == whole(question)


words = (
    st.text(
        st.characters(blacklist_categories=["Cs", "Cc", "Cn"], blacklist_characters="\u200b\u2060\ufeff\u00ad"),
        min_size=1,
        max_size=15,
    )
    .map(lambda text: sheet_reading.text(text, as_written=True))
    .filter(bool)
)
lines = st.lists(words, min_size=1, max_size=3).map("\n".join)
remarks = st.one_of(st.just(""), lines)
digits = st.decimals(-(10**9), 10**9, places=3).map(lambda number: f"{number:f}")


def several(item: Any, least: int, most: int) -> Any:
    return st.lists(item, min_size=least, max_size=most)


def choice(rights: tuple[int, int]) -> Any:
    def marked(parts: list[tuple[str, str]], count: int) -> list[dict[str, Any]]:
        return [{"text": text, "right": place < count, "why": why} for place, (text, why) in enumerate(parts)]

    parts = several(st.tuples(lines, remarks), max(2, rights[1]), 10)
    return st.builds(marked, parts, st.integers(*rights))


def question(kind: str, **fields: Any) -> Any:
    general = {"kind": st.just(kind), "text": lines, "hint": remarks, "feedback": remarks}
    return st.fixed_dictionaries({**general, **fields})


pair = st.fixed_dictionaries({"left": words, "right": words})
accepted = st.fixed_dictionaries({"text": words, "share": st.integers(0, 100), "why": remarks})
criterion = st.fixed_dictionaries({"title": words, "points": st.integers(1, 100), "note": remarks})
ANY = {
    "single": question("single", options=choice((1, 1)), shuffle=st.booleans()),
    "multiple": question("multiple", options=choice((1, 4)), shuffle=st.booleans(), partial=st.booleans()),
    "true_false": question("true_false", right=st.sampled_from(["true", "false"]), why=remarks),
    "matching": question("matching", pairs=several(pair, 2, 10), others=several(words, 0, 5), partial=st.booleans()),
    "ordering": question("ordering", steps=several(lines, 2, 10), partial=st.booleans()),
    "fill_in": question(
        "fill_in",
        accepted=several(accepted, 1, 20).map(lambda all_: [{**all_[0], "share": 100}, *all_[1:]]),
        forgiven=st.lists(st.sampled_from(["case", "tone_place", "i_or_y", "punctuation", "marks"]), unique=True),
    ),
    "number": question(
        "number", number=digits, tolerance=digits.map(lambda text: text.lstrip("-")), unit=words, why=remarks
    ),
    "scale": question("scale", steps=st.integers(2, 10), low=lines, high=lines),
    "written": question("written", longest=st.integers(50, 20_000), rubric=several(criterion, 0, 10), model=remarks),
    "upload": question(
        "upload",
        kinds=st.lists(st.sampled_from(["document", "picture", "voice"]), unique=True, min_size=1),
        rubric=several(criterion, 0, 10),
    ),
}
assert set(ANY) == set(KINDS)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(*ANY.values()), min_size=1, max_size=8))
def test_any_questions_go_through_excel_without_loss(questions: list[dict[str, Any]]) -> None:
    """Whatever signs, arrows, commas and line ends they hold."""
    assert [read(row) for row in through_excel(questions)] == questions


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.one_of(st.text(max_size=20), st.sampled_from(["A", "A, B", "3", "→", "có"]))
    )
)
def test_any_row_is_understood_or_told(row: dict[str, str]) -> None:
    """Never an error."""
    found, problems = question_rows.read(row, NAMES)
    assert (found is None) == bool(problems)


TWO = {"option_a": "Một", "option_b": "Hai"}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({**TWO, "right": "B"}, "single"),
        ({**TWO, "right": "A và B"}, "multiple"),
        ({**TWO, "right": "ab"}, "multiple"),
        ({**TWO, "right": "Hai"}, "single"),
        ({**TWO, "right": "A, B", "kind": "Trắc nghiệm"}, "multiple"),
        ({"right": "Sai"}, "true_false"),
        ({**TWO, "right": "12,5", "kind": "Numeric"}, "number"),
        ({"right": "540"}, "number"),
        ({"right": "Phú Thọ"}, "fill_in"),
        ({"option_a": "Mông -> khèn", "option_b": "Tày => đàn tính"}, "matching"),
        ({"kind": "Tự luận"}, "written"),
        ({"kind": "Free text"}, "written"),
    ],
)
def test_what_people_leave_out_is_seen(row: dict[str, str], kind: str) -> None:
    """The kind, from the options and the answer; other words for it."""
    found, problems = question_rows.read({"text": "Hỏi?", **row}, NAMES)
    assert problems == []
    assert found["kind"] == kind


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        ({**TWO, "text": "", "right": "A"}, "text", "không có lời hỏi"),
        ({**TWO}, "right", "chưa có đáp án"),
        ({**TWO, "right": "C"}, "right", "Không có phương án C"),
        ({**TWO, "right": "A, B", "kind": "Chọn một"}, "right", "đúng một phương án đúng"),
        ({"option_a": "Một", "right": "A"}, "option_a", "từ 2 đến 10"),
        ({"kind": "Ô chữ"}, "kind", "Các loại là: Chọn một, Chọn nhiều"),
        ({}, "kind", "Hãy ghi loại câu hỏi"),
        ({**TWO, "right": "A", "why_d": "Vì"}, "why_d", "không có phương án D"),
        ({**TWO, "kind": "Ghép cặp"}, "option_a", "vế trái → vế phải"),
        ({"kind": "Ghép cặp", "option_a": "a → b"}, "option_a", "từ 2 đến 10 cặp"),
        ({"kind": "Điền từ", "option_a": "a → nửa"}, "option_a", "từ 0 đến 100"),
        ({"kind": "Điền từ", "option_a": "a → 50"}, "option_a", "được 100 % điểm"),
        ({"kind": "Điền từ", "option_a": "a", "forgiven": "mùi"}, "forgiven", "Không hiểu “mui”"),
        ({"kind": "Điền số", "right": "mười"}, "right", "Hãy ghi một con số"),
        ({"kind": "Điền số", "right": "10", "tolerance": "-1"}, "tolerance", "từ 0 trở lên"),
        ({"kind": "Đúng hay sai", "right": "có lẽ"}, "right", "Đúng hoặc Sai"),
        ({"kind": "Thang đánh giá", "steps": "11"}, "steps", "từ 2 đến 10"),
        ({"kind": "Thang đánh giá", "option_a": "Thấp"}, "option_a", "mức cao nhất ở cột B"),
        ({"kind": "Tự luận", "longest": "5"}, "longest", "từ 50 đến 20000"),
        ({"kind": "Tự luận", "option_a": "Rõ ràng → 0"}, "option_a", "từ 1 đến 100"),
        ({"kind": "Nộp tệp", "files": "phim"}, "files", "Không hiểu “phim”"),
        ({**TWO, "right": "A", "shuffle": "chắc"}, "shuffle", "“có” hoặc “không”"),
    ],
)
def test_a_mistake_is_told_by_its_column(row: dict[str, str], column: str, text: str) -> None:
    """And what to write there."""
    found, (problem, *_others) = question_rows.read({"text": "Hỏi?", **row}, NAMES)
    assert found is None
    assert problem.column == column
    assert text in problem.text


def test_what_the_table_has_no_column_for_is_left_unsaid() -> None:
    """So that taking it in leaves it as it stands in the bank."""
    found, _problems = question_rows.read(
        {"text": "Hỏi?", **TWO, "right": "A"}, ["text", "right", "option_a", "option_b"]
    )
    assert found == {
        "kind": "single",
        "text": "Hỏi?",
        "options": [{"text": "Một", "right": True}, {"text": "Hai", "right": False}],
    }


def test_kinds_are_known_by_their_words() -> None:
    """Those of the drop-down list of the template."""
    for kind in KINDS:
        assert question_rows._named(question_rows.fold(kind_word(kind))) == kind
