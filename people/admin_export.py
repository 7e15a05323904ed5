"""The page that starts an export of the list of people."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core import audit, jobs
from core.admin_pages import AdminPage
from people import people_export
from people.few_paginator import MOST


class ExportView(PermissionRequiredMixin, AdminPage, TemplateView):
    """Says how many it will be; a press starts the job."""

    permission_required = "people.view_user"
    raise_exception = True
    page_title = gettext_lazy("Xuất danh sách người")
    header_icon = "download"
    template_name = "people/admin/export.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader: Any = self.request.user
        people = people_export.found(reader, self.request.GET.urlencode()).order_by()
        number = len(people.values_list("pk", flat=True)[: MOST + 1])
        return super().get_context_data(number=min(number, MOST), more=number > MOST, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it; who started it takes the file from the list of jobs."""
        reader: Any = request.user
        asked = {"reader": reader.pk, "query": request.GET.urlencode(), "language": translation.get_language() or "vi"}
        with transaction.atomic():
            job = jobs.start(people_export.EXPORT, asked, by=reader.uuid, title=_("Xuất danh sách người"))
            audit.record(by=reader, action="people.export", subject=f"job:{job.pk}")
        messages.success(request, _("Đang xuất. Khi xong, tải tệp ở dòng của việc này; tệp được giữ 7 ngày."))
        return redirect("core_admin:jobs")
