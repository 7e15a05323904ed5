"""The admin's list and forms of people, by Wagtail's user management fitted to our User."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users

from people import access, cards, roles
from people.admin_choosers import organisation_chooser, unit_chooser
from people.admin_lists import ChooserSearchForm, SearchByWords
from people.models import User

FIELDS = [
    "full_name",
    "phone",
    "email",
    "username",
    "birth_year",
    "gender",
    "language",
    "unit",
    "organisation",
    "groups",
]


class _OurFields:
    """Three optional names instead of Wagtail's user name, e-mail and two parts of a name."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, may_make_superusers: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name"):
            del self.fields[name]
        self.fields["email"].required = False
        self.fields["username"].help_text = _("Chữ không dấu, chữ số và . _ -")
        self.fields["unit"].widget = unit_chooser.widget_class()
        self.fields["organisation"].widget = organisation_chooser.widget_class()
        self.fields["groups"].label_from_instance = roles.label  # type: ignore[attr-defined]
        if not may_make_superusers:
            self.fields.pop("is_superuser", None)

    def _clean_username(self) -> None:
        """Wagtail's own check; ours is the field's unique constraint, which knows one spelling."""

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        """Whoever has a role that enters the admin is staff."""
        user: User = super().save(commit=False)  # type: ignore[misc]
        groups: QuerySet[Group] = self.cleaned_data["groups"]
        user.is_staff = groups.filter(permissions__codename="access_admin").exists()
        if commit:
            user.save()
            self.save_m2m()  # type: ignore[attr-defined]
        return user


class CreateForm(_OurFields, UserCreationForm):
    """A new person."""

    class Meta(UserCreationForm.Meta):
        fields = [*FIELDS, "is_superuser"]


class EditForm(_OurFields, UserEditForm):
    """A person, and whether the account is open."""

    class Meta(UserEditForm.Meta):
        fields = [*FIELDS, "is_active", "is_superuser"]


class _OnlyVisible:
    """The one rule of access, and superusers only for superusers."""

    request: Any

    def get_queryset(self) -> QuerySet[User]:
        seen = User.objects.visible_to(self.request.user)
        return seen if self.request.user.is_superuser else seen.filter(is_superuser=False)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "may_make_superusers": self.request.user.is_superuser}  # type: ignore[misc]


class IndexView(SearchByWords, users.IndexView):
    """People with what one needs to find and tell them apart."""

    def get_base_queryset(self) -> QuerySet[User]:
        seen = User.objects.visible_to(self.request.user)
        return seen.select_related("unit", "wagtail_userprofile").prefetch_related("groups")

    @property
    def columns(self) -> list[Column]:
        name = self._get_title_column_class(users.UserColumn)
        return [
            name(
                "name",
                accessor=str,
                label=_("Họ và tên"),
                sort_key="full_name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("sign_in_name", label=_("Đăng nhập bằng")),
            Column("unit", label=_("Địa bàn")),
            Column("roles", accessor=lambda user: ", ".join(map(roles.label, user.groups.all())), label=_("Vai trò")),
            BooleanColumn("is_active", label=_("Đang hoạt động"), sort_key="is_active"),
            DateColumn("last_login", label=_("Đăng nhập gần nhất"), sort_key="last_login"),
        ]


class CreateView(_OnlyVisible, users.CreateView):
    """A new person."""


class EditView(_OnlyVisible, users.EditView):
    """A person with their audiences."""

    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        return super().get_object(self.get_queryset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        memberships = self.object.audience_memberships.order_by("-since")
        may_have_card = cards.receivers(self.request.user).filter(pk=self.object.pk).exists()
        return {
            **super().get_context_data(**kwargs),
            "audience_memberships": memberships,
            "may_have_card": may_have_card,
        }


class DeleteView(_OnlyVisible, users.DeleteView):
    """Only superusers, and only for accounts made by mistake: learning keeps its learner."""


class UserViewSet(users.UserViewSet):
    """Wagtail's, over our fields."""

    ordering = "full_name"
    icon = "user"
    list_per_page = 50
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    create_template_name = "people/admin/user_create.html"
    edit_template_name = "people/admin/user_edit.html"
    inspect_view_enabled = False
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # noqa: FBT001, FBT002 - Wagtail's
        return EditForm if for_update else CreateForm


class PeopleToChoose:
    """Those whom the user may see."""

    request: Any
    filter_form_class = ChooserSearchForm

    def get_object_list(self) -> QuerySet[User]:
        return User.objects.filter(access.people(self.request.user)).select_related("unit").order_by("full_name", "id")

    @property
    def columns(self) -> list[Column]:
        own = [Column("sign_in_name", label=_("Đăng nhập bằng")), Column("unit", label=_("Địa bàn"))]
        return [*super().columns, *own]  # type: ignore[misc]


class PersonChooseView(PeopleToChoose, ChooseView):
    """The chooser's dialog."""


class PersonChooseResultsView(PeopleToChoose, ChooseResultsView):
    """The chooser's results alone."""


class PersonChooserViewSet(ChooserViewSet):
    """The field for a person in every form of the admin."""

    model = "people.User"
    icon = "user"
    choose_one_text = _("Chọn người")
    choose_another_text = _("Chọn người khác")
    choose_view_class = PersonChooseView
    choose_results_view_class = PersonChooseResultsView


person_chooser = PersonChooserViewSet("people_person_chooser", url_prefix="people/choose-person")


class OwnNamesForm(forms.ModelForm):
    """One's own names on the admin's account page, in place of Wagtail's first and last name."""

    class Meta:
        model = User
        fields = ["full_name", "phone", "email"]
