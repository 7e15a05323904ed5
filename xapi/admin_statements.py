"""The admin's statements, read-only: find them, read one, take them out."""

import mimetypes
from typing import Any

import orjson
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from core import audit
from core.admin_pages import AdminPage
from xapi import admin_search, attachments, browsing, export, particulars, sentences
from xapi.models import Attachment, Statement

VIEW = "xapi.view_statement"
LAST = 2**63 - 1  # the greatest primary key


class StatementView(PermissionRequiredMixin, AdminPage, TemplateView):
    """What the list and the page of one statement share."""

    permission_required = VIEW
    raise_exception = True
    header_icon = "history"
    page_title = _("Bản ghi học tập")
    section = ("xapi_admin:statements", page_title)


class StatementListView(StatementView):
    """What the form asks for, page by page in the order of storing; pages go on behind the last key shown."""

    template_name = "xapi/admin/statements.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = admin_search.read(self.request.GET, self.request.user)
        after, back = read_key(self.request.GET.get("after")), read_key(self.request.GET.get("back"))
        page = browsing.page(asked.search, after=after, back=back) if asked.search else browsing.Page()
        lines = sentences.in_words(page.rows, reader=self.request.user)
        is_timeline = bool(asked.search and asked.form.cleaned_data["registration"])
        pages = {
            "first": asked.query() if page.back is not None else None,
            "back": asked.query(back=page.back) if page.back is not None else None,
            "after": asked.query(after=page.after) if page.after is not None else None,
        }
        return super().get_context_data(
            asked=asked, lines=lines, page=page, pages=pages, is_timeline=is_timeline, **kwargs
        )


class StatementInspectView(StatementView):
    """One statement: in words, part by part, and as it is kept."""

    template_name = "xapi/admin/statement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Statement.objects.select_related("credential")
        row = get_object_or_404(rows, statement_id=self.kwargs["statement_id"])
        found = particulars.of(row, reader=self.request.user)
        text = orjson.dumps(row.data, option=orjson.OPT_INDENT_2).decode()
        return super().get_context_data(found=found, line=found.line, text=text, **kwargs)


@require_safe
@permission_required(VIEW, raise_exception=True)
def export_view(request: HttpRequest, form: str) -> HttpResponseBase:
    """All that the list's query string finds, as a file that is written while it is read. Noted in the audit log."""
    asked = admin_search.read(request.GET, request.user)
    if asked.search is None:  # the list says what is to be mended
        return HttpResponseRedirect(f"{reverse('xapi_admin:statements')}?{asked.query()}")
    person: Any = request.user
    audit.record(by=person, action="xapi.statement.export", subject=f"statements:{form}", detail=asked.in_log())
    write, content_type = export.FORMATS[form]
    search = browsing.until_now(asked.search)
    chunks = export.speaking(get_language() or "vi", write(search, request.user))
    name = f"ban-ghi-hoc-tap-{timezone.localdate():%Y-%m-%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(chunks, content_type=content_type, headers=headers)


@require_safe
@permission_required(VIEW, raise_exception=True)
def attachment_view(request: HttpRequest, statement_id: Any, sha2: str) -> HttpResponseBase:
    """A file that came with the statement; always to be saved, never shown, since others wrote it."""
    file = get_object_or_404(Attachment.objects.of_statements([statement_id]), sha2=sha2)
    ending = mimetypes.guess_extension(file.content_type.partition(";")[0].strip()) or ""
    headers = {
        "Content-Disposition": f'attachment; filename="{sha2[:16]}{ending}"',
        "Content-Length": str(file.length),
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(attachments.content(file), content_type="application/octet-stream", headers=headers)


def read_key(value: str | None) -> int | None:
    """A primary key in a query string."""
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 20):
        raise Http404
    return min(int(value), LAST)
