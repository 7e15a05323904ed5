"""The admin's list of units and the page of each. Provinces and communes are the state's data, to look up only."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from people import admin_unit_changes, unit_page
from people.admin_lists import DayColumn, SearchByWords
from people.models import Unit, UnitAttribute


class LookUpOnly(ModelPermissionPolicy):
    """Nobody types these rows in a form of Wagtail's own, superusers included; whoever may view does."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class UnitFilterSet(WagtailFilterSet):
    """By level, by what the state says of a unit, past or present."""

    level = django_filters.ChoiceFilter(label=_("Cấp"), choices=Unit.Level.choices)
    attribute = django_filters.ChoiceFilter(
        label=_("Thuộc tính hiện nay"), choices=UnitAttribute.Kind.choices, method="having"
    )
    former = django_filters.BooleanFilter(
        label=_("Đơn vị cũ"), field_name="valid_to", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Unit
        fields = ["level"]

    def having(self, queryset: Any, name: str, value: str) -> Any:
        """Units that have it themselves or lie in one that has."""
        return queryset.having(value)


class UnitIndexView(SearchByWords, IndexView):
    """Units with what they belong to and what became of them."""

    def get_base_queryset(self) -> QuerySet[Unit]:
        return Unit.objects.to_look_up(self.request.user).select_related("parent", "today")


class UnitInspectView(InspectView):
    """The page of one unit."""

    page_title = _("Địa bàn")

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Unit:
        return admin_unit_changes.look_up(self.request.user, self.pk)

    def get_fields_context(self) -> list[Any]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, unit = self.request.user, self.object
        mine = Unit.objects.managed_by(user).filter(pk=unit.pk).exists()
        may = {
            "villages": mine and user.has_perm("people.add_unit"),
            "change": mine and user.has_perm("people.change_unit") and unit.level == Unit.Level.VILLAGE,
            "attributes": mine and user.has_perm("people.add_unitattribute") and unit.valid_to is None,
            "agency": mine and user.has_perm("people.add_unitagency") and unit.valid_to is None,
            "settle": user.has_perm("people.settle_unit"),
        }
        shown = unit_page.context(unit, user, self.request.GET.get("p", "1"))
        return super().get_context_data(may=may, **shown, **kwargs)


class UnitViewSet(ModelViewSet):
    """List, look, and change villages."""

    model = Unit
    icon = "site"
    menu_label = _("Địa bàn")
    add_to_admin_menu = False
    add_to_reference_index = False
    index_view_class = UnitIndexView
    inspect_view_class = UnitInspectView
    inspect_view_enabled = True
    inspect_template_name = "people/admin/unit.html"
    copy_view_enabled = False
    exclude_form_fields = ["valid_to"]
    filterset_class = UnitFilterSet
    list_per_page = 50
    list_display = [
        TitleColumn("name", label=_("Tên"), url_name="people_units:inspect"),
        Column("code", label=_("Mã"), sort_key="code"),
        Column("get_level_display", label=_("Cấp")),
        Column("parent", label=_("Thuộc")),
        DayColumn("valid_from", label=_("Từ ngày")),
        DayColumn("valid_to", label=_("Đến hết ngày")),
        Column("today", label=_("Nay là")),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            *(path(f"<int:pk>/{route}/", view.as_view(), name=name) for name, route, view in admin_unit_changes.VIEWS),
        ]
