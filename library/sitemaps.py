"""Sitemaps of all public records. A part holds a stretch of keys, so that none costs more than any other."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from library.models import Collection, Record

STRETCH = 20_000  # keys in one part; a sitemap may hold 50,000 addresses


def parts() -> int:
    """How many parts there are."""
    last = Record.objects.public().aggregate(last=Max("pk"))["last"] or 0
    return -(-last // STRETCH)


def records(part: int) -> Iterator[tuple[str, datetime]]:
    """The addresses of one part, counted from 1, with when each record was changed."""
    keys = {"pk__gt": (part - 1) * STRETCH, "pk__lte": part * STRETCH}
    rows = Record.objects.public().filter(**keys).order_by("pk").values_list("pk", "changed")
    for key, changed in rows.iterator(chunk_size=2000):
        yield f"{settings.BASE_URL}/library/records/{key}/", changed


def collections() -> list[str]:
    """The addresses of the library's front page and of the collections."""
    slugs = Collection.objects.order_by("slug").values_list("slug", flat=True)
    return [f"{settings.BASE_URL}/library/", *(f"{settings.BASE_URL}/library/collections/{slug}/" for slug in slugs)]
