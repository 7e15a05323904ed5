"""What stands where in a Word file of questions: "Câu 1.", options "A." to "D.", lines of answers, tables of answers.

lms.marked_questions makes questions of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lms import loose_labels, question_answers
from lms.paragraphs import Paragraph, Piece

Table = list[list[list[Paragraph]]]


@dataclass
class Option:
    """A choice: its letter, the label as it is written, what follows, and whether * stands at it."""

    letter: str
    label: Paragraph
    body: list[Paragraph]
    starred: bool

    @property
    def text(self) -> str:
        return joined(self.body)


@dataclass
class Part:
    """What stands of one question in the file; said: the lines "answer", "feedback", "hint"."""

    number: str
    lines: list[Paragraph] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    last: str = ""
    has_picture: bool = False
    has_equation: bool = False
    is_essay: bool = False  # it stands in the part of the file that is so headed
    raw: list[Paragraph] = field(default_factory=list)  # all its lines as they came


WORD = re.compile(r"\s*(?:câu\s*hỏi|câu|question)\s*(?:số\s*)?(\d{1,4})\s*(?:[.:)/–-]|$|(?=\s))\s*", re.IGNORECASE)
EXERCISE = re.compile(r"\s*bài(?:\s*tập)?\s*(?:số\s*)?(\d{1,4})\s*(?:[.:)/–-]|$)\s*", re.IGNORECASE)
NUMBER = re.compile(r"\s*(\d{1,4})\s*(?:[.)](?!\d)|/(?=\s))\s*")
CLOSED = r"(?:[.)]:?(?!\w\.)|/(?=\s))"  # what follows the letter of an option
OPTION = re.compile(rf"\s*(\*?)\s*[(]?([A-Ja-j])\s*{CLOSED}\s*(\*?)")
BESIDE = re.compile(
    rf"(?<=\S)(?:\t\s*|\s{{2,}})(?=\*?\s*\(?(?:A\s*{CLOSED}.*\sB|a\s*{CLOSED}.*\sb)\s*{CLOSED})", re.DOTALL
)
STAR = re.compile(r"\s*(?:\(\*\)|\*)\s*$")  # behind a right option
SECTION = re.compile(
    r"\s*(?:phần\s+(?:[ivx]+|\d+|[a-d]|thứ\s+\w+)\b|(?:[ivx]+|[a-d])\s*[.)–-]\s*(?:phần\s+)?(?:trắc\s*nghiệm|tự\s*luận)|[-–—_.*\s]*hết[-–—_.*\s]*$)",
    re.IGNORECASE,
)
CHOSEN = re.compile(  # below the options: "=> B", "Chọn B", "Phương án đúng: B"
    r"\s*(?=[=>→⇒-]|\w{2})(?:[=-]*[>→⇒]\s*)?(?:(?:chọn\s*)?(?:đáp|phương)\s*án(?:\s*đúng)?|chọn)?(?:\s*là)?"
    r"\s*[:.]?\s*([A-J](?:\s*[,;]\s*[A-J])*)\s*[.)]?\s*$",
    re.IGNORECASE,
)
ESSAYS = re.compile(r"tự\s*luận", re.IGNORECASE)
SAID = (
    (
        "answer",
        re.compile(
            r"\s*(?:[=-]*[>→⇒]\s*)?[\[(]?\s*(?:đáp\s*án(?:\s*đúng)?\s*là(?=\s)|(?:đáp\s*án(?:\s*đúng)?(?:\s*là)?|đ/?a|trả\s*lời|answer|ans)\s*[:.])\s*",
            re.IGNORECASE,
        ),
    ),
    (
        "feedback",
        re.compile(r"\s*(?:giải\s*thích|lời\s*giải|hướng\s*dẫn(?:\s*giải)?|explanation)\s*[:.]\s*", re.IGNORECASE),
    ),
    ("hint", re.compile(r"\s*(?:gợi\s*ý|hint)\s*[:.]\s*", re.IGNORECASE)),
)


def parts(blocks: Sequence[Paragraph | Table]) -> tuple[list[Part], dict[str, str]]:
    """What belongs to each question, in order, and the answers that stand at the end of the file, by number."""
    lines, answers = _lines(blocks)
    return list(_parted(lines)), answers


def _lines(blocks: Sequence[Paragraph | Table]) -> tuple[list[Paragraph], dict[str, str]]:
    """The lines of questions, tables opened, and the answers at the end by number."""
    lines: list[Paragraph] = []
    answers: dict[str, str] = {}
    asked: set[str] = set()
    at_answers = False
    for block in blocks:
        if isinstance(block, Paragraph):
            at_answers = at_answers or question_answers.is_heading(block.text)
            for line in _broken(block):
                begins = WORD.match(line.text) or NUMBER.match(line.text)
                is_answers = begins and question_answers.is_answers(line.text)
                if at_answers and begins and not is_answers:
                    at_answers = False  # another part of the file
                if begins and is_answers and begins[1] in asked and (above := _above_answers(lines)) is not None:
                    del lines[above:]
                    at_answers = True
                if at_answers:
                    answers |= question_answers.of_line(line.text)
                else:
                    lines.append(line)
                    asked |= {begins[1]} if begins else set()
            continue
        grid = [[joined(cell) for cell in row] for row in block]
        of_table = question_answers.of_table(grid)
        if of_table and (at_answers or question_answers.is_grid(grid)):
            answers |= of_table
        else:
            lines += [line for row in block for line in _cells(row)]
    return lines, answers


def _above_answers(lines: Sequence[Paragraph]) -> int | None:
    """The place of the last line, where it stands above answers."""
    place = next((at for at in range(len(lines) - 1, -1, -1) if lines[at].text.strip()), None)
    return place if place is not None and question_answers.may_be_heading(lines[place].text) else None


def _broken(paragraph: Paragraph) -> Iterator[Paragraph]:
    """At its line ends; without invisible signs before a line, which hide its number."""
    start = 0
    for line in paragraph.text.split("\n"):
        hidden = len(line) - len(line.lstrip("\u200b\u200e\u2060\ufeff"))
        yield paragraph.part(start + hidden, start + len(line))
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


def _parted(lines: Sequence[Paragraph]) -> Iterator[Part]:
    begins = next((each for each in (WORD, NUMBER, EXERCISE) if any(each.match(line.text) for line in lines)), NUMBER)
    now: Part | None = None
    is_essay = False
    for place, line in enumerate(lines):
        if SECTION.match(line.text) and (now is None or now.said or now.is_essay or _finished(now).options):
            is_essay = bool(ESSAYS.search(line.text))
            if now:
                yield _finished(now)
            now = None
            continue
        begun = _begins(line, now, begins)
        if begun:
            if now:
                yield _finished(now)
            now = Part(begun[0], is_essay=is_essay)
        if now is not None:
            following = lines[place + 1].text if place + 1 < len(lines) else ""
            _take(now, line.part(begun[1], len(line.text)) if begun else line, following)
    if now:
        yield _finished(now)


def _finished(part: Part) -> Part:
    """The question, its options read in a looser way where it has none otherwise."""
    said = part.said.get("answer", "")
    if part.options or part.is_essay or (said and not question_answers.letters(said)):
        return part
    pointed = loose_labels.with_points(part.raw)
    if pointed is None:
        return part
    again = Part(part.number)
    for place, line in enumerate(pointed):
        _take(again, line, pointed[place + 1].text if place + 1 < len(pointed) else "")
    return again if len(again.options) > 1 else part


def _begins(line: Paragraph, now: Part | None, begins: re.Pattern[str]) -> tuple[str, int] | None:
    """(number, where its words begin) of a line with which a question begins.

    In a file whose questions are "Câu 1", a bare number is no question; else it is where a question may follow.
    """
    found = begins.match(line.text)
    if found is None:
        return None
    if begins is not NUMBER or now is None or now.options or now.said.get("answer"):
        return found[1], found.end()
    is_next = now.number.isdecimal() and int(found[1]) == int(now.number) + 1
    return (found[1], found.end()) if is_next else None


def _take(now: Part, line: Paragraph, following: str) -> None:
    now.raw.append(line)
    now.has_picture |= line.has_picture
    now.has_equation |= line.has_equation
    text = line.text
    if now.options and (chosen := CHOSEN.match(text)):
        now.said["answer"], now.last = chosen[1], "answer"
        return
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
    elif beside := BESIDE.search(text):
        now.lines.append(line.part(0, beside.start()))
        now.options += _options(line.part(beside.end(), len(text)), 0, following)
        now.last = "option"
    else:
        now.lines.append(line)
        now.last = "text"


def _expected(text: str, place: int) -> re.Match[str] | None:
    """The label of the option that comes next at the beginning of the text: A. first, then B."""
    found = OPTION.match(text)
    return found if found and ord(found[2].upper()) - ord("A") == place else None


def _options(line: Paragraph, place: int, following: str) -> Iterator[Option]:
    """The options of one line: several stand behind tabs or wide gaps, or behind one space where no line follows."""
    text = line.text
    starts = [0]
    small = OPTION.match(text)[2].islower()  # type: ignore[index]
    while True:
        letter = chr(ord("A") + place + len(starts))
        if small:
            letter = letter.lower()
        gap = r"(?:\t\s*|\s{2,})" if re.match(rf"\s*\*?\s*\(?{letter}\s*{CLOSED}", following) else r"\s"
        found = re.compile(rf"(?<=\S){gap}+(?=\*?\s*\(?{letter}\s*{CLOSED})").search(text, starts[-1] + 1)
        if found is None:
            break
        starts.append(found.end())
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = line.part(start, end)
        label = OPTION.match(part.text)
        assert label is not None
        body = part.part(label.end(), len(part.text))
        starred = bool(label[1] or label[3]) or bool(STAR.search(body.text))
        yield Option(label[2].upper(), part.part(0, label.end()), [body], starred)


def joined(lines: Sequence[Paragraph]) -> str:
    """Their words, without what is blank."""
    return "\n".join(words for line in lines if (words := " ".join(line.text.split())))
