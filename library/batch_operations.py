"""What a batch does to each record: pure functions over a record, named and described by plain data.

{"what": "replace", "tag": "260", "code": "a", "find": "Hà nội", "put": "Hà Nội"}
{"what": "add", "line": "500 ## $aSách tặng"}
{"what": "delete", "tag": "653", "find": ""}
{"what": "move", "tag": "260", "code": "c", "to_tag": "264", "to_code": "c"}
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from library import marc_lines
from library.marc import DataField, Field, MarcRecord
from search.folding import compose

LABELS = {
    "replace": _("Tìm và thay trong trường con"),
    "add": _("Thêm một trường"),
    "delete": _("Xóa trường"),
    "move": _("Chuyển trường con sang chỗ khác"),
}


def apply(change: dict[str, Any], marc: MarcRecord) -> MarcRecord:
    """The record after the change; an equal one where the change does not concern it."""
    return MarcRecord(marc.leader, OPERATIONS[change["what"]](change, marc.fields))


def describe(change: dict[str, Any]) -> str:
    """The change in the words of cataloguers: 260 $a “Hà nội” → “Hà Nội”."""
    if change["what"] == "add":
        return str(change["line"])
    place = f"{change['tag']} ${change['code']}" if change.get("code") else str(change["tag"])
    if change["what"] == "replace":
        return f"{place} “{change['find']}” → “{change['put']}”"
    if change["what"] == "move":
        return f"{place} → {change['to_tag']} ${change['to_code']}"
    return f"{place} “{change['find']}”" if change["find"] else place


def field_of(line: str) -> Field:
    """The field that a line stands for; raises NotALine."""
    return marc_lines.parse(f"LDR {'#' * 24}\n{line}").fields[0]


def in_order(fields: list[Field], new: Field) -> list[Field]:
    """The fields with another put behind those with its tag or a lower one."""
    place = next((at for at in range(len(fields), 0, -1) if fields[at - 1].tag <= new.tag), 0)
    return [*fields[:place], new, *fields[place:]]


def _says(text: str, find: str) -> bool:
    """Whether a text has these words, however their marks are written."""
    return find in text or (not find.isascii() and compose(find) in compose(text))


def _replace(change: dict[str, Any], fields: list[Field]) -> list[Field]:
    find = compose(change["find"])

    def value(code: str, text: str) -> str:
        if change["code"] not in {"", code} or not _says(text, change["find"]):
            return text
        there = change["find"] in text
        return (text if there else compose(text)).replace(change["find"] if there else find, change["put"])

    def mended(each: Field) -> Field:
        if each.tag != change["tag"] or not isinstance(each, DataField) or not _says(each.content, change["find"]):
            return each
        parts = [(code, value(code, text)) for code, text in each.subfields]
        return DataField.of(each.tag, each.indicators, [(code, text) for code, text in parts if text])

    return [each for each in map(mended, fields) if not isinstance(each, DataField) or each.subfields]


def _add(change: dict[str, Any], fields: list[Field]) -> list[Field]:
    new = field_of(change["line"])
    return list(fields) if new in fields else in_order(fields, new)


def _delete(change: dict[str, Any], fields: list[Field]) -> list[Field]:
    return [each for each in fields if each.tag != change["tag"] or not _says(each.content, change["find"])]


def _move(change: dict[str, Any], fields: list[Field]) -> list[Field]:
    moved: list[Field] = []
    kept: list[Field] = []
    for each in fields:
        values = each.values(change["code"]) if isinstance(each, DataField) and each.tag == change["tag"] else []
        if not values or not isinstance(each, DataField):
            kept.append(each)
            continue
        if change["to_tag"] == each.tag:
            renamed = [(change["to_code"] if code == change["code"] else code, text) for code, text in each.subfields]
            kept.append(DataField.of(each.tag, each.indicators, renamed))
            continue
        rest = [part for part in each.subfields if part.code != change["code"]]
        if rest:
            kept.append(DataField.of(each.tag, each.indicators, rest))
        moved.append(DataField.of(change["to_tag"], "  ", [(change["to_code"], text) for text in values]))
    for new in moved:
        kept = in_order(kept, new)
    return kept


OPERATIONS: dict[str, Callable[[dict[str, Any], list[Field]], list[Field]]] = {
    "replace": _replace,
    "add": _add,
    "delete": _delete,
    "move": _move,
}
