"""The fields for a unit, an organisation or a household in every form of the admin: too many for drop-down lists."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from people.admin_lists import ChooserSearchForm, DayColumn
from people.few_paginator import FewPaginator
from people.models import Household, Organisation, Unit


class OfThoseToChoose:
    """What is said of a row that was chosen: of none that the dialog would not offer."""

    get_object_list: Any
    model_class: Any

    def get_object(self, pk: str) -> Model:
        """Raises DoesNotExist, which is 404."""
        found = self.get_objects([pk]).first()
        if found is None:
            raise self.model_class.DoesNotExist
        return found

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        """Those of these keys."""
        keys = [pk for pk in pks if pk.isdecimal() and len(pk) <= 18]
        return self.get_object_list().filter(pk__in=keys)


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


class UnitChosenView(OfThoseToChoose, UnitsToChoose, ChosenView):
    """The one chosen."""


class UnitsChosenView(OfThoseToChoose, UnitsToChoose, ChosenMultipleView):
    """Those chosen."""


class UnitChooserViewSet(ChooserViewSet):
    """A unit, past or present."""

    model = "people.Unit"
    icon = "site"
    choose_one_text = _("Chọn địa bàn")
    choose_another_text = _("Chọn địa bàn khác")
    choose_view_class = UnitChooseView
    choose_results_view_class = UnitChooseResultsView
    chosen_view_class = UnitChosenView
    chosen_multiple_view_class = UnitsChosenView


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


class InUnitChosenView(OfThoseToChoose, OfUnitsToChoose, ChosenView):
    """The one chosen."""


class SomeInUnitChosenView(OfThoseToChoose, OfUnitsToChoose, ChosenMultipleView):
    """Those chosen."""


class OrganisationChooserViewSet(ChooserViewSet):
    """An agency, school, cooperative or enterprise."""

    model = Organisation
    icon = "home"
    choose_one_text = _("Chọn cơ quan, tổ chức")
    choose_another_text = _("Chọn cơ quan, tổ chức khác")
    choose_view_class = InUnitChooseView
    choose_results_view_class = InUnitChooseResultsView
    chosen_view_class = InUnitChosenView
    chosen_multiple_view_class = SomeInUnitChosenView


class HouseholdChooserViewSet(ChooserViewSet):
    """A household."""

    model = Household
    icon = "home"
    choose_one_text = _("Chọn hộ gia đình")
    choose_another_text = _("Chọn hộ gia đình khác")
    choose_view_class = InUnitChooseView
    choose_results_view_class = InUnitChooseResultsView
    chosen_view_class = InUnitChosenView
    chosen_multiple_view_class = SomeInUnitChosenView


unit_chooser = UnitChooserViewSet("people_unit_chooser", url_prefix="people/choose-unit")
organisation_chooser = OrganisationChooserViewSet(
    "people_organisation_chooser", url_prefix="people/choose-organisation"
)
household_chooser = HouseholdChooserViewSet("people_household_chooser", url_prefix="people/choose-household")
