"""Lists of one's own: making, filling, sharing, deleting."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from library.exceptions import ListFull
from library.models import ListEntry, ReadingList, Record

MOST_LISTS = 100  # of one reader
MOST_RECORDS = 500  # in one list: what can be printed and cited at once
NAME_LIMIT = 120


def named(*, owner: Any, name: str) -> ReadingList:
    """The reader's list of that name, made if need be; without a name one of today's. Raises ListFull."""
    name = " ".join(name.split())[:NAME_LIMIT] or _("Danh sách ngày %(day)s") % {
        "day": timezone.localdate().strftime("%d/%m/%Y")
    }
    with transaction.atomic():
        found = ReadingList.objects.filter(owner=owner, name=name).first()
        if found is None:
            if ReadingList.objects.filter(owner=owner).count() >= MOST_LISTS:
                raise ListFull(_("Mỗi người giữ được %(number)s danh sách.") % {"number": MOST_LISTS})
            found = ReadingList.objects.create(owner=owner, name=name)
    return found


@transaction.atomic
def add(reading_list: ReadingList, record: Record) -> None:
    """Put a record into a list, once. Raises ListFull."""
    if reading_list.entries.filter(record=record).exists():
        return
    if reading_list.entries.count() >= MOST_RECORDS:
        raise ListFull(_("Mỗi danh sách giữ được %(number)s tài liệu.") % {"number": MOST_RECORDS})
    ListEntry.objects.get_or_create(list=reading_list, record=record)


def remove(reading_list: ReadingList, record: int) -> None:
    """Take a record out."""
    reading_list.entries.filter(record=record).delete()


def share(reading_list: ReadingList, *, on: bool) -> None:
    """Give the list an address that whoever knows it can open, or close that address for ever."""
    reading_list.share_code = secrets.token_urlsafe(12) if on else None
    reading_list.save(update_fields=["share_code"])


def kept_by(owners: Iterable[Any]) -> list[dict[str, Any]]:
    """All lists of a person's accounts with their records, for takeout."""
    lists = ReadingList.objects.filter(owner__in=list(owners)).order_by("id")
    return [
        {
            "name": each.name,
            "created_at": each.created_at,
            "shared": each.share_code is not None,
            "records": [entry.record_id for entry in each.entries.all()],
        }
        for each in lists.prefetch_related("entries")
    ]


def forget(person: Any, **_signal: Any) -> None:
    """The receiver of people.signals.person_erased: lists say what somebody reads, so they go."""
    ReadingList.objects.filter(owner=person).delete()


def rename(reading_list: ReadingList, name: str) -> bool:
    """Give a list another name; False where the name is empty or another list of the reader has it."""
    name = " ".join(name.split())[:NAME_LIMIT]
    others = ReadingList.objects.filter(owner=reading_list.owner_id, name=name).exclude(pk=reading_list.pk)
    if not name or others.exists():
        return False
    reading_list.name = name
    reading_list.save(update_fields=["name"])
    return True
