"""The way into the library, and its collections."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from library import collections, isbd, material
from library.models import AuthorityName, Collection, CollectionPage, Record

NEWEST = 8
PAGE = 25


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The way into the library: search, collections with counts, the newest records."""
    readable = Record.objects.public().bibliographic()
    context = {
        "total": readable.count(),
        "materials": _materials(
            readable.values_list("material").annotate(number=Count("id")).order_by("-number", "material")
        ),
        "newest": readable.light().order_by("-id")[:NEWEST],
        "collections": collections.tree(list(collections.with_counts())),
        "has_authorities": AuthorityName.objects.exists(),
    }
    return render(request, "library/index.html", context)


def _materials(counts: object) -> list[dict[str, object]]:
    return [
        {"label": label, "number": number, "url": isbd.search_url(material=str(label))}
        for key, number in counts  # type: ignore[attr-defined]
        if (label := material.LABELS.get(key))
    ]


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """The records of one collection, page by page, below its text and picture."""
    chosen = get_object_or_404(Collection, slug=slug)
    page = CollectionPage.objects.live().filter(collection=chosen).select_related("picture").first()
    return show(request, chosen, page)


def show(request: HttpRequest, chosen: Collection, page: CollectionPage | None) -> HttpResponse:
    """A collection with this page's text; the page may be a draft that its writer looks at."""
    readable = Record.objects.public().light().filter(memberships__collection=chosen).order_by("title", "id")
    context = {
        "collection": chosen,
        "text": page,
        "above": collections.path(chosen),
        "below": list(collections.with_counts().filter(parent=chosen)),
        "page": Paginator(readable, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "library/collection.html", context)
