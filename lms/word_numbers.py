"""The automatic numbers of a Word file, which are nowhere in its words."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

LETTERS = {"upperLetter", "lowerLetter"}


@dataclass(frozen=True)
class _Level:
    """One level of an automatic numbering."""

    shape: str
    text: str
    start: int


@dataclass(frozen=True)
class _List:
    """An automatic numbering: it goes on with the numbers of those that share its shape, but where it begins anew."""

    shared: str
    levels: dict[int, _Level]
    begins_anew: set[int]


class Numbers:
    """Counts as Word counts when it prints the paragraphs in their order."""

    def __init__(self, document: Any) -> None:
        self.lists = _lists(document)
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.begun: set[str] = set()  # the lists of which something was printed
        self.lettered: set[tuple[str, int]] = set()  # the levels that counted in letters since the last question

    def next(self, number: str, depth: int) -> str:
        """The next number of a list at a depth as Word prints it, and a space; empty for none and for bullets."""
        list_ = self.lists.get(number)
        level = list_.levels.get(depth) if list_ else None
        if list_ is None or level is None or level.shape in {"bullet", "none"}:
            return ""
        counts = self.counts[list_.shared]
        if number not in self.begun:
            self.begun.add(number)
            for each in list_.begins_anew:
                counts.pop(each, None)
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.shape in LETTERS:
            self.lettered.add((list_.shared, depth))
        label = level.text
        for each in range(9):
            shape = list_.levels[each].shape if each in list_.levels else "decimal"
            label = label.replace(f"%{each + 1}", _numeral(counts.get(each, 1), shape))
        return f"{label} "

    def begin_letters_anew(self) -> None:
        """Each question has options of its own, also where they are one list for Word: A, B, then C, D."""
        for shared, depth in self.lettered:
            self.counts[shared].pop(depth, None)
        self.lettered.clear()


def _lists(document: Any) -> dict[str, _List]:
    """By their ids."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    shapes = {each.get(qn("w:abstractNumId")): _levels(each) for each in root.findall(qn("w:abstractNum"))}
    found = {}
    for each in root.findall(qn("w:num")):
        shared = each.find(qn("w:abstractNumId")).get(qn("w:val"))
        levels = dict(shapes.get(shared, {}))
        begins_anew = set()
        for override in each.findall(qn("w:lvlOverride")):
            depth, start = int(override.get(qn("w:ilvl"), "0")), override.find(qn("w:startOverride"))
            if start is not None and depth in levels:
                level = levels[depth]
                levels[depth] = _Level(level.shape, level.text, int(start.get(qn("w:val"), "1")))
                begins_anew.add(depth)
        found[each.get(qn("w:numId"))] = _List(shared, levels, begins_anew)
    return found


def _levels(numbering: Any) -> dict[int, _Level]:
    found = {}
    for each in numbering.findall(qn("w:lvl")):
        said = {
            name: part.get(qn("w:val"), "") if (part := each.find(qn(f"w:{name}"))) is not None else ""
            for name in ("numFmt", "lvlText", "start")
        }
        start = int(said["start"]) if said["start"].isdecimal() else 1
        found[int(each.get(qn("w:ilvl"), "0"))] = _Level(said["numFmt"] or "decimal", said["lvlText"], start)
    return found


def _numeral(number: int, shape: str) -> str:
    if shape in LETTERS:
        letter = chr(ord("A") + (number - 1) % 26)
        return letter if shape == "upperLetter" else letter.lower()
    return f"{number:02d}" if shape == "decimalZero" else str(number)
