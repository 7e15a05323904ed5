"""The admin's authorities: find, look at what uses them, change a heading in its records, link headings, choose."""

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from core.admin_pages import AdminPage
from library import authorities, authority_changes, authority_linking, headings, marc_lines
from library.admin_editor import PUBLISH
from library.editing import Changed
from library.exceptions import LibraryError
from library.marc import DataField
from library.marc_lines import NotALine
from library.models import AuthorityName, Heading, HeadingKind, Record


class AuthorityFilterSet(WagtailFilterSet):
    """By what they are about."""

    about = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại tiêu đề"), choices=HeadingKind.choices, method="of_kind"
    )
    status = django_filters.ChoiceFilter(label=gettext_lazy("Trạng thái"), choices=Record.Status.choices)

    class Meta:
        model = Record
        fields = ["about", "status"]

    def of_kind(self, rows: Any, name: str, value: str) -> Any:
        named = AuthorityName.objects.filter(authority=models.OuterRef("pk"), kind=value)
        return rows.filter(models.Exists(named))


class AuthorityIndexView(IndexView):
    """Authorities by their heading, found by any of their names."""

    page_title = gettext_lazy("Tiêu đề chuẩn")
    is_searchable = True
    default_ordering = "title"

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.request.user.has_perm(PUBLISH):
            return []
        url = reverse("library_authority:link")
        return [Button(_("Liên kết tiêu đề của biểu ghi"), url=url, icon_name="link", priority=10)]

    def get_base_queryset(self) -> models.QuerySet[Record]:
        uses = Heading.objects.filter(authority=models.OuterRef("pk")).order_by().values("authority")
        counted = uses.annotate(number=models.Count("record", distinct=True)).values("number")
        rows = Record.objects.authorities().light().filter(deleted_at=None).select_related("source")
        return rows.annotate(uses_number=models.functions.Coalesce(models.Subquery(counted), 0))

    def search_queryset(self, queryset: Any) -> Any:
        """The beginning of any name, marks or no marks."""
        if not self.is_searching:
            return queryset
        named = AuthorityName.objects.filter(plain__startswith=headings.prefix(self.search_query))
        return queryset.filter(pk__in=named.values("authority"))


class AuthorityInspectView(InspectView):
    """One authority: its names, how many records use it, and which of them still say another heading."""

    page_title = gettext_lazy("Tiêu đề chuẩn")

    def get_object(self, queryset: Any = None) -> Record:
        return get_object_or_404(Record.objects.authorities().filter(deleted_at=None), pk=self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outdated = authority_changes.outdated(self.object)
        return super().get_context_data(
            marc=self.object.marc,
            shown=authorities.read(self.object.marc),
            uses=Record.objects.filter(pk__in=Heading.objects.filter(authority=self.object).values("record")).count(),
            outdated=outdated.count(),
            harvested=authority_changes.harvested(self.object),
            changes=authority_changes.shown(
                outdated, lambda marc: authority_changes.with_heading_of(marc, self.object)
            ),
            may_change=self.request.user.has_perm(PUBLISH),
            typed=authority_changes.typed_heading(self.object),
            **kwargs,
        )


class HeadingTitleColumn(TitleColumn):
    """The heading, leading to its page."""

    def get_link_url(self, instance: Record, parent_context: Any) -> str:
        return reverse("library_authorities:inspect", args=[instance.pk])


class AuthorityViewSet(ModelViewSet):
    """List and look; the editor makes and changes."""

    model = Record
    icon = "key"
    menu_label = gettext_lazy("Tiêu đề chuẩn")
    name = "library_authorities"
    url_prefix = "library/authorities"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = AuthorityIndexView
    inspect_view_class = AuthorityInspectView
    inspect_template_name = "library/admin/authority.html"
    inspect_view_fields = ("title", "status", "control_number", "control_agency", "changed")
    filterset_class = AuthorityFilterSet
    form_fields = ("status",)
    list_per_page = 50
    list_display = (
        HeadingTitleColumn("title", label=gettext_lazy("Tiêu đề"), sort_key="title"),
        Column("uses_number", label=gettext_lazy("Số biểu ghi dùng")),
        Column("control_number", label=gettext_lazy("Số kiểm soát")),
        Column("source", label=gettext_lazy("Nguồn")),
        DateColumn("changed", label=gettext_lazy("Thay đổi lúc"), sort_key="changed"),
    )


class LinkView(AdminPage, TemplateView):
    """Which headings of our records mean an authority; linked by a job after this was looked at."""

    page_title = gettext_lazy("Liên kết tiêu đề của biểu ghi")
    template_name = "library/admin/link_headings.html"
    header_icon = "link"
    section = ("library_authorities:index", gettext_lazy("Tiêu đề chuẩn"))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        variants = self.request.GET.get("variants") == "1"
        matches = authority_linking.matches(variants=variants)
        return super().get_context_data(
            variants=variants, matches=matches, number=sum(each.number for each in matches), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        authority_linking.start(variants=request.POST.get("variants") == "1", by=request.user)
        messages.success(request, _("Đã bắt đầu liên kết. Xem tiến độ ở mục Việc chạy nền."))
        return redirect("library_authorities:index")


@require_POST
@permission_required(PUBLISH, raise_exception=True)
def change_heading(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the records that use an authority in line with its heading."""
    authority = get_object_or_404(Record.objects.authorities().filter(deleted_at=None), pk=pk)
    authority_changes.start(authority, by=request.user)
    messages.success(request, _("Đã bắt đầu sửa các biểu ghi. Xem tiến độ ở mục Việc chạy nền."))
    return redirect("library_authorities:inspect", pk)


@require_POST
@permission_required(PUBLISH, raise_exception=True)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an authority another heading; its records are changed only after that was looked at."""
    authority = get_object_or_404(Record.objects.authorities().filter(deleted_at=None, source=None), pk=pk)
    try:
        authority_changes.rename(authority, request.POST.get("heading", ""), by=request.user)
    except Changed:
        messages.error(request, _("Người khác vừa sửa tiêu đề này. Hãy xem lại rồi đổi."))
    except LibraryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Đã đổi tiêu đề. Dưới đây là các biểu ghi còn ghi tiêu đề cũ."))
    return redirect("library_authorities:inspect", pk)


@require_safe
@permission_required("library.change_record", raise_exception=True)
def choose(request: HttpRequest) -> JsonResponse:
    """For the editor: authorities whose names begin with q, for the field `tag`; what to write, and $0.

    `line` is the field as it is being typed; each choice tells that line with its heading and $0.
    """
    typed = _typed(request.GET.get("line", "")[:10_000])
    kind = headings.kind_of_tag(request.GET.get("tag", ""))
    kinds = headings.ALIKE.get(kind, (kind,)) if kind else ()
    found = authorities.choose(request.GET.get("q", "")[:100], kinds=kinds)
    return JsonResponse({"found": [_choice(name, typed) for name in found]})


def _typed(line: str) -> DataField | None:
    try:
        fields = marc_lines.parse(f"LDR {' ' * 24}\n{line}").fields
    except NotALine:
        return None
    return fields[0] if len(fields) == 1 and isinstance(fields[0], DataField) else None


def _choice(name: AuthorityName, typed: DataField | None) -> dict[str, Any]:
    return {
        "id": name.authority_id,
        "heading": name.authority.title,
        "by": "" if name.is_heading else name.text,
        "kind": str(HeadingKind(name.kind).label),
        "line": marc_lines.line(authority_changes.linked_to(typed, name.authority)) if typed else "",
    }
