"""Where trainers and staff make sign-in cards and PINs for the learners in their care."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import UserPassesTestMixin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from core.admin_pages import AdminPage
from people import card_sheet, cards, roles
from people.exceptions import AlreadyMade
from people.few_paginator import first_keys
from people.models import Group, GroupMembership, SignInCard, User

PAGE = 50
GIVERS = (roles.TRAINER, roles.MANAGER, roles.ADMINISTRATOR)


def may_give(user: Any) -> bool:
    """Whether the user has a role that looks after learners."""
    return roles.has(user, *GIVERS)


class GiversOnly(UserPassesTestMixin, AdminPage, TemplateView):
    """Pages for those who look after learners."""

    raise_exception = True
    request: HttpRequest
    header_icon = "key"
    page_title = gettext_lazy("Thẻ đăng nhập")
    section = ("people_cards:list", page_title)

    def test_func(self) -> bool:
        return may_give(self.request.user)


class CardsView(GiversOnly):
    """The learners in one's care, to be chosen for cards: by words, by group, a page at a time."""

    template_name = "people/admin/cards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        group, text = _number(asked.get("group", "")), asked.get("q", "")[:200]
        found = self._found(group, text, _number(asked.get("after", "")))
        groups = list(Group.objects.of_member(self.request.user).order_by("name", "id")[:200])
        if group is not None and group not in {each.pk for each in groups}:  # by the link of a class
            groups += Group.objects.visible_to(self.request.user).filter(pk=group)
        return {
            **super().get_context_data(**kwargs),
            "people": found[:PAGE],
            "more": found[PAGE - 1].pk if len(found) > PAGE else None,
            "first": "after" not in asked,
            "groups": groups,
            "group": group,
            "text": text,
            "most": cards.MOST,
            "newest": cards.newest(),
        }

    def _found(self, group: int | None, text: str, last: int | None) -> list[User]:
        """A page of them and one more, behind the last one of the page before."""
        behind, keys = self._behind(last), set()
        members = None if group is None else self._members(group)
        for part in cards.receivers_in_parts(self.request.user):
            found = part.filter(behind)
            found = found.found_by(text) if text.strip() else found
            found = found if members is None else found.filter(pk__in=members)
            keys.update(first_keys(found, ("full_name", "pk"), PAGE + 1))
        in_force = SignInCard.objects.filter(person=OuterRef("pk"), ended_at=None)
        rows = User.objects.filter(pk__in=keys).annotate(has_card=Exists(in_force)).select_related("unit__parent")
        return list(rows.order_by("full_name", "pk"))[: PAGE + 1]

    def _members(self, group: int) -> QuerySet[Any]:
        """Keys of those who are in the group today, if the user may see it."""
        if not Group.objects.visible_to(self.request.user).filter(pk=group).exists():
            return GroupMembership.objects.none().values("person")
        return GroupMembership.objects.on().filter(group=group).order_by().values("person")

    def _behind(self, last: int | None) -> Q:
        """By key, so that page 1,000 costs what page 1 does."""
        before = cards.receivers(self.request.user).filter(pk=last).first() if last else None
        if before is None:
            return Q()
        same = Q(full_name=before.full_name, pk__gt=before.pk)
        return Q(full_name__gte=before.full_name) & (Q(full_name__gt=before.full_name) | same)


class PersonCardView(GiversOnly):
    """One learner: a new card, a new PIN, the end of a lost card."""

    template_name = "people/admin/person_card.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = _person(self.request, self.kwargs["pk"])
        card = person.sign_in_cards.filter(ended_at=None).first()
        return {**super().get_context_data(**kwargs), "person": person, "card": card, "newest": cards.newest()}


@require_POST
@never_cache
def print_cards(request: HttpRequest) -> HttpResponse | FileResponse:
    """New cards for those chosen, as one file. What their cards and PINs were before ends."""
    keys = {key for text in request.POST.getlist("person") if (key := _number(text)) is not None}
    if not may_give(request.user) or not keys:
        messages.error(request, _("Chưa chọn ai. Hãy đánh dấu những người cần thẻ."))
        return redirect("people_cards:list")
    if len(keys) > cards.MOST:
        messages.error(request, _("Mỗi lần in được nhiều nhất %(most)s thẻ.") % {"most": cards.MOST})
        return redirect("people_cards:list")
    chosen = cards.receivers(request.user).filter(pk__in=keys).select_related("unit__parent")
    people = list(chosen.order_by("full_name", "pk"))
    if len(people) < len(keys):
        messages.error(request, _("Có người không còn trong danh sách của ông, bà. Hãy chọn lại."))
        return redirect("people_cards:list")
    try:
        made = cards.make(people, by=request.user, known=_number(request.POST.get("newest", "")))
    except AlreadyMade:
        messages.error(request, _("Thẻ đã làm rồi, sau khi trang này được mở. Nếu không còn tệp, hãy làm thẻ lại."))
        return redirect("people_cards:list")
    return FileResponse(
        card_sheet.render(made), as_attachment=True, filename="the-dang-nhap.pdf", content_type="application/pdf"
    )


@method_decorator(never_cache, name="dispatch")
class NewPinView(AdminPage, TemplateView):
    """A new PIN, shown once."""

    http_method_names = ["post"]
    template_name = "people/admin/new_pin.html"
    header_icon = "key"
    page_title = gettext_lazy("Mã PIN mới")
    section = ("people_cards:list", GiversOnly.page_title)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = _person(request, pk)
        pin = cards.reset_pin(person, by=request.user)
        return self.render_to_response(self.get_context_data(person=person, pin=f"{pin[:3]} {pin[3:]}"))


@require_POST
def end_card(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost card opens nothing any more."""
    person = _person(request, pk)
    cards.end(person, by=request.user)
    messages.success(request, _("Thẻ cũ không dùng được nữa."))
    return redirect("people_cards:person", pk=pk)


def _person(request: HttpRequest, pk: int) -> User:
    if not may_give(request.user):
        return get_object_or_404(User.objects.none())
    return get_object_or_404(cards.receivers(request.user).select_related("unit__parent"), pk=pk)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 18 else None
