"""The admin of trainers: the question bank, the terms, the record chooser, classes."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from lms import (
    admin_class_export,
    admin_classes,
    admin_grading,
    admin_inquiries,
    admin_narration,
    admin_progress,
    admin_question_report,
    admin_questions,
    class_evidence,
    report_files,
)
from lms.models import GlossaryTerm, Question, QuestionTag
from lms.questions import KINDS
from lms.record_chooser import viewset


class QuestionIndexView(IndexView):
    """The bank, with the way in and out by files; the filters of the list are those of the export."""

    @property
    def header_more_buttons(self) -> list[Button]:
        url = f"{reverse('lms_questions:files')}?{self.request.GET.urlencode()}"
        files = Button(_("Nhập, xuất câu hỏi"), url=url, icon_name="upload", priority=90)
        return [*super().header_more_buttons, files]


class QuestionFilterSet(WagtailFilterSet):
    """By kind and by tags."""

    kind = django_filters.ChoiceFilter(label=_("Loại"), choices=[(kind.name, kind.label) for kind in KINDS.values()])
    tags = django_filters.ModelMultipleChoiceFilter(label=_("Nhãn"), queryset=QuestionTag.objects.order_by("name"))

    class Meta:
        model = Question
        fields = ["kind"]


class QuestionChooseView(ChooseView):
    """The chooser of lessons; Wagtail leaves the label of one filter in English."""

    def get_filter_form(self) -> Any:
        form = super().get_filter_form()
        if "locale" in form.fields:
            form.fields["locale"].label = _("Ngôn ngữ")
        return form


class QuestionChooserViewSet(SnippetChooserViewSet):
    """With our words."""

    choose_view_class = QuestionChooseView


class QuestionViewSet(SnippetViewSet):
    """All questions; lessons choose from them."""

    index_view_class = QuestionIndexView
    chooser_viewset_class = QuestionChooserViewSet

    model = Question
    icon = "help"
    menu_label = _("Câu hỏi")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ["text", Column("get_kind_display", label=_("Loại"), sort_key="kind"), LiveStatusTagColumn()]
    filterset_class = QuestionFilterSet


class GlossaryViewSet(SnippetViewSet):
    """All terms; lessons choose from them."""

    model = GlossaryTerm
    icon = "tag"
    menu_label = _("Thuật ngữ")
    menu_order = 215
    add_to_admin_menu = True
    list_display = ["term", "explanation"]


register_snippet(QuestionViewSet)
register_snippet(GlossaryViewSet)


CLASS_PATTERNS = [
    path("", admin_classes.ClassesView.as_view(), name="classes"),
    path("new/", admin_classes.CreateView.as_view(), name="new_class"),
    path("<uuid:cohort>/", admin_classes.ClassInspectView.as_view(), name="class"),
    path("<uuid:cohort>/change/", admin_classes.ChangeView.as_view(), name="change_class"),
    path("<uuid:cohort>/rule/", admin_classes.RuleView.as_view(), name="rule"),
    path("<uuid:cohort>/attendance/", admin_classes.GridView.as_view(), name="grid"),
    path("<uuid:cohort>/evidence/", admin_classes.EvidenceView.as_view(), name="evidence"),
    path("<uuid:cohort>/evidence/<int:pk>/", class_evidence.download, name="evidence_file"),
    *(
        path(
            f"<uuid:cohort>/{what}.{form}",
            admin_class_export.ExportView.as_view(what=what, form=form),
            name=f"{what}_{form}",
        )
        for what in ("people", "attendance")
        for form in ("csv", "xlsx")
    ),
]


def report_paths(report: str, before: str = "") -> list[URLPattern]:
    """The report's two files below a path: PATHlearners.csv and PATHlearners.xlsx."""
    view = report_files.FileView.as_view()
    return [
        path(f"{before}{report}.{form}", view, {"report": report, "form": form}, name=f"{report}_{form}")
        for form in ("csv", "xlsx")
    ]


A_QUESTION = "<slug:course>/questions/<slug:lesson>/<slug:question>/"
PROGRESS_PATTERNS = [
    path("", admin_progress.CoursesView.as_view(), name="courses"),
    path("<slug:course>/", admin_progress.GridView.as_view(), name="grid"),
    *report_paths("learners", "<slug:course>/"),
    path("<slug:course>/questions/", admin_question_report.QuestionsView.as_view(), name="questions"),
    *report_paths("questions", "<slug:course>/"),
    path(A_QUESTION, admin_question_report.QuestionView.as_view(), name="question"),
    *report_paths("question", A_QUESTION),
]


GRADING_PATTERNS = [
    path("", admin_grading.QueueView.as_view(), name="queue"),
    *report_paths("grading"),
    path("<uuid:statement_id>/", admin_grading.GradeView.as_view(), name="grade"),
]


QUESTION_PATTERNS = [
    path("", admin_questions.FilesView.as_view(), name="files"),
    path("export/", permission_required("lms.add_question")(admin_questions.export), name="export"),
]


INQUIRY_PATTERNS = [
    path("", admin_inquiries.ListView.as_view(), name="list"),
    path("answered/", admin_inquiries.ListView.as_view(answered=True), name="answered"),
    path("class/<uuid:cohort>/", admin_inquiries.ListView.as_view(), name="class"),
    path("<uuid:uuid>/", admin_inquiries.AnswerView.as_view(), name="answer"),
]


NARRATION_PATTERNS = [path("<int:pk>/", admin_narration.NarrationView.as_view(), name="change")]


class InquiriesItem(MenuItem):
    """For those who answer."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(admin_inquiries.MAY_ANSWER)


class GradingItem(MenuItem):
    """For those who grade."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(admin_grading.MAY_GRADE)


class ProgressItem(MenuItem):
    """For those who may see how learners get on."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(report_files.VIEW)


class ClassesItem(MenuItem):
    """For those who may see classes."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(admin_classes.VIEW)


@hooks.register("register_admin_urls")
def class_urls() -> list[URLPattern | URLResolver]:
    """Below /admin/."""
    return [
        path("classes/", include((CLASS_PATTERNS, "lms_admin"), namespace="lms_admin")),
        path("progress/", include((PROGRESS_PATTERNS, "lms_progress"), namespace="lms_progress")),
        path("questions/", include((QUESTION_PATTERNS, "lms_questions"), namespace="lms_questions")),
        path("grading/", include((GRADING_PATTERNS, "lms_grading"), namespace="lms_grading")),
        path("inquiries/", include((INQUIRY_PATTERNS, "lms_inquiries"), namespace="lms_inquiries")),
        path("narrations/", include((NARRATION_PATTERNS, "lms_narration"), namespace="lms_narration")),
    ]


@hooks.register("register_admin_menu_item")
def classes_item() -> MenuItem:
    """The list of classes."""
    return ClassesItem(_("Lớp học"), reverse("lms_admin:classes"), name="classes", icon_name="group", order=205)


@hooks.register("register_admin_menu_item")
def progress_item() -> MenuItem:
    """How learners get on in each course."""
    address = reverse("lms_progress:courses")
    return ProgressItem(admin_progress.TITLE, address, name="progress", icon_name="table", order=206)


@hooks.register("register_admin_menu_item")
def grading_item() -> MenuItem:
    """The queue of answers that wait for a trainer."""
    return GradingItem(_("Bài chờ chấm"), reverse("lms_grading:queue"), name="grading", icon_name="edit", order=207)


@hooks.register("register_admin_menu_item")
def inquiries_item() -> MenuItem:
    """What learners asked."""
    url = reverse("lms_inquiries:list")
    return InquiriesItem(_("Học viên hỏi"), url, name="inquiries", icon_name="comment", order=207)


@hooks.register("insert_global_admin_js")
def forget_lists_at_sign_out() -> str:
    """Lists of classes that this device keeps go when staff sign out here."""
    return format_html('<script src="{}"></script>', static("sign-out.js"))


@hooks.register("register_admin_viewset")
def record_chooser() -> object:
    """The chooser of library records."""
    return viewset


@hooks.register("before_delete_snippet")
def keep_answered(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """A question that someone answered is withdrawn by unpublishing; its answers need it."""
    for question in instances:
        if isinstance(question, Question) and question.is_answered:
            messages.error(request, _("Câu hỏi này đã có người trả lời nên không xóa được. Hãy hủy xuất bản câu hỏi."))
            return redirect("wagtailsnippets_lms_question:edit", question.pk)
    return None
