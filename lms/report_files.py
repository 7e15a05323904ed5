"""Each report as a file with the numbers of its page: handed over at once while it is short, else made by a job.

A report declares a function that makes its table from the reader and what its address asks; GET and job call the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core import audit, exports, jobs, table_files
from core.admin_pages import AdminPage
from people.models import User

EXPORT = "lms.export_report"
AT_ONCE = 1000  # rows that a reader may wait for
VIEW = "lms.view_enrolment"


@dataclass(frozen=True)
class Table:
    """A report as rows. name: of the file, without its ending; number: how many rows there will be."""

    name: str
    title: str
    headings: Sequence[str]
    number: int
    stretches: Iterable[Sequence[Sequence[Any]]]


Maker = Callable[..., Table]
_makers: dict[str, Maker] = {}


def declare(report: str) -> Callable[[Maker], Maker]:
    """Say which function makes the table: called with reader, what is asked, and the address's own arguments."""

    def keep(maker: Maker) -> Maker:
        _makers[report] = maker
        return maker

    return keep


class FileView(PermissionRequiredMixin, AdminPage, TemplateView):
    """The file, or for a long one a page with a button that starts the job. report and form stand in the address."""

    permission_required = VIEW
    raise_exception = True
    page_title = gettext_lazy("Xuất báo cáo")
    header_icon = "download"
    template_name = "lms/admin/report_file.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        table = self._table()
        if table.number > AT_ONCE:
            return self.render_to_response(self.get_context_data(table=table, **kwargs))
        self._note()
        rows = chain.from_iterable(table.stretches)
        return table_files.response(f"{table.name}.{kwargs['form']}", table.headings, rows, title=table.title)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Start it; who started it takes the file from the list of jobs."""
        table, reader = self._table(), self._reader
        asked = {
            "reader": reader.pk,
            "query": request.GET.urlencode(),
            "language": translation.get_language() or "vi",
            **kwargs,
        }
        with transaction.atomic():
            jobs.start(EXPORT, asked, by=reader.uuid, title=table.title)
            self._note()
        messages.success(request, _("Đang xuất. Khi xong, tải tệp ở dòng của việc này; tệp được giữ 7 ngày."))
        return redirect("core_admin:jobs")

    @property
    def _reader(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def _table(self) -> Table:
        named = {name: value for name, value in self.kwargs.items() if name not in {"report", "form"}}
        return _makers[self.kwargs["report"]](self._reader, self.request.GET, **named)

    def _note(self) -> None:
        detail = {**self.kwargs, "query": self.request.GET.urlencode()[:500]}
        audit.record(by=self._reader, action="lms.export_report", subject=self.kwargs["report"], detail=detail)


@jobs.handler(EXPORT)
def export(job: jobs.Job) -> None:
    """arguments: reader (primary key), query (of the page's address), language, report, form, and the address's own."""
    named = dict(job.arguments)
    reader, asked = User.objects.get(pk=named.pop("reader")), QueryDict(named.pop("query"))
    report, form = named.pop("report"), named.pop("form")
    with translation.override(named.pop("language")):
        table = _makers[report](reader, asked, **named)
        job.total = table.number
        exports.run(job, name=f"{table.name}.{form}", headings=table.headings, stretches=table.stretches)
