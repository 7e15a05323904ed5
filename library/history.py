"""What a record said before each change, and how two versions differ."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db.models import F

from library import canonical, marc_lines
from library.marc import MarcRecord
from library.models import Record, RecordVersion

AT_ONCE = 500  # records kept in one statement


class Change(NamedTuple):
    """Lines of fields before and after; "" where there was or is none. kind: same, changed, added, removed."""

    kind: str
    before: str
    after: str


def keep(record: Record, *, action: str, by: Any | None) -> None:
    """Note the content that is about to be replaced, and count the version up; the caller saves the record."""
    record.version += 1
    RecordVersion.objects.create(
        record=record, number=record.version, action=action, by=by, before=bytes(record.canonical)
    )


def keep_overwritten(keys: Sequence[int]) -> None:
    """The same for a batch that an import is about to overwrite, in the caller's transaction."""
    for start in range(0, len(keys), AT_ONCE):
        some = Record.objects.filter(pk__in=keys[start : start + AT_ONCE])
        RecordVersion.objects.bulk_create(
            [
                RecordVersion(
                    record_id=pk, number=version + 1, action=RecordVersion.Action.IMPORT, before=bytes(before)
                )
                for pk, version, before in some.values_list("pk", "version", "canonical")
            ]
        )
        some.update(version=F("version") + 1)


def content(record: Record, version: int) -> MarcRecord:
    """What the record said at this version; raises LookupError where that is not known."""
    if version == record.version:
        return record.marc
    row = record.versions.filter(number=version + 1).first()
    if row is None:
        raise LookupError(version)
    return canonical.parse(bytes(row.before))


def difference(before: MarcRecord, after: MarcRecord) -> list[Change]:
    """Field by field, those that stayed the same too; a changed field stands beside what it was."""
    old, new = marc_lines.write(before).split("\n"), marc_lines.write(after).split("\n")
    changes: list[Change] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            changes += [Change("same", each, each) for each in old[first:last]]
        else:
            changes += _replaced(old[first:last], new[start:end])
    return changes


def _replaced(old: list[str], new: list[str]) -> Iterable[Change]:
    """Fields with the same tag beside one another, in the order of tags."""
    rest = list(new)
    for each in old:
        other = next((line for line in rest if line[:3] == each[:3]), None)
        if other is None:
            yield Change("removed", each, "")
            continue
        while rest[0] != other:
            yield Change("added", "", rest.pop(0))
        rest.pop(0)
        yield Change("changed", each, other)
    yield from (Change("added", "", each) for each in rest)
