"""The admin's list of what learners asked, and the page where one question is answered."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from core.admin_pages import AdminPage
from lms import inquiries
from lms.models import Inquiry
from people.models import User

PAGE = 30
TITLE = gettext_lazy("Câu hỏi của học viên")
MAY_ANSWER = "lms.change_inquiry"


class InInquiries(PermissionRequiredMixin, AdminPage):
    """Pages of questions, with the way back to the list."""

    permission_required = MAY_ANSWER
    raise_exception = True
    page_title = TITLE
    section = ("lms_inquiries:list", page_title)
    header_icon = "comment"


class ListView(InInquiries, TemplateView):
    """Those without an answer, the oldest first, or the answered ones; of all or of one class. Constant queries."""

    template_name = "lms/admin/inquiries.html"
    answered = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Inquiry.objects.to_answer(self.request.user)
        if "cohort" in self.kwargs:
            rows = rows.filter(cohort__uuid=self.kwargs["cohort"])
        rows = rows.exclude(answered_at=None).order_by("-answered_at", "-pk") if self.answered else rows.waiting()
        rows = rows.select_related("lesson", "enrolment__course", "cohort")
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("p"))
        names = seen_names(self.request.user, [row.enrolment.learner_id for row in page])
        lines = [(row, names.get(row.enrolment.learner_id, "")) for row in page]
        return super().get_context_data(page_obj=page, lines=lines, answered=self.answered, **kwargs)


class AnswerForm(forms.Form):
    """A word to the learner."""

    answer = forms.CharField(
        label=gettext_lazy("Trả lời học viên"),
        max_length=Inquiry.LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Học viên đọc ở bài học, ở trang Của tôi, và được báo bằng thư điện tử nếu có địa chỉ."),
    )


class AnswerView(InInquiries, FormView):
    """One question with the form."""

    template_name = "lms/admin/inquiry.html"
    form_class = AnswerForm

    @cached_property
    def inquiry(self) -> Inquiry:
        """What is answered; 404 for who is not to answer it."""
        rows = Inquiry.objects.to_answer(self.request.user)
        rows = rows.select_related("lesson", "enrolment__course", "cohort")
        return get_object_or_404(rows, uuid=self.kwargs["uuid"])

    def get_page_subtitle(self) -> str:
        return str(self.inquiry.lesson)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.inquiry.answer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asker = self.inquiry.enrolment.learner_id
        name = seen_names(self.request.user, [asker]).get(asker, "")
        return super().get_context_data(inquiry=self.inquiry, name=name, **kwargs)

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        inquiries.answer(self.inquiry, form.cleaned_data["answer"], by=self.request.user)  # type: ignore[arg-type]
        messages.success(self.request, _("Đã trả lời. Học viên đang được báo."))
        return redirect("lms_inquiries:list")


def seen_names(reader: Any, people: list[int]) -> dict[int, str]:
    """The names of those whom the reader may see: who edits a course does not see all who take it."""
    return dict(User.objects.visible_to(reader).filter(pk__in=people).values_list("pk", "full_name"))
