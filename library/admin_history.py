"""The admin's history of a record: every version, what it changed, and bringing one back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy

from library import canonical, drafts, editing, history
from library.admin_editor import OfRecordView, as_number
from library.editing import CannotSave, Changed

PAGE = 50


class HistoryView(OfRecordView):
    """Who changed it when, the newest first."""

    permission_required = "library.view_record"
    template_name = "library/admin/history.html"
    page_title = gettext_lazy("Lịch sử biểu ghi")
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.record.versions.select_related("by").defer("before")
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("p"))
        merges = self.record.merges.filter(undone_at=None).select_related("gone") if self.may_publish else []
        return super().get_context_data(
            record=self.record, draft=drafts.of(self.record), page_obj=page, merges=merges, **kwargs
        )


class VersionView(OfRecordView):
    """What one change did, field by field; older content can be brought back from here."""

    permission_required = "library.view_record"
    template_name = "library/admin/version.html"
    page_title = gettext_lazy("Thay đổi của biểu ghi")
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.record.versions.select_related("by").filter(number=self.kwargs["number"]).first()
        if row is None:
            raise Http404
        before = canonical.parse(bytes(row.before))
        changes = history.difference(before, history.content(self.record, row.number))
        changes = [each for each in changes if editing.STAMP not in {each.before[:3], each.after[:3]}]
        return super().get_context_data(
            record=self.record,
            version=row,
            changes=changes,
            same=sum(1 for each in changes if each.kind == "same"),
            may_change=self.may_write and self.person.has_perm("library.change_record"),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Bring back what was there before this change."""
        if not request.user.has_perm("library.change_record"):
            raise Http404
        if not self.may_write:
            raise PermissionDenied
        number, version = self.kwargs["number"] - 1, as_number(request.POST.get("version"))
        try:
            editing.restore(self.record, number=number, version=version, by=self.person)
        except LookupError:
            raise Http404 from None
        except Changed:
            messages.error(request, gettext("Biểu ghi vừa được người khác sửa. Hãy xem lại rồi khôi phục."))
            return redirect("library_editor:history", self.record.pk)
        except CannotSave as error:
            messages.error(request, str(error))
            return redirect("library_editor:history", self.record.pk)
        messages.success(request, gettext("Đã khôi phục nội dung của phiên bản %(number)s.") % {"number": number})
        return redirect("library_editor:edit", self.record.pk)
