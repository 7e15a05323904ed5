"""Questions in the layout that trainers use in Word: "Câu 1.", options "A." to "D.", the right one marked.

The right one is bold, underlined, coloured, highlighted or has * before it; or it is named in a line "Đáp án: B", or in
a table of answers at the end. What all options have in common marks none of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from core.folding import fold
from lms import question_answers
from lms.questions.short import read_number

Plain = dict[str, Any]


@dataclass(frozen=True)
class Marks:
    """How words stand out."""

    bold: bool = False
    underlined: bool = False
    coloured: bool = False
    highlighted: bool = False


@dataclass(frozen=True)
class Piece:
    """Words that stand out alike."""

    text: str
    marks: Marks


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or what a line of one holds."""

    pieces: list[Piece]
    has_picture: bool = False
    has_equation: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(piece.text for piece in self.pieces)

    def part(self, start: int, end: int) -> "Paragraph":
        """The characters from start to end."""
        pieces, at = [], 0
        for piece in self.pieces:
            words = piece.text[max(0, start - at) : max(0, end - at)]
            pieces += [Piece(words, piece.marks)] if words else []
            at += len(piece.text)
        return replace(self, pieces=pieces)


Table = list[list[list[Paragraph]]]


@dataclass(frozen=True)
class Read:
    """A question: its number as it stands in the file, and what it is or why it cannot be taken in."""

    number: str
    text: str
    question: Plain | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Option:
    letter: str
    label: Paragraph
    body: list[Paragraph]
    starred: bool

    @property
    def text(self) -> str:
        return _joined(self.body)


@dataclass
class _Question:
    number: str
    lines: list[Paragraph] = field(default_factory=list)
    options: list[_Option] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # answer, feedback, hint
    last: str = ""
    has_picture: bool = False
    has_equation: bool = False


WORD = re.compile(r"\s*(?:câu\s*hỏi|câu|question)\s*(?:số\s*)?(\d{1,4})\s*(?:[.:)/–-]|$|(?=\s))\s*", re.IGNORECASE)
NUMBER = re.compile(r"\s*(\d{1,4})\s*[.)](?!\d)\s*")
OPTION = re.compile(r"\s*(\*?)\s*[(]?([A-Ja-j])\s*[.)](?!\w\.)\s*(\*?)")
SAID = (
    (
        "answer",
        re.compile(
            r"\s*[\[(]?\s*(?:đáp\s*án(?:\s*đúng)?\s*là(?=\s)|(?:đáp\s*án(?:\s*đúng)?(?:\s*là)?|đ/?a|trả\s*lời|answer|ans)\s*[:.])\s*",
            re.IGNORECASE,
        ),
    ),
    (
        "feedback",
        re.compile(r"\s*(?:giải\s*thích|lời\s*giải|hướng\s*dẫn(?:\s*giải)?|explanation)\s*[:.]\s*", re.IGNORECASE),
    ),
    ("hint", re.compile(r"\s*(?:gợi\s*ý|hint)\s*[:.]\s*", re.IGNORECASE)),
)
ESSAY = re.compile(r"\s*[(\[]\s*(?:câu\s*)?tự\s*luận\s*[)\]]\s*", re.IGNORECASE)
TRUE_FALSE = re.compile(r"\s*[(\[]?\s*(đúng)\s*(?:/|hay|hoặc|\s)\s*(sai)\s*[)\]]?\s*\??\s*$", re.IGNORECASE)
DIMENSIONS = ("starred", "highlighted", "coloured", "underlined", "bold")


def questions(blocks: Sequence[Paragraph | Table]) -> list[Read]:
    """Every question, in order, right or not."""
    lines, answers = _lines(blocks)
    found = list(_parted(lines))
    numbers = [each.number for each in found]
    return [_read(each, answers, is_twice=numbers.count(each.number) > 1) for each in found]


def _lines(blocks: Sequence[Paragraph | Table]) -> tuple[list[Paragraph], dict[str, str]]:
    """The lines of questions, tables opened, and the answers at the end by number."""
    lines: list[Paragraph] = []
    answers: dict[str, str] = {}
    at_answers = False
    for block in blocks:
        if isinstance(block, Paragraph):
            at_answers = at_answers or question_answers.is_heading(block.text)
            for line in _broken(block):
                begins = WORD.match(line.text) or NUMBER.match(line.text)
                if at_answers and begins and not question_answers.is_answers(line.text):
                    at_answers = False  # another part of the file
                if at_answers:
                    answers |= question_answers.of_line(line.text)
                else:
                    lines.append(line)
            continue
        grid = [[_joined(cell) for cell in row] for row in block]
        of_table = question_answers.of_table(grid)
        if of_table and (at_answers or question_answers.is_grid(grid)):
            answers |= of_table
        else:
            lines += [line for row in block for line in _cells(row)]
    return lines, answers


def _broken(paragraph: Paragraph) -> Iterator[Paragraph]:
    """At its line ends."""
    start = 0
    for line in paragraph.text.split("\n"):
        yield paragraph.part(start, start + len(line))
        start += len(line) + 1


def _cells(row: list[list[Paragraph]]) -> Iterator[Paragraph]:
    """The lines of a row of a table; a cell with a letter or number alone belongs to the next."""
    label: list[Piece] = []
    for cell in row:
        for paragraph in cell:
            for line in _broken(paragraph):
                alone = re.fullmatch(r"\s*(\*?\s*[A-Ja-j]|\d{1,4})\s*[.)]?\s*", line.text)
                if alone:
                    sign = "" if line.text.strip().endswith((".", ")")) else "."
                    label = [*line.pieces, Piece(f"{sign} ", line.pieces[-1].marks)]
                    continue
                yield replace(line, pieces=[*label, *line.pieces])
                label = []


def _parted(lines: Sequence[Paragraph]) -> Iterator[_Question]:
    uses_word = any(WORD.match(line.text) for line in lines)
    now: _Question | None = None
    for place, line in enumerate(lines):
        begun = _begins(line, now, uses_word=uses_word)
        if begun:
            if now:
                yield now
            now = _Question(begun[0])
        if now is not None:
            following = lines[place + 1].text if place + 1 < len(lines) else ""
            _take(now, line.part(begun[1], len(line.text)) if begun else line, following)
    if now:
        yield now


def _begins(line: Paragraph, now: _Question | None, *, uses_word: bool) -> tuple[str, int] | None:
    """(number, where its words begin) of a line with which a question begins.

    In a file whose questions are "Câu 1", a bare number is no question; else it is where a question may follow.
    """
    found = (WORD if uses_word else NUMBER).match(line.text)
    if found is None:
        return None
    if uses_word or now is None or now.options or now.said.get("answer"):
        return found[1], found.end()
    is_next = now.number.isdecimal() and int(found[1]) == int(now.number) + 1
    return (found[1], found.end()) if is_next else None


def _take(now: _Question, line: Paragraph, following: str) -> None:
    now.has_picture |= line.has_picture
    now.has_equation |= line.has_equation
    text = line.text
    for name, pattern in SAID:
        if found := pattern.match(text):
            now.said[name], now.last = text[found.end() :].strip(), name
            return
    if _expected(text, len(now.options)):
        now.options += _options(line, len(now.options), following)
        now.last = "option"
    elif not text.strip():
        now.last = "" if now.last != "text" else now.last
    elif now.last in now.said:
        now.said[now.last] = f"{now.said[now.last]}\n{text.strip()}".strip()
    elif now.options:
        now.options[-1].body.append(line)
    else:
        now.lines.append(line)
        now.last = "text"


def _expected(text: str, place: int) -> re.Match[str] | None:
    """The label of the option that comes next at the beginning of the text: A. first, then B."""
    found = OPTION.match(text)
    return found if found and ord(found[2].upper()) - ord("A") == place else None


def _options(line: Paragraph, place: int, following: str) -> Iterator[_Option]:
    """The options of one line: several stand behind tabs or wide gaps, or behind one space where no line follows."""
    text = line.text
    starts = [0]
    small = OPTION.match(text)[2].islower()  # type: ignore[index]
    while True:
        letter = chr(ord("A") + place + len(starts))
        if small:
            letter = letter.lower()
        gap = r"(?:\t\s*|\s{2,})" if re.match(rf"\s*\*?\s*\(?{letter}\s*[.)]", following) else r"\s"
        found = re.compile(rf"(?<=\S){gap}+(?=\*?\s*\(?{letter}\s*[.)])").search(text, starts[-1] + 1)
        if found is None:
            break
        starts.append(found.end())
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = line.part(start, end)
        label = OPTION.match(part.text)
        assert label is not None
        body = part.part(label.end(), len(part.text))
        starred = bool(label[1] or label[3]) or body.text.rstrip().endswith("(*)")
        yield _Option(label[2].upper(), part.part(0, label.end()), [body], starred)


def _joined(lines: Sequence[Paragraph]) -> str:
    return "\n".join(words for line in lines if (words := " ".join(line.text.split())))


def _read(each: _Question, answers: dict[str, str], *, is_twice: bool) -> Read:
    text = _joined(each.lines)
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


def _question(each: _Question, text: str, said: str, warnings: list[str]) -> Plain:
    if ESSAY.search(text):
        return {"kind": "written", "text": ESSAY.sub(" ", text).strip()}
    if not each.options:
        return _open(each, text, said)
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
    return re.sub(r"\s*\(\*\)$", "", text)


def _open(each: _Question, text: str, said: str) -> Plain:
    """Without options: true or false, a number, or words to fill in."""
    last = each.lines[-1]
    ending = TRUE_FALSE.search(last.text)
    if ending:
        said = said or _marked_word(last, ending)
        text = _joined([*each.lines[:-1], last.part(0, ending.start())])
    typed = fold(said)
    if typed in {"dung", "d", "true"} or typed in {"sai", "s", "false"}:
        if not text:
            raise _Unclear(_("không có lời hỏi."))
        return {"kind": "true_false", "text": text, "right": "true" if typed in {"dung", "d", "true"} else "false"}
    if not said or ending:
        raise _Unclear(_("chưa có đáp án. Hãy đánh dấu phương án đúng, hoặc ghi dòng “Đáp án: B” dưới câu hỏi."))
    number = read_number(said)
    if number is not None:
        return {"kind": "number", "text": text, "number": f"{number:f}"}
    accepted = [{"text": words.strip(), "share": 100} for words in re.split(r"[;/]", said) if words.strip()]
    return {"kind": "fill_in", "text": text, "accepted": accepted}


def _marked_word(line: Paragraph, ending: re.Match[str]) -> str:
    """Which of “Đúng / Sai” stands out."""
    marks = [_common(line.part(*ending.span(group)).pieces) for group in (1, 2)]
    if marks[0] == marks[1]:
        return ""
    return "Đúng" if any(vars(marks[0]).values()) and not any(vars(marks[1]).values()) else "Sai"


def _right(options: Sequence[_Option], said: str, warnings: list[str]) -> set[str]:
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


def _standing_out(options: Sequence[_Option], name: str) -> Iterator[set[str]]:
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
