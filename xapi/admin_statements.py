"""The admin's list of statements, read-only, and the page of one."""

from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from xapi.browsing import in_words
from xapi.models import Statement

PAGE = 50


class StatementView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """What the list and the page of one statement share."""

    permission_required = "xapi.view_statement"
    raise_exception = True
    header_icon = "history"
    page_title = _("Bản ghi học tập")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": reverse("xapi_admin:statements"), "label": self.page_title}
        return [*super().get_breadcrumbs_items(), own]


class StatementListView(StatementView):
    """Newest first, all or those of one registration; pages go on below the last key shown."""

    template_name = "xapi/admin/statements.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Statement.objects.select_related("credential").order_by("-id")
        registration = self.request.GET.get("registration", "")
        if registration:
            rows = rows.of_registration(_uuid(registration))
        below = self.request.GET.get("below", "")
        if below:
            rows = rows.filter(pk__lt=_key(below))
        found = list(rows[: PAGE + 1])
        more = found[PAGE - 1].pk if len(found) > PAGE else None
        lines = in_words(found[:PAGE], reader=self.request.user)
        return super().get_context_data(lines=lines, registration=registration, more=more, below=below, **kwargs)


class StatementInspectView(StatementView):
    """One statement: in words, and as it is kept."""

    template_name = "xapi/admin/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Statement.objects.select_related("credential")
        row = get_object_or_404(rows, statement_id=self.kwargs["statement_id"])
        [line] = in_words([row], reader=self.request.user)
        text = orjson.dumps(row.data, option=orjson.OPT_INDENT_2).decode()
        return super().get_context_data(line=line, text=text, **kwargs)


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Http404 from None


def _key(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise Http404
    return int(value)
