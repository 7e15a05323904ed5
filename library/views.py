"""The reader's pages of the library."""

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from library import citing, exporting, isbd, marc_json, marcxml, material, ris, schema_org
from library.exceptions import TooLong
from library.models import Collection, Record

NEWEST = 8
PAGE = 25


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The way into the library: search, collections with counts, the newest records."""
    readable = Record.objects.public().bibliographic()
    public = Q(records__status=Record.Status.PUBLISHED, records__deleted_at=None, records__kind=Record.Kind.BIB)
    context = {
        "total": readable.count(),
        "materials": _materials(
            readable.values_list("material").annotate(number=Count("id")).order_by("-number", "material")
        ),
        "newest": readable.light().order_by("-id")[:NEWEST],
        "collections": Collection.objects.annotate(number=Count("records", filter=public)).order_by("name"),
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
    """The records of one collection, page by page."""
    chosen = get_object_or_404(Collection.objects.select_related("parent"), slug=slug)
    readable = (
        Record.objects.public().bibliographic().light().filter(memberships__collection=chosen).order_by("title", "id")
    )
    page = Paginator(readable, PAGE).get_page(request.GET.get("page"))
    return render(request, "library/collection.html", {"collection": chosen, "page": page})


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record, labelled; 410 for one that was deleted."""
    found = _readable(request, pk)
    if found.deleted_at:
        return render(request, "library/gone.html", {"record": found}, status=410)
    marc = found.marc
    url = _url(found)
    context = {
        "record": found,
        "material": material.LABELS.get(found.material, ""),
        "lines": isbd.lines(marc),
        "citations": list(found.citations.all()),
        "collections": list(found.collections.all()),
        "references": [
            (_("Kiểu Việt Nam"), citing.vietnamese(marc)),
            ("APA", citing.apa(marc)),
            ("BibTeX", citing.bibtex(marc, key=f"nhasan{found.pk}", url=url)),
        ],
        "url": url,
        "json_ld": schema_org.script(marc, kind=found.material, url=url),
    }
    return render(request, "library/record.html", context)


@require_safe
def marc(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as MARC, tag by tag, for librarians."""
    found = _readable(request, pk)
    if found.deleted_at:
        return render(request, "library/gone.html", {"record": found}, status=410)
    return render(request, "library/marc.html", {"record": found, "marc": found.marc})


@require_safe
def record_as(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The record for machines: mrc, xml, json or ris."""
    if form not in FORMS:
        raise Http404(_("Không có dạng này."))
    found = _readable(request, pk)
    if found.deleted_at:
        return HttpResponse("This record was deleted.\n", content_type="text/plain; charset=utf-8", status=410)
    content_type, write = FORMS[form]
    try:
        content = write(found)
    except TooLong as error:
        text = f"{error}. The record is whole at {_url(found).rstrip('/')}.xml\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=406)
    disposition = {"Content-Disposition": f'attachment; filename="record-{pk}.{form}"'} if form in DOWNLOADED else {}
    return HttpResponse(content, content_type=content_type, headers=disposition)


def _readable(request: HttpRequest, pk: int) -> Record:
    """The record if this reader may see it, tombstones too; else 404."""
    return get_object_or_404(Record.objects.visible_to(request.user).select_related("source"), pk=pk)


def _url(found: Record) -> str:
    """The permanent address, without a language's prefix."""
    return f"{settings.BASE_URL}/library/records/{found.pk}/"


def _mrc(found: Record) -> bytes:
    return exporting.iso2709_of(found.raw_format, found.repairs, bytes(found.raw), bytes(found.canonical))


def _xml(found: Record) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + marcxml.to_xml(found.marc)


FORMS: dict[str, tuple[str, Callable[[Record], bytes | str]]] = {
    "mrc": ("application/marc", _mrc),
    "xml": ("application/marcxml+xml; charset=utf-8", _xml),
    "json": ("application/json", lambda found: marc_json.to_json(found.marc)),
    "ris": (
        "application/x-research-info-systems; charset=utf-8",
        lambda found: ris.to_ris(found.marc, url=_url(found)),
    ),
}
DOWNLOADED = {"mrc", "ris"}
