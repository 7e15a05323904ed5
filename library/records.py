"""Writing records: the one way in and out of the library's tables."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from core import audit, insertion, outbox
from library import canonical, columns, history, iso2709, marcxml, matching, rights, shelving
from library.exceptions import TooLong
from library.marc import MarcRecord
from library.models import (
    Collection,
    CollectionMembership,
    CommunityConsent,
    Record,
    RejectedRecord,
    ShelfQueue,
    Source,
)
from library.reading import Read, Refused
from library.signals import records_changed
from search import queue as search_queue

Outcome = Literal["imported", "updated", "unchanged"]
Row = dict[str, Any]  # the columns of a record that is to be written
REPLACED = (
    "kind",
    "control_number",
    "control_agency",
    "digest",
    "title",
    "author",
    "year",
    "language",
    "material",
    "access",
    "changed",
    "deleted_at",
    "repairs",
    "raw_format",
    "raw",
    "canonical",
)


@dataclass(slots=True)
class Incoming:
    """One record on its way in.

    identifier is the source's own, such as its OAI identifier; where it is given it decides the match.
    """

    marc: MarcRecord
    raw: bytes
    raw_format: str
    repairs: Sequence[str] = ()
    identifier: str = ""
    older: str = ""  # the Vietnamese encoding in which it was read because somebody said so
    match_key: str = ""  # of the record that it replaces, where a rule of its import found one; else its own

    @classmethod
    def of(cls, read: Read, *, identifier: str = "", older: str = "") -> "Incoming":
        """What a reader of a file or a harvest has read."""
        return cls(read.marc, read.raw, read.raw_format, read.repairs, identifier, older)

    @classmethod
    def of_made(cls, marc: MarcRecord) -> "Incoming":
        """A record that was made here, not received."""
        return cls(marc, *_written(marc))


class Watcher:
    """Is told what save_many does; this one does not care."""

    def overwriting(self, keys: list[int]) -> None:
        """The records that are about to be replaced."""

    def wrote(self, rows: dict[int, Row]) -> None:
        """The rows that were written, by primary key."""

    def joined(self, keys: set[int]) -> None:
        """The records that were not yet in all of the collections."""


def save(
    *,
    marc: MarcRecord,
    raw: bytes | None = None,
    raw_format: str = "iso2709",
    source: Source | None = None,
    collections: Iterable[Collection] = (),
    repairs: Sequence[str] = (),
    identifier: str = "",
    status: str = Record.Status.PUBLISHED,
) -> tuple[Record, Outcome]:
    """Save one record; without raw (made here, not received) its ISO 2709 or MARCXML is kept as such."""
    if raw is None:
        raw, raw_format = _written(marc)
    incoming = Incoming(marc, raw, raw_format, repairs, identifier)
    [(key, outcome)] = save_many([incoming], source=source, collections=collections, status=status)
    return Record.objects.get(pk=key), outcome


def save_many(
    incoming: Sequence[Incoming],
    *,
    source: Source | None = None,
    collections: Iterable[Collection] = (),
    status: str = Record.Status.PUBLISHED,
    watcher: "Watcher | None" = None,
) -> list[tuple[int, Outcome]]:
    """Save a batch in one transaction; returns primary key and outcome of each, in the given order.

    A record that matches one of the batch before it replaces that one, as it would in a later batch. A deleted record
    that comes again is alive again (updated). Joining a collection changes a record too, since its OAI sets change.
    The watcher is told what happens, inside the transaction.
    """
    prepared = [_prepare(one, source, status) for one in incoming]
    with transaction.atomic():
        now = timezone.now().replace(microsecond=0)
        before, digests = _stored([row["match_key"] for row in prepared], lock=True)
        outcomes = [_outcome(row, digests) for row in prepared]
        new = {
            row["match_key"]: (row, one.marc)
            for row, one, outcome in zip(prepared, incoming, outcomes, strict=True)
            if outcome != "unchanged"
        }
        watcher = watcher or Watcher()
        overwritten = [before[key] for key in new if key in before]
        watcher.overwriting(overwritten)
        if not source:
            history.keep_overwritten(overwritten)
        keys = before | _write([row for row, _marc in new.values()], now)
        watcher.wrote({keys[key]: row for key, (row, _marc) in new.items()})
        results = [(keys[row["match_key"]], outcome) for row, outcome in zip(prepared, outcomes, strict=True)]
        written = {keys[key] for key in new}
        hidden = {keys[key] for key, (row, _marc) in new.items() if row["access"] == Record.Access.HIDDEN}
        _obey_consents(overwritten, hidden)  # one that is new here has none yet
        joined = _join({key for key, _outcome in results}, list(collections))
        watcher.joined(joined)
        Record.objects.filter(pk__in=joined - written).update(changed=now)
        added = {keys[key]: marc for key, (row, marc) in new.items() if key not in before and row["kind"] == "bib"}
        shelved = shelving.shelve_new(added)
        announce(sorted(joined | written), settled=True, shelved=shelved)
    return results


def preview(incoming: Sequence[Incoming], *, seen: dict[str, str], source: Source | None = None) -> list[Outcome]:
    """What save_many would do, without doing it. `seen` carries the batches before it: match keys with digests."""
    prepared = [_prepare(one, source, Record.Status.PUBLISHED) for one in incoming]
    _keys, digests = _stored([row["match_key"] for row in prepared if row["match_key"] not in seen], lock=False)
    seen |= digests
    return [_outcome(row, seen) for row in prepared]


def _prepare(one: Incoming, source: Source | None, status: str) -> Row:
    """The row as it would be if it were new."""
    digest = matching.digest(one.raw, one.older)
    derived = columns.derive(one.marc)
    key = one.match_key or matching.key(
        source=source.pk if source else None,
        identifier=one.identifier,
        agency=derived["control_agency"],
        number=derived["control_number"],
        raw_digest=matching.digest(one.raw) if one.older else digest,
    )
    return {
        "source_id": source.pk if source else None,
        "source_identifier": one.identifier,
        "match_key": key,
        "digest": digest,
        "status": status,
        "repairs": ",".join(one.repairs),
        "raw_format": one.raw_format,
        "raw": one.raw,
        "canonical": canonical.write(one.marc),
        "access": rights.of(one.marc, own=source is None),
        **derived,
    }


def _stored(keys: Sequence[str], *, lock: bool) -> tuple[dict[str, int], dict[str, str]]:
    """Of the stored records with these match keys: primary keys, and digests ("" where a tombstone stands)."""
    rows = Record.objects.filter(match_key__in=list(dict.fromkeys(keys))).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    values = list(rows.values_list("match_key", "pk", "digest", "deleted_at"))
    return {key: pk for key, pk, *_ in values}, {key: "" if gone else digest for key, _pk, digest, gone in values}


def _outcome(row: Row, digests: dict[str, str]) -> Outcome:
    """What becomes of the next record, given the digests by match key; notes its own."""
    before = digests.get(row["match_key"])
    digests[row["match_key"]] = row["digest"]
    if before is None:
        return "imported"
    return "unchanged" if before == row["digest"] else "updated"


def _write(rows: Sequence[Row], now: datetime) -> dict[str, int]:
    """Insert rows, replacing those with the same match key; returns primary keys by match key."""
    for row in rows:
        row["changed"] = now
    insertion.insert(Record, rows, unique=["match_key"], replaced=REPLACED)
    written = Record.objects.filter(match_key__in=[row["match_key"] for row in rows]).order_by()
    return dict(written.values_list("match_key", "pk"))


def _obey_consents(keys: Sequence[int], hidden: set[int]) -> None:
    """What was derived from the MARC alone, corrected where communities were asked."""
    asked = set(CommunityConsent.objects.filter(record__in=keys).values_list("record_id", flat=True))
    if asked or hidden:
        rights.settle(asked | hidden)


def _join(keys: Iterable[int], collections: list[Collection]) -> set[int]:
    """Put records into collections; returns those that were not yet in all of them."""
    wanted = {(collection.pk, key) for collection in collections for key in keys}
    if not wanted:
        return set()
    members = CollectionMembership.objects.filter(collection__in=collections, record__in=list(keys))
    missing = sorted(wanted - set(members.values_list("collection_id", "record_id")))
    CollectionMembership.objects.bulk_create(
        [CollectionMembership(collection_id=collection, record_id=key) for collection, key in missing],
        ignore_conflicts=True,
    )
    return {key for _collection, key in missing}


def announce(keys: Sequence[int], *, settled: bool = False, shelved: Container[int] = ()) -> None:
    """Queue the index and tell the other packages, in the transaction that changed these records.

    Whom they are handed out to is derived at once, unless the caller has done so (settled). Those that are shelved
    already are not shelved again.
    """
    if keys:
        if not settled:
            rights.settle(keys)
        outbox.enqueue(ShelfQueue, [str(key) for key in keys if key not in shelved])
        search_queue.enqueue("record", map(str, keys))
        records_changed.send(sender=Record, records=list(keys))


def delete(record: Record, *, by: Any | None) -> None:
    """Leave a tombstone: readers and harvesters see that the record is gone. by is the person who did it, or None."""
    with transaction.atomic():
        now = timezone.now().replace(microsecond=0)
        gone = Record.objects.filter(pk=record.pk, deleted_at=None).update(deleted_at=now, changed=now)
        if gone:
            audit.record(by=by, action="library.delete", subject=f"record:{record.pk}", detail={"title": record.title})
            announce([record.pk], settled=True)
    record.refresh_from_db(fields=["deleted_at", "changed"])


def delete_many(keys: Sequence[int]) -> list[int]:
    """Leave tombstones for a batch in one transaction (a harvest); returns those that were alive."""
    with transaction.atomic():
        now = timezone.now().replace(microsecond=0)
        alive = Record.objects.select_for_update().filter(pk__in=keys, deleted_at=None).order_by("pk")
        gone = list(alive.values_list("pk", flat=True))
        Record.objects.filter(pk__in=gone).update(deleted_at=now, changed=now)
        announce(gone, settled=True)
    return gone


def reject(refused: Refused, *, file: str, position: int) -> RejectedRecord:
    """Keep what could not be read. The same bytes at the same place are kept once."""
    raw = refused.raw[: RejectedRecord.RAW_LIMIT]
    row, _new = RejectedRecord.objects.get_or_create(
        file=file[:255],
        position=position,
        digest=matching.digest(raw),
        defaults={"reason": refused.reason, "raw": raw},
    )
    return row


def _written(marc: MarcRecord) -> tuple[bytes, str]:
    try:
        return iso2709.write(marc), "iso2709"
    except TooLong:
        return marcxml.to_xml(marc), "marcxml"
