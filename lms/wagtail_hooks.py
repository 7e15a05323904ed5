"""The admin of trainers: the question bank, the record chooser, classes."""

from collections.abc import Iterable

import django_filters
from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from lms import admin_classes, admin_gift, admin_grading, class_evidence, class_exports
from lms.models import Question, QuestionTag
from lms.questions import KINDS
from lms.record_chooser import viewset


class QuestionIndexView(IndexView):
    """The bank, with the way in and out by GIFT."""

    @property
    def header_more_buttons(self) -> list[Button]:
        gift = Button(_("Nhập, xuất GIFT"), url=reverse("lms_gift:import"), icon_name="upload", priority=90)
        return [*super().header_more_buttons, gift]


class QuestionFilterSet(WagtailFilterSet):
    """By kind and by tags."""

    kind = django_filters.ChoiceFilter(label=_("Loại"), choices=[(kind.name, kind.label) for kind in KINDS.values()])
    tags = django_filters.ModelMultipleChoiceFilter(label=_("Nhãn"), queryset=QuestionTag.objects.order_by("name"))

    class Meta:
        model = Question
        fields = ["kind"]


class QuestionViewSet(SnippetViewSet):
    """All questions; lessons choose from them."""

    index_view_class = QuestionIndexView

    model = Question
    icon = "help"
    menu_label = _("Câu hỏi")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ["text", Column("get_kind_display", label=_("Loại"), sort_key="kind"), LiveStatusTagColumn()]
    filterset_class = QuestionFilterSet


register_snippet(QuestionViewSet)


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
        path(f"<uuid:cohort>/{what}.{form}", class_exports.export, {"what": what, "form": form}, name=f"{what}_{form}")
        for what in ("people", "attendance")
        for form in ("csv", "xlsx")
    ),
]


GRADING_PATTERNS = [
    path("", admin_grading.QueueView.as_view(), name="queue"),
    path("<uuid:statement_id>/", admin_grading.GradeView.as_view(), name="grade"),
]


GIFT_PATTERNS = [
    path("", admin_gift.ImportView.as_view(), name="import"),
    path("questions.gift", permission_required("lms.add_question")(admin_gift.export), name="export"),
]


class GradingItem(MenuItem):
    """For those who grade."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(admin_grading.MAY_GRADE)


class ClassesItem(MenuItem):
    """For those who may see classes."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(admin_classes.VIEW)


@hooks.register("register_admin_urls")
def class_urls() -> list[URLPattern | URLResolver]:
    """Below /admin/."""
    return [
        path("classes/", include((CLASS_PATTERNS, "lms_admin"), namespace="lms_admin")),
        path("gift/", include((GIFT_PATTERNS, "lms_gift"), namespace="lms_gift")),
        path("grading/", include((GRADING_PATTERNS, "lms_grading"), namespace="lms_grading")),
    ]


class TranslationEditorWords(JavaScriptCatalog):
    """The words of wagtail-localize's editor, with ours where it has no Vietnamese."""

    packages = ["wagtail_localize"]

    def get_paths(self, packages: list[str]) -> list[str]:
        return [*super().get_paths(packages), *map(str, settings.LOCALE_PATHS)]


@hooks.register("register_admin_urls", order=-1)
def words_of_translation_editor() -> list[URLPattern]:
    """In the place of its own catalogue."""
    return [path("localize/jsi18n/", TranslationEditorWords.as_view())]


@hooks.register("register_admin_menu_item")
def classes_item() -> MenuItem:
    """The list of classes."""
    return ClassesItem(_("Lớp học"), reverse("lms_admin:classes"), name="classes", icon_name="group", order=205)


@hooks.register("register_admin_menu_item")
def grading_item() -> MenuItem:
    """The queue of answers that wait for a trainer."""
    return GradingItem(_("Bài chờ chấm"), reverse("lms_grading:queue"), name="grading", icon_name="edit", order=206)


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
