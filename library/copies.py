"""Copies: register numbers are given in series without gaps, one copy after another."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from library.columns import plain
from library.exceptions import BadRegisterNumber
from library.marc import MarcRecord
from library.models import Copy, HoldingLibrary, Record, RegisterSeries

SERIES = re.compile(r"[A-Z]{1,6}")  # what a barcode can hold
DIGITS = 6  # of a number in its series: VN.2026.000123
AT_ONCE = 200  # copies of one record added together


@transaction.atomic
def add(
    *,
    record: Record,
    library: HoldingLibrary,
    series: str,
    number: int = 1,
    call_number: str = "",
    location: str = "",
    status: str = Copy.Status.AVAILABLE,
    acquired_on: date | None = None,
    by: Any | None,
) -> list[Copy]:
    """Enter copies with the next register numbers of a series. Raises BadRegisterNumber for what is no series."""
    if not SERIES.fullmatch(series):
        raise BadRegisterNumber(series)
    number = max(1, min(number, AT_ONCE))
    day = acquired_on or timezone.localdate()
    numbers = _next(library, series, day.year, number)
    rows = Copy.objects.bulk_create(
        [
            Copy(
                record=record,
                library=library,
                register_number=each,
                call_number=call_number or suggested_call_number(record.marc),
                location=location,
                status=status,
                acquired_on=day,
            )
            for each in numbers
        ]
    )
    detail = {"library": library.code, "first": numbers[0], "number": number}
    audit.record(by=by, action="library.copies.add", subject=f"record:{record.pk}", detail=detail)
    return rows


@transaction.atomic
def change(copy: Copy, *, by: Any | None) -> None:
    """Store what a librarian changed of one copy."""
    copy.save()
    detail = {"register_number": copy.register_number, "status": copy.status}
    audit.record(by=by, action="library.copies.change", subject=f"record:{copy.record_id}", detail=detail)


def _next(library: HoldingLibrary, code: str, year: int, number: int) -> list[str]:
    """The next free numbers; numbers that were typed by hand or imported are passed over."""
    RegisterSeries.objects.get_or_create(library=library, code=code, year=year)
    series = RegisterSeries.objects.select_for_update().get(library=library, code=code, year=year)
    found: list[str] = []
    while len(found) < number:
        wanted = [_written(code, year, series.last + each) for each in range(1, number - len(found) + 1)]
        taken = set(
            Copy.objects.filter(library=library, register_number__in=wanted).values_list("register_number", flat=True)
        )
        found += [each for each in wanted if each not in taken]
        series.last += len(wanted)
    series.save(update_fields=["last"])
    return found


def _written(code: str, year: int, number: int) -> str:
    return f"{code}.{year}.{number:0{DIGITS}}"


def suggested_call_number(marc: MarcRecord) -> str:
    """Where the record says it stands: 852 $h $i, else 090, else the Dewey number of 082."""
    for tag, codes in (("852", "hij"), ("090", "ab"), ("082", "ab")):
        for each in marc.data(tag):
            if text := plain(" ".join(each.values(codes)).replace("/", "")):
                return text[:120]
    return ""


def by_library(copies: Sequence[Copy]) -> list[tuple[HoldingLibrary, list[Copy]]]:
    """Copies of one record, library by library; expects select_related("library")."""
    found: dict[int, tuple[HoldingLibrary, list[Copy]]] = {}
    for copy in copies:
        found.setdefault(copy.library_id, (copy.library, []))[1].append(copy)
    return sorted(found.values(), key=lambda pair: pair[0].name)
