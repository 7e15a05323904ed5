"""The admin's way in and out for questions as GIFT."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.models import Locale

from core import jobs
from core.admin_pages import AdminPage
from lms import gift, plain_questions, question_jobs
from lms.models import Question

LARGEST = 1024 * 1024  # bytes
TITLE = gettext_lazy("Nhập câu hỏi từ GIFT")
EXPORTED_AT_ONCE = 200


class GiftForm(forms.Form):
    """A file or a pasted text, tags for all, and whether they are published at once."""

    file = forms.FileField(label=gettext_lazy("Tệp GIFT (.txt, .gift)"), required=False)
    text = forms.CharField(
        label=gettext_lazy("hoặc dán nội dung vào đây"),
        required=False,
        max_length=LARGEST,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
    )
    tags = forms.CharField(
        label=gettext_lazy("Nhãn cho mọi câu"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Cách nhau bằng dấu phẩy."),
    )
    publish = forms.BooleanField(label=gettext_lazy("Xuất bản ngay (bỏ chọn: để bản nháp)"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two, as UTF-8."""
        cleaned = super().clean() or {}
        file = cleaned.pop("file", None)
        if file is not None:
            if file.size > LARGEST:
                raise forms.ValidationError(_("Tệp lớn hơn 1 MB. Hãy chia nhỏ tệp."))
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("Tệp không phải mã Unicode (UTF-8). Hãy lưu lại dạng UTF-8.")) from None
        if not (cleaned.get("text") or "").strip():
            raise forms.ValidationError(_("Hãy chọn tệp hoặc dán nội dung."))
        return cleaned


class ImportView(PermissionRequiredMixin, AdminPage, FormView):
    """First a look at what was understood, line by line; a second press puts it into the bank by a job."""

    permission_required = "lms.add_question"
    raise_exception = True
    page_title = TITLE
    section = ("wagtailsnippets_lms_question:list", gettext_lazy("Câu hỏi"))
    header_icon = "help"
    template_name = "lms/admin/gift.html"
    form_class = GiftForm

    def form_valid(self, form: GiftForm) -> HttpResponse:
        said = form.cleaned_data
        found = gift.read(said["text"])
        right = [read for read in found if read.question is not None]
        if "agreed" not in self.request.POST or not right:
            again = GiftForm(initial=said)
            return self.render_to_response(self.get_context_data(form=again, found=found, right=len(right)))
        tags = [tag.strip() for tag in said["tags"].split(",") if tag.strip()]
        person: Any = self.request.user
        jobs.start(
            question_jobs.IMPORT,
            {
                "text": said["text"],
                "tags": tags,
                "publish": said["publish"] and person.has_perm("lms.publish_question"),
            },
            by=person.uuid,
            title=_("Nhập %(n)d câu hỏi từ GIFT") % {"n": len(right)},
        )
        messages.success(self.request, _("Câu hỏi đang được nhập. Danh sách này cho biết tiến độ."))
        return redirect("core_admin:jobs")


def export(request: HttpRequest) -> StreamingHttpResponse:
    """The bank, or the questions of one tag, as GIFT; what GIFT cannot say stands in comments."""
    questions = Question.objects.filter(locale=Locale.get_default()).order_by("pk")
    if tag := request.GET.get("tag"):
        questions = questions.filter(tags__name=tag)
    rows = questions.iterator(chunk_size=EXPORTED_AT_ONCE)
    told = (gift.write([plain_questions.as_plain(row)]) + "\n" for row in rows)
    answer = StreamingHttpResponse(told, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="cau-hoi.gift"'
    return answer
