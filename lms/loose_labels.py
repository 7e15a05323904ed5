"""Options that trainers label in a looser way, "A: Hà Nội", "A- Hà Nội", "[A] Hà Nội", as if a point stood there.

Such labels are words as often (a talk between A and B), so they count only where a question has no other options.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lms.paragraphs import Paragraph, Piece

SIGNS = {":": r"\s*:", "-": r"(?:\s*[-–—](?=\s)|[-–—](?=\D))", "]": r"\s*\]"}


def with_points(lines: Sequence[Paragraph]) -> list[Paragraph] | None:
    """The lines with "A. " for each loose label; None where they hold no two options labelled alike."""
    for sign in SIGNS:
        for first in "Aa":
            found = _with_points(lines, sign, first)
            if found is not None:
                return found
    return None


def _with_points(lines: Sequence[Paragraph], sign: str, first: str) -> list[Paragraph] | None:
    place = 0
    found = []
    for line in lines:
        labels = list(_labels(line.text, sign, first, place))
        place += len(labels)
        found.append(_pointed(line, labels))
    return found if place >= 2 else None


def _labels(text: str, sign: str, first: str, place: int) -> Iterator[re.Match[str]]:
    """The labels that come next in the line: at its beginning, and then behind a tab or a wide gap, or any gap."""
    at = 0
    while True:
        letter = chr(ord(first) + place)
        label = re.compile(rf"(\*?\s*)[\[(]?({letter}){SIGNS[sign]}\s*(?=\S)")
        before = r"^\s*" if at == 0 else r"(?<=\S)\s+"
        found = re.compile(f"{before}(?:{label.pattern})").search(text, at)
        if found is None:
            return
        yield found
        at, place = found.end(), place + 1


def _pointed(line: Paragraph, labels: Sequence[re.Match[str]]) -> Paragraph:
    pieces: list[Piece] = []
    at = 0
    for label in labels:
        start = label.start(1)
        marks = line.part(label.start(2), label.end(2)).pieces[0].marks
        pieces += [*line.part(at, start).pieces, Piece(f"{label[1]}{label[2]}. ", marks)]
        at = label.end()
    return replace(line, pieces=[*pieces, *line.part(at, len(line.text)).pieces])
