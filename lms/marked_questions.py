"""Questions in the layout that trainers use in Word, the right option marked.

The right one is bold, underlined, coloured, highlighted or has * before it; or it is named in a line "Đáp án: B", or in
a table of answers at the end. What all options have in common marks none of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.folding import fold
from lms import question_answers, question_layout
from lms.paragraphs import Marks, Paragraph, Piece
from lms.question_layout import Option, Part, Table, joined
from lms.questions.short import readings

Plain = dict[str, Any]
ESSAY = re.compile(r"\s*[(\[]\s*(?:câu\s*)?tự\s*luận\s*[)\]]\s*", re.IGNORECASE)
TRUE_FALSE = re.compile(r"\s*[(\[]?\s*(đúng)\s*(?:/|hay|hoặc|\s)\s*(sai)\s*[)\]]?\s*\??\s*$", re.IGNORECASE)
UNKNOWN_OPTIONS = re.compile(r"(?<!\w)A\s*[.):/–-].*(?<!\w)B\s*[.):/–-]", re.IGNORECASE | re.DOTALL)
UNKNOWN = gettext_lazy("không nhận ra các phương án. Hãy viết mỗi phương án một dòng, bắt đầu bằng “A.”, “B.”…")
DIMENSIONS = ("starred", "highlighted", "coloured", "underlined", "bold")


@dataclass(frozen=True)
class Read:
    """A question: its number as it stands in the file, and what it is or why it cannot be taken in."""

    number: str
    text: str
    question: Plain | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def questions(blocks: Sequence[Paragraph | Table]) -> list[Read]:
    """Every question, in order, right or not."""
    found, answers = question_layout.parts(blocks)
    numbers = [each.number for each in found]
    return [_read(each, answers, is_twice=numbers.count(each.number) > 1) for each in found]


def _read(each: Part, answers: dict[str, str], *, is_twice: bool) -> Read:
    text = joined(each.lines)
    problems: list[str] = []
    warnings: list[str] = []
    if each.has_equation:
        problems.append(_("có công thức, mà câu hỏi chỉ chứa chữ. Hãy viết công thức bằng chữ."))
    if each.has_picture:
        problems.append(_("có ảnh hoặc hình vẽ, mà câu hỏi chỉ chứa chữ. Hãy đưa ảnh vào bài học, rồi xóa khỏi tệp."))
    if not text:
        problems.append(_("không có lời hỏi."))
    said = each.said.get("answer", "")
    if not said and each.number in answers:
        said = answers[each.number]
        if is_twice:
            problems.append(_("có nhiều câu cùng số này nên không biết bảng đáp án nói về câu nào."))
    if problems:
        return Read(each.number, text, problems=problems)
    try:
        question = _question(each, text, said, warnings)
    except _Unclear as error:
        return Read(each.number, text, problems=[str(error)])
    general = {name: each.said[name] for name in ("feedback", "hint") if each.said.get(name)}
    return Read(each.number, text, {**question, **general}, warnings=warnings)


class _Unclear(Exception):
    """Raised with what is missing in a question."""


def _question(each: Part, text: str, said: str, warnings: list[str]) -> Plain:
    if ESSAY.search(text):
        return {"kind": "written", "text": ESSAY.sub(" ", text).strip()}
    if each.is_essay and not each.options and not said:
        return {"kind": "written", "text": text}
    if not each.options:
        return _open(each, text, said, warnings)
    if len(each.options) == 1 or any(not option.text for option in each.options):
        raise _Unclear(_("cần ít nhất hai phương án, phương án nào cũng phải có chữ."))
    if len(each.options) > 10:
        raise _Unclear(_("có hơn 10 phương án."))
    right = _right(each.options, said, warnings)
    texts = [_without_star(option.text) for option in each.options]
    if [fold(words) for words in texts] == ["dung", "sai"] and len(right) == 1:
        return {"kind": "true_false", "text": text, "right": "true" if right == {"A"} else "false"}
    options = [
        {"text": words, "right": option.letter in right} for option, words in zip(each.options, texts, strict=True)
    ]
    return {"kind": "multiple" if len(right) > 1 else "single", "text": text, "options": options}


def _without_star(text: str) -> str:
    return question_layout.STAR.sub("", text)


def _open(each: Part, text: str, said: str, warnings: list[str]) -> Plain:
    """Without options: true or false, a number, or words to fill in."""
    last = each.lines[-1]
    ending = TRUE_FALSE.search(last.text)
    if ending:
        said = said or _marked_word(last, ending)
        text = joined([*each.lines[:-1], last.part(0, ending.start())])
    typed = fold(said)
    if typed in {"dung", "d", "true"} or typed in {"sai", "s", "false"}:
        if not text:
            raise _Unclear(_("không có lời hỏi."))
        return {"kind": "true_false", "text": text, "right": "true" if typed in {"dung", "d", "true"} else "false"}
    if not said and not ending and any(any(vars(_common(line.pieces)).values()) for line in each.lines[1:]):
        raise _Unclear(str(UNKNOWN))
    if not said or ending:
        raise _Unclear(_("chưa có đáp án. Hãy đánh dấu phương án đúng, hoặc ghi dòng “Đáp án: B” dưới câu hỏi."))
    if question_answers.letters(said) and UNKNOWN_OPTIONS.search(text):
        raise _Unclear(str(UNKNOWN))
    if meant := readings(said):
        if len(meant) > 1:
            warnings.append(
                _("đáp số %(said)s được hiểu là %(number)s; hãy xem lại.") % {"said": said, "number": f"{meant[0]:f}"}
            )
        return {"kind": "number", "text": text, "number": f"{meant[0]:f}"}
    accepted = [{"text": words.strip(), "share": 100} for words in re.split(r"[;/]", said) if words.strip()]
    return {"kind": "fill_in", "text": text, "accepted": accepted}


def _marked_word(line: Paragraph, ending: re.Match[str]) -> str:
    """Which of “Đúng / Sai” stands out."""
    marks = [_common(line.part(*ending.span(group)).pieces) for group in (1, 2)]
    if marks[0] == marks[1]:
        return ""
    return "Đúng" if any(vars(marks[0]).values()) and not any(vars(marks[1]).values()) else "Sai"


def _right(options: Sequence[Option], said: str, warnings: list[str]) -> set[str]:
    """The letters of the right options. Raises _Unclear."""
    marked = [letters for name in DIMENSIONS for letters in _standing_out(options, name)]
    if said:
        letters = question_answers.letters(said) or {
            option.letter for option in options if fold(option.text) == fold(said)
        }
        if not letters or letters - {option.letter for option in options}:
            raise _Unclear(_("đáp án “%(said)s” không phải phương án nào.") % {"said": said[:80]})
        if marked and letters != marked[0]:
            text = _("dòng đáp án nói %(said)s, còn trong câu lại đánh dấu %(marked)s. Đã lấy theo dòng đáp án.")
            warnings.append(text % {"said": ", ".join(sorted(letters)), "marked": ", ".join(sorted(marked[0]))})
        return letters
    if not marked:
        raise _Unclear(_("chưa có đáp án. Hãy đánh dấu phương án đúng, hoặc ghi dòng “Đáp án: B” dưới câu hỏi."))
    if any(letters != marked[0] for letters in marked):
        text = _("có nhiều cách đánh dấu khác nhau. Đã lấy %(marked)s; hãy xem lại.")
        warnings.append(text % {"marked": ", ".join(sorted(marked[0]))})
    return marked[0]


def _standing_out(options: Sequence[Option], name: str) -> Iterator[set[str]]:
    """The options that have this mark while others have not: as a whole, or their letters."""
    if name == "starred":
        found = [{option.letter for option in options if option.starred}]
    else:
        found = [
            {option.letter for option in options if getattr(_common(pieces(option)), name)}
            for pieces in (
                lambda option: [p for line in option.body for p in line.pieces],
                lambda option: option.label.pieces,
            )
        ]
    yield from (letters for letters in found if 0 < len(letters) < len(options))


def _common(pieces: Sequence[Piece]) -> Marks:
    """What all the words have in common; spaces and stops do not count."""
    marks = [piece.marks for piece in pieces if re.search(r"[^\W_]", piece.text)]
    return Marks(**{name: bool(marks) and all(getattr(each, name) for each in marks) for name in DIMENSIONS[1:]})
