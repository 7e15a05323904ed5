"""The admin's list of long work: how far each job is, and stopping it."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from core import audit, jobs, table_files
from core.admin_pages import AdminPage
from core.models import Job, TableImport

PAGE = 30


class JobsView(AdminPage, TemplateView):
    """One's own jobs, or all of them for who may; a page that holds a going job looks again by itself.

    ?all: those too that the site did by the clock.
    """

    page_title = gettext_lazy("Việc chạy nền")
    template_name = "core/admin/jobs.html"
    header_icon = "cogs"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = Job.objects.visible_to(self.request.user)
        by_clock = "all" in self.request.GET
        page = Paginator(shown if by_clock else shown.worth_a_look(), PAGE).get_page(self.request.GET.get("p"))
        for job in page:
            job.title = jobs.title_of(job)
        files = TableImport.objects.visible_to(self.request.user).filter(job__in=list(page))
        imports = dict(files.values_list("job", "pk"))
        own = {
            "refresh": 2 if any(job.is_going for job in page) else 0,
            "by_clock": by_clock,
            "has_more": not by_clock and shown.filter(started_by=None).exists(),
        }
        rows = [(job, imports.get(job.pk)) for job in page]  # a stopped import goes on from the page of its file
        return super().get_context_data(page_obj=page, rows=rows, **own, **kwargs)


@require_safe
def take_away(request: HttpRequest, pk: int) -> FileResponse:
    """The file that an export made, for who started it only: another might not see whom it names."""
    person: Any = request.user
    job = get_object_or_404(Job, pk=pk, started_by=person.uuid, state=Job.State.DONE)
    if not job.result.get("file"):
        raise Http404
    file = default_storage.open(job.result["file"])
    name = job.result["name"]
    return FileResponse(file, as_attachment=True, filename=name, content_type=table_files.content_type(name))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to end at its next step; what it has done stays."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    person: Any = request.user
    if job.is_going:
        jobs.stop(job)
        audit.record(by=person, action="core.stop_job", subject=f"job:{job.pk}")
        messages.success(request, _("Đã yêu cầu dừng “%(job)s”. Phần đã làm được giữ lại.") % {"job": job})
    return redirect("core_admin:jobs")
