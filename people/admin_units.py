"""The admin's list of units: to look up, not to change, since units come from the state's data."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from people.admin_lists import ChooserSearchForm, DayColumn, SearchByWords
from people.models import Unit


class LookUpOnly(ModelPermissionPolicy):
    """Nobody changes these rows in the admin, superusers included; whoever may view does."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class UnitFilterSet(WagtailFilterSet):
    """By level, and the units of today only."""

    level = django_filters.ChoiceFilter(label=_("Cấp"), choices=Unit.Level.choices)
    former = django_filters.BooleanFilter(
        label=_("Đơn vị cũ"), field_name="valid_to", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Unit
        fields = ["level"]


class UnitIndexView(SearchByWords, IndexView):
    """Units with what they belong to and what became of them."""

    def get_base_queryset(self) -> QuerySet[Unit]:
        return Unit.objects.select_related("parent", "today")


class UnitViewSet(ModelViewSet):
    """List and inspect."""

    model = Unit
    icon = "site"
    menu_label = _("Địa bàn")
    add_to_admin_menu = False
    add_to_reference_index = False
    index_view_class = UnitIndexView
    inspect_view_class = InspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    exclude_form_fields = ["valid_to"]
    filterset_class = UnitFilterSet
    list_per_page = 50
    inspect_view_fields = ["code", "name", "level", "parent", "valid_from", "valid_to", "today", "settled"]
    list_display = [
        "name",
        Column("code", label=_("Mã"), sort_key="code"),
        Column("get_level_display", label=_("Cấp")),
        Column("parent", label=_("Thuộc")),
        DayColumn("valid_from", label=_("Từ ngày")),
        DayColumn("valid_to", label=_("Đến hết ngày")),
        Column("today", label=_("Nay là")),
    ]


class UnitsToChoose:
    """Today's units first, each with its province."""

    filter_form_class = ChooserSearchForm

    def get_object_list(self) -> QuerySet[Unit]:
        return Unit.objects.select_related("parent").order_by("-valid_from", "code")

    @property
    def columns(self) -> list[Column]:
        own = [Column("parent", label=_("Thuộc")), DayColumn("valid_to", label=_("Đến hết ngày"))]
        return [*super().columns, *own]  # type: ignore[misc]


class UnitChooseView(UnitsToChoose, ChooseView):
    """The chooser's dialog."""


class UnitChooseResultsView(UnitsToChoose, ChooseResultsView):
    """The chooser's results alone."""


class UnitChooserViewSet(ChooserViewSet):
    """The field for a unit in every form of the admin: 14,000 rows are no drop-down list."""

    model = "people.Unit"
    icon = "site"
    choose_one_text = _("Chọn địa bàn")
    choose_another_text = _("Chọn địa bàn khác")
    choose_view_class = UnitChooseView
    choose_results_view_class = UnitChooseResultsView


unit_chooser = UnitChooserViewSet("people_unit_chooser", url_prefix="people/choose-unit")
