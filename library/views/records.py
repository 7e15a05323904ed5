"""The reader's pages of a record: labelled and as ISBD, cited, with what belongs to it; and its formats."""

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from library import (
    authorities,
    citing,
    consents,
    cover,
    dublin_core,
    exporting,
    holdings,
    isbd,
    isbd_areas,
    marc_json,
    marcxml,
    material,
    related,
    rights,
    ris,
    schema_org,
)
from library.exceptions import TooLong
from library.models import Heading, HeadingKind, HoldingLibrary, ReadingList, Record, RecordFile

PAGE = 25
COPIES = 500  # that are listed on a page


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record, labelled; an authority with its records; 410 for one that was deleted."""
    found = readable(request, pk)
    if found.deleted_at:
        return render(request, "library/gone.html", {"record": found}, status=410)
    if found.kind == Record.Kind.AUTHORITY:
        return _authority(request, found)
    may_read = rights.may_read(found.access, request.user)
    marc = rights.for_reader(found.marc, found.access, request.user)
    url = url_of(found)
    files = list(found.files.all()) if may_read else []
    copies = list(found.copies.shown()[:COPIES])
    libraries = HoldingLibrary.objects.filter(
        code__in=[value for each in marc.data("852") for value in each.values("a")]
    )
    picture = next((file for file in files if file.use == RecordFile.Use.COVER), None)
    context = {
        "record": found,
        "material": material.LABELS.get(found.material, ""),
        "lines": isbd.lines(marc, authorities.of_record(found)),
        "areas": isbd_areas.areas(marc),
        "addresses": isbd.addresses(marc),
        "files": [file for file in files if file.use == RecordFile.Use.CONTENT],
        "may_read": may_read,
        "cover": cover.of(found, picture),
        "places": holdings.places(marc, copies, list(libraries)),
        "consents": consents.shown(found),
        "citations": list(found.citations.all()),
        "collections": list(found.collections.all()),
        "references": citing.references(marc, url=url),
        "related": related.groups(str(found.pk), marc),
        "url": url,
        "elements": dublin_core.elements(marc),
        "dublin_core": "http://purl.org/dc/elements/1.1/",
        "json_ld": schema_org.script(marc, kind=found.material, url=url),
        "lists": list(ReadingList.objects.visible_to(request.user)[:100]),
    }
    return render(request, "library/record.html", context)


def _authority(request: HttpRequest, found: Record) -> HttpResponse:
    """The page of an authority: names, see also, and the records that use it."""
    shown = authorities.read(found.marc)
    links = authorities.linked(shown.see_also)
    uses = Heading.objects.filter(record=OuterRef("pk"), authority=found.pk)
    users = Record.objects.public().bibliographic().light().filter(Exists(uses)).order_by("-pk")
    context = {
        "record": found,
        "shown": shown,
        "kind": HeadingKind(shown.kind).label if shown.kind else "",
        "see_also": [
            (label, [(each, links.get(each.link)) for each in shown.see_also if each.relation == relation])
            for relation, label in authorities.RELATIONS.items()
        ],
        "page": Paginator(users, PAGE).get_page(request.GET.get("page")),
        "collections": list(found.collections.all()),
        "url": url_of(found),
        "json_ld": schema_org.authority_script(shown, url=url_of(found)),
        "search_url": isbd.search_url(q=f'"{shown.heading.replace(chr(34), "")}"'),
    }
    return render(request, "library/authority.html", context)


@require_safe
def marc(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as MARC, tag by tag, for librarians."""
    found = readable(request, pk)
    if found.deleted_at:
        return render(request, "library/gone.html", {"record": found}, status=410)
    its_marc = rights.for_reader(found.marc, found.access, request.user)
    return render(request, "library/marc.html", {"record": found, "marc": its_marc})


@require_safe
def record_as(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The record for machines: mrc, xml, json, ris or bib; without addresses that are not for who asks."""
    if form not in FORMS:
        raise Http404(_("Không có dạng này."))
    found = readable(request, pk)
    if found.deleted_at:
        return HttpResponse("This record was deleted.\n", content_type="text/plain; charset=utf-8", status=410)
    if not rights.may_read(found.access, request.user):
        found = without_addresses(found)
    content_type, write = FORMS[form]
    try:
        content = write(found)
    except TooLong as error:
        text = f"{error}. The record is whole at {url_of(found).rstrip('/')}.xml\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=406)
    disposition = {"Content-Disposition": f'attachment; filename="record-{pk}.{form}"'} if form in DOWNLOADED else {}
    return HttpResponse(content, content_type=content_type, headers=disposition)


def readable(request: HttpRequest, pk: int) -> Record:
    """The record if this reader may see it, tombstones too; else 404."""
    return get_object_or_404(Record.objects.visible_to(request.user).select_related("source"), pk=pk)


def url_of(found: Record) -> str:
    """The permanent address, without a language's prefix."""
    return f"{settings.BASE_URL}/library/records/{found.pk}/"


def without_addresses(found: Record) -> Record:
    """The row as it is handed out where its files are not."""
    found.canonical = exporting.without_addresses(bytes(found.canonical))
    found.raw_format = Record.RawFormat.MARCXML  # so that the received bytes are not given instead
    return found


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
        lambda found: ris.to_ris(found.marc, url=url_of(found)),
    ),
    "bib": (
        "application/x-bibtex; charset=utf-8",
        lambda found: citing.bibtex(found.marc, key=f"nhasan{found.pk}", url=url_of(found)),
    ),
}
DOWNLOADED = {"mrc", "ris", "bib"}
