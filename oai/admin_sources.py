"""The admin's list of sources: how each stands, its last harvests, and a button to harvest now.

Sources are made at the shell (`add_source`): who types an address there is trusted with it, a web form is not.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from core import audit, jobs
from core.models import Job
from oai import harvest_jobs
from oai.models import HarvestRun, HarvestSource

SHOWN_RUNS = 20
LABELS = {
    "source": gettext_lazy("Nguồn"),
    "url": gettext_lazy("Địa chỉ OAI-PMH"),
    "prefix": gettext_lazy("Dạng biểu ghi (metadataPrefix)"),
    "set_spec": gettext_lazy("Tập biểu ghi (setSpec)"),
    "granularity": gettext_lazy("Đối tác ghi ngày giờ theo"),
    "until": gettext_lazy("Đã lấy mọi thay đổi trước"),
}


class ViewOnly(ModelPermissionPolicy):
    """Whoever has a permission on sources may view them; nobody types them here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class SourceIndexView(IndexView):
    """Sources with their last run, in a constant number of queries."""

    default_ordering = "source__name"
    header_more_buttons = ()

    def get_base_queryset(self) -> models.QuerySet[HarvestSource]:
        last = models.Prefetch("runs", queryset=HarvestRun.objects.order_by("-id")[:1], to_attr="last_runs")
        return HarvestSource.objects.select_related("source").prefetch_related(last)


class SourceInspectView(InspectView):
    """One source with its last runs."""

    page_title = gettext_lazy("Nguồn thu hoạch")

    def get_fields_context(self) -> list[dict[str, Any]]:
        return [each for each in super().get_fields_context() if each["value"] not in (None, "")]

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return LABELS[field_name]

    def get_granularity_display_value(self) -> str:
        return str(self.object.granularity)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(runs=self.object.runs.all()[:SHOWN_RUNS], **kwargs)


class TemplateColumn(BaseColumn):
    """A cell with a template of its own, which may hold a form."""

    def __init__(self, name: str, *, template: str, **options: Any) -> None:
        super().__init__(name, **options)
        self.cell_template_name = template

    def get_cell_context_data(self, instance: HarvestSource, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"csrf_token": get_token(context["request"])}


class SourceViewSet(ModelViewSet):
    """List, look, harvest."""

    model = HarvestSource
    icon = "download"
    menu_label = gettext_lazy("Nguồn thu hoạch")
    menu_name = "oai_sources"
    add_to_admin_menu = True
    add_to_reference_index = False
    index_view_class = SourceIndexView
    inspect_view_class = SourceInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_template_name = "oai/admin/source.html"
    inspect_view_fields = tuple(LABELS)
    form_fields = ("prefix",)
    list_display = (
        TitleColumn("source", label=LABELS["source"], url_name="oai_sources:inspect"),
        Column("url", label=LABELS["url"], classname="nha-san-words"),
        TemplateColumn("last", template="oai/admin/last_run.html", label=gettext_lazy("Lần gần nhất")),
        TemplateColumn("now", template="oai/admin/harvest_button.html", label=gettext_lazy("Việc cần làm")),
    )

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("<int:pk>/harvest/", harvest_now, name="harvest")]


@require_POST
@permission_required("oai.change_harvestsource", raise_exception=True)
def harvest_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a job for one source, unless one is at it."""
    source = get_object_or_404(HarvestSource.objects.select_related("source"), pk=pk)
    going = Job.objects.filter(kind=harvest_jobs.ONE, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if going.filter(arguments__source=pk).exists():
        messages.info(request, _("Nguồn “%(source)s” đang được thu hoạch.") % {"source": source})
        return redirect("oai_sources:index")
    with transaction.atomic():
        title = _("Thu hoạch %(source)s") % {"source": source}
        person: Any = request.user
        jobs.start(harvest_jobs.ONE, {"source": pk}, by=person.uuid, title=title)
        audit.record(by=person, action="oai.harvest", subject=f"source:{source.source.key}")
    messages.success(request, _("Đã bắt đầu thu hoạch “%(source)s”. Trang này cho biết kết quả.") % {"source": source})
    return redirect("oai_sources:index")
