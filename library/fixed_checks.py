"""Checks of the leader and of the control fields: lengths, and codes at their positions."""

import re
from collections.abc import Iterable, Iterator

from django.utils.functional import lazy
from django.utils.translation import gettext_noop

from library import marc21
from library.marc import NOT_IN_LEADER, ControlField, MarcRecord
from library.marc21 import Field, Position
from library.problems import Problem, Severity

LEADER = "LDR"
LENGTHS = {"006": 18, "008": 40}
SHORT_ELECTRONIC = 6  # characters; what follows is about preservation
CATEGORY = Position(0, 1, "Category of material", dict.fromkeys(marc21.read("fixed.json")["007"], ""))
LISTS = {15: ("countries", 3), 35: ("languages", 3)}
UNKNOWN_CODE = {
    "countries": gettext_noop("MARC không có mã nước “%(value)s”."),
    "languages": gettext_noop("MARC không có mã ngôn ngữ “%(value)s”."),
}
NOT_CODED = "|"
NUMBER = "001-999"  # as the format names any number of three digits
ENTERED = ((0, 6, "Date entered on file", re.compile(r"[0-9]{6}|[ |]{6}")),)
PUBLISHED = (
    (7, 4, "Date 1", re.compile("[0-9u]{4}|[ ]{4}|[|]{4}")),
    (11, 4, "Date 2", re.compile("[0-9u]{4}|[0-9]{2}  |[ ]{4}|[|]{4}")),  # or month and day, or the month alone
)
_label = lazy(marc21.label, str)  # in the language of who reads the problem


def leader_problems(marc: MarcRecord, kind: str) -> Iterator[Problem]:
    """Length and codes of the leader."""
    leader = marc.leader
    if len(leader) != 24:
        yield Problem(LEADER, gettext_noop("Đầu biểu phải có 24 ký tự."), Severity.ERROR)
        return
    if NOT_IN_LEADER.search(leader):
        yield Problem(LEADER, gettext_noop("Đầu biểu có ký tự không hợp lệ."), Severity.ERROR)
    for position in marc21.positions("leader authority" if kind == "authority" else "leader"):
        found = leader[position.start]
        if found not in position.codes:
            severity = Severity.ERROR if position.start == 6 else Severity.WARNING
            yield _bad_code(LEADER, position, found, severity)


def control_problems(field: ControlField, leader: str, rule: Field | None) -> Iterator[Problem]:
    """A control field's length and codes; one that the format does not know may be local."""
    tag, value = field.tag, field.value
    if rule is None and not marc21.is_local(tag):
        yield Problem(tag, gettext_noop("MARC 21 không có trường này."))
    if not value.strip():
        yield Problem(tag, gettext_noop("Trường rỗng."))
    if any(each < " " or "\x7f" <= each <= "\x9f" for each in value):
        yield Problem(tag, gettext_noop("Có ký tự điều khiển trong nội dung."), Severity.ERROR)
    length = _length(tag, value)
    if length and len(value) != length:
        message = gettext_noop("Phải có %(length)s ký tự, đang có %(now)s.")
        severity = Severity.ERROR if tag == "008" else Severity.WARNING
        yield Problem(tag, message, severity, said={"length": length, "now": len(value)})
        return
    if tag in {"006", "007", "008"} and value.strip():
        for position in _positions(tag, value, leader):
            yield from _codes(tag, value, position)
    if tag == "008":
        yield from _dates(value, ENTERED if leader[6:7] == "z" else (*ENTERED, *PUBLISHED))
    if tag == "008" and leader[6:7] != "z":
        yield from _listed(value)


def _length(tag: str, value: str) -> int:
    """How many characters the field has; 0 where nobody says. Electronic resources may end behind their sixth."""
    positions = marc21.positions("007", value[:1]) if tag == "007" else ()
    if not positions or (value[0] == "c" and len(value) == SHORT_ELECTRONIC):
        return LENGTHS.get(tag, 0)
    return max(each.start + each.length for each in positions)


def _positions(tag: str, value: str, leader: str) -> tuple[Position, ...]:
    if tag == "008":
        return marc21.positions("008", marc21.material_form(leader))
    if tag == "007":
        return marc21.positions("007", value[0]) or (CATEGORY,)
    return marc21.positions("006", marc21.FORMS.get(value[0], "books") if value[0] != "s" else "continuing")


def _codes(tag: str, value: str, position: Position) -> Iterator[Problem]:
    """Each code of a position, which holds one of its full length or one in each character."""
    if not position.codes:
        return
    found = value[position.start : position.start + position.length]
    if found in position.codes or set(found) == {NOT_CODED}:
        return
    if found.isdecimal() and NUMBER in position.codes:
        return
    for each in found:
        if each not in position.codes and each != NOT_CODED:
            yield _bad_code(tag, position, found, Severity.WARNING)
            return


def _bad_code(tag: str, position: Position, found: str, severity: Severity) -> Problem:
    place = (
        f"{position.start:02}"
        if position.length == 1
        else f"{position.start:02}-{position.start + position.length - 1:02}"
    )
    values = {"place": place, "name": _label(position.name), "value": found.replace(" ", "#")}
    return Problem(tag, gettext_noop("Vị trí %(place)s (%(name)s) không có mã “%(value)s”."), severity, said=values)


def _dates(value: str, dates: Iterable[tuple[int, int, str, re.Pattern[str]]]) -> Iterator[Problem]:
    """Dates are digits, those of publication also u for what is not known."""
    for start, length, name, pattern in dates:
        found = value[start : start + length]
        if not pattern.fullmatch(found):
            yield _bad_code("008", Position(start, length, name, {}), found, Severity.WARNING)


def _listed(value: str) -> Iterator[Problem]:
    """Country and language."""
    for start, (codes, length) in LISTS.items():
        found = value[start : start + length]
        known = found.strip() in marc21.codes(codes) or found.strip() in marc21.codes(f"old {codes}")
        if not known and not set(found) <= {NOT_CODED, " "}:
            yield Problem("008", UNKNOWN_CODE[codes], said={"value": found})
