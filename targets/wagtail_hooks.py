"""Populations and rules in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from people.admin_choosers import unit_chooser
from targets.models import Population, TargetCourse


class PopulationViewSet(ModelViewSet):
    """Of how many a share is taken."""

    model = Population
    icon = "group"
    list_display = ["target", "unit", "kind", "number", "source", "since", "until"]
    list_filter = ["target", "kind"]
    search_fields = ["unit__name", "source"]
    panels = [
        FieldPanel("target", heading=_("Chỉ tiêu")),
        FieldPanel("unit", widget=unit_chooser.widget_class),  # 14,000 and more are no drop-down list
        *("kind", "number", "source", "decision_number", "decision_date", "since", "until"),
    ]


class TargetCourseViewSet(ModelViewSet):
    """Which courses count for which target, and from when to when."""

    model = TargetCourse
    icon = "tasks"
    list_display = ["target", Column("course", label=_("Khóa học"), sort_key="course"), "since", "until"]
    list_filter = ["target"]
    panels = [
        FieldPanel("target", heading=_("Chỉ tiêu")),
        FieldPanel("course", heading=_("Khóa học")),
        *("since", "until"),
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
