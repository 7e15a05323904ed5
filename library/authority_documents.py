"""Authorities as documents of the search: found by any of their names."""

from collections.abc import Iterator, Sequence

from library import authorities
from library.models import HeadingKind, Record
from search.documents import Document

LIMIT = 18  # digits of a key


def documents(keys: Sequence[str]) -> Iterator[Document]:
    """The public authorities among these records, as they are now."""
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) <= LIMIT]
    for record in Record.objects.public().authorities().filter(pk__in=wanted).defer("raw"):
        yield document(record)


def keys() -> Iterator[str]:
    """Every authority that may be public."""
    for key in Record.objects.public().authorities().order_by("pk").values_list("pk", flat=True).iterator():
        yield str(key)


def document(record: Record) -> Document:
    """One authority; its variants stand where names of people and subjects are looked for."""
    shown = authorities.read(record.marc)
    return Document(
        kind="authority",
        key=str(record.pk),
        title=record.title,
        subtitle=" · ".join(shown.variants),
        text=" ".join(shown.notes),
        url=f"/library/records/{record.pk}/",
        subjects=[record.title, *shown.variants],
        identifiers=[record.control_number] if record.control_number else [],
        facets={"heading_kind": (str(HeadingKind(shown.kind).label),) if shown.kind else ()},
        updated=record.changed,
    )
