"""MARC 21 as data: fields, indicators, subfields, fixed positions and codes, with names in English and Vietnamese.

The JSON files beside this module say what the public format says. English names stand where they belong;
vietnamese.json translates each once ("words"), names some subfields more exactly ("fields") and translates codes in
use. In a field, "sub" maps codes to names and a code with "+" may be repeated; "1" and "2" are the indicators, [name,
values], where one that is missing is undefined and blank; "old" is true for a field that the format made obsolete, or
names such subfields of it. In fixed.json a position is [start, length, name, codes], the
codes given or the name of one of its "lists"; none means free text.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import get_language

FOLDER = Path(__file__).parent
FILES = {"bib": "bibliographic.json", "authority": "authority.json"}


class Indicator(NamedTuple):
    """An indicator's name and its values with theirs; without a name it is undefined, and blank."""

    name: str
    values: dict[str, str]

    def allows(self, value: str) -> bool:
        """Whether the format knows this value; an undefined indicator is blank."""
        return (
            value in self.values or (value.isdecimal() and "0-9" in self.values) or (not self.values and value == " ")
        )


class Subfield(NamedTuple):
    """A subfield's name, and whether there may be several."""

    name: str
    repeatable: bool


class Field(NamedTuple):
    """What the format says about a field."""

    tag: str
    name: str
    repeatable: bool
    required: bool
    old: bool
    indicators: tuple[Indicator, Indicator]
    subfields: dict[str, Subfield]
    old_subfields: str = ""


class Position(NamedTuple):
    """Characters of a fixed field with a meaning of their own; without codes they are free text."""

    start: int
    length: int
    name: str
    codes: dict[str, str]


@cache
def read(name: str) -> Any:
    """The content of one of the data files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def fields(kind: str) -> dict[str, Field]:
    """All fields of a format by tag; kind is that of Record: "bib" or "authority"."""
    return {tag: _field(tag, said) for tag, said in read(FILES[kind]).items()}


def _field(tag: str, said: dict[str, Any]) -> Field:
    subfields = {code[0]: Subfield(name, code.endswith("+")) for code, name in said.get("sub", {}).items()}
    first, second = (Indicator(*said.get(number, ("", {}))) for number in "12")
    old = said.get("old", "")
    return Field(
        tag,
        said["name"],
        "repeat" in said,
        "required" in said,
        old is True,
        (first, second),
        subfields,
        "" if old is True else old,
    )


@cache
def positions(fixed: str, form: str = "") -> tuple[Position, ...]:
    """The positions of "leader", "leader authority", or of a form of "006", "007" or "008".

    Forms of 008 and 006 are those of material_form(); those of 007 its first characters.
    """
    if fixed == "006":
        first = Position(0, 1, "Form of material", read("fixed.json")["006 forms"])
        moved = [each._replace(start=each.start - 17) for each in positions("008", form)]
        return (first, *(each for each in moved if 0 < each.start < 18))
    said = read("fixed.json")
    rows: list[list[Any]] = said[fixed].get(form, []) if form or fixed[0] == "0" else said[fixed]
    if fixed == "008" and form not in {"all", "authority"}:
        rows = sorted([*rows, *said["008"]["all"]])
    return tuple(Position(row[0], row[1], row[2], _codes(row)) for row in rows)


def _codes(row: list[Any]) -> dict[str, str]:
    codes: Any = row[3] if len(row) > 3 else {}
    return dict(read("fixed.json")["lists"][codes] if isinstance(codes, str) else codes)


FORMS = {
    "a": "books", "t": "books", "c": "music", "d": "music", "i": "music", "j": "music", "e": "maps", "f": "maps",
    "g": "visual", "k": "visual", "o": "visual", "r": "visual", "m": "files", "p": "mixed", "s": "continuing",
    "z": "authority",
}  # fmt: skip


def material_form(leader: str) -> str:
    """Which form 008 has, by the leader's type and level: books, continuing, maps, music, visual, files, mixed."""
    if leader[6:7] == "a" and leader[7:8] in {"b", "i", "s"}:
        return "continuing"
    return FORMS.get(leader[6:7], "books")


def codes(name: str) -> dict[str, str]:
    """A code list with English names: languages, countries, relators, old languages, old countries."""
    found: dict[str, str] = read("codes.json")[name]
    return found


def code_name(name: str, code: str) -> str:
    """What a code of a list means, in the language of the page; "" for an unknown one."""
    english = codes(name).get(code, "")
    if get_language() == "en":
        return english
    return str(read("vietnamese.json").get(name, {}).get(code, english))


def in_vietnamese(english: str) -> str:
    """The Vietnamese of a name in the format's data; the English one where there is none."""
    return str(read("vietnamese.json")["words"].get(english, english))


def label(english: str) -> str:
    """A name in the language of the page."""
    return english if get_language() == "en" else in_vietnamese(english)


def subfield_label(tag: str, code: str, english: str) -> str:
    """A subfield's name in the language of the page, as librarians call it where that is more exact."""
    if get_language() == "en":
        return english
    return str(read("vietnamese.json")["fields"].get(f"{tag}${code}") or in_vietnamese(english))


def field(kind: str, tag: str) -> Field | None:
    """What the format says about this tag; None for one that it does not know."""
    return fields(kind).get(tag)


def is_local(tag: str) -> bool:
    """Whether libraries use the tag as they like: any with a 9, such as 019, 049 and 952, and tags with letters."""
    return not tag.isdecimal() or "9" in tag
