"""The editor of a record that is there: joined with what others saved, published or kept as a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from library import drafts, editing, history, marc21, marc_lines, three_way
from library.admin_editor import PUBLISH, EditorMixin, OfRecordView, as_number, said_saved, without_empty
from library.admin_editor_script import present
from library.editing import CannotSave, Changed, NotReady
from library.marc import MarcRecord
from library.marc_lines import NotALine
from library.models import PendingDraft, Record


class EditView(OfRecordView, EditorMixin):
    """Change a record: nothing that somebody else did meanwhile is lost."""

    page_title = gettext_lazy("Sửa biểu ghi")

    @cached_property
    def draft(self) -> PendingDraft | None:
        return drafts.of(self.record)

    @property
    def newest(self) -> tuple[MarcRecord, int, int]:
        """What the next change begins with: content, the record's version behind it, the draft's number."""
        if self.draft:
            return self.draft.marc, self.draft.version, self.draft.number
        return self.record.marc, self.record.version, 0

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        marc = self.newest[0]
        return self.shown(marc_lines.write(marc), marc)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _marc, version, number = self.newest
        begun = {"version": version, "number": number} | kwargs
        others = present(self.record, but=self.person)
        return super().get_context_data(
            **begun, record=self.record, draft=self.draft, others=others, may_change=self.may_change
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.refuse_unless_mine()
        text, version = settled_lines(request), as_number(request.POST.get("version"))
        number = as_number(request.POST.get("number"))
        try:
            base = history.content(self.record, version)
        except LookupError:
            messages.error(request, gettext("Không rõ ông, bà bắt đầu từ phiên bản nào. Hãy so lại với bản hiện nay."))
            return self.shown(text, None, status=422)
        try:
            mine = without_empty(marc_lines.parse(text, keep=base), base)
        except NotALine as error:
            context = self.context_of(text, None, error.problems)
            return self.render_to_response(self.get_context_data(version=version, number=number, **context), status=422)
        return self.saved(base, mine, version, number)

    def saved(self, base: MarcRecord, mine: MarcRecord, version: int, number: int) -> HttpResponse:
        """Save, or join it with what somebody else saved, or ask."""
        publish = self.may_publish and self.request.POST.get("then") == "publish"
        try:
            if self.record.status == Record.Status.PUBLISHED:
                return self.kept_or_published(mine, version, number, publish=publish)
            row = editing.change(self.record, marc=mine, version=version, by=self.person)
        except Changed:
            return self.joined(base, mine, number)
        except CannotSave as error:
            self.said(error)
            context = self.context_of(marc_lines.write(mine), mine)
            return self.render_to_response(self.get_context_data(version=version, number=number, **context), status=422)
        if publish:
            try:
                row = editing.publish(row, by=self.person)
            except NotReady as error:
                self.said(error)
                return redirect("library_editor:edit", row.pk)
        said_saved(self.request, row)
        return redirect("library_editor:edit", row.pk)

    def kept_or_published(self, mine: MarcRecord, version: int, number: int, *, publish: bool) -> HttpResponse:
        """A published record's changes: for everyone at once, or kept as a draft beside it."""
        if publish:
            said_saved(
                self.request, drafts.publish(self.record, marc=mine, version=version, number=number, by=self.person)
            )
        else:
            drafts.keep(self.record, marc=mine, version=version, number=number, by=self.person)
            messages.success(self.request, gettext("Đã giữ thay đổi thành bản nháp. Bạn đọc vẫn thấy bản đã công bố."))
        return redirect("library_editor:edit", self.record.pk)

    def joined(self, base: MarcRecord, mine: MarcRecord, number: int) -> HttpResponse:
        """Somebody was faster: what does not touch theirs is joined; where both changed a field, the person decides."""
        del self.record
        self.__dict__.pop("draft", None)
        content, version, newer = self.newest
        if newer == number:  # not the draft is new, but what was published
            content, version = self.record.marc, self.record.version
        entries = three_way.merge(base, mine, content)
        text = three_way.settled(entries)
        if text is not None:
            messages.info(
                self.request, gettext("Biểu ghi vừa được người khác sửa; thay đổi của hai bên đã được gộp lại.")
            )
            return self.saved(content, marc_lines.parse(text, keep=content), version, newer)
        last = (self.draft if newer != number else None) or self.record.versions.select_related("by").first()
        context = {
            "entries": [(at, entry, may_stay_both(self.record.kind, entry)) for at, entry in enumerate(entries)],
            "record": self.record,
            "version": version,
            "number": newer,
            "other": last.by if last else None,
            "then": self.request.POST.get("then", ""),
        }
        self.template_name = "library/admin/conflict.html"
        return self.render_to_response(super(EditorMixin, self).get_context_data(**context), status=409)


class DraftView(OfRecordView):
    """What the draft of a published record would change, field by field."""

    permission_required = "library.view_record"
    template_name = "library/admin/draft.html"
    page_title = gettext_lazy("Thay đổi chưa công bố")
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = drafts.of(self.record)
        if draft is None:
            raise Http404
        changes = history.difference(editing.without_stamp(self.record.marc), editing.without_stamp(draft.marc))
        same = sum(1 for each in changes if each.kind == "same")
        return super().get_context_data(record=self.record, draft=draft, changes=changes, same=same, **kwargs)


def may_stay_both(kind: str, entry: three_way.Entry) -> bool:
    """Whether a record can have my field beside theirs."""
    rule = marc21.field(kind, entry.mine[:3])
    return bool(entry.mine and entry.theirs and (rule is None or rule.repeatable))


def settled_lines(request: HttpRequest) -> str:
    """The lines of the form; those of the page of a conflict come one by one, "" for a field that goes."""
    if "line-0" not in request.POST:
        return request.POST.get("lines", "")
    numbers = sorted(as_number(name[5:]) for name in request.POST if name.startswith("line-"))
    return "\n".join(line for number in numbers for line in request.POST.getlist(f"line-{number}") if line)


def _action(request: HttpRequest, pk: int) -> tuple[Record, Any]:
    person: Any = request.user
    return get_object_or_404(Record.objects.visible_to(person).filter(deleted_at=None), pk=pk), person


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of our own that begins as a copy of this record."""
    record, person = _action(request, pk)
    if not person.has_perm("library.add_record"):
        raise PermissionDenied
    made = editing.create(marc=editing.copied(record.marc), by=person)
    messages.success(request, gettext("Đã sao chép thành bản nháp mới. Số kiểm soát cũ không được chép theo."))
    return redirect("library_editor:edit", made.pk)


@require_POST
def drop_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the draft of a published record."""
    record, person = _action(request, pk)
    if not person.has_perm("library.change_record"):
        raise PermissionDenied
    try:
        drafts.drop(record, by=person)
    except CannotSave as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Đã bỏ bản nháp. Bản đã công bố vẫn như cũ."))
    return redirect("library_editor:edit", pk)


@require_POST
def set_status(request: HttpRequest, pk: int, status: str) -> HttpResponse:
    """Publish, or take back to draft."""
    record, person = _action(request, pk)
    if not person.has_perm(PUBLISH):
        raise PermissionDenied
    try:
        if status == "publish":
            editing.publish(record, by=person)
            messages.success(request, gettext("Đã công bố. Bạn đọc và các thư viện thu hoạch sẽ thấy biểu ghi."))
        else:
            editing.withdraw(record, by=person)
            messages.success(request, gettext("Đã đưa về bản nháp. Bạn đọc không còn thấy biểu ghi."))
    except CannotSave as error:
        messages.error(request, str(error))
    return redirect("library_editor:edit", pk)


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the deletion of a record."""
    person: Any = request.user
    if not person.has_perm("library.delete_record"):
        raise PermissionDenied
    record = get_object_or_404(Record.objects.visible_to(person).exclude(deleted_at=None), pk=pk)
    try:
        editing.bring_back(record, by=person)
        messages.success(request, gettext("Đã lấy lại biểu ghi."))
    except CannotSave as error:
        messages.error(request, str(error))
    return redirect("library_records:inspect", pk)
