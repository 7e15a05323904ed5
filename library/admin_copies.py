"""The admin's list of copies, with labels and shelf lists of what is listed; and the libraries that hold them."""

from typing import Any

import django_filters
from django.contrib.auth.decorators import permission_required
from django.db import models
from django.http import FileResponse, Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from library import labels, shelf_lists
from library.models import Copy, HoldingLibrary


class ViewOnly(ModelPermissionPolicy):
    """Copies are made and changed on the page of their record."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class CopyFilterSet(WagtailFilterSet):
    """By where copies stand and how they are."""

    library = django_filters.ModelChoiceFilter(label=gettext_lazy("Thư viện"), queryset=HoldingLibrary.objects.all())
    location = django_filters.CharFilter(label=gettext_lazy("Kho, giá"), lookup_expr="istartswith")
    status = django_filters.ChoiceFilter(label=gettext_lazy("Tình trạng"), choices=Copy.Status.choices)
    since = django_filters.DateFilter(
        label=gettext_lazy("Nhập kho từ ngày"), field_name="acquired_on", lookup_expr="gte"
    )

    class Meta:
        model = Copy
        fields = ["library", "location", "status", "since"]


class CopyIndexView(IndexView):
    """Copies as they stand; the buttons print what is listed."""

    is_searchable = True
    default_ordering = ["library__name", "location", "call_number", "register_number"]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        query = self.request.GET.urlencode()
        printed = (
            (_("Danh sách theo giá (PDF)"), reverse("library_shelf:shelf_list")),
            (_("Nhãn gáy (PDF)"), reverse("library_shelf:labels", args=["spine"])),
            (_("Nhãn mã vạch (PDF)"), reverse("library_shelf:labels", args=["barcode"])),
        )
        return [
            Button(label, url=f"{url}?{query}", icon_name="download", priority=10 * at)
            for at, (label, url) in enumerate(printed, start=1)
        ]

    def get_base_queryset(self) -> models.QuerySet[Copy]:
        return Copy.objects.select_related("library", "record").defer("record__raw", "record__canonical")

    def search_queryset(self, queryset: Any) -> Any:
        """The beginning of a register number or of a call number."""
        if not self.is_searching:
            return queryset
        text = self.search_query.strip()
        return queryset.filter(models.Q(register_number__istartswith=text) | models.Q(call_number__istartswith=text))


class RecordColumn(TitleColumn):
    """The register number, leading to the record's shelf."""

    def get_link_url(self, instance: Copy, parent_context: Any) -> str:
        return reverse("library_shelf:copy", args=[instance.record_id, instance.pk])


class CopyViewSet(ModelViewSet):
    """List and print; copies are made on the page of their record."""

    model = Copy
    icon = "list-ul"
    menu_label = gettext_lazy("Bản tài liệu")
    name = "library_copies"
    url_prefix = "library/copies"
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = CopyIndexView
    filterset_class = CopyFilterSet
    form_fields = ("status",)
    list_per_page = 50
    list_display = (
        RecordColumn("register_number", label=gettext_lazy("Số ĐKCB"), sort_key="register_number"),
        Column("record", label=gettext_lazy("Tài liệu"), classname="nha-san-words"),
        Column("call_number", label=gettext_lazy("Ký hiệu xếp giá"), sort_key="call_number"),
        Column("library", label=gettext_lazy("Thư viện")),
        Column("location", label=gettext_lazy("Kho, giá")),
        Column("get_status_display", label=gettext_lazy("Tình trạng")),
        DateColumn("acquired_on", label=gettext_lazy("Ngày nhập kho"), sort_key="acquired_on"),
    )


class HolderViewSet(ModelViewSet):
    """The libraries whose copies are kept here."""

    model = HoldingLibrary
    icon = "home"
    menu_label = gettext_lazy("Thư viện lưu giữ")
    name = "library_holders"
    url_prefix = "library/holders"
    add_to_reference_index = False
    copy_view_enabled = False
    form_fields = ("code", "name", "address")
    list_display = (
        "name",
        "code",
        Column("address", label=gettext_lazy("Địa chỉ, giờ mở cửa"), classname="nha-san-words"),
    )


@require_safe
@permission_required("library.view_copy", raise_exception=True)
def print_labels(request: HttpRequest, kind: str) -> FileResponse:
    """Labels of the copies that are listed, or of one record's; skip=N leaves out labels that are used already."""
    if kind not in {"spine", "barcode"}:
        raise Http404(kind)
    skip = request.GET.get("skip", "")
    write = labels.spine if kind == "spine" else labels.barcodes
    found = _chosen(request).in_shelf_order()[: labels.MOST]
    out = write(list(found), skip=int(skip) if skip.isascii() and skip.isdecimal() and len(skip) < 4 else 0)
    return FileResponse(out, filename=f"nhan-{kind}.pdf", content_type="application/pdf")


@require_safe
@permission_required("library.view_copy", raise_exception=True)
def print_shelf_list(request: HttpRequest) -> FileResponse:
    """The copies that are listed, in the order of the shelves."""
    rows = _chosen(request).in_shelf_order().iterator(chunk_size=500)
    out = shelf_lists.write(rows, title=_("Danh sách tài liệu theo giá"))
    return FileResponse(out, filename="danh-sach-theo-gia.pdf", content_type="application/pdf")


def _chosen(request: HttpRequest) -> Any:
    """The copies of the list's filters and search, or of one record."""
    rows = Copy.objects.visible_to(request.user)
    record = request.GET.get("record", "")
    if record:
        return rows.filter(record=int(record) if record.isascii() and record.isdecimal() and len(record) < 19 else 0)
    filtered = CopyFilterSet(request.GET, queryset=rows, request=request)
    if not filtered.is_valid():
        raise Http404(_("Bộ lọc không hợp lệ."))
    rows = filtered.qs
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(models.Q(register_number__istartswith=text) | models.Q(call_number__istartswith=text))
    return rows
