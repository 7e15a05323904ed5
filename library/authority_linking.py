"""Linking the headings of existing records to authorities: what fits is shown first, then $0 is written by a job."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from core import audit, jobs
from library import headings
from library.authority_changes import linked_to, rewrite_all
from library.marc import ControlField, Field, MarcRecord
from library.models import AuthorityName, Heading, Record

LINK = "library.link_headings"
SHOWN = 200  # headings that are shown before they are linked


@dataclass(frozen=True)
class Match:
    """A heading without a link, how many records have it, and the authority that it means."""

    text: str
    number: int
    authority: Record
    name: AuthorityName


def unlinked() -> QuerySet[Heading]:
    """Headings of our own living records that are not linked."""
    return Heading.objects.filter(authority=None, link="", record__source=None, record__deleted_at=None)


def matches(*, variants: bool, limit: int = SHOWN) -> list[Match]:
    """The headings that mean just one authority, the most used first; by variant names too where that is wished."""
    names = _names(variants=variants)
    wanted = unlinked().filter(key__in=names.order_by().values("key"))
    counted = wanted.order_by().values("kind", "key").annotate(number=Count("record", distinct=True), first=Min("text"))
    rows = counted.order_by("-number", "key")[: limit * 2]
    found = [(row, meant(row["kind"], row["key"], variants=variants)) for row in rows]
    return [Match(row["first"], row["number"], name.authority, name) for row, name in found if name][:limit]


def _names(*, variants: bool) -> QuerySet[AuthorityName]:
    names = AuthorityName.objects.filter(authority__in=Record.objects.public())
    return names if variants else names.filter(is_heading=True)


def meant(kind: str, key: str, *, variants: bool) -> AuthorityName | None:
    """The one authority that a heading means: by its heading, else by a variant that no other has."""
    kinds = headings.ALIKE.get(kind, (kind,))
    found = list(
        _names(variants=variants)
        .filter(key=key, kind__in=kinds)
        .select_related("authority")
        .order_by("-is_heading", "id")[:20]
    )
    preferred = [name for name in found if name.is_heading] or found
    return preferred[0] if len({name.authority_id for name in preferred}) == 1 else None


def start(*, variants: bool, by: Any) -> jobs.Job:
    """Link everything that fits now."""
    with transaction.atomic():
        audit.record(by=by, action="library.link_headings", subject="headings", detail={"variants": variants})
        return jobs.start(LINK, {"variants": variants}, by=by.uuid, title="Liên kết tiêu đề với tiêu đề chuẩn")


@jobs.handler(LINK)
def link_all(job: jobs.Job) -> None:
    """Write $0, and the authority's heading where a variant stood."""
    variants = bool(job.arguments["variants"])
    fitting = unlinked().filter(key__in=_names(variants=variants).order_by().values("key")).values("record")
    rows = Record.objects.filter(source=None, deleted_at=None, pk__in=fitting).order_by("pk")
    rewrite_all(job, rows, lambda marc: linked(marc, variants=variants))


def linked(marc: MarcRecord, *, variants: bool) -> MarcRecord:
    """The record with $0 in every heading that means one authority."""
    return MarcRecord(marc.leader, [_linked(each, variants=variants) for each in marc.fields])


def _linked(each: Field, *, variants: bool) -> Field:
    if isinstance(each, ControlField) or each.tag not in headings.CONTROLLED or each.values("0"):
        return each
    kind = headings.kind_of_tag(each.tag)
    text = headings.text_of(each, kind)
    name = meant(kind, headings.key(text), variants=variants) if text else None
    return linked_to(each, name.authority) if name else each
