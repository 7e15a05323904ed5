"""The admin's lists of who belongs where: audiences, managers, organisations, households."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from people.admin_lists import ChooserSearchForm, DayColumn, SearchByWords
from people.admin_units import UnitViewSet
from people.models import AudienceMembership, Household, ManagerAssignment, Organisation, User

SPAN = [DayColumn("since", label=_("Từ ngày"), sort_key="since"), DayColumn("until", label=_("Đến hết ngày"))]


class OfPersonIndexView(IndexView):
    """Rows of people whom the user may see; search looks for the person."""

    is_searchable = True

    def get_base_queryset(self) -> QuerySet[Any]:
        people = User.objects.visible_to(self.request.user)
        return self.model._default_manager.filter(person__in=people).select_related("person")

    def search_queryset(self, queryset: Any) -> Any:
        found = User.objects.found_by(self.search_query) if self.is_searching else None
        return queryset if found is None else queryset.filter(person__in=found)


class OfPersonCreateView(CreateView):
    """Begins with the person in ?person=, as the person's page links here."""

    def get_initial(self) -> dict[str, Any]:
        person = self.request.GET.get("person", "")
        return {**super().get_initial(), **({"person": person} if person.isdigit() else {})}


class OfPersonEditView(EditView):
    """Only rows of people whom the user may see."""

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        people = User.objects.visible_to(self.request.user)
        return super().get_object(self.model._default_manager.filter(person__in=people))


class OfPersonViewSet(ModelViewSet):
    """A dated row about a person."""

    index_view_class = OfPersonIndexView
    add_view_class = OfPersonCreateView
    edit_view_class = OfPersonEditView
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50


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


class InUnitIndexView(SearchByWords, IndexView):
    """Rows in units whose people the user may see."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(self.request.user).select_related("unit")


class InUnitEditView(EditView):
    """Only rows the user may see."""

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        return super().get_object(self.model._default_manager.visible_to(self.request.user))


class OrganisationViewSet(ModelViewSet):
    """Agencies, schools, cooperatives and enterprises."""

    model = Organisation
    icon = "home"
    menu_label = _("Cơ quan, tổ chức")
    index_view_class = InUnitIndexView
    edit_view_class = InUnitEditView
    copy_view_enabled = False
    add_to_reference_index = False
    list_filter = ["kind"]
    list_display = ["name", Column("get_kind_display", label=_("Loại")), Column("unit", label=_("Địa bàn")), *SPAN]
    panels = [
        FieldPanel(name) for name in ("name", "kind", "unit", "ethnic_affairs", "ethnic_minority", "since", "until")
    ]


class HouseholdViewSet(ModelViewSet):
    """Household economies."""

    model = Household
    icon = "home"
    menu_label = _("Hộ gia đình")
    index_view_class = InUnitIndexView
    edit_view_class = InUnitEditView
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = ["name", Column("unit", label=_("Địa bàn")), *SPAN]
    panels = [FieldPanel(name) for name in ("name", "unit", "ethnic_minority", "basis", "since", "until")]


class OrganisationsToChoose:
    """Those whom the user may see, with their units."""

    request: Any
    filter_form_class = ChooserSearchForm

    def get_object_list(self) -> QuerySet[Any]:
        return Organisation.objects.visible_to(self.request.user).select_related("unit")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("unit", label=_("Địa bàn"))]  # type: ignore[misc]


class OrganisationChooseView(OrganisationsToChoose, ChooseView):
    """The chooser's dialog."""


class OrganisationChooseResultsView(OrganisationsToChoose, ChooseResultsView):
    """The chooser's results alone."""


class OrganisationChooserViewSet(ChooserViewSet):
    """The field for an organisation in every form of the admin."""

    model = "people.Organisation"
    icon = "home"
    choose_one_text = _("Chọn cơ quan, tổ chức")
    choose_another_text = _("Chọn cơ quan, tổ chức khác")
    choose_view_class = OrganisationChooseView
    choose_results_view_class = OrganisationChooseResultsView


organisation_chooser = OrganisationChooserViewSet(
    "people_organisation_chooser", url_prefix="people/choose-organisation"
)


class PeopleViewSetGroup(ViewSetGroup):
    """One entry of the menu for them all."""

    menu_label = _("Người và địa bàn")
    menu_icon = "group"
    menu_order = 300
    items = (
        AudienceMembershipViewSet("people_audiences", url_prefix="people/audiences"),
        ManagerAssignmentViewSet("people_managers", url_prefix="people/managers"),
        OrganisationViewSet("people_organisations", url_prefix="people/organisations"),
        HouseholdViewSet("people_households", url_prefix="people/households"),
        UnitViewSet("people_units", url_prefix="people/units"),
    )
