"""The admin of trainers: the question bank and the record chooser."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from lms.models import Question
from lms.record_chooser import viewset


class QuestionViewSet(SnippetViewSet):
    """All questions; lessons choose from them."""

    model = Question
    icon = "help"
    menu_label = _("Câu hỏi")
    menu_order = 210
    add_to_admin_menu = True
    list_display = ["text", "kind", LiveStatusTagColumn()]
    list_filter = ["kind"]


register_snippet(QuestionViewSet)


@hooks.register("register_admin_viewset")
def record_chooser() -> object:
    """The chooser of library records."""
    return viewset


@hooks.register("before_delete_snippet")
def keep_answered(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """A question that someone answered is withdrawn by unpublishing; its answers need it."""
    for question in instances:
        if isinstance(question, Question) and question.answers.exists():
            messages.error(request, _("Câu hỏi này đã có người trả lời nên không xóa được. Hãy hủy xuất bản câu hỏi."))
            return redirect("wagtailsnippets_lms_question:edit", question.pk)
    return None
