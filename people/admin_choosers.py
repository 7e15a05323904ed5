"""The fields for a person, unit, organisation or household in every form of the admin: too many for drop-down lists."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from people.admin_lists import ChooserSearchForm, DayColumn
from people.few_paginator import FewPaginator
from people.models import Unit


class ChosenOfTheField(BaseChooser):
    """Shows what was chosen, if it is a row that the form's field takes: a key guessed in an address says no name."""

    choices: Any = None  # the field's own, set by Django with its queryset

    def get_instance(self, value: Any) -> Any:
        if value is None or isinstance(value, self.model_class):
            return value
        queryset = getattr(self.choices, "queryset", None)
        rows = self.model_class.objects.all() if queryset is None else queryset
        return rows.filter(pk__in=_keys([str(value)])).first()


def _keys(texts: list[str]) -> list[str]:
    return [text for text in texts if text.isdecimal() and len(text) <= 18]


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
        return self.get_object_list().filter(pk__in=_keys(pks))


class ToChoose:
    """What a dialog offers: the rows that the user may see, found by words."""

    request: Any
    model_class: Any
    filter_form_class = ChooserSearchForm
    paginator_class = FewPaginator
    more_columns: tuple[Column, ...] = (Column("unit", label=_("Địa bàn")),)

    def get_object_list(self) -> Any:
        return self.model_class.objects.visible_to(self.request.user).select_related("unit")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, *self.more_columns]  # type: ignore[misc]


class UnitsToChoose(ToChoose):
    """Today's units first, each with what it lies in."""

    paginator_class = ChooseView.paginator_class
    more_columns = (Column("parent", label=_("Thuộc")), DayColumn("valid_to", label=_("Đến hết ngày")))

    def get_object_list(self) -> QuerySet[Unit]:
        units = Unit.objects.to_look_up(self.request.user)
        return units.select_related("parent").order_by("-valid_from", "code")


class SeenUnitsToChoose(UnitsToChoose):
    """Only those whose people the user may see, and their own."""

    def get_object_list(self) -> QuerySet[Unit]:
        return Unit.objects.visible_to(self.request.user).select_related("parent").order_by("-valid_from", "code")


class PeopleToChoose(ToChoose):
    """Those who stand for themselves, each with the name to sign in by."""

    more_columns = (Column("sign_in_name", label=_("Đăng nhập bằng")), *ToChoose.more_columns)

    def get_object_list(self) -> Any:
        return super().get_object_list().persons().order_by("full_name", "id")


class FromMany(ChooserViewSet):
    """A chooser; `offers` says what its four views show."""

    base_widget_class = ChosenOfTheField

    def __init_subclass__(cls, offers: type = ToChoose, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.choose_view_class = type("Choose", (offers, ChooseView), {})
        cls.choose_results_view_class = type("ChooseResults", (offers, ChooseResultsView), {})
        cls.chosen_view_class = type("Chosen", (OfThoseToChoose, offers, ChosenView), {})
        cls.chosen_multiple_view_class = type("ChosenMultiple", (OfThoseToChoose, offers, ChosenMultipleView), {})


class PersonChooserViewSet(FromMany, offers=PeopleToChoose):
    """A person."""

    model = "people.User"
    icon = "user"
    choose_one_text = _("Chọn người")
    choose_another_text = _("Chọn người khác")


class UnitChooserViewSet(FromMany, offers=UnitsToChoose):
    """A unit, past or present."""

    model = "people.Unit"
    icon = "site"
    choose_one_text = _("Chọn địa bàn")
    choose_another_text = _("Chọn địa bàn khác")


class SeenUnitChooserViewSet(UnitChooserViewSet, offers=SeenUnitsToChoose):
    """A unit whose people the user may see."""

    register_widget = False  # units in general are the other's


class OrganisationChooserViewSet(FromMany):
    """An agency, school, cooperative or enterprise."""

    model = "people.Organisation"
    icon = "home"
    choose_one_text = _("Chọn cơ quan, tổ chức")
    choose_another_text = _("Chọn cơ quan, tổ chức khác")


class HouseholdChooserViewSet(FromMany):
    """A household."""

    model = "people.Household"
    icon = "home"
    choose_one_text = _("Chọn hộ gia đình")
    choose_another_text = _("Chọn hộ gia đình khác")


person_chooser = PersonChooserViewSet("people_person_chooser", url_prefix="people/choose-person")
unit_chooser = UnitChooserViewSet("people_unit_chooser", url_prefix="people/choose-unit")
seen_unit_chooser = SeenUnitChooserViewSet("people_seen_unit_chooser", url_prefix="people/choose-seen-unit")
organisation_chooser = OrganisationChooserViewSet(
    "people_organisation_chooser", url_prefix="people/choose-organisation"
)
household_chooser = HouseholdChooserViewSet("people_household_chooser", url_prefix="people/choose-household")
