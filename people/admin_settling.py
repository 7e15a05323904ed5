"""The admin's list of those whose old unit was split, and the page where one says where they belong."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.admin_pages import AdminPage
from people import settling
from people.exceptions import NotPossible
from people.folding import fold, matches
from people.models import Unit

PAGE = 50
KINDS = {
    "people": gettext_lazy("Người"),
    "households": gettext_lazy("Hộ gia đình"),
    "organisations": gettext_lazy("Cơ quan, tổ chức"),
}
RELATED = {"people": ("organisation",), "households": ("head",), "organisations": ()}
PERMISSION = "people.settle_unit"


class SettlingView(PermissionRequiredMixin, AdminPage, TemplateView):
    """What the list and the page of one old unit share."""

    permission_required = PERMISSION
    raise_exception = True
    header_icon = "site"
    page_title = gettext_lazy("Cần xếp địa bàn")
    section = ("people_settling:index", page_title)


class SettlingListView(SettlingView):
    """Old units with how many wait in each."""

    template_name = "people/admin/settling.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "").replace("\0", "").strip()[:200]
        rows = settling.by_old_unit(self.request.user)
        total = sum(row.total for row in rows)
        words = fold(text).split()
        found = [row for row in rows if all(word in row.unit.search_key for word in words)]
        page = Paginator(found, PAGE).get_page(self.request.GET.get("p"))
        page.object_list = settling.with_places(list(page.object_list))
        query = urlencode({"q": text}) + "&" if text else ""
        return super().get_context_data(page=page, page_query=query, text=text, total=total, kinds=KINDS, **kwargs)


class SettlingUnitView(SettlingView):
    """One old unit: who waits, a kind at a time, with the units that they may belong to."""

    template_name = "people/admin/settling_unit.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        former = Unit.objects.filter(settled=False).select_related("parent__parent", "today")
        self.old = get_object_or_404(former, pk=kwargs["pk"])
        asked = request.POST if request.method == "POST" else request.GET
        self.kind = asked.get("kind") or ""
        self.text = asked.get("q", "").replace("\0", "").strip()[:200]

    def get_page_subtitle(self) -> str:
        return self.old.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = {
            kind: settling.waiting(kind, self.request.user).filter(unit=self.old).count() for kind in settling.MODELS
        }
        self.kind = self.kind or next((kind for kind, number in counts.items() if number), "people")
        if self.kind not in counts:
            raise Http404
        rows = settling.waiting(self.kind, self.request.user).filter(unit=self.old)
        rows = rows.select_related(*RELATED[self.kind]) if RELATED[self.kind] else rows
        if self.text:
            rows = rows.filter(matches(self.text))
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            old=self.old,
            kind=self.kind,
            text=self.text,
            tabs=[(kind, label, counts[kind], kind == self.kind) for kind, label in KINDS.items()],
            number=counts[self.kind],
            page=page,
            page_query=urlencode({"kind": self.kind, "q": self.text}) + "&",
            successors=settling.successors(self.old),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Settle those that are ticked, or all of this kind."""
        if self.kind not in settling.MODELS:
            raise Http404
        here = f"{reverse('people_settling:unit', args=[self.old.pk])}?kind={self.kind}"
        try:
            to = _chosen(request.POST.get("to", ""))
            if "all" in request.POST:
                self._settle_all(to)
            else:
                self._settle_ticked(to)
        except NotPossible as reason:
            messages.error(request, reason.message)
            return redirect(here)
        left = any(settling.waiting(kind, request.user).filter(unit=self.old).exists() for kind in settling.MODELS)
        return redirect(here if left else "people_settling:index")

    def _settle_ticked(self, to: Unit) -> None:
        keys = [int(key) for key in self.request.POST.getlist("row") if key.isdecimal() and len(key) < 19]
        if not keys:
            raise NotPossible(_("Hãy đánh dấu ít nhất một dòng, hoặc bấm nút xếp tất cả."))
        self._say(settling.settle(kind=self.kind, keys=keys, to=to, by=self._user), to)

    def _settle_all(self, to: Unit) -> None:
        number = settling.waiting(self.kind, self._user).filter(unit=self.old).count()
        if number <= settling.AT_ONCE:
            self._say(sum(settling.settle_all(kind=self.kind, old=self.old, to=to, by=self._user)), to)
            return
        settling.start_settle_all(kind=self.kind, old=self.old, to=to, by=self._user)
        text = _("Đang xếp %(number)s dòng vào %(unit)s. Tải lại trang này để xem còn bao nhiêu.")
        messages.success(self.request, text % {"number": number, "unit": to.name})

    @property
    def _user(self) -> Any:
        return self.request.user

    def _say(self, number: int, to: Unit) -> None:
        text = ngettext("Đã xếp %(number)s dòng vào %(unit)s.", "Đã xếp %(number)s dòng vào %(unit)s.", number)
        messages.success(self.request, text % {"number": number, "unit": to.name})


def _chosen(key: str) -> Unit:
    """The unit that was chosen to belong to; settling checks that it is a successor."""
    unit = Unit.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if unit is None:
        raise NotPossible(_("Hãy chọn đơn vị mới."))
    return unit


class _OnlyForSettlers(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


class SettlingViewSet(ViewSet):
    """The two pages under one entry of the menu."""

    icon = "site"
    menu_label = gettext_lazy("Cần xếp địa bàn")
    menu_item_class = _OnlyForSettlers

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", SettlingListView.as_view(), name="index"),
            path("<int:pk>/", SettlingUnitView.as_view(), name="unit"),
        ]
