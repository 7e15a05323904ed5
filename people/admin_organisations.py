"""The admin's lists and forms of organisations and households, with those who learn for them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import EditView, IndexView

from people.admin_choosers import unit_chooser
from people.admin_lists import SPAN, OnlyVisible, SearchByWords, VisibleViewSet
from people.few_paginator import FewAtOnce
from people.models import Household, Organisation, Unit, User

NOT_YOURS = _("Chỉ chọn địa bàn mà ông, bà quản lý.")


class InUnitForm(WagtailAdminModelForm):
    """Staff write only in units that they manage; what stands elsewhere already may stay there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.to_look_up(self.for_user)
        if "head" in self.fields:
            self.fields["head"].queryset = User.objects.visible_to(self.for_user)

    def clean_unit(self) -> Unit:
        unit: Unit = self.cleaned_data["unit"]
        if "unit" in self.changed_data and not Unit.objects.managed_by(self.for_user).filter(pk=unit.pk).exists():
            raise ValidationError(NOT_YOURS)
        return unit


class InUnitIndexView(FewAtOnce, SearchByWords, IndexView):
    """Rows in units whose people the user may see."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(self.request.user).select_related("unit")


class InUnitEditView(OnlyVisible, EditView):
    """Only rows the user may see; below the form who learns for it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.object.representations.visible_to(self.request.user).select_related("person")
        may_add = self.request.user.has_perm("people.add_representation")
        subject = self.model._meta.model_name
        return super().get_context_data(
            representations=rows.order_by("-since", "pk"), subject=subject, may_add=may_add, **kwargs
        )


def _handler(*names: str) -> ObjectList:
    panels = [FieldPanel(name, widget=unit_chooser.widget_class if name == "unit" else None) for name in names]
    return ObjectList(panels, base_form_class=InUnitForm)


class InUnitViewSet(VisibleViewSet):
    """What stands in a unit and is learned for."""

    icon = "home"
    index_view_class = InUnitIndexView
    index_results_template_name = "people/admin/few_results.html"
    edit_view_class = InUnitEditView
    edit_template_name = "people/admin/in_unit_edit.html"


class OrganisationViewSet(InUnitViewSet):
    """Agencies, schools, cooperatives and enterprises."""

    model = Organisation
    menu_label = _("Cơ quan, tổ chức")
    list_filter = ["kind", "ethnic_minority"]
    list_display = [
        "name",
        Column("get_kind_display", label=_("Loại")),
        Column("tax_code", label=_("Mã số thuế")),
        Column("unit", label=_("Địa bàn")),
        BooleanColumn("ethnic_minority", label=_("Của người DTTS")),
        *SPAN,
    ]
    edit_handler = _handler(
        "name", "kind", "tax_code", "unit", "ethnic_affairs", "ethnic_minority", "basis", "basis_document", "since",
        "until",
    )  # fmt: skip


class HouseholdViewSet(InUnitViewSet):
    """Household economies."""

    model = Household
    menu_label = _("Hộ gia đình")
    list_filter = ["ethnic_minority"]
    list_display = [
        "name",
        Column("code", label=_("Số hộ")),
        Column("unit", label=_("Địa bàn")),
        BooleanColumn("ethnic_minority", label=_("Hộ DTTS")),
        *SPAN,
    ]
    edit_handler = _handler(
        "name", "code", "head", "unit", "ethnic_minority", "basis", "basis_document", "since", "until"
    )
