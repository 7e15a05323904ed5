"""Exporting records: ISO 2709 as it came wherever that is sound UTF-8, MARCXML, MARC-in-JSON, MODS, RIS, BibTeX."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

from django.conf import settings

from library import canonical, citing, iso2709, marc_json, marcxml, mods, rights, ris
from library.exceptions import TooLong
from library.marc import MarcRecord
from library.models import Collection, Record
from library.models.record import RecordQuerySet

AT_ONCE = 500  # rows fetched together
MEDIA_TYPES = {
    "mrc": "application/marc",
    "xml": "application/marcxml+xml; charset=utf-8",
    "json": "application/json",
    "mods": "application/mods+xml; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
}
ENDINGS = {"mods": "mods.xml"}  # of files, where it is not the form's name

Buffer = bytes | memoryview  # what databases give for binary columns
Long = tuple[int, str, bytes]


def stream(rows: RecordQuerySet, form: str) -> Iterator[bytes]:
    """These records in one of MEDIA_TYPES, a few at a time; what does not fit ISO 2709 is left out of it."""
    if form == "mrc":
        for _key, raw_format, repairs, raw, its_canonical in _fields(rows):
            with suppress(TooLong):
                yield iso2709_of(raw_format, repairs, bytes(raw), bytes(its_canonical))
        return
    opening, write, between, closing = WRITERS[form]
    pieces: list[bytes] = [opening]
    for place, (key, its_canonical) in enumerate(rows.values_list("id", "canonical").iterator(chunk_size=AT_ONCE)):
        pieces.append((between if place else b"") + write(canonical.parse(bytes(its_canonical)), key))
        if len(pieces) > AT_ONCE:
            yield b"".join(pieces)
            pieces.clear()
    yield b"".join([*pieces, closing])


def url_of(key: int) -> str:
    """A record's permanent address, without a language's prefix."""
    return f"{settings.BASE_URL}/library/records/{key}/"


Write = Callable[[MarcRecord, int], bytes]
WRITERS: dict[str, tuple[bytes, Write, bytes, bytes]] = {
    "xml": (
        marcxml.OPENING,
        lambda marc, key: marcxml.to_xml(marc, namespace=False) + b"\n",
        b"",
        marcxml.CLOSING,
    ),
    "json": (marc_json.OPENING, lambda marc, key: marc_json.to_json(marc), marc_json.BETWEEN, marc_json.CLOSING),
    "mods": (
        mods.OPENING,
        lambda marc, key: mods.to_mods(marc, url=url_of(key), namespace=False) + b"\n",
        b"",
        mods.CLOSING,
    ),
    "ris": (b"", lambda marc, key: ris.to_ris(marc, url=url_of(key)).encode(), b"", b""),
    "bib": (
        b"",
        lambda marc, key: citing.bibtex(marc, key=f"nhasan{key}", url=url_of(key)).encode(),
        b"\n",
        b"",
    ),
}


def _fields(rows: RecordQuerySet) -> Iterator[tuple[int, str, str, Buffer, Buffer]]:
    return rows.values_list("id", "raw_format", "repairs", "raw", "canonical").iterator(chunk_size=AT_ONCE)


def chosen(collection: Collection | None = None) -> RecordQuerySet:
    """All records that are not deleted, drafts and authorities too, in the order they were added."""
    rows = Record.objects.filter(deleted_at=None).order_by("id")
    return rows.filter(memberships__collection=collection) if collection else rows


def write(out: BinaryIO, collection: Collection | None = None, *, form: str) -> tuple[int, list[Long]]:
    """Write one of MEDIA_TYPES; returns how many, and those that do not fit the format."""
    if form == "mrc":
        return write_iso2709(out, collection)
    rows = chosen(collection)
    out.writelines(stream(rows, form))
    return rows.count(), []


def write_iso2709(out: BinaryIO, collection: Collection | None = None) -> tuple[int, list[Long]]:
    """Write ISO 2709 in UTF-8; returns how many, and those that do not fit it: (id, why, their MARCXML)."""
    count, long = 0, []
    for key, raw_format, repairs, raw, its_canonical in _fields(chosen(collection)):
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


def write_long(out: BinaryIO, long: list[Long]) -> None:
    """Write what did not fit ISO 2709 as a MARCXML collection."""
    out.write(marcxml.OPENING)
    out.writelines(xml + b"\n" for _key, _why, xml in long)
    out.write(marcxml.CLOSING)


def without_addresses(its_canonical: bytes) -> bytes:
    """The canonical record without addresses: how it goes out to whom its files are not for."""
    return canonical.write(rights.without_addresses(canonical.parse(its_canonical)))
