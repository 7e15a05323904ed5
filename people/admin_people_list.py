"""The admin's list of people: found and filtered among a million in one page's time.

Three things would be slow with so many: to count all that fit, to sort them, and to look into every name. So counting
stops at MOST, and of a search or filter that fits more people a list shows MOST, sorted among themselves, and says so;
where nothing is asked the index of names is walked; words are looked up in an index of words (people.words).
"""

from typing import Any

import django_filters
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.users.views import users

from people import roles
from people.admin_choosers import organisation_chooser, unit_chooser
from people.admin_lists import SearchByWords
from people.dated import holds_on
from people.models import Audience, AudienceMembership, Organisation, Unit, User

MOST = 2000  # people that a list counts and shows


class FewPaginator(WagtailPaginator):
    """Shows MOST of a queryset, and counts no further. in_order: the first ones, where an index gives that order."""

    in_order = False

    object_list: Any

    @cached_property
    def _keys(self) -> list[int]:
        """Of all that fit, where they are few; one more than MOST where they are many."""
        rows: Any = self.object_list
        return list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def count(self) -> int:
        """At most MOST."""
        return min(len(self._keys), MOST)

    @property
    def has_more(self) -> bool:
        """Whether there are more than are counted."""
        return len(self._keys) > MOST

    def page(self, number: Any) -> Any:
        """Sorted among those found, or walked in order."""
        if not (self.has_more and self.in_order):
            rows: Any = self.object_list
            found = User.objects.filter(pk__in=self._keys[:MOST])
            self.object_list = with_what_is_shown(found).order_by(*rows.query.order_by)
        return super().page(number)


def with_what_is_shown(people: QuerySet[User]) -> QuerySet[User]:
    """With what a row of a list says beside the name."""
    return people.select_related("unit", "wagtail_userprofile").prefetch_related("groups")


class PeopleFilterSet(WagtailFilterSet):
    """By place with all below it, audience of today, role, organisation, and whether the account is open."""

    unit = django_filters.ModelChoiceFilter(
        label=_("Địa bàn"), queryset=Unit.objects.all(), widget=unit_chooser.widget_class(), method="in_unit"
    )
    audience = django_filters.ChoiceFilter(label=_("Nhóm đối tượng"), choices=Audience.choices, method="of_audience")
    group = django_filters.ModelChoiceFilter(label=_("Vai trò"), queryset=Group.objects.all(), method="of_role")
    organisation = django_filters.ModelChoiceFilter(
        label=_("Cơ quan, tổ chức"), queryset=Organisation.objects.all(), widget=organisation_chooser.widget_class()
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


class IndexView(SearchByWords, users.IndexView):
    """People with what one needs to find and tell them apart."""

    paginator_class = FewPaginator

    def get_base_queryset(self) -> QuerySet[User]:
        return with_what_is_shown(User.objects.visible_to(self.request.user).persons())

    def get_paginator(self, *args: Any, **kwargs: Any) -> FewPaginator:
        """In the order of names where nothing is asked."""
        paginator: FewPaginator = super().get_paginator(*args, **kwargs)
        paginator.in_order = not (self.is_searching or self.is_filtering)
        return paginator

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
