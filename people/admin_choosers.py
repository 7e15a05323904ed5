"""The fields for a unit, an organisation or a household in every form of the admin: too many for drop-down lists."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from people.admin_lists import ChooserSearchForm, DayColumn
from people.few_paginator import FewPaginator
from people.models import Household, Organisation, Unit


class UnitsToChoose:
    """Today's units first, each with what it lies in."""

    request: Any
    filter_form_class = ChooserSearchForm

    def get_object_list(self) -> QuerySet[Unit]:
        units = Unit.objects.to_look_up(self.request.user)
        return units.select_related("parent").order_by("-valid_from", "code")

    @property
    def columns(self) -> list[Column]:
        own = [Column("parent", label=_("Thuộc")), DayColumn("valid_to", label=_("Đến hết ngày"))]
        return [*super().columns, *own]  # type: ignore[misc]


class UnitChooseView(UnitsToChoose, ChooseView):
    """The chooser's dialog."""


class UnitChooseResultsView(UnitsToChoose, ChooseResultsView):
    """The chooser's results alone."""


class UnitChooserViewSet(ChooserViewSet):
    """A unit, past or present."""

    model = "people.Unit"
    icon = "site"
    choose_one_text = _("Chọn địa bàn")
    choose_another_text = _("Chọn địa bàn khác")
    choose_view_class = UnitChooseView
    choose_results_view_class = UnitChooseResultsView


class OfUnitsToChoose:
    """Those whom the user may see, with their units."""

    request: Any
    model_class: Any
    filter_form_class = ChooserSearchForm
    paginator_class = FewPaginator

    def get_object_list(self) -> QuerySet[Any]:
        return self.model_class.objects.visible_to(self.request.user).select_related("unit")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("unit", label=_("Địa bàn"))]  # type: ignore[misc]


class InUnitChooseView(OfUnitsToChoose, ChooseView):
    """The chooser's dialog."""


class InUnitChooseResultsView(OfUnitsToChoose, ChooseResultsView):
    """The chooser's results alone."""


class OrganisationChooserViewSet(ChooserViewSet):
    """An agency, school, cooperative or enterprise."""

    model = Organisation
    icon = "home"
    choose_one_text = _("Chọn cơ quan, tổ chức")
    choose_another_text = _("Chọn cơ quan, tổ chức khác")
    choose_view_class = InUnitChooseView
    choose_results_view_class = InUnitChooseResultsView


class HouseholdChooserViewSet(ChooserViewSet):
    """A household."""

    model = Household
    icon = "home"
    choose_one_text = _("Chọn hộ gia đình")
    choose_another_text = _("Chọn hộ gia đình khác")
    choose_view_class = InUnitChooseView
    choose_results_view_class = InUnitChooseResultsView


unit_chooser = UnitChooserViewSet("people_unit_chooser", url_prefix="people/choose-unit")
organisation_chooser = OrganisationChooserViewSet(
    "people_organisation_chooser", url_prefix="people/choose-organisation"
)
household_chooser = HouseholdChooserViewSet("people_household_chooser", url_prefix="people/choose-household")
