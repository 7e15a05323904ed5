"""Collections are made, changed and shown: each has a page in Wagtail, and perhaps a rule."""

from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q
from wagtail.models import Page, Site

from core import jobs
from library import shelving
from library.models import Collection, CollectionPage, LibraryPage, Record
from search import queue as search_queue

SLUG = "library"


@transaction.atomic
def save(collection: Collection, *, by: Any | None) -> Collection:
    """Store a new or changed collection: its page, the index under its name, its records by its rule."""
    before = Collection.objects.filter(pk=collection.pk).first() if collection.pk else None
    collection.save()
    ensure_page(collection)
    if before and before.name != collection.name:
        keys = collection.memberships.values_list("record_id", flat=True)
        search_queue.enqueue("record", map(str, keys.iterator()))
        CollectionPage.objects.filter(collection=collection).update(title=collection.name, draft_title=collection.name)
    if collection.rule != (before.rule if before else {}):
        title = f"Bộ sưu tập {collection.name}: xếp lại theo quy tắc"
        jobs.start(shelving.APPLY_RULE, {"collection": collection.pk}, by=by and by.uuid, title=title)
    return collection


def ensure_page(collection: Collection) -> CollectionPage | None:
    """The collection's page, made if need be; None while the site has no pages at all."""
    found = CollectionPage.objects.filter(collection=collection).first()
    if found is not None:
        return found
    branch = _branch()
    if branch is None:
        return None
    page = CollectionPage(title=collection.name, slug=collection.slug, collection=collection)
    added: CollectionPage = branch.add_child(instance=page)
    return added


def _branch() -> Page | None:
    """The page above the collections' pages."""
    branch = LibraryPage.objects.first()
    if branch is not None:
        return branch
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return None
    return site.root_page.add_child(instance=LibraryPage(title="Thư viện", slug=SLUG))


def with_counts() -> models.QuerySet[Collection]:
    """Adds `number`: records that any reader may see, in the collection itself."""
    public = Q(records__status=Record.Status.PUBLISHED, records__deleted_at=None)
    public &= ~Q(records__access=Record.Access.HIDDEN)
    return Collection.objects.annotate(number=Count("records", filter=public)).order_by("name")


def tree(rows: list[Collection]) -> list[tuple[Collection, int]]:
    """Collections with their depth, each below the one that it belongs to."""
    below: dict[int | None, list[Collection]] = {}
    known = {row.pk for row in rows}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[tuple[Collection, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            found.append((row, depth))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


def path(collection: Collection) -> list[Collection]:
    """The collections above this one, from the top."""
    every = {row.pk: row for row in Collection.objects.defer("description", "rule")}
    found: list[Collection] = []
    above = every.get(collection.parent_id or 0)
    while above is not None and above not in found:
        found.insert(0, above)
        above = every.get(above.parent_id or 0)
    return found
