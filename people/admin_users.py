"""The admin's list and forms of people, by Wagtail's user management fitted to our User."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.users.views import users

from people import access, cards, sensitive
from people.admin_lists import PEOPLE_MENU, OnlyVisible, VisibleUsageView
from people.admin_people_list import IndexView, PeopleFilterSet
from people.models import Group, GroupMembership, User
from people.person_forms import CreateForm, EditForm

MEMBERSHIPS = 30  # that a person's page shows


class _OnlyVisible:
    """The one rule of access; superusers only for superusers, and staff only for administrators."""

    request: Any

    def get_queryset(self) -> QuerySet[User]:
        seen = User.objects.visible_to(self.request.user).persons()
        if self.request.user.is_superuser:
            return seen
        seen = seen.filter(is_superuser=False)
        return seen if access.sees_all(self.request.user) else seen.filter(is_staff=False)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc]


class CreateView(_OnlyVisible, users.CreateView):
    """A new person."""


class EditView(_OnlyVisible, users.EditView):
    """A person with their audiences."""

    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        return super().get_object(self.get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "may_have_card": cards.receivers(self.request.user).filter(pk=self.object.pk).exists(),
            "merged": self.object.aliases.select_related("account", "into").order_by("merged_at"),
            "may_see_sensitive": sensitive.may_see(self.request.user, self.object),
            "erasure_request": self.object.erasure_requests.waiting().first(),
            "representations": self.object.representations.select_related("household", "organisation"),
            "may_say_for_whom": self.request.user.has_perm("people.add_representation"),
            "memberships": self._memberships()[:MEMBERSHIPS],
        }
        return {**super().get_context_data(**kwargs), **own}

    def _memberships(self) -> QuerySet[GroupMembership]:
        """Classes and groups that the reader may know of, the newest first."""
        seen = Group.objects.visible_to(self.request.user).order_by()
        return self.object.group_memberships.filter(group__in=seen).select_related("group").order_by("-since", "-pk")


class DeleteView(_OnlyVisible, users.DeleteView):
    """Only superusers, and only for accounts made by mistake: learning keeps its learner."""


class HistoryView(OnlyVisible, users.HistoryView):
    """What staff changed of a person, for who may see the person."""


class UserViewSet(users.UserViewSet):
    """Wagtail's, over our fields."""

    ordering = "full_name"
    icon = "user"
    add_to_settings_menu = False
    menu_hook = PEOPLE_MENU
    menu_label = _("Danh sách người")
    menu_order = -3
    list_per_page = 50
    index_view_class = IndexView
    filterset_class = PeopleFilterSet
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    history_view_class = HistoryView
    usage_view_class = VisibleUsageView
    index_results_template_name = "people/admin/user_results.html"
    create_template_name = "people/admin/user_create.html"
    edit_template_name = "people/admin/user_edit.html"
    inspect_view_enabled = False
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # noqa: FBT001, FBT002 - Wagtail's
        return EditForm if for_update else CreateForm


class OwnNamesForm(forms.ModelForm):
    """One's own names on the admin's account page, in place of Wagtail's first and last name."""

    class Meta:
        model = User
        fields = ["full_name", "phone", "email"]
