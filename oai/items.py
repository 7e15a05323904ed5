"""What we give away: our own records, bibliographic and authority.

Harvested records are left out: they belong to the repository they came from, and partners who harvest each other would
otherwise multiply them without end. A record taken back to draft is announced as deleted, like a deleted one, so that
those who have it learn of it; so is one that is held back for want of a community's consent. Where files are not for
everyone, field 856 stays behind.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from core import horizon, identity
from library import exporting
from library.models import CollectionMembership, Record
from oai import datestamps


class Item(NamedTuple):
    """One record as the provider needs it."""

    key: int
    changed: datetime
    deleted: bool
    canonical: bytes


class Chosen(NamedTuple):
    """Which items a list is about: changed from `since`, before `before`, in one of the collections."""

    since: datetime | None = None
    before: datetime | None = None
    collections: list[int] | None = None


COLUMNS = ("id", "changed", "deleted_at", "status", "access", "canonical")


def _ours() -> QuerySet[Record]:
    return Record.objects.filter(source=None)


def listed(chosen: Chosen) -> QuerySet[Record]:
    """The items of a list, in the order of the list."""
    records = _ours().filter(changed__lte=horizon.visible())
    if chosen.since:
        records = records.filter(changed__gte=chosen.since)
    if chosen.before:
        records = records.filter(changed__lt=chosen.before)
    if chosen.collections is not None:
        members = CollectionMembership.objects.filter(record=OuterRef("pk"), collection__in=chosen.collections)
        records = records.filter(Exists(members))
    return records.order_by("changed", "id")


def after(records: QuerySet[Record], changed: datetime, key: int) -> QuerySet[Record]:
    """The rest of a list behind a record. What changes meanwhile moves to the end, so that nothing is passed over."""
    return records.filter(Q(changed__gt=changed) | Q(id__gt=key), changed__gte=changed)


def read(records: QuerySet[Record], limit: int, *, metadata: bool) -> list[Item]:
    """The first items of a list; for headers alone without their MARC."""
    columns = COLUMNS if metadata else COLUMNS[:-1]
    return [_item(*row) for row in records.values_list(*columns)[:limit]]


def find(identifier: str) -> Item | None:
    """The item with an OAI identifier."""
    prefix, _, key = identifier.rpartition(":")
    if prefix != f"oai:{identity.domain()}" or not key.isascii() or not key.isdecimal() or len(key) > 18:
        return None
    if key != str(int(key)):
        return None
    row = _ours().filter(pk=int(key)).values_list(*COLUMNS).first()
    return _item(*row) if row else None


def earliest() -> datetime:
    """The lower limit of all datestamps; without any record, now."""
    return _ours().aggregate(at=Min("changed"))["at"] or horizon.settled()


def identifier(key: int) -> str:
    """The OAI identifier of a record, such as oai:nhasan.example.vn:17."""
    return f"oai:{identity.domain()}:{key}"


def datestamp(item: Item) -> str:
    """When the item was last changed, created or deleted."""
    return datestamps.write(item.changed)


def _item(
    key: int, changed: datetime, deleted_at: datetime | None, status: str, access: str, canonical: bytes = b""
) -> Item:
    gone = deleted_at is not None or status != Record.Status.PUBLISHED or access == Record.Access.HIDDEN
    if gone or not canonical:
        return Item(key, changed, gone, b"")
    whole = bytes(canonical)
    return Item(key, changed, gone, whole if access == Record.Access.OPEN else exporting.without_addresses(whole))
