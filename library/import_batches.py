"""Imports that say what they did with each record: by which rule it met one of ours, and what stood there before.

A batch of records is written in one transaction with what became of them and how far the file has come, so an import
that is killed at any moment goes on where it was, and nothing is written twice.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

import orjson
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from core import insertion
from library import canonical, columns, history, marc_files, matching, records, refusals
from library.match_rules import Met, Rule
from library.models import Collection, CollectionMembership, ImportBatch, ImportedRecord, Record
from library.reading import Read, Refused, Repair

AT_ONCE = 1000  # records in one transaction: pages of the database that many change are written once, but others wait
OUTCOMES = {"imported": "add", "updated": "change", "unchanged": "same"}
Item = tuple[int, Read | Refused]  # with its place in the file, from 1
KEPT = ("match_key", "digest", "repairs", "raw_format")
Outcome, Taken = ImportedRecord.Outcome, ImportedRecord.Taken


def write(
    batch: ImportBatch, stream: BinaryIO, *, seen: Callable[[int, Read | Refused], None] = lambda place, item: None
) -> Iterator[int]:
    """Write the records of the file, on from where an earlier run came; yields how many were dealt with.

    seen is told each record with its place. Raises NotMarc. Ends in DONE.
    """
    rule = Rule(batch.match_on, batch.on_match, batch.pk)
    yield from rule.prepare()
    items = islice(enumerate(marc_files.read(stream, older=batch.encoding), 1), batch.written_through, None)
    collection = batch.collection
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(_take, items)
        while some := coming.result():
            with transaction.atomic():
                _write(batch, rule, collection, some)
                batch.written_through = some[-1][0]
                batch.save(update_fields=["written_through"])
                coming = beside.submit(_take, items)  # the next are read while the disk writes these down
            for place, item in some:
                seen(place, item)
            yield batch.written_through
    batch.came = counts(batch)
    batch.state, batch.ended_at = ImportBatch.State.DONE, timezone.now()
    batch.save(update_fields=["came", "state", "ended_at"])


def _take(items: Iterator[Item]) -> list[Item]:
    return list(islice(items, AT_ONCE))


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many records of the file came to which outcome."""
    return dict(batch.records.order_by().values_list("outcome").annotate(number=Count("pk")))


def take_back(batch: ImportBatch) -> Iterator[int]:
    """Undo the import, last record first, on from where an earlier run came; yields how many were dealt with.

    What the import added is deleted, what it replaced is as it was; what was changed since stays, and is said.
    Ends in TAKEN_BACK.
    """
    todo = batch.records.filter(outcome__in=[Outcome.ADD, Outcome.CHANGE, Outcome.SAME], taken="").order_by("-position")
    done = batch.records.exclude(taken="").count()
    while some := list(todo.filter(Q(joined=True) | ~Q(after=""))[:AT_ONCE]):
        with transaction.atomic():
            _take_back(batch, some)
        done += len(some)
        yield done
    taken = batch.records.exclude(taken="").order_by().values_list("taken").annotate(number=Count("pk"))
    batch.taken, batch.state, batch.ended_at = dict(taken), ImportBatch.State.TAKEN_BACK, timezone.now()
    batch.save(update_fields=["taken", "state", "ended_at"])


def _take_back(batch: ImportBatch, rows: Sequence[ImportedRecord]) -> None:
    """Undo a few rows in the caller's transaction; of several rows for one record only the first has an after."""
    now = timezone.now().replace(microsecond=0)
    touched = {row.record_id for row in rows if row.record_id}
    locked = Record.objects.select_for_update().filter(pk__in=touched).order_by("pk")
    stored = {record.pk: record for record in locked}
    removed: list[int] = []
    changed: set[int] = set()
    for row in rows:
        record = stored.get(row.record_id or 0)
        row.taken = _undone(row, record, now)
        if record and row.taken == Taken.REMOVED:
            removed.append(record.pk)
        elif record and row.taken == Taken.RESTORED:
            changed.add(record.pk)
    leaving = {row.record_id for row in rows if row.record_id and row.joined and row.taken == Taken.RESTORED}
    CollectionMembership.objects.filter(collection=batch.collection, record__in=leaving).delete()
    Record.objects.filter(pk__in=changed | leaving).update(changed=now)
    records.announce(sorted((changed | leaving) - set(removed)))
    records.delete_many(removed)
    ImportedRecord.objects.bulk_update(rows, ["taken"], batch_size=200)


def _undone(row: ImportedRecord, record: Record | None, now: datetime) -> str:
    """Bring one record back, deletion apart; what came of it."""
    if row.outcome == Outcome.SAME:
        return Taken.RESTORED
    if record is None or record.deleted_at or _digest(bytes(record.canonical)) != row.after:
        return Taken.LEFT
    if row.before is None:
        return Taken.REMOVED
    history.keep_overwritten([record.pk])
    _restore(record, bytes(row.before), now)
    return Taken.RESTORED


def _snapshot(record: Record) -> bytes:
    """All of a record that an import replaces: a line of JSON, the received bytes, the canonical ones."""
    raw = bytes(record.raw)
    head = {name: getattr(record, name) for name in KEPT} | {"deleted_at": record.deleted_at, "raw": len(raw)}
    return orjson.dumps(head) + b"\n" + raw + bytes(record.canonical)


def _restore(record: Record, snapshot: bytes, now: datetime) -> None:
    """Write a record as it was; its match key too, unless another has taken that since."""
    line, rest = snapshot.split(b"\n", 1)
    head = orjson.loads(line)
    raw, its_canonical = rest[: head["raw"]], rest[head["raw"] :]
    if Record.objects.filter(match_key=head["match_key"]).exclude(pk=record.pk).exists():
        head["match_key"] = record.match_key
    values: dict[str, Any] = {name: head[name] for name in KEPT} | columns.derive(canonical.parse(its_canonical))
    gone = datetime.fromisoformat(head["deleted_at"]) if head["deleted_at"] else None
    Record.objects.filter(pk=record.pk).update(**values, raw=raw, canonical=its_canonical, deleted_at=gone, changed=now)


def _digest(its_canonical: bytes) -> str:
    return matching.digest(its_canonical)


class _Trace(records.Watcher):
    """What save_many did, to be kept with the import."""

    def __init__(self) -> None:
        self.before: dict[int, bytes] = {}
        self.after: dict[int, str] = {}
        self.entered: set[int] = set()

    def overwriting(self, keys: list[int]) -> None:
        """Keep what stands there."""
        if keys:
            self.before = {record.pk: _snapshot(record) for record in Record.objects.filter(pk__in=keys)}

    def wrote(self, rows: dict[int, records.Row]) -> None:
        """Remember what will have to stand there for the import to be taken back."""
        self.after = {key: _digest(row["canonical"]) for key, row in rows.items()}

    def joined(self, keys: set[int]) -> None:
        """Remember who was not in the collection."""
        self.entered = set(keys)


def _write(batch: ImportBatch, rule: Rule, collection: Collection | None, items: Sequence[Item]) -> None:
    """A few records and what became of each, in the caller's transaction."""
    rows = {place: _rejected(batch, place, item) for place, item in items if isinstance(item, Refused)}
    read = [(place, item) for place, item in items if isinstance(item, Read)]
    incoming = [records.Incoming.of(item, older=batch.encoding) for _place, item in read]
    met = rule.apply(incoming, [place for place, _item in read])
    taken = []
    for (place, item), one, its_met in zip(read, incoming, met, strict=True):
        note = its_met.note or ", ".join(str(repair.label) for repair in item.repairs if repair != Repair.CONVERTED)
        rows[place] = _row(batch, place, outcome=its_met.left, record_id=its_met.key, note=note[:255])
        if not its_met.left:
            taken.append((rows[place], one, its_met))
    _save(batch, rule, collection, taken)
    insertion.insert(ImportedRecord, [rows[place] for place, _item in items])


def _save(
    batch: ImportBatch,
    rule: Rule,
    collection: Collection | None,
    taken: Sequence[tuple[dict[str, Any], records.Incoming, Met]],
) -> None:
    """Save records and note on their rows what it did. Of several rows for one record the first stands for all."""
    trace = _Trace()
    saved = records.save_many(
        [one for _row, one, _met in taken],
        collections=[collection] if collection else [],
        status=Record.Status.PUBLISHED if batch.publish else Record.Status.DRAFT,
        watcher=trace,
    )
    noted: set[int] = set()
    for (row, _one, _met), (key, outcome) in zip(taken, saved, strict=True):
        row |= {"record_id": key, "outcome": OUTCOMES[outcome], "joined": key in trace.entered and key not in noted}
        if outcome != "unchanged" and key not in noted:
            row |= {"after": trace.after[key], "before": trace.before.get(key)}
        if outcome != "unchanged" or row["joined"]:
            noted.add(key)
    rule.written(
        {key: one.marc for (_row, one, _met), (key, _outcome) in zip(taken, saved, strict=True)},
        [(key, met) for (_row, _one, met), (key, _outcome) in zip(taken, saved, strict=True)],
    )


def _rejected(batch: ImportBatch, place: int, refused: Refused) -> dict[str, Any]:
    """Keep what could not be read, for the list of rejected records too."""
    kept = records.reject(refused, file=batch.file_name, position=place)
    return _row(
        batch, place, outcome=Outcome.REJECT, note=refusals.explained(refused.reason)[:255], rejected_id=kept.pk
    )


def _row(batch: ImportBatch, place: int, **values: Any) -> dict[str, Any]:
    """The columns of an ImportedRecord."""
    return {"batch_id": batch.pk, "position": place, **values}
