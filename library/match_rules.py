"""How an import finds out that a record is here already, and what it then does: replace it, skip, or add anyway."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _

from library import match_points, matching
from library.columns import numbers
from library.marc import MarcRecord
from library.models import ImportBatch, ImportedRecord, Record
from library.records import Incoming

MatchOn, OnMatch, Outcome = ImportBatch.MatchOn, ImportBatch.OnMatch, ImportedRecord.Outcome


@dataclass
class Met:
    """What a record of the file met: `left` says why it is not written ("": it is); key is whom it met."""

    key: int | None = None
    left: str = ""
    note: str = ""
    own_key: str = ""  # the match key that a record which replaces another by its points has itself


class Rule:
    """One way of matching with what to do, for one import; records that say too little are matched by their numbers."""

    def __init__(self, match_on: str, on_match: str, batch: int) -> None:
        self.match_on = match_on
        self.on_match = on_match
        self.batch = batch
        self.by_points = match_on != MatchOn.NUMBER

    def prepare(self) -> Iterator[int]:
        """What must be done before the first record, in short steps."""
        if self.by_points:
            yield from match_points.catch_up()

    def apply(self, incoming: Sequence[Incoming], places: Sequence[int]) -> list[Met]:
        """What each record meets; sets the match keys of those that are to replace another or to stand beside it."""
        if not self.by_points and self.on_match == OnMatch.OVERLAY:
            return [Met() for _one in incoming]  # what save_many does by itself
        own = [_own_key(one) for one in incoming]
        stored = _stored(own)
        found = self._found(incoming)
        keys = dict(
            Record.objects.filter(pk__in={key for each in found for key in each}).values_list("pk", "match_key")
        )
        seen: dict[str | int, str] = {}  # what the records of this batch before it will be found by, with their keys
        met = []
        for one, place, its_key, candidates in zip(incoming, places, own, found, strict=True):
            points: list[str | int] = [its_key, *match_points.of(one.marc, self.match_on)]
            before = next((seen[point] for point in points if point in seen), "")
            met.append(self._meet(one, place, its_key, candidates or _one(stored.get(its_key)), stored, keys, before))
            if not met[-1].left:
                seen |= dict.fromkeys(points, one.match_key or its_key)
        return met

    def written(self, rows: dict[int, MarcRecord], met: Sequence[tuple[int, Met]]) -> None:
        """After a batch was written: its records can be met by the next one, in the caller's transaction."""
        if not self.by_points:
            return
        match_points.replace([(key, marc, True) for key, marc in rows.items()])
        renamed = {each.own_key: key for key, each in met if each.own_key}
        taken = set(Record.objects.filter(match_key__in=renamed).values_list("match_key", flat=True))
        for own_key, key in renamed.items():
            if own_key not in taken:
                Record.objects.filter(pk=key).update(match_key=own_key)

    def count(self, incoming: Sequence[Incoming]) -> tuple[int, int, int]:
        """How many are new, met one record of ours, met several; those of the same file are not compared."""
        stored = _stored([_own_key(one) for one in incoming])
        new = several = 0
        for one, found in zip(incoming, self._found(incoming), strict=True):
            candidates = found or _one(stored.get(_own_key(one)))
            new += not candidates
            several += len(candidates) > 1
        return new, len(incoming) - new - several, several

    def _found(self, incoming: Sequence[Incoming]) -> list[set[int]]:
        """Whom each record meets by its points."""
        if not self.by_points:
            return [set() for _one in incoming]
        points = [match_points.of(one.marc, self.match_on) for one in incoming]
        known = match_points.find(point for each in points for point in each)
        return [set().union(*(known.get(point, ()) for point in each)) for each in points]

    def _meet(
        self,
        one: Incoming,
        place: int,
        its_key: str,
        candidates: set[int],
        stored: dict[str, int],
        keys: dict[int, str],
        before: str,
    ) -> Met:
        if self.on_match == OnMatch.ADD:
            if its_key in stored or before:
                one.match_key = sha256(f"{its_key} {self.batch} {place}".encode()).hexdigest()
            return Met()
        candidates = candidates | _one(stored.get(its_key))
        if len(candidates) > 1:
            names = ", ".join(f"#{key}" for key in sorted(candidates)[:10])
            return Met(min(candidates), Outcome.SEVERAL, _("Trùng nhiều biểu ghi: %(names)s") % {"names": names})
        key = next(iter(candidates), None)
        if self.on_match == OnMatch.SKIP and (key or before):
            return Met(key, Outcome.SKIP, "" if key else _("Trùng một biểu ghi ở trên trong tệp"))
        if key in keys and keys[key] != its_key:
            one.match_key = keys[key]
            return Met(key, own_key=its_key)
        if not key and before and before != its_key:
            one.match_key = before
        return Met(key)


def _own_key(one: Incoming) -> str:
    number, agency = numbers(one.marc)
    return matching.key(source=None, identifier="", agency=agency, number=number, raw_digest=matching.digest(one.raw))


def _stored(keys: Sequence[str]) -> dict[str, int]:
    """Of these match keys those that are taken by a record that is alive."""
    return dict(Record.objects.filter(match_key__in=set(keys), deleted_at=None).values_list("match_key", "pk"))


def _one(key: int | None) -> set[int]:
    return set() if key is None else {key}
