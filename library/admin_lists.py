"""The library in the admin's menu, and the list of what imports rejected."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from library import refusals
from library.admin_authorities import AuthorityViewSet
from library.admin_collections import CollectionViewSet
from library.admin_copies import CopyViewSet, HolderViewSet
from library.admin_imports import ImportViewSet
from library.admin_records import RecordViewSet
from library.models import RecordColumn, RejectedRecord


class RecordColumnViewSet(ModelViewSet):
    """Where the columns of a table of records go."""

    model = RecordColumn
    icon = "table"
    menu_label = _("Cột của bảng biểu ghi")
    name = "library_columns"
    url_prefix = "library/columns"
    add_to_reference_index = False
    copy_view_enabled = False
    form_fields = ("heading", "also", "target", "separator", "required", "order")
    list_per_page = 100
    list_display = (
        "heading",
        Column("also", label=_("Tên khác")),
        Column("target", label=_("Vào trường MARC")),
        Column("separator", label=_("Dấu ngăn")),
        BooleanColumn("required", label=_("Bắt buộc")),
    )


class RejectedInspectView(InspectView):
    """The reason and the bytes, those that are no text shown by their number."""

    page_title = _("Biểu ghi bị từ chối")

    def get_reason_display_value(self) -> str:
        return refusals.explained(self.object.reason)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = bytes(self.object.raw)[:20_000].decode("utf-8", "backslashreplace")
        text = "".join([c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in shown])
        return super().get_context_data(text=text, **kwargs)


class ReasonColumn(Column):
    """Why, in the reader's language."""

    def get_value(self, instance: RejectedRecord) -> str:
        return refusals.explained(instance.reason)


class RejectedIndexView(IndexView):
    """Rejected records without their bytes."""

    is_searchable = True

    def get_base_queryset(self) -> models.QuerySet[RejectedRecord]:
        return RejectedRecord.objects.defer("raw")

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(file__icontains=self.search_query.strip()) if self.is_searching else queryset


class RejectedViewSet(ModelViewSet):
    """What could not be read, to look at and to throw away."""

    model = RejectedRecord
    icon = "warning"
    menu_label = _("Biểu ghi bị từ chối")
    name = "library_rejected"
    url_prefix = "library/rejected"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = RejectedIndexView
    inspect_view_class = RejectedInspectView
    inspect_template_name = "library/admin/rejected.html"
    inspect_view_fields = ("file", "position", "reason", "created_at")
    form_fields = ("reason",)
    list_per_page = 50
    list_display = (
        "file",
        Column("position", label=_("Thứ tự"), sort_key="position"),
        ReasonColumn("reason", label=_("Lý do"), classname="nha-san-words"),
        DateColumn("created_at", label=_("Lúc"), sort_key="created_at"),
    )


class LibraryViewSetGroup(ViewSetGroup):
    """The library in the admin's menu."""

    menu_label = _("Thư viện")
    menu_icon = "folder-open-1"
    menu_name = "library"
    items = (
        RecordViewSet,
        ImportViewSet,
        AuthorityViewSet,
        CollectionViewSet,
        CopyViewSet,
        HolderViewSet,
        RejectedViewSet,
        RecordColumnViewSet,
    )
