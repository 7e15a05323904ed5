"""The admin of trainers: the question bank and the record chooser."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
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
    list_display = ["text", "kind", "live"]
    list_filter = ["kind"]


register_snippet(QuestionViewSet)


@hooks.register("register_admin_viewset")
def record_chooser() -> object:
    """The chooser of library records."""
    return viewset
