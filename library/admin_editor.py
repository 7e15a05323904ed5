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
from django.views.generic import TemplateView

from core.admin_pages import AdminPage
from library import editing, marc_lines, record_templates, validation
from library.editing import CannotSave
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
        here = [] if isinstance(self, EditorMixin) else [{"url": "", "label": self.page_title}]
        return [{"url": url, "label": Truncator(str(self.record)).chars(60)}, *here]

    @property
    def may_change(self) -> bool:
        """Our own records; what cataloguers change of a published one is a draft. Harvested records stay."""
        return not self.record.source_id

    @property
    def may_write(self) -> bool:
        """What is public is written at once only by who may publish."""
        return self.may_change and (self.record.status == Record.Status.DRAFT or self.may_publish)

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
