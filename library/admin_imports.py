"""The admin's way in for files of records: hand in, look, choose how, import, take back."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core import audit
from core.admin_imports import download, press, stop_job
from core.admin_pages import AdminPage
from core.spreadsheets import Heading, Sheet, write_xlsx
from library import import_jobs, refusals
from library.admin_import_forms import FileForm, HowForm, encoding_choices
from library.models import ImportBatch, ImportedRecord, Record, RejectedRecord
from library.reading import REPAIRS, Repair

PAGE = 50
TITLE = gettext_lazy("Nhập biểu ghi")
ADD, PUBLISH, DELETE = "library.add_record", "library.publish_record", "library.delete_record"
FORMATS = dict(Record.RawFormat.choices)
State = ImportBatch.State


class InImports(AdminPage):
    """A page below the list of imports, with the way back to it."""

    page_title = TITLE
    section = ("library_imports:index", page_title)
    header_icon = "upload"


class ImportsView(InImports, FormView):
    """Hand in a file; what was handed in."""

    template_name = "library/admin/imports.html"
    form_class = FileForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _check(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ImportBatch.objects.visible_to(self.request.user).defer("found").select_related("job")
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page_obj=page, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        person: Any = self.request.user
        with transaction.atomic():
            batch = import_jobs.start(file=form.cleaned_data["file"], by=person.uuid)
            audit.record(by=person, action="library.hand_in_records", subject=f"import_batch:{batch.pk}")
        return redirect("library_imports:batch", batch.pk)


class BatchView(InImports, FormView):
    """One import: how far it is, what the file holds, how to import it, what came of it."""

    template_name = "library/admin/import_batch.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.batch = _batch_or_404(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.batch.file_name

    def get_form(self, form_class: Any = None) -> HowForm:
        return HowForm(self.batch, self.request.user, **self.get_form_kwargs())

    def form_valid(self, form: forms.Form) -> HttpResponse:
        return _done(self.request, self.batch, "import", lambda: import_jobs.accept(self.batch, **form.cleaned_data))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, found = self.batch, self.batch.found
        at_work = batch.is_at_work
        ended = batch.state in {State.DONE, State.TAKEN_BACK} or (batch.state in import_jobs.TITLES and not at_work)
        page = Paginator(_worth_a_look(batch), PAGE).get_page(self.request.GET.get("p")) if ended else None
        return super().get_context_data(
            object=batch,
            at_work=at_work,
            refresh=2 if at_work else 0,
            stuck=batch.state in import_jobs.TITLES and not at_work,
            can_go_on=bool(batch.file) or batch.state == State.TAKING_BACK,
            can_take_back=batch.state in {State.DONE, State.WRITING} and not at_work and _may_take_back(self.request),
            found=found and _found(found),
            readings=found and _readings(batch),
            refused=[(place, refusals.explained(reason)) for place, reason in found.get("refused", [])],
            repaired=[(REPAIRS[Repair(name)], number) for name, number in found.get("repaired", {}).items()],
            rules=[(label, found["rules"][name]) for name, label in ImportBatch.MatchOn.choices] if found else [],
            came=[(label, batch.came.get(name, 0)) for name, label in ImportedRecord.Outcome.choices],
            taken=[(label, batch.taken.get(name, 0)) for name, label in ImportedRecord.Taken.choices],
            encoding_label=dict(encoding_choices()).get(batch.encoding, ""),
            page_obj=page,
            **kwargs,
        )


def _found(found: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [
        (_("Biểu ghi đọc được"), found["records"]),
        (_("Biểu ghi hỏng"), found["rejected"]),
        (_("Dạng"), FORMATS[found["format"]]),
    ]


def _readings(batch: ImportBatch) -> list[tuple[str, Any, list[str], bool]]:
    """What the first records say in each encoding; the guessed one is marked."""
    readings = batch.found["readings"]
    return [(key, label, readings[key], key == batch.found["guess"]) for key, label in encoding_choices()]


def _worth_a_look(batch: ImportBatch) -> Any:
    """The records that were not simply taken: rejected, repaired, left."""
    rows = batch.records.select_related("record").defer("before", "record__raw", "record__canonical")
    return rows.exclude(note="") | rows.filter(taken=ImportedRecord.Taken.LEFT)


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(ADD):
        raise PermissionDenied


def _may_take_back(request: HttpRequest) -> bool:
    return bool(request.user.has_perm(DELETE))


def _batch_or_404(request: HttpRequest, pk: int) -> ImportBatch:
    _check(request)
    rows = ImportBatch.objects.visible_to(request.user).select_related("job", "collection")
    return get_object_or_404(rows, pk=pk)


def _done(request: HttpRequest, batch: ImportBatch, name: str, act: Callable[[], None]) -> HttpResponse:
    press(request, act, action=f"library.{name}_records", subject=f"import_batch:{batch.pk}")
    return redirect("library_imports:batch", batch.pk)


def _action(act: Callable[[ImportBatch], None], name: str) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button of the import's page."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        batch = _batch_or_404(request, pk)
        return _done(request, batch, name, lambda: act(batch))

    return view


drop = _action(import_jobs.drop, "drop")
stop = _action(stop_job, "stop")
go_on = _action(import_jobs.go_on, "go_on_with")


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an import."""
    batch = _batch_or_404(request, pk)
    if not _may_take_back(request):
        raise PermissionDenied
    return _done(request, batch, "take_back", lambda: import_jobs.take_back(batch))


@require_safe
def report(request: HttpRequest, pk: int) -> FileResponse:
    """Every record of the file with what came of it, as a table."""
    batch = _batch_or_404(request, pk)
    headings = [
        Heading(_("Thứ tự"), 10),
        Heading(_("Kết quả"), 24),
        Heading(_("Biểu ghi"), 12),
        Heading(_("Nhan đề"), 60),
        Heading(_("Ghi chú"), 70),
        Heading(_("Rút lại"), 30),
    ]
    sheet = Sheet(_("Kết quả"), headings, _report_rows(batch))
    return download(lambda file: write_xlsx([sheet], file), batch.file_name.rsplit(".", 1)[0] + "-ket-qua")


def _report_rows(batch: ImportBatch) -> Iterator[Sequence[Any]]:
    rows = batch.records.select_related("record").defer("before", "record__raw", "record__canonical")
    for row in rows.iterator(chunk_size=500):
        title = row.record.title if row.record else ""
        yield (
            row.position,
            row.get_outcome_display(),
            row.record_id or "",
            title,
            row.note,
            row.get_taken_display(),
        )


@require_safe
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The bytes of the rejected records one after the other, to be mended elsewhere."""
    batch = _batch_or_404(request, pk)
    rows = RejectedRecord.objects.filter(pk__in=batch.records.values("rejected")).order_by("position")
    raws = (bytes(row.raw) for row in rows.iterator(chunk_size=20))
    name = batch.file_name.rsplit(".", 1)[0]
    return StreamingHttpResponse(
        raws,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}-tu-choi.mrc"},
    )


class ForCataloguers(MenuItem):
    """Shown to those who may add records."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(ADD))


class ImportViewSet(ViewSet):
    """Imports of files, in the library's menu."""

    name = "library_imports"
    url_prefix = "library/imports"
    icon = menu_icon = "upload"
    menu_label = TITLE
    menu_item_class = ForCataloguers

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", ImportsView.as_view(), name="index"),
            path("<int:pk>/", BatchView.as_view(), name="batch"),
            path("<int:pk>/drop/", drop, name="drop"),
            path("<int:pk>/stop/", stop, name="stop"),
            path("<int:pk>/go-on/", go_on, name="go_on"),
            path("<int:pk>/take-back/", take_back, name="take_back"),
            path("<int:pk>/report.xlsx", report, name="report"),
            path("<int:pk>/rejected.mrc", rejected, name="rejected"),
        ]
