"""Populations and rules in the admin."""

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from people.admin_choosers import seen_unit_chooser
from people.admin_lists import SPAN, OnlyVisible, VisibleViewSet
from people.models import Unit
from targets.models import Population, Target, TargetCourse


class TargetCourseFilterSet(WagtailFilterSet):
    """By target."""

    target = ModelChoiceFilter(label=_("Chỉ tiêu"), queryset=Target.objects.all())

    class Meta:
        model = TargetCourse
        fields = ("target",)


class PopulationFilterSet(TargetCourseFilterSet):
    """By target and kind."""

    class Meta:
        model = Population
        fields = ("target", "kind")


class PopulationForm(WagtailAdminModelForm):
    """Of a unit whose people the user may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.visible_to(self.for_user)


class PopulationIndexView(IndexView):
    """Those of units whose people the user may see."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return Population.objects.visible_to(self.request.user).select_related("target", "unit")


class PopulationEditView(OnlyVisible, EditView):
    """Only rows the user may see."""


class PopulationViewSet(VisibleViewSet):
    """Of how many a share is taken."""

    model = Population
    icon = "group"
    index_view_class = PopulationIndexView
    edit_view_class = PopulationEditView
    list_display = [
        "unit",
        Column("target", label=_("Chỉ tiêu"), accessor=lambda row: row.target.label),
        Column("get_kind_display", label=_("Hình thức")),
        "number",
        "source",
        *SPAN,
    ]
    filterset_class = PopulationFilterSet
    search_fields = ["unit__name", "source"]
    edit_handler = ObjectList(
        [
            FieldPanel("target", heading=_("Chỉ tiêu")),
            FieldPanel("unit", widget=seen_unit_chooser.widget_class),  # 14,000 and more are no drop-down list
            *(
                FieldPanel(name)
                for name in ("kind", "number", "source", "decision_number", "decision_date", "since", "until")
            ),
        ],
        base_form_class=PopulationForm,
    )


class TargetCourseIndexView(IndexView):
    """The rules with the names of their courses."""

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = super().columns
        columns[0].label = _("Khóa học")
        return columns

    def get_base_queryset(self) -> QuerySet[Any]:
        return TargetCourse.objects.select_related("target", "course")


class TargetCourseViewSet(ModelViewSet):
    """Which courses count for which target, and from when to when."""

    model = TargetCourse
    icon = "tasks"
    list_display = [
        "course",
        Column("target", label=_("Chỉ tiêu"), accessor=lambda row: row.target.label),
        *SPAN,
    ]
    index_view_class = TargetCourseIndexView
    filterset_class = TargetCourseFilterSet
    panels = [
        FieldPanel("target", heading=_("Chỉ tiêu")),
        FieldPanel("course", heading=_("Khóa học")),
        FieldPanel("since"),
        FieldPanel("until"),
    ]


class TargetsViewSetGroup(ViewSetGroup):
    """The targets' menu."""

    menu_label = _("Chỉ tiêu")
    menu_icon = "circle-check"
    items = (PopulationViewSet("populations"), TargetCourseViewSet("target-courses"))


@hooks.register("register_admin_viewset")
def targets_viewsets() -> TargetsViewSetGroup:
    """Shown to managers and administrators, by their permissions."""
    return TargetsViewSetGroup()
