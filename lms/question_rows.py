"""A row of a table of questions, read into a plain question, or every problem of its cells."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.folding import fold
from core.table_kinds import Problem
from lms.question_columns import (
    ALSO_KINDS,
    FILES,
    FORGIVEN,
    LETTERS,
    SHORT,
    kind_word,
    option,
    remark,
    spellings,
    split,
    words,
)
from lms.questions import KINDS
from lms.questions.short import readings

Plain = dict[str, Any]
TRUE = {"dung", "d", "true", "t", "yes", "right"}
FALSE = {"sai", "s", "false", "f", "no", "wrong"}
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}  # of a formula, as Excel shows them
AFFIRMED, DENIED = {"co", "x", "yes", "y", "true", "1", "dung"}, {"", "khong", "no", "n", "false", "0", "sai"}


class _Wrong(Exception):
    """Raised with the column and what to mend in it."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(column, text)


class Row:
    """The cells of one row; said: the columns that the table has, so that an empty cell says "nothing"."""

    def __init__(self, values: Mapping[str, str], said: Collection[str]) -> None:
        self.values = values
        self.said = said
        self.parts = [(letter, cell) for letter in LETTERS if (cell := self[option(letter)])]
        self.right = self["right"]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def why(self, letter: str, name: str = "why") -> Plain:
        """The remark of a lettered column, if the table has such a column."""
        return {name: self[remark(letter)]} if remark(letter) in self.said else {}

    def optional(self, name: str, read: Callable[[str], Any]) -> Plain:
        """A field that keeps its default where the cell is empty or the column is not there."""
        return {name: read(self[name])} if self[name] else {}


def read(values: Mapping[str, str], said: Collection[str]) -> tuple[Plain | None, list[Problem]]:
    """The question, without what the table does not say; or None with what is wrong."""
    row = Row(values, said)
    problems = [
        Problem(name, _("Ô này có lỗi công thức (%(error)s). Hãy sửa trong bảng tính.") % {"error": cell})
        for name, cell in values.items()
        if cell in ERRORS
    ]
    if not row["text"]:
        problems.append(Problem("text", _("Câu này không có lời hỏi.")))
    for letter in LETTERS:
        lonely = row[remark(letter)] and not row[option(letter)]
        if lonely and not (letter == "A" and _kind_has_explanation(row)):
            text = _("Có nhận xét %(letter)s nhưng không có phương án %(letter)s.")
            problems.append(Problem(remark(letter), text % {"letter": letter}))
    try:
        kind = _kind(row)
        own = _READERS[kind](row)
    except _Wrong as error:
        return None, [*problems, error.problem]
    if problems:
        return None, problems
    general = {name: row[name] for name in ("hint", "feedback") if name in said}
    return {"kind": kind, "text": row["text"], **general, **own}, []


def _kind(row: Row) -> str:
    typed = fold(row["kind"].replace("/", " ").replace(",", " "))
    if not typed:
        return _guessed(row)
    kind = _named(typed)
    if kind is None:
        known = ", ".join(kind_word(each) for each in KINDS)
        raise _Wrong("kind", _("Không có loại câu hỏi này. Các loại là: %(kinds)s.") % {"kinds": known})
    if kind == "single" and len(words(row.right)) > 1 and typed not in _kind_labels("single"):
        return "multiple"  # "trắc nghiệm" says neither
    return kind


def _named(typed: str) -> str | None:
    for kind, also in ALSO_KINDS.items():
        if typed in also or typed in _kind_labels(kind):
            return kind
    return None


def _kind_labels(kind: str) -> set[str]:
    return {kind, *spellings(SHORT.get(kind, "")), *spellings(KINDS[kind].label)} - {""}


def _kind_has_explanation(row: Row) -> bool:
    """Whether remark A is the explanation of a question without options."""
    try:
        return _kind(row) in {"true_false", "number"}
    except _Wrong:
        return True  # the kind's own problem is told


def _guessed(row: Row) -> str:
    """What people leave out because they see it."""
    right = fold(row.right)
    if not row.parts and right in TRUE | FALSE:
        return "true_false"
    if not row.parts and row.right:
        return "number" if readings(row.right) else "fill_in"
    if row.parts and row.right:
        return "multiple" if len(_letters(row)) > 1 else "single"
    if row.parts and all(split(cell)[1] for _letter, cell in row.parts):
        return "matching"
    if row.parts:
        raise _Wrong("right", _("Câu này chưa có đáp án. Hãy ghi chữ cái của phương án đúng."))
    raise _Wrong("kind", _("Hãy ghi loại câu hỏi."))


def _letters(row: Row) -> set[str]:
    """The letters of the right options."""
    texts = {fold(cell): letter for letter, cell in row.parts}
    if fold(row.right) in texts and len(row.right) > 1:
        return {texts[fold(row.right)]}
    said = fold(row.right.replace(";", " ").replace(",", " ").replace(".", " ").replace("+", " "))
    found = {each for word in said.split() if word not in {"va", "and"} for each in word.upper()}
    if not found:
        raise _Wrong("right", _("Câu này chưa có đáp án. Hãy ghi chữ cái của phương án đúng."))
    if unknown := found - {letter for letter, _cell in row.parts}:
        text = _("Không có phương án %(letters)s. Hãy ghi chữ cái của phương án đúng, như A hoặc A, C.")
        raise _Wrong("right", text % {"letters": ", ".join(sorted(unknown))})
    return found


def _count(row: Row, least: int, most: int) -> None:
    if not least <= len(row.parts) <= most:
        text = _("Loại câu này cần từ %(least)d đến %(most)d cột A, B, C… có chữ; ở đây có %(n)d.")
        raise _Wrong(option("A"), text % {"least": least, "most": most, "n": len(row.parts)})


def _choice(row: Row) -> Plain:
    _count(row, 2, 10)
    right = _letters(row)
    options = [{"text": cell, "right": letter in right, **row.why(letter)} for letter, cell in row.parts]
    return {"options": options, **row.optional("shuffle", lambda said: _yes("shuffle", said))}


def _single(row: Row) -> Plain:
    if len(_letters(row)) > 1:
        raise _Wrong("right", _("Câu hỏi chọn một cần đúng một phương án đúng."))
    return _choice(row)


def _multiple(row: Row) -> Plain:
    return _choice(row) | _partial(row)


def _partial(row: Row) -> Plain:
    return row.optional("partial", lambda said: _yes("partial", said))


def _true_false(row: Row) -> Plain:
    said = fold(row.right)
    if len(row.parts) == 2 and len(said) == 1:  # options A. Đúng, B. Sai
        said = fold(dict(row.parts).get(said.upper(), said))
    if said not in TRUE | FALSE:
        raise _Wrong("right", _("Hãy ghi Đúng hoặc Sai."))
    return {"right": "true" if said in TRUE else "false", **row.why("A")}


def _matching(row: Row) -> Plain:
    pairs, others = [], []
    for letter, cell in row.parts:
        left, right = split(cell)
        if not right:
            raise _Wrong(option(letter), _("Hãy viết: vế trái → vế phải."))
        if left:
            pairs.append({"left": left, "right": right})
        else:
            others.append(right)
    if not 2 <= len(pairs) <= 10 or len(others) > 5:
        raise _Wrong(option("A"), _("Câu ghép cặp cần từ 2 đến 10 cặp và nhiều nhất 5 vế phải thừa."))
    return {"pairs": pairs, "others": others} | _partial(row)


def _ordering(row: Row) -> Plain:
    _count(row, 2, 10)
    return {"steps": [cell for _letter, cell in row.parts]} | _partial(row)


def _fill_in(row: Row) -> Plain:
    accepted = []
    for letter, cell in row.parts or [("", row.right)]:
        text, share = split(cell)
        value = _whole(option(letter or "A"), "100" if share is None else share.rstrip("% "), 0, 100)
        if not text:
            raise _Wrong(option(letter or "A"), _("Hãy ghi câu trả lời được nhận."))
        accepted.append({"text": text, "share": value, **(row.why(letter) if letter else {})})
    if not any(each["share"] == 100 for each in accepted):
        raise _Wrong(option("A"), _("Cần ít nhất một câu trả lời được 100 % điểm."))
    return {"accepted": accepted, **row.optional("forgiven", lambda said: _listed("forgiven", said, FORGIVEN))}


def _number(row: Row) -> Plain:
    meant = readings(row.right)
    if not meant:
        raise _Wrong("right", _("Hãy ghi một con số, ví dụ 12 hoặc 12,5."))
    if len(row["unit"]) > 30:
        raise _Wrong("unit", _("Đơn vị tính dài quá 30 ký tự."))
    unit = {"unit": row["unit"]} if "unit" in row.said else {}
    return {"number": f"{meant[0]:f}", **row.optional("tolerance", _tolerance), **unit, **row.why("A")}


def _tolerance(said: str) -> str:
    meant = readings(said)
    if not meant or meant[0] < 0:
        raise _Wrong("tolerance", _("Sai số là một con số từ 0 trở lên."))
    return f"{meant[0]:f}"


def _scale(row: Row) -> Plain:
    if len(row.parts) not in {0, 2}:
        raise _Wrong(option("A"), _("Ghi mức thấp nhất ở cột A, mức cao nhất ở cột B."))
    ends = dict(zip(("low", "high"), (cell for _letter, cell in row.parts), strict=False))
    return {**row.optional("steps", lambda said: _whole("steps", said, 2, 10)), **ends}


def _written(row: Row) -> Plain:
    model = {"model": row["model"]} if "model" in row.said else {}
    return {**row.optional("longest", lambda said: _whole("longest", said, 50, 20_000)), **_rubric(row), **model}


def _upload(row: Row) -> Plain:
    kinds = {"kinds": _listed("files", row["files"], FILES)} if row["files"] else {}
    return {**kinds, **_rubric(row)}


def _rubric(row: Row) -> Plain:
    if len(row.parts) > 10:
        _count(row, 0, 10)
    rubric = []
    for letter, cell in row.parts:
        title, points = split(cell)
        if not title:
            raise _Wrong(option(letter), _("Hãy viết: tiêu chí → điểm tối đa."))
        value = _whole(option(letter), points or "1", 1, 100)
        rubric.append({"title": title, "points": value, **row.why(letter, "note")})
    return {"rubric": rubric} if option("A") in row.said else {}


def _whole(column: str, said: str, least: int, most: int) -> int:
    number = next(iter(readings(said)), None)
    if number is None or number != int(number) or not least <= number <= most:
        text = _("Hãy ghi một số nguyên từ %(least)d đến %(most)d.") % {"least": least, "most": most}
        raise _Wrong(column, text)
    return int(number)


def _yes(column: str, said: str) -> bool:
    typed = fold(said)
    if typed not in AFFIRMED | DENIED:
        raise _Wrong(column, _("Hãy ghi “có” hoặc “không”."))
    return typed in AFFIRMED


def _listed(column: str, said: str, known: Mapping[str, Any]) -> list[str]:
    if fold(said) in {"khong", "no", "none"}:
        return []
    by_word = {word: name for name, label in known.items() for word in {fold(name), *spellings(label)}}
    typed = [fold(word) for word in words(said)]
    if unknown := [word for word in typed if word not in by_word]:
        text = _("Không hiểu “%(word)s”. Có thể ghi: %(words)s.")
        raise _Wrong(column, text % {"word": unknown[0], "words": "; ".join(map(str, known.values()))})
    return [by_word[word] for word in typed]


_READERS: dict[str, Callable[[Row], Plain]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "fill_in": _fill_in,
    "number": _number,
    "scale": _scale,
    "written": _written,
    "upload": _upload,
}
assert set(_READERS) == set(KINDS)
