"""The admin's list of records: find, look at the MARC, delete; making and changing lead to the editor."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import DeleteView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from library import editing, material
from library.admin_editor import PUBLISH
from library.editing import CannotSave
from library.models import Collection, Record, Source
from library.reading import Repair
from search.folding import compose

PER_PAGE = 50


class ViewAndDelete(ModelPermissionPolicy):
    """What is not typed into a form: only viewed and deleted, by whom the permissions say."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "delete"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def searched(queryset: Any, text: str) -> Any:
    """Words of the title, or a whole control number."""
    words = compose(text).split()
    if not words:
        return queryset
    in_title = models.Q(*[models.Q(title__icontains=word) for word in words])
    return queryset.filter(in_title | models.Q(control_number=text.strip()))


class RecordFilterSet(WagtailFilterSet):
    """By where records come from and what became of them."""

    kind = django_filters.ChoiceFilter(label=_("Loại biểu ghi"), choices=Record.Kind.choices)
    status = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=Record.Status.choices)
    pending = django_filters.BooleanFilter(
        label=_("Có thay đổi chưa công bố"), field_name="pending_draft", lookup_expr="isnull", exclude=True
    )
    source = django_filters.ModelChoiceFilter(
        label=_("Nguồn"), queryset=Source.objects.all(), null_label=_("Của thư viện")
    )
    collection = django_filters.ModelChoiceFilter(
        label=_("Bộ sưu tập"), queryset=Collection.objects.all(), field_name="memberships__collection"
    )
    deleted = django_filters.BooleanFilter(
        label=_("Đã xóa"), field_name="deleted_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Record
        fields = ["kind", "status", "pending", "source", "collection", "deleted"]

    def filter_queryset(self, queryset: models.QuerySet[Record]) -> models.QuerySet[Record]:
        """What was deleted only where it is asked for."""
        found: models.QuerySet[Record] = super().filter_queryset(queryset)
        return found.filter(deleted_at=None) if self.form.cleaned_data["deleted"] is None else found


class RecordIndexView(IndexView):
    """Records, the newest first, without their MARC."""

    is_searchable = True
    default_ordering = "-id"
    add_item_label = _("Biểu ghi mới")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Many records at once, for who may."""
        buttons: list[Button] = list(super().header_more_buttons)
        if self.request.user.has_perm(PUBLISH):
            batches = reverse("library_editor:batches")
            buttons.append(Button(_("Sửa hàng loạt"), url=batches, icon_name="list-ul", priority=90))
        return buttons

    def get_base_queryset(self) -> models.QuerySet[Record]:
        return Record.objects.light().select_related("source")

    def search_queryset(self, queryset: Any) -> Any:
        return searched(queryset, self.search_query if self.is_searching else "")

    @cached_property
    def header_buttons(self) -> list[Any]:
        """Also what is shown, to take out."""
        address = reverse("library_export:index")
        query = self.request.GET.urlencode()
        button = HeaderButton(_("Xuất"), url=f"{address}?{query}" if query else address, icon_name="download")
        return [*super().header_buttons, button]


class RecordInspectView(InspectView):
    """A record with its MARC."""

    page_title = _("Biểu ghi")

    def get_object(self, queryset: Any = None) -> Record:
        return get_object_or_404(Record.objects.select_related("source"), pk=self.pk)

    def get_fields_context(self) -> list[dict[str, Any]]:
        return [each for each in super().get_fields_context() if each["value"] not in (None, "")]

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return _("Lưu ý") if field_name == "repairs" else super().get_field_label(field_name, field)

    def get_repairs_display_value(self) -> str:
        return ", ".join(str(Repair(name).label) for name in self.object.repairs.split(",") if name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(marc=self.object.marc, **kwargs)


class RecordDeleteView(DeleteView):
    """Asks, then leaves a tombstone."""

    success_message = _("Đã xóa %(object)s.")
    confirmation_message = _("Xóa biểu ghi này? Bạn đọc và các thư viện thu hoạch sẽ thấy là biểu ghi đã bị xóa.")

    def get_object(self, queryset: Any = None) -> Record:
        found = super().get_object(Record.objects.light())
        if found.deleted_at:
            raise Http404
        return found

    def get_usage_url(self) -> None:
        """Citations keep working: the reader's page says that the record is gone."""
        return

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except CannotSave as error:
            messages.error(self.request, str(error))
            kind = "authorities" if self.object.kind == Record.Kind.AUTHORITY else "records"
            return redirect(f"library_{kind}:inspect", self.object.pk)
        return response

    def delete_action(self) -> None:
        editing.delete(self.object, by=self.request.user)


class MaterialColumn(Column):
    """The kind of material by its name."""

    def get_value(self, instance: Record) -> Any:
        return material.LABELS.get(instance.material, "")


class StatusColumn(Column):
    """Public, a draft, or deleted."""

    def get_value(self, instance: Record) -> Any:
        return _("đã xóa") if instance.deleted_at else instance.get_status_display()


class RecordViewSet(ModelViewSet):
    """List, look, delete; to make and to change, the editor."""

    model = Record
    icon = "folder-open-1"
    menu_label = _("Biểu ghi")
    name = "library_records"
    url_prefix = "library/records"
    add_to_reference_index = False
    index_view_class = RecordIndexView
    inspect_view_class = RecordInspectView
    delete_view_class = RecordDeleteView
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_template_name = "library/admin/record.html"
    inspect_view_fields = (
        "title",
        "status",
        "source",
        "control_number",
        "control_agency",
        "changed",
        "created_at",
        "deleted_at",
        "repairs",
    )
    filterset_class = RecordFilterSet
    add_view = staticmethod(RedirectView.as_view(pattern_name="library_editor:templates"))
    edit_view = staticmethod(RedirectView.as_view(pattern_name="library_editor:edit"))
    form_fields = ("status",)
    list_per_page = PER_PAGE
    list_display = (
        "title",
        Column("author", label=_("Tác giả")),
        Column("year", label=_("Năm"), sort_key="year"),
        MaterialColumn("material", label=_("Loại tài liệu")),
        Column("control_number", label=_("Số kiểm soát")),
        Column("source", label=_("Nguồn")),
        DateColumn("changed", label=_("Thay đổi lúc"), sort_key="changed"),
        StatusColumn("status", label=_("Trạng thái")),
    )
