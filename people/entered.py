"""Whoever enters people looks after them: they stand in a group that he or she leads.

Without it a trainer would not see those just entered, could give them no card and put them into no class. Who manages
the place of a person sees them anyhow and needs no group.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from people import access
from people.models import Group, GroupMembership, User


def keep(people: Sequence[User], *, by: User | None) -> None:
    """New people in the care of who entered them; in the caller's transaction. by: None where a command is run."""
    if by is None or access.sees_all(by):
        return
    seen = set(User.objects.visible_to(by).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True))
    others = [person for person in people if person.pk not in seen]
    if others:
        group = _group_of(by)
        GroupMembership.objects.bulk_create(GroupMembership(group=group, person=person) for person in others)


def _group_of(leader: User) -> Group:
    """The one group of this kind; its name is in the language of the house, whatever the leader reads."""
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Người do %(person)s nhập") % {"person": leader}
    led = GroupMembership.objects.on().filter(person=leader, leader=True, group__name=name[:200])
    known = led.select_related("group").order_by("pk").first()
    if known:
        return known.group
    group = Group.objects.create(name=name[:200], since=timezone.localdate())
    GroupMembership.objects.create(group=group, person=leader, leader=True)
    return group
