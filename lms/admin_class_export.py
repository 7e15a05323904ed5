"""The admin's way out for a class as a table: at once for a small one, by a job for a large one."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core import table_files
from lms import class_exports, class_pages
from lms.admin_classes import ClassView
from lms.models import Cohort


class ExportView(ClassView, TemplateView):
    """People or attendance as CSV or XLSX. Of a large class it says how many it will be; a press starts the job."""

    template_name = "lms/admin/export.html"
    page_title = gettext_lazy("Xuất danh sách lớp")
    header_icon = "download"
    what = "people"
    form = "csv"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The file, noted in the audit log; or the question."""
        cohort = self.cohort()
        number = class_pages.people_of(cohort, self.reader).count()
        if number > class_exports.AT_ONCE:
            return self.render_to_response(self.get_context_data(cohort=cohort, number=number))
        class_exports.note(cohort, what=self.what, form=self.form, reader=self.reader)
        return self._file(cohort)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start it."""
        class_exports.start(self.cohort(), what=self.what, form=self.form, reader=self.reader)
        messages.success(request, _("Đang xuất. Khi xong, tải tệp ở dòng của việc này; tệp được giữ 7 ngày."))
        return redirect("core_admin:jobs")

    def _file(self, cohort: Cohort) -> HttpResponseBase:
        table = class_exports.table_of(cohort, self.what, self.reader)
        name = class_exports.name_of(cohort, self.what, self.form)
        rows = chain.from_iterable(table.stretches)
        return table_files.response(name, table.headings, rows, title=_("Lớp"))
