"""The admin's page on which a librarian makes two records one, field by field."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from library import marc_lines, merging
from library.admin_editor import PUBLISH, OfRecordView, as_number
from library.editing import CannotSave, Changed
from library.models import Record, RecordMerge

NEVER_BOTH = {"001", "003", "005", "008"}  # the kept record's own
SUGGESTED = 8


class MergeView(OfRecordView):
    """Choose the other record, then the fields; the other becomes a tombstone."""

    permission_required = PUBLISH
    template_name = "library/admin/merge.html"
    page_title = gettext_lazy("Gộp biểu ghi")
    header_icon = "copy"

    @cached_property
    def other(self) -> Record | None:
        """The record whose number was given."""
        number = as_number(self.request.POST.get("with") or self.request.GET.get("with"))
        rows = self._possible()
        return rows.filter(pk=number).first() if number else None

    def _possible(self) -> Any:
        rows = Record.objects.visible_to(self.request.user).filter(deleted_at=None, source=None, kind=self.record.kind)
        return rows.exclude(pk=self.record.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.other is None:
            words = self.request.GET.get("q", self.record.title).strip()
            found = self._possible().light().filter(title__icontains=words)[:SUGGESTED] if words else []
            return super().get_context_data(record=self.record, words=words, found=found, **kwargs)
        mine = marc_lines.write(self.record.marc).split("\n")
        theirs = [line for line in marc_lines.write(self.other.marc).split("\n")[1:] if line not in mine]
        lines = [(line, True, True) for line in mine]
        tags = {line[:3] for line in mine}
        lines += [(line, False, line[:3] not in tags) for line in theirs if line[:3] not in NEVER_BOTH]
        lines[1:] = sorted(lines[1:], key=lambda each: each[0][:3])
        return super().get_context_data(record=self.record, other=self.other, lines=lines, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.other is None:
            messages.error(request, gettext("Hãy chọn biểu ghi để gộp."))
            return redirect("library_editor:merge", self.record.pk)
        text = "\n".join([marc_lines.write(self.record.marc).split("\n")[0], *request.POST.getlist("line")])
        versions = as_number(request.POST.get("version")), as_number(request.POST.get("other_version"))
        try:
            marc = marc_lines.parse(text, keep=self.record.marc)
            merging.merge(self.record, self.other, marc=marc, versions=versions, by=self.person)
        except Changed:
            messages.error(request, gettext("Một trong hai biểu ghi vừa được người khác sửa. Hãy chọn lại."))
            return self.render_to_response(self.get_context_data(), status=409)
        except (CannotSave, marc_lines.NotALine) as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, gettext("Đã gộp hai biểu ghi. Có thể hoàn tác trong lịch sử, khi chưa ai sửa tiếp."))
        return redirect("library_editor:history", self.record.pk)


@require_POST
def undo(request: HttpRequest, pk: int, merge: int) -> HttpResponse:
    """Make them two records again."""
    person: Any = request.user
    rows = RecordMerge.objects.filter(kept__in=Record.objects.visible_to(person))
    row = get_object_or_404(rows, pk=merge, kept_id=pk if person.has_perm(PUBLISH) else 0)
    try:
        merging.undo(row, by=person)
    except CannotSave as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Đã hoàn tác: hai biểu ghi lại như trước khi gộp."))
    return redirect("library_editor:history", pk)
