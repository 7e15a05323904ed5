"""Records as documents of the search."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from library import canonical, columns, languages, standard_numbers, subjects
from library.columns import joined, plain
from library.marc import DataField, MarcRecord
from library.material import LABELS
from library.models import AuthorityName, CollectionMembership, Heading, Record
from search.documents import Document

NAMES = ("100", "110", "111", "700", "710", "711")
NUMBERS = ("010", "020", "022", "024", "028", "035", "086", "088")
OTHER_TITLES = {"130", "210", "222", "240", "242", "246", "247", "730", "740", "830"}
LIMIT = 18  # digits of a key


class Needed(NamedTuple):
    """The columns of a record that its document is made of."""

    pk: int
    title: str
    author: str
    year: int | None
    language: str
    material: str
    control_number: str
    changed: datetime
    canonical: bytes
    source__name: str | None


def documents(keys: Sequence[str]) -> Iterator[Document]:
    """The public bibliographic ones among these records, as they are now."""
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) <= LIMIT]
    variants = _variants(wanted)
    memberships = CollectionMembership.objects.filter(record__in=wanted).select_related("collection")
    names: dict[int, list[str]] = {}
    for membership in memberships.order_by("collection__name"):
        names.setdefault(membership.record_id, []).append(membership.collection.name)
    labels = {material: str(label) for material, label in LABELS.items()}
    rows = Record.objects.public().bibliographic().filter(pk__in=wanted).order_by("pk")
    for record in rows.values_list(*Needed._fields):
        key = record[0]
        yield document(Needed._make(record), labels, names.get(key, []), variants.get(key, ()))


def keys() -> Iterator[str]:
    """Every record that may be public."""
    for key in Record.objects.public().bibliographic().order_by("pk").values_list("pk", flat=True).iterator():
        yield str(key)


def _variants(records: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """By record, (kind, name) of all names of the authorities that it is linked to."""
    links = Heading.objects.filter(record__in=records).exclude(authority=None).values_list("record_id", "authority_id")
    linked = list(links.distinct())
    names: dict[int, list[tuple[str, str]]] = {}
    rows = AuthorityName.objects.filter(authority__in={authority for _record, authority in linked})
    for authority, kind, text in rows.order_by("-is_heading", "id").values_list("authority_id", "kind", "text"):
        names.setdefault(authority, []).append((kind, text))
    found: dict[int, list[tuple[str, str]]] = {}
    for record, authority in sorted(linked):
        found.setdefault(record, []).extend(names.get(authority, []))
    return found


def document(
    record: Needed, labels: Mapping[str, str], collections: Iterable[str], variants: Sequence[tuple[str, str]]
) -> Document:
    """One record; url is without a language's prefix. Variants are (kind, name) of the authorities it is linked to."""
    marc = canonical.parse(bytes(record.canonical))
    made_by = list(marc.data(*NAMES))
    about = subjects.of(marc)
    facets = {
        "material": (labels.get(record.material, ""),),
        "subject": tuple(about),
        "collection": tuple(collections),
        "source": (record.source__name,) if record.source__name else (),
        "year": (str(record.year),) if record.year else (),
        "author": tuple(_facet_names(made_by)),
        "series": tuple(series(marc)),
    }
    return Document(
        kind="record",
        key=str(record.pk),
        title=record.title,
        subtitle=" · ".join(filter(None, (record.author, str(record.year or ""), _extent(marc)))),
        text=" ".join(filter(None, (_text(marc), *dict.fromkeys(name for _kind, name in variants)))),
        url=f"/library/records/{record.pk}/",
        language=languages.short(record.language),
        year=record.year,
        creators=[name for each in made_by if (name := joined(each, "abcdq"))],
        subjects=about,
        identifiers=_identifiers(record, marc),
        facets=facets,
        updated=record.changed,
    )


def facet_names(marc: MarcRecord) -> list[str]:
    """Who made it, without dates and roles, as the facet of authors names them."""
    return _facet_names(marc.data(*NAMES))


def _facet_names(fields: Iterable[DataField]) -> list[str]:
    found = [columns.without_end(joined(each, "abcq" if each.tag[1:] == "00" else "abn")) for each in fields]
    return list(dict.fromkeys(filter(None, found)))


def series(marc: MarcRecord) -> list[str]:
    """The series that it belongs to, without numbers."""
    found = [columns.without_end(joined(each, "anp")) for each in marc.data("490", "830")]
    return list(dict.fromkeys(filter(None, found)))


def _extent(marc: MarcRecord) -> str:
    each = marc.first("300")
    return columns.without_end(joined(each, "a")) if each else ""


def _text(marc: MarcRecord) -> str:
    """The abstract first, since the snippet comes from it, then what else has words a reader may remember."""
    texts = [joined(each, "ab") for each in marc.data("520")]
    for each in marc.fields:
        if not isinstance(each, DataField):
            continue
        tag = each.tag
        if tag == "245":
            texts.append(joined(each, "c"))
        elif tag in OTHER_TITLES or tag in {"250", "260", "264", "490", "773"}:
            texts.append(joined(each, "abcnptv"))
        elif tag == "880" or (tag[:1] == "5" and tag != "520" and tag.isdigit()):
            texts.append(joined(each, "abcgrt"))
    return " ".join(filter(None, texts))


def _identifiers(record: Needed, marc: MarcRecord) -> list[str]:
    found = [record.control_number]
    for each in marc.data(*NUMBERS):
        for value in each.values("a"):
            if each.tag == "020":  # readers look for either form of the number
                found += standard_numbers.both(standard_numbers.isbn_in(value)) or [plain(value.split("(")[0])]
            else:
                found.append(plain(value))
    return list(dict.fromkeys(filter(None, found)))
