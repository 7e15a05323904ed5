"""Fields in another script: 880 and the field that it belongs to name each other in $6."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as said

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
        occurrence = sum(1 for other in marc.fields[: index + 1] if other.tag == each.tag)
        place = {"occurrence": occurrence, "subfield": "6", "index": index}
        if not tag:
            found.append(Problem(each.tag, said("$6 phải có dạng như 880-01 hoặc 245-01."), **place))  # type: ignore[arg-type]
        elif number == "00":
            if each.tag != ALTERNATE:
                found.append(Problem(each.tag, said("Chỉ trường 880 được có số liên kết 00."), **place))  # type: ignore[arg-type]
        elif (tag, each.tag, number) not in pairs:
            values = {"other": f"{tag} $6{each.tag}-{number}"}
            found.append(Problem(each.tag, said("Không có trường liên kết ngược lại: %(other)s."), said=values, **place))  # type: ignore[arg-type]
    return found


def _links(marc: MarcRecord) -> Iterator[tuple[int, DataField, str, str]]:
    """Each field with $6: its place, itself, and the tag and number that it names ("" where it names none)."""
    for index, each in enumerate(marc.fields):
        if isinstance(each, DataField) and (value := each.first("6")):
            found = LINK.fullmatch(value.strip())
            yield index, each, found["tag"] if found else "", found["number"] if found else ""
