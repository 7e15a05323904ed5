"""Taking records out in the admin: what a list shows, a search, a collection or a choice, in any format."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.viewsets.base import ViewSet

from core.admin_pages import AdminPage
from library import exporting
from library.admin_records import RecordFilterSet, searched
from library.models import Record
from library.models.record import RecordQuerySet

MOST_CHOSEN = 1_000  # keys that an address can hold
LABELS = {
    "mrc": (_("ISO 2709 (.mrc)"), _("Biểu ghi chưa sửa ra đúng từng byte như lúc vào; biểu ghi quá dài bị bỏ lại.")),
    "xml": (_("MARCXML (.xml)"), _("Không giới hạn độ dài.")),
    "json": (_("MARC-in-JSON (.json)"), _("Cho chương trình khác đọc.")),
    "mods": (_("MODS (.mods.xml)"), _("Cho kho tài liệu số.")),
    "ris": (_("RIS (.ris)"), _("Cho Zotero, EndNote, Mendeley.")),
    "bib": (_("BibTeX (.bib)"), _("Cho LaTeX.")),
}


def chosen(request: HttpRequest) -> RecordQuerySet:
    """The records that the address asks for: by the list's filters and search, or by their keys (id=1&id=2)."""
    rows = Record.objects.visible_to(request.user).filter(deleted_at=None).order_by("id")
    keys = [int(key) for key in request.GET.getlist("id")[:MOST_CHOSEN] if key.isdecimal() and len(key) < 19]
    if keys:
        return rows.filter(pk__in=keys)
    filters = RecordFilterSet(request.GET, queryset=rows, request=request)
    if not filters.is_valid():
        raise Http404
    return searched(filters.qs, request.GET.get("q", "")).distinct()


class ExportView(AdminPage, TemplateView):
    """How many records it is about, and the formats."""

    page_title = _("Xuất biểu ghi")
    template_name = "library/admin/export.html"
    header_icon = "download"
    section = ("library_records:index", _("Biểu ghi"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _check(self.request)
        forms = [(form, label, note) for form, (label, note) in LABELS.items()]
        query = self.request.GET.urlencode()
        return super().get_context_data(number=chosen(self.request).count(), forms=forms, query=query, **kwargs)


@require_safe
def download(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The records in one format, streamed."""
    _check(request)
    if form not in LABELS:
        raise Http404
    name = f"bieu-ghi-{timezone.localdate():%Y-%m-%d}.{exporting.ENDINGS.get(form, form)}"
    return StreamingHttpResponse(
        exporting.stream(chosen(request), form),
        content_type=exporting.MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("library.view_record"):
        raise PermissionDenied


class ExportViewSet(ViewSet):
    """Addresses of the export; the list of records leads there."""

    name = "library_export"
    url_prefix = "library/export"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ExportView.as_view(), name="index"),
            path("records.<str:form>", download, name="download"),
        ]
