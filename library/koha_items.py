"""Copies from the items that Koha exports inside its records: field 952, one for each copy."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction

from core import audit
from library import copies
from library.columns import plain
from library.marc import DataField
from library.models import Collection, Copy, HoldingLibrary, Record

TAG = "952"
STEP = 200  # records in one transaction
NUMBER_LIMIT = 40  # characters of a register number
STATUSES = (  # the first subfield that says something other than 0 decides
    ("0", Copy.Status.WITHDRAWN),
    ("1", Copy.Status.LOST),
    ("4", Copy.Status.REPAIR),
    ("q", Copy.Status.ON_LOAN),
    ("7", Copy.Status.READING_ROOM),
)

Left = tuple[int, str, str]  # a record's key, the item's number, why no copy was made of it


def make_copies(counts: Counter[str], collection: Collection | None = None) -> Iterator[Left]:
    """Make a copy of each item of our own records that has none; again changes nothing.

    Counts "made" and "there"; yields the items that became none: no number, or one that another record has.
    """
    rows = Record.objects.bibliographic().filter(source=None, deleted_at=None).order_by("pk")
    if collection:
        rows = rows.filter(memberships__collection=collection)
    after = 0
    while some := list(rows.filter(pk__gt=after).defer("raw")[:STEP]):
        after = some[-1].pk
        with transaction.atomic():
            left = _of_batch(some, counts)
        yield from left


def _of_batch(some: Sequence[Record], counts: Counter[str]) -> list[Left]:
    items = [(row, each) for row in some for each in row.marc.data(TAG) if _library(each)]
    libraries = _libraries({_library(each) for _row, each in items})
    numbers = {_number(each) for _row, each in items}
    stored = Copy.objects.filter(register_number__in=numbers).values_list("library", "register_number", "record")
    taken = {(library, number): record for library, number, record in stored}
    made: list[Copy] = []
    left: list[Left] = []
    for row, each in items:
        number, library = _number(each), libraries[_library(each)]
        owner = taken.get((library.pk, number))
        if not number or len(number) > NUMBER_LIMIT:
            left.append((row.pk, number, "952 $p is missing or too long"))
        elif owner is None:
            made.append(_copy(row, library, each))
            taken[library.pk, number] = row.pk
        elif owner == row.pk:
            counts["there"] += 1
        else:
            left.append((row.pk, number, f"record {owner} has this number"))
    Copy.objects.bulk_create(made)
    counts["made"] += len(made)
    for key, many in Counter(copy.record_id for copy in made).items():
        audit.record(by=None, action="library.copies.add", subject=f"record:{key}", detail={"number": many})
    return left


def _libraries(codes: set[str]) -> dict[str, HoldingLibrary]:
    """By code; one that is new is named by its code until a librarian names it."""
    return {code: HoldingLibrary.objects.get_or_create(code=code, defaults={"name": code})[0] for code in sorted(codes)}


def _library(each: DataField) -> str:
    return (plain(each.first("a")) or plain(each.first("b")))[:NUMBER_LIMIT]


def _number(each: DataField) -> str:
    return plain(each.first("p"))


def _copy(row: Record, library: HoldingLibrary, each: DataField) -> Copy:
    return Copy(
        record=row,
        library=library,
        register_number=_number(each),
        call_number=plain(each.first("o"))[:120] or copies.suggested_call_number(row.marc),
        location=plain(each.first("c"))[:120],
        status=next((status for code, status in STATUSES if _is_set(each.first(code))), Copy.Status.AVAILABLE),
        acquired_on=_day(each.first("d")),
        note=plain(each.first("z"))[:255],
    )


def _is_set(value: str) -> bool:
    return value.strip() not in {"", "0"}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
