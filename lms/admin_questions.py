"""The one place in the admin for questions in and out: files of any form in, GIFT and XLSX out."""

import tempfile
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import audit
from core.admin_imports import FileForm, UploadView
from lms import question_exports
from lms.models import QuestionTag
from lms.question_import import ForAll
from lms.questions import KINDS

LONGEST = 1024 * 1024  # characters of pasted text


class FilesForm(ForAll, FileForm):
    """A file, or GIFT pasted."""

    field_order = ["file", "text", "tags", "publish"]
    text = forms.CharField(
        label=gettext_lazy("hoặc dán câu hỏi dạng GIFT vào đây"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def clean_file(self) -> Any:
        return super().clean_file() if self.cleaned_data.get("file") else None

    def clean(self) -> dict[str, Any]:
        """What is pasted is a file too."""
        cleaned = super().clean() or {}
        text = cleaned.pop("text", "")
        if not cleaned.get("file") and text.strip():
            cleaned["file"] = ContentFile(text.encode(), "cau-hoi.gift")
        if not cleaned.get("file") and not self.errors:
            raise forms.ValidationError(_("Hãy chọn tệp hoặc dán nội dung."))
        return cleaned


class ExportForm(forms.Form):
    """Which questions, as what."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Loại"),
        required=False,
        choices=[("", gettext_lazy("Mọi loại")), *((kind.name, kind.label) for kind in KINDS.values())],
    )
    tags = forms.ModelMultipleChoiceField(
        QuestionTag.objects.order_by("name"),
        label=gettext_lazy("Nhãn"),
        required=False,
        help_text=gettext_lazy("Không chọn nhãn nào: mọi câu."),
    )
    text = forms.CharField(label=gettext_lazy("Có chữ"), required=False, max_length=200)


class FilesView(PermissionRequiredMixin, UploadView):
    """Hand in a file; take the bank away."""

    permission_required = "lms.add_question"
    raise_exception = True
    page_title = gettext_lazy("Nhập, xuất câu hỏi")
    section = ("wagtailsnippets_lms_question:list", gettext_lazy("Câu hỏi"))
    header_icon = "help"
    template_name = "lms/admin/question_files.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, kind="questions", **kwargs)

    def get_page_subtitle(self) -> str:
        return ""

    def get_form_class(self) -> type[forms.Form]:
        return FilesForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = {"kind": self.request.GET.get("kind", ""), "tags": self.request.GET.getlist("tags")}
        filters["text"] = self.request.GET.get("q", "")
        return super().get_context_data(exporting=ExportForm(initial=filters, prefix="out"), **kwargs)


@require_POST
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The questions that the form chose: at once, or by a job if they are many."""
    form = ExportForm(request.POST, prefix="out")
    kind = request.POST.get("form", "")
    if not form.is_valid() or kind not in question_exports.FORMS:
        messages.error(request, _("Hãy chọn lại các câu hỏi muốn xuất."))
        return redirect("lms_questions:files")
    chosen = {**form.cleaned_data, "tags": [tag.pk for tag in form.cleaned_data["tags"]]}
    rows = question_exports.chosen(**chosen)
    total = rows.count()
    person: Any = request.user
    audit.record(
        by=person, action="lms.export_questions", subject="questions", detail={"form": kind, "questions": total}
    )
    if total > question_exports.AT_ONCE:
        question_exports.start(kind, arguments=chosen, by=person, total=total)
        messages.success(request, _("Câu hỏi đang được xuất. Khi xong, tải tệp ở danh sách này."))
        return redirect("core_admin:jobs")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    question_exports.write(kind, rows, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{question_exports.NAME}.{kind}")
