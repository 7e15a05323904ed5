"""The admin's lists of dated rows about people: audiences, managers, whom one learns for; and the menu of all."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup

from people.admin_erasure import ErasureRequestViewSet
from people.admin_lists import PEOPLE_MENU, SPAN, OnlyVisible, VisibleViewSet
from people.admin_organisations import HouseholdViewSet, OrganisationViewSet
from people.admin_requests import RequestViewSet
from people.admin_settling import SettlingViewSet
from people.admin_units import UnitViewSet
from people.few_paginator import FewAtOnce
from people.models import AudienceMembership, Household, ManagerAssignment, Organisation, Representation, User


class OfVisibleForm(WagtailAdminModelForm):
    """People, households and organisations that the user may not see are no choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "household", "organisation"):
            if name in self.fields:
                field = self.fields[name]
                field.queryset = field.queryset.model._default_manager.visible_to(self.for_user)


class OfPersonIndexView(FewAtOnce, IndexView):
    """Rows of people whom the user may see; search looks for the person."""

    is_searchable = True
    walked = ""  # by name is by another table's index

    def get_base_queryset(self) -> QuerySet[Any]:
        people = User.objects.visible_to(self.request.user)
        people = people.found_by(self.search_query) if self.is_searching else people  # one list of keys, not two
        return self.model._default_manager.filter(person__in=people).select_related("person")

    def search_queryset(self, queryset: Any) -> Any:
        return queryset


def _asked(request: HttpRequest, model: type[User] | type[Household] | type[Organisation]) -> dict[str, str]:
    """What the address says to begin with, if the user may see it: its name stands in the form."""
    name = "person" if model is User else str(model._meta.model_name)
    key = request.GET.get(name, "")
    if not key.isdecimal() or len(key) > 18:
        return {}
    return {name: key} if model._default_manager.visible_to(request.user).filter(pk=key).exists() else {}


class OfPersonCreateView(CreateView):
    """Begins with the person in ?person=, as the person's page links here."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **_asked(self.request, User)}


class OfPersonEditView(OnlyVisible, EditView):
    """Only rows of people whom the user may see."""


class OfPersonViewSet(VisibleViewSet):
    """A dated row about a person."""

    index_view_class = OfPersonIndexView
    index_results_template_name = "people/admin/few_results.html"
    add_view_class = OfPersonCreateView
    edit_view_class = OfPersonEditView


class AudienceMembershipViewSet(OfPersonViewSet):
    """Who belongs to which audience, by which decision."""

    model = AudienceMembership
    icon = "tag"
    menu_label = _("Nhóm đối tượng")
    list_filter = ["audience"]
    list_display = ["person", Column("get_audience_display", label=_("Nhóm đối tượng")), *SPAN, "decision_number"]
    panels = [FieldPanel(name) for name in ("person", "audience", "since", "until", "decision_number", "decision_date")]


class ManagerAssignmentViewSet(OfPersonViewSet):
    """Who answers for which unit."""

    model = ManagerAssignment
    icon = "group"
    menu_label = _("Phân công quản lý")
    list_display = ["person", Column("unit", label=_("Địa bàn")), *SPAN]
    panels = [FieldPanel(name) for name in ("person", "unit", "since", "until")]


class RepresentationIndexView(OfPersonIndexView):
    """Who learns for what."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().select_related("household", "organisation")


class RepresentationCreateView(OfPersonCreateView):
    """Begins with the person, household or organisation whose page links here too."""

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), **_asked(self.request, Household), **_asked(self.request, Organisation)}


class RepresentationViewSet(OfPersonViewSet):
    """Who learns for which household or organisation."""

    model = Representation
    icon = "group"
    menu_label = _("Học thay cho")
    index_view_class = RepresentationIndexView
    add_view_class = RepresentationCreateView
    list_display = ["person", Column("subject", label=_("Học thay cho")), *SPAN]
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("person", "household", "organisation", "since", "until")],
        base_form_class=OfVisibleForm,
    )


class PeopleViewSetGroup(ViewSetGroup):
    """One entry of the menu for them all."""

    menu_label = _("Người, địa bàn")
    menu_icon = "group"
    menu_order = 300
    submenu_hook = PEOPLE_MENU
    items = (
        AudienceMembershipViewSet("people_audiences", url_prefix="people/audiences"),
        ManagerAssignmentViewSet("people_managers", url_prefix="people/managers"),
        OrganisationViewSet("people_organisations", url_prefix="people/organisations"),
        HouseholdViewSet("people_households", url_prefix="people/households"),
        RepresentationViewSet("people_representations", url_prefix="people/representations"),
        RequestViewSet("people_requests", url_prefix="people/requests"),
        UnitViewSet("people_units", url_prefix="people/units"),
        SettlingViewSet("people_settling", url_prefix="people/settling"),
        ErasureRequestViewSet("people_erasure_requests", url_prefix="people/erasure-requests"),
    )
