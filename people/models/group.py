"""Dated sets of people with leaders; each cohort owns one."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people import access
from people.dated import Dated, DatedQuerySet


class GroupQuerySet(DatedQuerySet):
    """Reads of groups."""

    def visible_to(self, user: Any) -> "GroupQuerySet":
        """Those the user belongs to or leads, and those with members whom the user manages."""
        return self.filter(access.groups(user))

    def of_member(self, user: Any) -> "GroupQuerySet":
        """Those that the user belongs to or leads today."""
        own = GroupMembership.objects.on().filter(person=user).order_by()
        return self.on().filter(pk__in=own.values("group"))


class Group(Dated):
    """People who learn together or are looked after together; not a role (that is a Django group)."""

    name = models.CharField(_("tên nhóm"), max_length=200)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="GroupMembership", related_name="people_groups")

    objects = GroupQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("nhóm")
        verbose_name_plural = _("nhóm")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class GroupMembership(Dated):
    """A person in a group, as member or as leader."""

    group = models.ForeignKey(Group, verbose_name=_("nhóm"), on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người"), on_delete=models.CASCADE, related_name="group_memberships"
    )
    leader = models.BooleanField(_("phụ trách"), default=False)

    objects = access.OfPersonQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Dated.Meta):
        verbose_name = _("thành viên nhóm")
        verbose_name_plural = _("thành viên nhóm")
        ordering = ["group", "person", "since"]
        indexes = [models.Index(fields=["person", "group", "since", "until"], name="people_membership_of_person")]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["group", "person", "since"], name="people_groupmembership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.group}"
