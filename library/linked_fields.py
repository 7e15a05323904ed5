"""Fields in another script: 880 and the field that it belongs to name each other in $6."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from library.marc import DataField, MarcRecord
from library.problems import Problem

LINK = re.compile(r"(?P<tag>\d{3})-(?P<number>\d{2})(?:/.*)?")
ALTERNATE = "880"


def problems(marc: MarcRecord) -> list[Problem]:
    """Links that do not lead back, or to nothing."""
    links = list(_links(marc))
    pairs = {(each.tag, tag, number) for _index, each, tag, number in links}
    found = []
    for index, each, tag, number in links:
        message, values = _wrong(each, tag, number, pairs)
        if message:
            occurrence = sum(1 for other in marc.fields[: index + 1] if other.tag == each.tag)
            found.append(Problem(each.tag, message, occurrence=occurrence, subfield="6", index=index, said=values))
    return found


def _wrong(each: DataField, tag: str, number: str, pairs: set[tuple[str, str, str]]) -> tuple[str, dict[str, str]]:
    """What is wrong with this link, "" for a good one, and the words for the message."""
    if not tag:
        return gettext_noop("$6 phải có dạng như 880-01 hoặc 245-01."), {}
    if number == "00":
        return ("" if each.tag == ALTERNATE else gettext_noop("Chỉ trường 880 được có số liên kết 00.")), {}
    if (tag, each.tag, number) in pairs:
        return "", {}
    return gettext_noop("Không có trường liên kết ngược lại: %(other)s."), {"other": f"{tag} $6{each.tag}-{number}"}


def _links(marc: MarcRecord) -> Iterator[tuple[int, DataField, str, str]]:
    """Each field with $6: its place, itself, and the tag and number that it names ("" where it names none)."""
    for index, each in enumerate(marc.fields):
        if isinstance(each, DataField) and (value := each.first("6")):
            found = LINK.fullmatch(value.strip())
            yield index, each, found["tag"] if found else "", found["number"] if found else ""
