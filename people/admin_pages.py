"""What the admin's pages about one person share: only whom one may see, 404 for others."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.admin_pages import AdminPage
from people import access
from people.models import User


class PersonPage(AdminPage):
    """A page about the person of the address, for who may change people."""

    header_icon = "user"
    person: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.person = person_or_404(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def further(self) -> list[dict[str, Any]]:
        return [*way_to(self.person), *super().further()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)


def way_to(person: User) -> list[dict[str, Any]]:
    """The breadcrumbs of the list of people and of the person's own page."""
    return [
        {"url": reverse("wagtailusers_users:index"), "label": gettext_lazy("Người dùng")},
        {"url": reverse("wagtailusers_users:edit", args=[person.pk]), "label": str(person)},
    ]


def person_or_404(request: HttpRequest, pk: int) -> User:
    """A person whom the user may see and change: staff only for administrators."""
    user: Any = request.user
    if not user.has_perm("people.change_user"):
        raise PermissionDenied
    seen = User.objects.visible_to(user).persons().select_related("unit", "organisation")
    if not access.sees_all(user):
        seen = seen.filter(is_staff=False, is_superuser=False)
    return get_object_or_404(seen, pk=pk)
