"""The admin's pages for changing many records at once: say what, look, agree, take back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from library import batch_changes, batch_operations, history, material
from library.admin_editor import PUBLISH, DeskView
from library.editing import CannotSave
from library.marc_lines import NotALine
from library.models import BatchChange, Collection, Record

PAGE = 30
TITLE = gettext_lazy("Sửa hàng loạt")


class BatchForm(forms.Form):
    """Which records, and what to do with each."""

    words = forms.CharField(label=gettext_lazy("Từ trong nhan đề"), required=False, max_length=200)
    collection = forms.ModelChoiceField(
        label=gettext_lazy("Bộ sưu tập"),
        queryset=Collection.objects.all(),
        required=False,
        empty_label=gettext_lazy("Mọi bộ sưu tập"),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Trạng thái"),
        required=False,
        choices=[("", gettext_lazy("Cả công khai và bản nháp")), *Record.Status.choices],
    )
    material = forms.ChoiceField(
        label=gettext_lazy("Loại tài liệu"),
        required=False,
        choices=[("", gettext_lazy("Mọi loại")), *material.LABELS.items()],
    )
    what = forms.ChoiceField(
        label=gettext_lazy("Việc cần làm"), choices=list(batch_operations.LABELS.items()), widget=forms.RadioSelect
    )
    tag = forms.RegexField(
        r"[0-9A-Za-z]{3}",
        label=gettext_lazy("Trường"),
        required=False,
        help_text=gettext_lazy("Ba ký tự, ví dụ 260."),
    )
    code = forms.RegexField(
        r"[0-9a-z]",
        label=gettext_lazy("Trường con"),
        required=False,
        help_text=gettext_lazy("Một ký tự, ví dụ a. Khi thay: để trống là mọi trường con."),
    )
    find = forms.CharField(
        label=gettext_lazy("Tìm"),
        required=False,
        strip=False,
        max_length=500,
        help_text=gettext_lazy("Đúng từng chữ, kể cả hoa, thường. Khi xóa trường: chỉ xóa trường có những chữ này."),
    )
    put = forms.CharField(label=gettext_lazy("Thay bằng"), required=False, strip=False, max_length=500)
    line = forms.CharField(
        label=gettext_lazy("Trường cần thêm"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Viết như trong bản biên mục: 500 ## $aSách tặng"),
    )
    to_tag = forms.RegexField(r"[0-9A-Za-z]{3}", label=gettext_lazy("Chuyển đến trường"), required=False)
    to_code = forms.RegexField(r"[0-9a-z]", label=gettext_lazy("Thành trường con"), required=False)

    NEEDED = {
        "replace": ("tag", "find"),
        "add": ("line",),
        "delete": ("tag",),
        "move": ("tag", "code", "to_tag", "to_code"),
    }

    def clean(self) -> dict[str, Any]:
        """Each kind of change needs its own answers."""
        said = super().clean() or {}
        for name in self.NEEDED.get(said.get("what", ""), ()):
            if name not in self.errors and not said.get(name):
                self.add_error(name, gettext("Việc này cần mục này."))
        if said.get("what") == "move" and any(str(said.get(name)).startswith("00") for name in ("tag", "to_tag")):
            self.add_error("tag", gettext("Không chuyển được trường kiểm soát 00X."))
        if said.get("what") == "add" and said.get("line"):
            try:
                batch_operations.field_of(said["line"])
            except NotALine as error:
                self.add_error("line", error.problems[0][1])
        return said

    def selection(self) -> dict[str, Any]:
        said = self.cleaned_data
        collection = said["collection"].pk if said["collection"] else None
        return {name: said[name] for name in ("words", "status", "material")} | {"collection": collection}

    def change(self) -> dict[str, Any]:
        said = self.cleaned_data
        names = {
            "replace": ("tag", "code", "find", "put"),
            "add": ("line",),
            "delete": ("tag", "find"),
            "move": ("tag", "code", "to_tag", "to_code"),
        }
        return {name: said[name] for name in ("what", *names[said["what"]])}


class BatchesView(DeskView):
    """What was changed in batches, the newest first."""

    permission_required = PUBLISH
    template_name = "library/admin/batches.html"
    page_title = TITLE
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(BatchChange.objects.select_related("by", "job"), PAGE).get_page(self.request.GET.get("p"))
        rows = [(row, batch_operations.describe(row.change)) for row in page]
        return super().get_context_data(page_obj=page, rows=rows, **kwargs)


class NewBatchView(DeskView, FormView):
    """Say which records and what to do."""

    permission_required = PUBLISH
    template_name = "library/admin/batch_form.html"
    page_title = TITLE
    header_icon = "list-ul"
    form_class = BatchForm

    def further(self) -> list[dict[str, Any]]:
        return [{"url": reverse("library_editor:batches"), "label": TITLE}]

    def form_valid(self, form: BatchForm) -> HttpResponse:
        batch = batch_changes.start(selection=form.selection(), change=form.change(), by=self.person)
        return redirect("library_editor:batch", batch.pk)


class BatchView(DeskView):
    """One batch: what it would do, or how far it is, or what came of it."""

    permission_required = PUBLISH
    template_name = "library/admin/batch.html"
    page_title = TITLE
    header_icon = "list-ul"

    @cached_property
    def batch(self) -> BatchChange:
        return get_object_or_404(BatchChange.objects.select_related("by", "job"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.batch)

    def further(self) -> list[dict[str, Any]]:
        return [{"url": reverse("library_editor:batches"), "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.batch
        going = batch.state in {"looking", "making", "undoing"}
        at_work = bool(going and batch.job and batch.job.is_going)
        return super().get_context_data(
            batch=batch,
            at_work=at_work,
            stuck=going and not at_work,
            refresh=2 if at_work else 0,
            what=batch_operations.LABELS.get(batch.change["what"], ""),
            described=batch_operations.describe(batch.change),
            shown=self._shown() if batch.state == BatchChange.State.READY else [],
            **kwargs,
        )

    def _shown(self) -> list[tuple[Record, list[history.Change]]]:
        """The first records with what would change."""
        rows = Record.objects.filter(pk__in=self.batch.first).defer("raw").order_by("pk")
        shown = []
        for row in rows:
            changes = history.difference(row.marc, batch_operations.apply(self.batch.change, row.marc))
            shown.append((row, [each for each in changes if each.kind != "same"]))
        return shown


def _action(act: Callable[..., None]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A button of the batch's page."""

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        person: Any = request.user
        if not person.has_perm(PUBLISH):
            raise PermissionDenied
        batch = get_object_or_404(BatchChange, pk=pk)
        try:
            act(batch, by=person)
        except CannotSave as error:
            messages.warning(request, str(error))
        return redirect("library_editor:batch", pk)

    return view


make, undo = _action(batch_changes.make), _action(batch_changes.undo)
