"""The admin's way in for tables: choose a kind, hand in a file, see every problem, accept, see what came of it."""

import tempfile
from collections.abc import Callable
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView, TemplateView

from core import audit, jobs, sheet_reading, table_imports, table_reports, table_rows
from core.admin_pages import AdminPage
from core.exceptions import NotAtThisState
from core.models import ImportedRow, TableImport
from core.table_files import CONTENT_TYPES
from core.table_kinds import Kind

PAGE = 50
PREVIEWED = 20
TITLE = gettext_lazy("Nhập từ tệp")


class FileForm(forms.Form):
    """The file; a kind's own questions follow."""

    file = forms.FileField(
        label=gettext_lazy("Tệp"),
        help_text=gettext_lazy("Tối đa 20 MB. Chưa có gì được ghi cho đến khi ông, bà xem kết quả kiểm tra và đồng ý."),
    )

    def clean_file(self) -> Any:
        """Not too large; the rest is seen when it is read."""
        file = self.cleaned_data["file"]
        if file.size > sheet_reading.LARGEST_FILE:
            raise forms.ValidationError(_("Tệp lớn hơn 20 MB. Hãy chia thành nhiều tệp."))
        return file


class InImports(AdminPage):
    """A page below the list of imports, with the way back to it."""

    page_title = TITLE
    section = ("core_admin:imports", page_title)
    header_icon = "upload"


def allowed_kinds(user: Any) -> list[Kind]:
    """The kinds that the user may hand in."""
    return [kind for kind in table_imports.kinds() if user.has_perm(kind.permission)]


def _kind_or_404(request: HttpRequest, name: str) -> Kind:
    try:
        kind = table_imports.kind_named(name)
    except LookupError:
        raise Http404(name) from None
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    return kind


class ImportsView(InImports, TemplateView):
    """What can be handed in, and what was."""

    template_name = "core/admin/imports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = TableImport.objects.visible_to(self.request.user).select_related("job")
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("p"))
        titles = {kind.name: kind.title for kind in table_imports.kinds()}
        files = [(row, titles.get(row.kind, row.kind)) for row in page]
        return super().get_context_data(kinds=allowed_kinds(self.request.user), page_obj=page, files=files, **kwargs)


class UploadView(InImports, FormView):
    """Hand in a file of one kind."""

    template_name = "core/admin/upload.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.kind = _kind_or_404(request, kwargs["kind"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.kind.title)

    def get_form_class(self) -> type[forms.Form]:
        return type("UploadForm", (self.kind.form, FileForm), {"field_order": ["file"]})

    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form:
        """Which files the kind takes stands at the field."""
        form: forms.Form = super().get_form(form_class)
        form.fields["file"].label = _("Tệp %(endings)s") % {"endings": ", ".join(self.kind.endings)}
        form.fields["file"].widget.attrs["accept"] = ",".join(self.kind.endings)
        return form

    def get_initial(self) -> dict[str, Any]:
        """What the link already knows, such as the class that a roster is for."""
        known = {name: value for name, value in self.request.GET.items() if name in self.kind.form.base_fields}
        return {**super().get_initial(), **known}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=self.kind, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        arguments = dict(form.cleaned_data)
        file = arguments.pop("file")
        person: Any = self.request.user
        made = table_imports.start(kind=self.kind.name, file=file, by=person.uuid, arguments=arguments)
        return redirect("core_admin:import", made.pk)


class ImportView(InImports, TemplateView):
    """One import: how far it is, what is wrong with it, what came of it."""

    template_name = "core/admin/import.html"

    def get_page_subtitle(self) -> str:
        return self.table_import.file_name

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.table_import = _import_or_404(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.table_import
        at_work = table_imports.is_at_work(row)
        page = Paginator(row.problems.all(), PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            object=row,
            kind=table_imports.kind_named(row.kind),
            page_obj=page,
            **self._preview(),
            found=_counts(row.found),
            came=_counts(row.came),
            right=sum(row.found.get(each, 0) for each in ("add", "change", "same")),
            wrong=row.found.get("wrong", 0),
            at_work=at_work,
            stuck=row.state in {"checking", "writing"} and not at_work,
            refresh=2 if at_work else 0,
            **kwargs,
        )

    def _preview(self) -> dict[str, Any]:
        """A page of the rows as they will be, for kinds that show them."""
        row = self.table_import
        kind = table_imports.kind_named(row.kind)
        if not kind.preview_template or row.state != TableImport.State.CHECKED:
            return {}
        shown = Paginator(range(row.rows), PREVIEWED).get_page(self.request.GET.get("q"))
        rows = table_rows.rows_of(row, kind, start=max(0, shown.start_index() - 1), count=PREVIEWED)
        return {"preview": kind.preview(row, rows), "preview_page": shown}


def _counts(counts: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(label), counts.get(name, 0)) for name, label in ImportedRow.Outcome.choices]


def _import_or_404(request: HttpRequest, pk: int) -> TableImport:
    row = get_object_or_404(TableImport.objects.visible_to(request.user).select_related("job"), pk=pk)
    _kind_or_404(request, row.kind)
    return row


def press(request: HttpRequest, act: Callable[[], None], *, action: str, subject: str) -> None:
    """Do what a button of an import asks, with its line in the audit log; too late is said."""
    person: Any = request.user
    try:
        with transaction.atomic():
            act()
            audit.record(by=person, action=action, subject=subject)
    except NotAtThisState:
        messages.warning(request, _("Việc này đã được làm rồi, hoặc tệp đang được xử lý. Hãy xem trạng thái."))


def _action(act: Callable[[TableImport], None], name: str) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button of the import's page."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = _import_or_404(request, pk)
        press(request, lambda: act(row), action=f"core.{name}_import", subject=f"import:{row.pk}")
        return redirect("core_admin:import", pk)

    return view


def stop_job(row: Any) -> None:
    """Stop the job of an import, if it has one."""
    if row.job:
        jobs.stop(row.job)


accept, drop, go_on = (
    _action(table_imports.accept, "accept"),
    _action(table_imports.drop, "drop"),
    _action(table_imports.go_on, "go_on_with"),
)
stop = _action(stop_job, "stop")


@require_safe
def template(request: HttpRequest, kind: str) -> FileResponse:
    """The empty table to fill in."""
    found = _kind_or_404(request, kind)
    return download(lambda file: table_reports.write_template(found, file), _("mau-%(kind)s") % {"kind": kind})


@require_safe
def result(request: HttpRequest, pk: int, *, only_wrong: bool = False) -> FileResponse:
    """The rows with what came of them, or only those to mend."""
    row = _import_or_404(request, pk)
    if not row.file or not row.headings:
        raise Http404
    name = row.file_name.rsplit(".", 1)[0] + ("-can-sua" if only_wrong else "-ket-qua")
    return download(lambda file: table_reports.write_result(row, file, only_wrong=only_wrong), name)


def download(write: Callable[[IO[bytes]], None], name: str) -> FileResponse:
    """A table that is written now, as a file; name without its ending."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPES["xlsx"])
