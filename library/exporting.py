"""Exporting records: ISO 2709 as it came wherever that is sound UTF-8, or MARCXML."""

from collections.abc import Iterator
from typing import BinaryIO

from library import canonical, iso2709, marcxml
from library.exceptions import TooLong
from library.marc import MarcRecord
from library.models import Collection, Record

AT_ONCE = 500  # rows fetched together

Buffer = bytes | memoryview  # what databases give for binary columns
Long = tuple[int, str, bytes]


def chosen(collection: Collection | None = None) -> Iterator[tuple[int, str, str, Buffer, Buffer]]:
    """All records that are not deleted, drafts and authorities too, in the order they were added."""
    rows = Record.objects.filter(deleted_at=None).order_by("id")
    if collection:
        rows = rows.filter(memberships__collection=collection)
    return rows.values_list("id", "raw_format", "repairs", "raw", "canonical").iterator(chunk_size=AT_ONCE)


def write(out: BinaryIO, collection: Collection | None = None, *, as_xml: bool) -> tuple[int, list[Long]]:
    """Write MARCXML or ISO 2709; returns how many, and those that do not fit the format."""
    return (write_marcxml(out, collection), []) if as_xml else write_iso2709(out, collection)


def write_iso2709(out: BinaryIO, collection: Collection | None = None) -> tuple[int, list[Long]]:
    """Write ISO 2709 in UTF-8; returns how many, and those that do not fit it: (id, why, their MARCXML)."""
    count, long = 0, []
    for key, raw_format, repairs, raw, its_canonical in chosen(collection):
        try:
            out.write(iso2709_of(raw_format, repairs, bytes(raw), bytes(its_canonical)))
            count += 1
        except TooLong as error:
            long.append((key, str(error), marcxml.to_xml(canonical.parse(bytes(its_canonical)), namespace=False)))
    return count, long


def iso2709_of(raw_format: str, repairs: str, raw: bytes, its_canonical: bytes) -> bytes:
    """The received bytes where they can go out as they are, else the record written anew in UTF-8."""
    if raw_format == Record.RawFormat.ISO2709 and iso2709.stands(raw, repairs.split(",") if repairs else ()):
        return raw if raw.endswith(b"\x1d") else raw + b"\x1d"
    return iso2709.write(canonical.parse(its_canonical))


def write_marcxml(out: BinaryIO, collection: Collection | None = None) -> int:
    """Write a MARCXML collection; returns how many."""
    count = 0
    out.write(marcxml.OPENING)
    for *_rest, its_canonical in chosen(collection):
        out.write(marcxml.to_xml(canonical.parse(bytes(its_canonical)), namespace=False) + b"\n")
        count += 1
    out.write(marcxml.CLOSING)
    return count


def write_long(out: BinaryIO, long: list[Long]) -> None:
    """Write what did not fit ISO 2709 as a MARCXML collection."""
    out.write(marcxml.OPENING)
    out.writelines(xml + b"\n" for _key, _why, xml in long)
    out.write(marcxml.CLOSING)


def without_addresses(its_canonical: bytes) -> bytes:
    """The canonical record without field 856: how it goes out to whom its files are not for."""
    marc = canonical.parse(its_canonical)
    return canonical.write(MarcRecord(marc.leader, [each for each in marc.fields if each.tag != "856"]))
