"""The columns of a kind of table, and finding them in a sheet by their headings in Vietnamese or English."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from django.utils import translation

from core.folding import fold

SEARCHED = 30  # lines from the top in which the headings are looked for: reports begin with titles


@dataclass(frozen=True)
class Column:
    """A column: name for the code, heading (a lazy message), other headings people use, and what the template says.

    as_text: the template keeps what is typed as text, so that Excel leaves the zero before a number.
    parts: the columns that together say the same where the sheet has not this one, such as those of a full name. The
    last part alone is the whole ("Tên"). only_read: no column of the template.
    """

    name: str
    heading: Any
    also: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    note: Any = ""
    choices: tuple[Any, ...] = ()
    as_text: bool = False
    parts: tuple[str, ...] = ()
    only_read: bool = False

    @property
    def headings(self) -> set[str]:
        """All its headings."""
        found = {*self.also}
        for language in ("vi", "en"):
            with translation.override(language):
                found.add(str(self.heading))
        return found


@dataclass(frozen=True)
class Headings:
    """Where the headings stand and which cell is which column; `ignored` are headings that are no column of ours.

    Headings over two lines, as merged cells make them, have the lower line's number; `cells` is what both say.
    """

    line: int
    places: dict[str, int]
    ignored: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    def missing(self, columns: Iterable[Column]) -> list[Column]:
        """Required columns that the sheet has not, nor their last part."""
        return [each for each in columns if each.required and not {each.name, *each.parts[-1:]} & {*self.places}]


def key(heading: str) -> str:
    """A heading without marks, signs and what stands in brackets: "Họ và tên (*)" is "ho va ten"."""
    return fold(_marked_key(heading))


def _marked_key(heading: str) -> str:
    """The same with its marks, by which "Họ" and "Hộ" are told apart."""
    return re.sub(r"[\W_]+", " ", re.sub(r"\([^)]*\)", " ", heading)).strip().casefold()


def find(columns: Sequence[Column], lines: Iterable[tuple[int, Sequence[str]]]) -> Headings | None:
    """The line that names most columns, or two lines that name more; None where none names two (or the only one)."""
    by_key = _by_key(columns)
    best, above = Headings(0, {}), Headings(-1, {})
    for number, cells in lines:
        alone = found = _matched(number, cells, by_key)
        if above.line == number - 1:
            joined = [below or over for over, below in zip_longest(above.cells, cells, fillvalue="")]
            found = max(alone, _matched(number, joined, by_key), key=_width)
        if _width(found) > _width(best) or (above.line == best.line == number - 1 and _numbers_columns(cells)):
            best = found if _width(found) > _width(best) else replace(best, line=number)
        above = alone
    return _with_parts(columns, best) if _width(best) >= min(2, len(columns)) else None


def _by_key(columns: Sequence[Column]) -> dict[str, str]:
    """The column of each heading, with marks and without; where two are alike without marks the first column's."""
    marked = {_marked_key(heading): column.name for column in columns for heading in column.headings}
    plain = {key(heading): column.name for column in reversed(columns) for heading in column.headings}
    return {**plain, **{each: name for each, name in marked.items() if each != key(each)}}


def _with_parts(columns: Sequence[Column], found: Headings) -> Headings:
    """A whole wins over its parts, and the last part alone is the whole.

    A heading over two columns, the second of which has none ("Họ và tên" in merged cells), has its last part there.
    """
    places, ignored = dict(found.places), list(found.ignored)
    for column in columns:
        own, there = places.get(column.name), [part for part in column.parts if part in places]
        if own is not None and column.parts:
            ignored += [found.cells[places.pop(part)] for part in there]
            if own + 1 < len(found.cells) and not found.cells[own + 1]:
                places[column.parts[-1]] = own + 1
        elif there == [*column.parts[-1:]] != []:
            places[column.name] = places.pop(there[0])
    return replace(found, places=places, ignored=ignored)


def join_parts(columns: Sequence[Column], values: dict[str, str]) -> dict[str, str]:
    """The cells of a row, with what the parts of a column say together as that column's."""
    joined = dict(values)
    for column in columns:
        if any(part in values for part in column.parts):
            names = (*column.parts[:-1], column.name, column.parts[-1])
            joined[column.name] = " ".join(filter(None, (values.get(name) for name in names)))
    return joined


def _width(headings: Headings) -> int:
    return len(headings.places)


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Whether the cells are (1), (2), (3) …, as forms have it below their headings."""
    numbers = [cell.strip("()") for cell in cells]
    return len(numbers) > 1 and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _matched(number: int, cells: Sequence[str], by_key: dict[str, str]) -> Headings:
    places: dict[str, int] = {}
    ignored = []
    for place, cell in enumerate(cells):
        name = _name(cell, by_key) if cell else None
        if name and name not in places:
            places[name] = place
        elif cell:
            ignored.append(cell)
    return Headings(number, places, ignored, list(cells))


def _name(cell: str, by_key: dict[str, str]) -> str | None:
    """The column of a heading; of "Thôn/Bản" or "Họ và tên / Full name" where all its parts mean the same one."""
    if name := by_key.get(_marked_key(cell)) or by_key.get(key(cell)):
        return name
    names = {by_key.get(_marked_key(part)) or by_key.get(key(part)) for part in cell.split("/")}
    return names.pop() if len(names) == 1 else None
