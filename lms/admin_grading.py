"""The admin's queue of answers that wait for a trainer, and the page where one is graded."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from core.admin_pages import AdminPage
from lms import class_pages, grading, grading_queue, wording
from lms.exceptions import InvalidGrading
from lms.models import Answer
from lms.questions.by_person import ByPerson

PAGE = 30
TITLE = gettext_lazy("Bài chờ chấm")
MAY_GRADE = "lms.add_grading"
RESULTS = [
    ("", gettext_lazy("Theo điểm: từ một nửa số điểm là đạt")),
    ("1", gettext_lazy("Đạt")),
    ("0", gettext_lazy("Chưa đạt")),
]


class InGrading(PermissionRequiredMixin, AdminPage):
    """Pages of grading, with the way back to the queue."""

    permission_required = MAY_GRADE
    raise_exception = True
    page_title = TITLE
    section = ("lms_grading:queue", page_title)
    header_icon = "edit"


class QueueView(InGrading, TemplateView):
    """What waits, the oldest first; a constant number of queries however much."""

    template_name = "lms/admin/grading_queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = grading_queue.QueueForm(self.request.GET, reader=self.request.user)
        rows = grading_queue.with_rows(form.waiting())
        page = class_pages.page_of(rows, self.request.GET.get("page", ""), PAGE)
        return super().get_context_data(page=page, form=form, query=form.query, **kwargs)


class GradingForm(forms.Form):
    """Points for each criterion, passed or not, a word to the learner."""

    success = forms.TypedChoiceField(
        label=gettext_lazy("Kết quả"),
        choices=RESULTS,
        coerce=lambda said: said == "1",
        empty_value=None,
        required=False,
    )
    comment = forms.CharField(
        label=gettext_lazy("Nhận xét cho học viên"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, rubric: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        for criterion in rubric:
            most = criterion["points"]
            self.fields[f"points-{criterion['id']}"] = forms.IntegerField(
                label=f"{criterion['title']} (0–{most})",
                min_value=0,
                max_value=most,
                help_text=criterion.get("note") or "",
            )
        self.order_fields([*(f"points-{criterion['id']}" for criterion in rubric), "success", "comment"])

    def points(self) -> dict[str, int]:
        """By criterion."""
        return {criterion["id"]: self.cleaned_data[f"points-{criterion['id']}"] for criterion in self.rubric}


class GradeView(InGrading, FormView):
    """One answer with its question, and the form; graded, it leads to the next that waits."""

    template_name = "lms/admin/grade.html"
    form_class = GradingForm

    @cached_property
    def answer(self) -> Answer:
        """What is graded; 404 for who may not see the learner."""
        rows = Answer.objects.visible_to(self.request.user).select_related(
            "enrolment__learner__unit", "enrolment__course", "lesson__course", "question", "revision"
        )
        return get_object_or_404(
            rows, statement_id=self.kwargs["statement_id"], question__kind__in=["written", "upload"]
        )

    @cached_property
    def queue(self) -> grading_queue.QueueForm:
        """What the queue was narrowed to when the reader came from it."""
        return grading_queue.QueueForm(self.request.GET, reader=self.request.user)

    @cached_property
    def asked(self) -> wording.Wording:
        """The question as it was answered."""
        return wording.of_revision(self.answer.revision)

    def get_page_subtitle(self) -> str:
        return str(self.answer.enrolment.learner)

    def get_form_kwargs(self) -> dict[str, Any]:
        assert isinstance(self.asked.kind, ByPerson)
        return {**super().get_form_kwargs(), "rubric": self.asked.kind.rubric(self.asked.value)}

    def get_initial(self) -> dict[str, Any]:
        last = self.answer.gradings.order_by("-id").first()
        if last is None:
            return {}
        return {f"points-{each}": points for each, points in last.points.items()} | {
            "success": "1" if last.success else "0",
            "comment": last.comment,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = self.queue.waiting()
        own = {
            "answer": self.answer,
            "asked": self.asked,
            "query": self.queue.query,
            "seen": self.answer.gradings.count(),
            "before": grading_queue.before(waiting, self.answer),
            "after": grading_queue.after(waiting, self.answer),
        }
        return super().get_context_data(**own, **kwargs)

    def form_valid(self, form: GradingForm) -> HttpResponse:
        said = form.cleaned_data
        try:
            grading.grade(
                self.answer,
                points=form.points(),
                by=self.request.user,  # type: ignore[arg-type]
                success=said["success"],
                comment=said["comment"],
                seen=int(seen) if (seen := self.request.POST.get("seen", "")).isdecimal() and len(seen) < 6 else None,
            )
        except InvalidGrading as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Đã chấm bài của %(learner)s.") % {"learner": self.answer.enrolment.learner})
        after = grading_queue.after(self.queue.waiting(), self.answer)
        path = reverse("lms_grading:grade", args=[after.statement_id]) if after else reverse("lms_grading:queue")
        return redirect(f"{path}?{self.queue.query}" if self.queue.query else path)
