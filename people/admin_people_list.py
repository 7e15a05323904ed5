"""The admin's list of people: found and filtered among a million in one page's time.

Pages are people.few_paginator's; words are looked up in an index of words (people.words).
"""

from typing import Any

import django_filters
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button
from wagtail.users.views import users

from people import roles
from people.admin_choosers import organisation_chooser, unit_chooser
from people.admin_lists import SearchByWords
from people.dated import holds_on
from people.few_paginator import FewAtOnce
from people.models import Audience, AudienceMembership, Organisation, Unit, User
from people.models.user import UserQuerySet


def _units(request: HttpRequest | None) -> QuerySet[Unit]:
    """Those that the field may name; an export, which shows no field, has no request."""
    return Unit.objects.to_look_up(request.user) if request else Unit.objects.all()


def _organisations(request: HttpRequest | None) -> QuerySet[Organisation]:
    return Organisation.objects.visible_to(request.user) if request else Organisation.objects.all()


class PeopleFilterSet(WagtailFilterSet):
    """By place with all below it, audience of today, role, organisation, and whether the account is open."""

    unit = django_filters.ModelChoiceFilter(
        label=_("Địa bàn"), queryset=_units, widget=unit_chooser.widget_class(), method="in_unit"
    )
    audience = django_filters.ChoiceFilter(label=_("Nhóm đối tượng"), choices=Audience.choices, method="of_audience")
    group = django_filters.ModelChoiceFilter(label=_("Vai trò"), queryset=Group.objects.all(), method="of_role")
    organisation = django_filters.ModelChoiceFilter(
        label=_("Cơ quan, tổ chức"), queryset=_organisations, widget=organisation_chooser.widget_class()
    )
    is_active = django_filters.BooleanFilter(label=_("Đang hoạt động"))

    class Meta:
        model = User
        fields = ["organisation", "is_active"]

    def __init__(self, *args: Any, is_searching: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].field.label_from_instance = roles.label

    def in_unit(self, people: QuerySet[User], _name: str, unit: Unit) -> QuerySet[User]:
        """Those who today count there or below, people of former units included."""
        return people.filter(unit__in=Unit.objects.order_by().counting_under(unit).values("pk"))

    def of_audience(self, people: QuerySet[User], _name: str, audience: str) -> QuerySet[User]:
        """Those who belong to it today."""
        members = AudienceMembership.objects.order_by().filter(holds_on(), audience=audience)
        return people.filter(pk__in=members.values("person"))

    def of_role(self, people: QuerySet[User], _name: str, group: Group) -> QuerySet[User]:
        """Those who have it. Nearly everybody is a learner: there each is asked, elsewhere the few are looked up."""
        having = User.groups.through.objects.filter(group=group)
        if group.name == roles.LEARNER:
            return people.filter(Exists(having.filter(user=OuterRef("pk"))))
        return people.filter(pk__in=having.values("user"))


class IndexView(FewAtOnce, SearchByWords, users.IndexView):
    """People with what one needs to find and tell them apart."""

    walked = "full_name"

    def get_base_queryset(self) -> QuerySet[User]:
        seen = User.objects.visible_to(self.request.user).persons()
        return seen.select_related("unit", "wagtail_userprofile").prefetch_related("groups")

    def parts(self) -> list[UserQuerySet]:
        return User.objects.persons().visible_in_parts(self.request.user)

    @property
    def header_more_buttons(self) -> list[Button]:
        asked = self.request.GET.urlencode()
        url = f"{reverse('people_export')}?{asked}"
        export = Button(_("Xuất danh sách này"), url=url, icon_name="download", priority=90)
        return [*super().header_more_buttons, export]

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
            Column("birth_year", label=_("Năm sinh")),
            Column("unit", label=_("Địa bàn")),
            Column("roles", accessor=lambda user: ", ".join(map(roles.label, user.groups.all())), label=_("Vai trò")),
            BooleanColumn("is_active", label=_("Đang hoạt động")),
            DateColumn("last_login", label=_("Đăng nhập gần nhất")),
        ]
