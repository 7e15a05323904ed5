"""Finds records of one thing by ISBN, or by title, author and year.

The points are derived from the records, and brought up to date when an import asks for them: every change of a record
sets its datestamp, whoever made it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import transaction
from django.utils import timezone

from core import insertion
from library import canonical, columns, standard_numbers
from library.marc import MarcRecord
from library.models import ImportBatch, MatchPoint, MatchProgress, Record
from search.folding import compose

AT_ONCE = 300  # records in one transaction
OVERLAP = timedelta(minutes=10)  # longer than any transaction that may still commit with an older datestamp
ISBN = re.compile(r"\d{13}|\d{9}[\dX]")
WORD = re.compile(r"[^\W_]+")


def of(marc: MarcRecord, match_on: str) -> list[int]:
    """The points of a record for this way of matching; none where it says too little."""
    if match_on == ImportBatch.MatchOn.ISBN:
        return [_hashed(f"isbn {number}") for number in _isbns(marc)]
    if match_on == ImportBatch.MatchOn.TITLE:
        return [_hashed(f"title {text}") for text in _title(marc)]
    return []


def catch_up() -> Iterator[int]:
    """Bring the points up to date in short steps; yields how many records were looked at."""
    begun = timezone.now()
    progress = MatchProgress.objects.first()
    since = progress.through - OVERLAP if progress and progress.through else None
    done = 0
    for batch in _changed(since):
        with transaction.atomic():
            replace([(key, canonical.parse(data), alive) for key, data, alive in batch])
        done += len(batch)
        yield done
    MatchProgress.objects.update_or_create(only=True, defaults={"through": begun})


def replace(rows: Sequence[tuple[int, MarcRecord, bool]]) -> None:
    """Write the points of these records anew, in the caller's transaction; deleted ones have none."""
    MatchPoint.objects.filter(record__in=[key for key, _marc, _alive in rows]).delete()
    points = [
        {"record_id": key, "key": point}
        for key, marc, alive in rows
        if alive
        for point in dict.fromkeys([*of(marc, ImportBatch.MatchOn.ISBN), *of(marc, ImportBatch.MatchOn.TITLE)])
    ]
    insertion.insert(MatchPoint, points)


def find(points: Iterable[int]) -> dict[int, set[int]]:
    """The primary keys of our own records that have any of these points, by point."""
    found: dict[int, set[int]] = {}
    rows = MatchPoint.objects.filter(key__in=set(points), record__deleted_at=None, record__source=None)
    for point, key in rows.values_list("key", "record"):
        found.setdefault(point, set()).add(key)
    return found


def _changed(since: datetime | None) -> Iterator[list[tuple[int, bytes, bool]]]:
    """Our own records that changed since then, walked by datestamp and key."""
    rows = Record.objects.filter(source=None).order_by("changed", "id")
    after: tuple[datetime, int] | None = None
    if since is not None:
        rows = rows.filter(changed__gte=since)
    while True:
        more = rows if after is None else rows.filter(changed__gte=after[0]).exclude(changed=after[0], id__lte=after[1])
        batch = list(more.values_list("id", "canonical", "deleted_at", "changed")[:AT_ONCE])
        if not batch:
            return
        after = (batch[-1][3], batch[-1][0])
        yield [(key, bytes(data), gone is None) for key, data, gone, _changed_at in batch]


def _isbns(marc: MarcRecord) -> list[str]:
    """The ISBNs, those of ten digits as the thirteen that they became; canceled ones ($z) are others'."""
    numbers = [standard_numbers.isbn_in(value) for each in marc.data("020") for value in each.values("a")]
    return list(dict.fromkeys(standard_numbers.thirteen(number) for number in numbers if ISBN.fullmatch(number)))


def _title(marc: MarcRecord) -> list[str]:
    """Title, author and year with their marks, without signs and case; names in any order of their words."""
    title, author = columns.title(marc), columns.author(marc)
    year = columns.year(marc, marc.control("008"))
    words = _words(title)
    if not words or not (author or year):
        return []
    return [f"{' '.join(words)} / {' '.join(sorted(_words(author)))} / {year or ''}"]


def _words(text: str) -> list[str]:
    return WORD.findall(compose(text).lower())


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
