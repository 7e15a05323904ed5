"""The list of authorities for readers."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library import headings
from library.models import AuthorityName, HeadingKind, Record

PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Headings and variants of one kind in their order, from what the reader typed on."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in HeadingKind.values else HeadingKind.ETHNIC_GROUP.value
    begun = request.GET.get("q", "")[:100]
    names = AuthorityName.objects.filter(kind=kind, authority__in=Record.objects.public()).select_related("authority")
    names = names.defer("authority__raw", "authority__canonical")
    if begun.strip():
        names = names.filter(plain__startswith=headings.prefix(begun))
    used = set(AuthorityName.objects.order_by().values_list("kind", flat=True).distinct())
    context = {
        "kind": kind,
        "kinds": [(value, label) for value, label in HeadingKind.choices if value in used or value == kind],
        "begun": begun,
        "address": urlencode({"kind": kind, "q": begun}) + "&",
        "page": Paginator(names.order_by("plain", "-is_heading", "id"), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "library/authorities.html", context)
