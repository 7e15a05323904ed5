"""What the admin's page of a unit lets one write: each change is a form of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from core.admin_pages import AdminPage
from people import admin_unit_forms, unit_attributes, villages
from people.exceptions import NotPossible
from people.models import Unit, UnitAttribute


def look_up(user: Any, pk: Any) -> Unit:
    """The unit, if the user may look it up; else 404."""
    units = Unit.objects.to_look_up(user).select_related("parent__parent__parent", "today__parent")
    return get_object_or_404(units, pk=pk)


class UnitChangeView(PermissionRequiredMixin, AdminPage, FormView):
    """A form about a unit for which the user answers: others get 404."""

    permission_required = "people.change_unit"
    raise_exception = True
    template_name = "people/admin/unit_change.html"
    header_icon = "site"
    section = ("people_units:index", gettext_lazy("Địa bàn"))
    level: str | None = Unit.Level.VILLAGE
    lead: Any = ""
    done: Any = gettext_lazy("Đã lưu.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        units = Unit.objects.managed_by(request.user).select_related("parent", "today")
        if self.level:
            units = units.filter(level=self.level)
        self.unit = get_object_or_404(units, pk=kwargs["pk"])

    def further(self) -> list[dict[str, Any]]:
        return [{"url": self.get_success_url(), "label": self.unit.name}, *super().further()]

    def get_success_url(self) -> str:
        return reverse("people_units:inspect", args=[self.unit.pk])

    @property
    def by(self) -> Any:
        """Who writes."""
        return self.request.user

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "unit": self.unit, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(unit=self.unit, lead=self.lead, back=self.get_success_url(), **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Write; what is not possible is said above the form, with what was typed."""
        try:
            changed = self.write(form.cleaned_data)
        except NotPossible as reason:
            form.add_error(None, reason.message)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect("people_units:inspect", changed.pk)

    def write(self, data: dict[str, Any]) -> Unit:
        """Do what the form asks; returns the unit to show next."""
        raise NotImplementedError


class AddVillageView(UnitChangeView):
    """A village of this commune."""

    permission_required = "people.add_unit"
    level = Unit.Level.COMMUNE
    page_title = gettext_lazy("Thêm thôn, bản")
    form_class = admin_unit_forms.AddVillageForm

    def write(self, data: dict[str, Any]) -> Unit:
        return villages.add(commune=self.unit, by=self.by, **data)


class RenameVillageView(UnitChangeView):
    """Another name."""

    page_title = gettext_lazy("Đổi tên")
    lead = gettext_lazy(
        "Thôn mang tên cũ kết thúc vào ngày liền trước; người đã đăng ký ở đó tự tính vào thôn mang tên mới."
    )
    form_class = admin_unit_forms.RenameVillageForm

    def write(self, data: dict[str, Any]) -> Unit:
        return villages.rename(village=self.unit, by=self.by, **data)


class MoveVillageView(UnitChangeView):
    """Another commune."""

    page_title = gettext_lazy("Chuyển sang xã khác")
    lead = gettext_lazy("Dùng cả khi xã cũ đã bị chia: chọn xã mới mà thôn nay thuộc về.")
    form_class = admin_unit_forms.MoveVillageForm

    def write(self, data: dict[str, Any]) -> Unit:
        return villages.move(village=self.unit, by=self.by, **data)


class MergeVillagesView(UnitChangeView):
    """One village of several."""

    page_title = gettext_lazy("Nhập với thôn khác")
    form_class = admin_unit_forms.MergeVillagesForm

    def write(self, data: dict[str, Any]) -> Unit:
        together = [self.unit, *data.pop("others")]
        return villages.merge(villages=together, by=self.by, **data)


class EndVillageView(UnitChangeView):
    """The village ends."""

    page_title = gettext_lazy("Kết thúc hoặc chia thôn")
    lead = gettext_lazy("Khi chia thôn: thêm các thôn mới vào xã trước, rồi chọn chúng ở đây.")
    form_class = admin_unit_forms.EndVillageForm

    def write(self, data: dict[str, Any]) -> Unit:
        villages.end(village=self.unit, by=self.by, **data)
        return self.unit


class AddAttributeView(UnitChangeView):
    """What the state says of the unit."""

    permission_required = "people.add_unitattribute"
    level = None
    page_title = gettext_lazy("Ghi thuộc tính")
    form_class = admin_unit_forms.AttributeForm

    def write(self, data: dict[str, Any]) -> Unit:
        kind, value = data.pop("said")
        unit_attributes.give(unit=self.unit, kind=kind, value=value, by=self.by, **data)
        return self.unit


class EndAttributeView(UnitChangeView):
    """It holds no longer."""

    permission_required = "people.change_unitattribute"
    level = None
    page_title = gettext_lazy("Kết thúc thuộc tính")
    form_class = admin_unit_forms.EndAttributeForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.attribute = get_object_or_404(UnitAttribute, unit=self.unit, pk=kwargs["attribute"])
        self.lead = f"{self.attribute.label} ({self.attribute.document})"

    def write(self, data: dict[str, Any]) -> Unit:
        unit_attributes.end(attribute=self.attribute, by=self.by, **data)
        return self.unit


class AgencyView(UnitChangeView):
    """Who answers for the unit."""

    permission_required = "people.add_unitagency"
    level = None
    page_title = gettext_lazy("Đổi cơ quan phụ trách")
    form_class = admin_unit_forms.AgencyForm

    def write(self, data: dict[str, Any]) -> Unit:
        unit_attributes.make_responsible(unit=self.unit, by=self.by, **data)
        return self.unit


VIEWS: tuple[tuple[str, str, type[UnitChangeView]], ...] = (
    ("add_village", "villages/add", AddVillageView),
    ("rename", "rename", RenameVillageView),
    ("move", "move", MoveVillageView),
    ("merge", "merge", MergeVillagesView),
    ("end", "end", EndVillageView),
    ("add_attribute", "attributes/add", AddAttributeView),
    ("end_attribute", "attributes/<int:attribute>/end", EndAttributeView),
    ("agency", "agency", AgencyView),
)
