"""The one rule of who sees whom. Lists, objects, exports and APIs all go through a `visible_to(user)`.

Learners see themselves; leaders of a group its members; managers the people of their units' subtrees, former units
included; administrators everyone. Staff whose session has not given the second factor see themselves only. Nobody who
is not signed in, or whose account is closed, sees anyone.

The functions return conditions. The keys that stand in them are read before, so that the long list is one query that a
database plans well.
"""

from functools import reduce
from operator import or_
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from people import roles
from people.dated import DatedQuerySet, holds_on

NOBODY = Q(pk__in=[])
EVERYBODY = Q()
FEW = 5000  # keys: a province with its villages, the people of a trainer; SQLite takes 32,766 values in a query


def people(user: Any) -> Q:
    """Condition on User. Who sees a person sees the accounts merged into it."""
    return reduce(or_, people_in_parts(user))


def people_in_parts(user: Any) -> list[Q]:
    """Conditions on User of which one must hold, each of them looked up by an index: by key, and by unit.

    A long list in the order of names asks for its beginning in each part; of both at once it would sort all.
    """
    if not _signed_in(user):
        return [NOBODY]
    if sees_all(user):
        return [EVERYBODY]
    own, *seen = _own_accounts(user)
    if roles.without_code(user):
        return [Q(pk__in=own.union(*seen, all=True))]
    aliases = _aliases().filter(account__isnull=False)
    led = _led_memberships(user).order_by().values("person")
    units = _managed_keys(user)
    lives = Subquery(_people().filter(pk=OuterRef("person")).values("unit")[:1])  # from the few merged, not from all
    seen += [
        led,
        aliases.filter(account__in=led).values("person"),
        aliases.filter(person__in=led).values("account"),
        aliases.alias(lives=lives).filter(lives__in=units).values("account"),
    ]
    return [Q(pk__in=_read(own.union(*seen, all=True))), Q(unit__in=units)]


def units(user: Any) -> Q:
    """Condition on Unit: their own and those they manage."""
    if not _signed_in(user):
        return NOBODY
    if sees_all(user):
        return EVERYBODY
    if roles.without_code(user):
        return Q(pk=user.unit_id)
    return Q(pk=user.unit_id) | _in_managed_units(user)


def managed_units(user: Any) -> Q:
    """Condition on Unit: where they may make and change villages and say what holds of a unit; their own is not one."""
    if not _signed_in(user) or roles.without_code(user):
        return NOBODY
    return EVERYBODY if sees_all(user) else _in_managed_units(user)


def groups(user: Any) -> Q:
    """Condition on Group: those they are in today, and those with members whom they manage."""
    if not _signed_in(user):
        return NOBODY
    if sees_all(user):
        return EVERYBODY
    memberships = _memberships().filter(holds_on()).order_by()
    theirs = Q(pk__in=memberships.filter(person=user).values("group"))
    if roles.without_code(user):
        return theirs
    of_each = memberships.filter(group=OuterRef("pk"))  # asked of the few groups at hand, not of all whom they manage
    return theirs | Q(Exists(of_each.filter(person__unit__in=_managed_keys(user))))


def cohorts(user: Any) -> Q:
    """Condition on a class (lms): those they lead today, those held in the units that they manage."""
    if not _signed_in(user) or roles.without_code(user):
        return NOBODY
    if sees_all(user):
        return EVERYBODY
    units = _managed_keys(user)
    return Q(group__in=_led_groups(user)) | Q(unit__in=units) | Q(organisation__unit__in=units)


def represented(user: Any, subject: str) -> Q:
    """Condition on Household or Organisation (`subject` says which): those they learn for, those where they manage."""
    if not _signed_in(user):
        return NOBODY
    if sees_all(user):
        return EVERYBODY
    mine = apps.get_model("people", "Representation").objects.on().filter(person=user, **{f"{subject}__isnull": False})
    theirs = Q(pk__in=_read(mine.order_by().values(subject)))
    if roles.without_code(user):
        return theirs
    return theirs | Q(unit__in=_managed_keys(user))  # two lists of keys: found by indexes in a long table


def registrations(user: Any) -> Q:
    """Condition on Registration: where they manage, and for the groups that they lead. One's own unit is not enough."""
    if not _signed_in(user) or roles.without_code(user):
        return NOBODY
    if sees_all(user):
        return EVERYBODY
    return Q(group__in=_led_groups(user)) | Q(unit__in=_managed_keys(user))


def sees_all(user: Any) -> bool:
    """Whether the user is an administrator."""
    return bool(roles.has(user, roles.ADMINISTRATOR))


class OfPersonQuerySet(DatedQuerySet):
    """Reads of dated rows that belong to a person."""

    def visible_to(self, user: Any) -> Self:
        """Those of people whom the user may see."""
        person = apps.get_model("people", "User")
        return self.filter(person__in=person.objects.visible_to(user))


def _signed_in(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def _people() -> QuerySet[Any]:
    return apps.get_model("people", "User").objects.order_by()


def _units() -> QuerySet[Any]:
    return apps.get_model("people", "Unit").objects.order_by()


def _aliases() -> QuerySet[Any]:
    return apps.get_model("people", "UserAlias").objects.order_by()


def _memberships() -> QuerySet[Any]:
    return apps.get_model("people", "GroupMembership").objects.all()


def _own_accounts(user: Any) -> list[QuerySet[Any]]:
    """Keys of the user and of the accounts merged into it."""
    merged = _aliases().filter(account__isnull=False, person=user.pk)
    return [_people().filter(pk=user.pk).values("pk"), merged.values("account")]


def _led_memberships(user: Any) -> QuerySet[Any]:
    """Memberships of today in the groups that the user leads today."""
    own, merged = _own_accounts(user)
    in_care = Q(group__until=None) | Q(group__until__gte=timezone.localdate())  # before the group begins too
    leading = _memberships().filter(holds_on(), in_care, person__in=own.union(merged, all=True), leader=True)
    return _memberships().filter(holds_on(), group__in=leading.order_by().values("group"))


def _led_groups(user: Any) -> QuerySet[Any]:
    """Keys of the groups that the user leads today."""
    return _memberships().filter(holds_on(), person=user, leader=True).order_by().values("group")


def _managed_keys(user: Any) -> Any:
    """Keys of the units in which the user manages."""
    parts = [
        _units().filter(condition).values("pk")
        for path in _managed_paths(user)
        for condition in (Q(path__under=path), Q(today__path__under=path))
    ]
    return _read(parts[0].union(*parts[1:])) if parts else []


def _read(keys: QuerySet[Any]) -> Any:
    """Keys as a list where they are not too many, else as they are: rows of one value.

    A database that reads the keys in the query knows how many rows they mean and looks those up; of a subquery it
    guesses half of the table.
    """
    found = [next(iter(row.values())) for row in keys[: FEW + 1]]
    return found if len(found) <= FEW else keys


def _in_managed_units(user: Any) -> Q:
    """Condition on Unit: it, or what it is today, lies in a unit that the user manages.

    An assignment to a former unit reaches no further than that unit did: it never grows into a merged one.
    """
    condition = NOBODY
    for path in _managed_paths(user):
        below = _units().filter(path__under=path)
        condition |= Q(path__under=path) | Q(today__in=below.values("pk"))
    return condition


def _managed_paths(user: Any) -> QuerySet[Any]:
    """Paths of the units to which the user is assigned today."""
    assignments = apps.get_model("people", "ManagerAssignment").objects.on().filter(person=user)
    return assignments.order_by().values_list("unit__path", flat=True)
