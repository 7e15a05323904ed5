"""The cataloguer's desk: a record as lines, by keyboard or as plain text, saved with its problems said."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from core.admin_pages import AdminPage
from library import editing, history, marc21, marc_lines, record_templates, three_way, validation
from library.admin_editor_script import present
from library.editing import CannotSave, Changed, NotReady
from library.marc import DataField, Field, MarcRecord
from library.marc_lines import NotALine
from library.models import Record
from library.problems import Problem

PUBLISH = "library.publish_record"


class DeskView(AdminPage, TemplateView):
    """What the pages about one record share: who may, where one is."""

    permission_required = "library.change_record"
    header_icon = "edit"
    section = ("library_records:index", gettext_lazy("Biểu ghi"))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(self.permission_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def person(self) -> Any:
        return self.request.user

    @property
    def may_publish(self) -> bool:
        return bool(self.person.has_perm(PUBLISH))


class OfRecordView(DeskView):
    """A page about the living record in the address; what the person may not see is not there."""

    @cached_property
    def record(self) -> Record:
        rows = Record.objects.visible_to(self.request.user).filter(deleted_at=None).select_related("source")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.record)

    def further(self) -> list[dict[str, Any]]:
        url = reverse("library_editor:edit", args=[self.record.pk])
        here = [] if isinstance(self, EditView) else [{"url": "", "label": self.page_title}]
        return [{"url": url, "label": Truncator(str(self.record)).chars(60)}, *here]

    @property
    def may_change(self) -> bool:
        """Cataloguers change drafts; what is public is changed by who may publish. Harvested records stay."""
        return not self.record.source_id and (self.record.status == Record.Status.DRAFT or self.may_publish)

    def refuse_unless_mine(self) -> None:
        """Who may not change this record is told so."""
        if not self.may_change:
            raise PermissionDenied


class TemplatesView(DeskView):
    """What shall be catalogued?"""

    permission_required = "library.add_record"
    template_name = "library/admin/templates.html"
    page_title = gettext_lazy("Biên mục tài liệu mới")
    header_icon = "plus"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(templates=record_templates.templates().values(), **kwargs)


class EditorMixin(DeskView):
    """The editor with these lines, as typed, and what is wrong with them."""

    template_name = "library/admin/editor.html"

    def context_of(self, text: str, marc: MarcRecord | None, wrong: Sequence[tuple[int, str]] = ()) -> dict[str, Any]:
        """For the page: the lines, their problems, the kind of rules that the script needs."""
        found: list[Problem] = validation.problems(marc) if marc else []
        leader = marc.leader if marc else text[4:28].replace("#", " ")
        kind = "authority" if leader[6:7] == "z" else "bib"
        return {
            "text": text,
            "problems": found,
            "wrong": wrong,
            "kind": kind,
            "rules": f"{reverse('library_editor:rules', args=[kind])}?l={get_language()}",
            "plain": "plain" in self.request.GET or "plain" in self.request.POST,
            "may_publish": self.may_publish,
        }

    def shown(self, text: str, marc: MarcRecord | None, *, wrong: Any = (), status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.context_of(text, marc, wrong)), status=status)

    def said(self, error: CannotSave) -> None:
        """Why it was not saved, on the next page."""
        messages.error(self.request, str(error))


class CreateView(EditorMixin):
    """A new record from a template or from pasted lines."""

    permission_required = "library.add_record"
    page_title = gettext_lazy("Biểu ghi mới")
    header_icon = "plus"

    @cached_property
    def template(self) -> record_templates.Template:
        try:
            return record_templates.templates()[self.kwargs["template"]]
        except KeyError:
            raise Http404 from None

    def further(self) -> list[dict[str, Any]]:
        url = reverse("library_editor:templates")
        return [{"url": url, "label": gettext("Biểu ghi mới")}, {"url": "", "label": self.template.label}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = self.template.lines()
        return self.render_to_response(self.get_context_data(**self.context_of(text, None), fresh=True))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("lines", "")
        try:
            marc = without_empty(marc_lines.parse(text), None)
        except NotALine as error:
            return self.shown(text, None, wrong=error.problems, status=422)
        publish = self.may_publish and request.POST.get("then") == "publish"
        try:
            made = editing.create(marc=marc, by=self.person, publish=publish)
        except CannotSave as error:
            self.said(error)
            return self.shown(text, marc, status=422)
        said_saved(request, made)
        return redirect("library_editor:edit", made.pk)


class EditView(OfRecordView, EditorMixin):
    """Change a record: nothing that somebody else did meanwhile is lost."""

    page_title = gettext_lazy("Sửa biểu ghi")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(marc_lines.write(self.record.marc), self.record.marc)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = present(self.record, but=self.person)
        return super().get_context_data(
            record=self.record, version=kwargs.pop("version", self.record.version), others=others,
            may_change=self.may_change, **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.refuse_unless_mine()
        text, version = settled_lines(request), as_number(request.POST.get("version"))
        try:
            base = history.content(self.record, version)
        except LookupError:
            messages.error(request, gettext("Không rõ ông, bà bắt đầu từ phiên bản nào. Hãy so lại với bản hiện nay."))
            return self.shown(text, None, status=422)
        try:
            mine = without_empty(marc_lines.parse(text, keep=base), base)
        except NotALine as error:
            context = self.context_of(text, None, error.problems)
            return self.render_to_response(self.get_context_data(version=version, **context), status=422)
        return self.saved(base, mine, version)

    def saved(self, base: MarcRecord, mine: MarcRecord, version: int) -> HttpResponse:
        """Save, or join it with what somebody else saved, or ask."""
        try:
            row = editing.change(self.record, marc=mine, version=version, by=self.person)
        except Changed:
            return self.joined(base, mine)
        except CannotSave as error:
            self.said(error)
            context = self.context_of(marc_lines.write(mine), mine)
            return self.render_to_response(self.get_context_data(version=version, **context), status=422)
        if self.may_publish and self.request.POST.get("then") == "publish":
            try:
                row = editing.publish(row, by=self.person)
            except NotReady as error:
                self.said(error)
                return redirect("library_editor:edit", row.pk)
        said_saved(self.request, row)
        return redirect("library_editor:edit", row.pk)

    def joined(self, base: MarcRecord, mine: MarcRecord) -> HttpResponse:
        """Somebody was faster: what does not touch theirs is joined; where both changed a field, the person decides."""
        del self.record
        theirs = self.record
        entries = three_way.merge(base, mine, theirs.marc)
        text = three_way.settled(entries)
        if text is not None:
            messages.info(
                self.request, gettext("Biểu ghi vừa được người khác sửa; thay đổi của hai bên đã được gộp lại.")
            )
            return self.saved(theirs.marc, marc_lines.parse(text, keep=theirs.marc), theirs.version)
        last = theirs.versions.select_related("by").first()
        context = {
            "entries": [(number, entry, may_stay_both(theirs.kind, entry)) for number, entry in enumerate(entries)],
            "record": theirs,
            "other": last.by if last else None,
            "then": self.request.POST.get("then", ""),
        }
        self.template_name = "library/admin/conflict.html"
        return self.render_to_response(super(EditorMixin, self).get_context_data(**context), status=409)


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


def without_empty(marc: MarcRecord, base: MarcRecord | None) -> MarcRecord:
    """Without the subfields and fields of a template that nobody filled in; what stood in the base stays."""
    had = {id(each) for each in base.fields} if base else set()
    fields: list[Field] = []
    for each in marc.fields:
        if isinstance(each, DataField) and id(each) not in had:
            filled = [part for part in each.subfields if part.value]
            if filled and any(part.code not in "25" or len(filled) == len(each.subfields) for part in filled):
                fields.append(DataField.of(each.tag, each.indicators, filled))
        else:
            fields.append(each)
    return MarcRecord(marc.leader, fields)


def said_saved(request: HttpRequest, row: Record) -> None:
    """That it was saved, and how many problems it still has."""
    number = len(validation.problems(row.marc))
    if row.status == Record.Status.DRAFT:
        said = gettext("Đã lưu bản nháp.")
    else:
        said = gettext("Đã lưu và công bố.") if request.POST.get("then") == "publish" else gettext("Đã lưu.")
    if number:
        said += " " + ngettext("Còn %(count)s điểm nên xem lại.", "Còn %(count)s điểm nên xem lại.", number) % {
            "count": number
        }
    messages.success(request, said)


def as_number(text: str | None) -> int:
    """A number from a form; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


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
