"""Where staff decide requests for accounts: those of their units and of the groups that they lead."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from people import registration as requests
from people.admin_cards import GiversOnly, may_give
from people.exceptions import NotTheirs
from people.models import Audience, Registration, User

PAGE = 50


class _Requests(GiversOnly):
    """What the list and one request share."""

    header_icon = "doc-full-inverse"
    page_title = gettext_lazy("Đơn đăng ký")
    section = ("people_registrations:list", page_title)


class RegistrationsView(_Requests):
    """The oldest first, a page at a time by key."""

    template_name = "people/admin/registrations.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        after, text = self.request.GET.get("after", ""), self.request.GET.get("q", "")[:200]
        rows = Registration.objects.visible_to(self.request.user).found_by(text).select_related("unit__parent", "group")
        if after.isdecimal() and len(after) <= 18:
            rows = rows.filter(pk__gt=int(after))
        found = list(rows.order_by("pk")[: PAGE + 1])
        more = found[PAGE - 1].pk if len(found) > PAGE else None
        return {**super().get_context_data(**kwargs), "rows": found[:PAGE], "more": more, "text": text}


class RegistrationView(_Requests):
    """One request, with those who may be the same person."""

    template_name = "people/admin/registration.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = _row(self.request, self.kwargs["pk"])
        likely = requests.likely(row, self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "row": row,
            "audiences": [(value, Audience(value).label) for value in row.audiences],
            "likely": likely,
            "taken_elsewhere": requests.is_taken(row) and not any(_same_name(row, person) for person in likely),
            "taken": requests.is_taken(row),
        }


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, refuse, or say whose account it is. A second press finds the request gone, and says so."""
    if may_give(request.user) and not Registration.objects.filter(pk=pk).exists():
        messages.warning(request, _("Đơn này đã được xử lý."))
        return redirect("people_registrations:list")
    row = _row(request, pk)
    try:
        if "confirm" in request.POST:
            requests.confirm(row, by=request.user, audiences=request.POST.getlist("audience"))
            messages.success(request, _("Đã mở tài khoản cho %(name)s.") % {"name": row})
        elif "refuse" in request.POST:
            requests.refuse(row, by=request.user)
            messages.success(request, _("Đã từ chối và xóa đơn."))
        else:
            person = get_object_or_404(User.objects.visible_to(request.user), pk=_key(request.POST.get("person", "")))
            requests.is_person(row, person, by=request.user)
            messages.success(request, _("Đã ghi nhận: %(name)s đã có tài khoản.") % {"name": person})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people_registrations:one", pk=pk)
    except NotTheirs:
        messages.error(request, _("Đơn này đã được người khác xử lý, hoặc không thuộc quyền của ông, bà."))
    return redirect("people_registrations:list")


def _row(request: HttpRequest, pk: int) -> Registration:
    if not may_give(request.user):
        return get_object_or_404(Registration.objects.none())
    rows = Registration.objects.visible_to(request.user).select_related("unit__parent", "group")
    return get_object_or_404(rows, pk=pk)


def _same_name(row: Registration, person: User) -> bool:
    return bool((row.phone and row.phone == person.phone) or (row.email and row.email == person.email))


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 18 else 0
