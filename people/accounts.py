"""Making accounts."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction

from people import roles as role
from people.models import Unit, User


@transaction.atomic
def create(
    *,
    full_name: str,
    username: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    password: str | None = None,
    roles: Iterable[str] = (),
    unit: Unit | None = None,
    **fields: Any,
) -> User:
    """Store a person with at least one name to sign in by, and with roles (a learner where none is given).

    Raises ValidationError with a message per field. Without a password nobody can sign in by one. The password itself
    is not judged here: forms do that.
    """
    names = list(roles) or [role.LEARNER]
    user = User(full_name=full_name, username=username, phone=phone, email=email, unit=unit, **fields)
    user.is_staff = user.is_staff or any(name in role.STAFF for name in names)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    give_roles(user, names)
    return user


def give_roles(user: User, names: Iterable[str]) -> None:
    """Add roles to those the user has."""
    wanted = set(names)
    if unknown := wanted - set(role.ALL):
        raise ValueError(f"No such role: {', '.join(sorted(unknown))}. There are: {', '.join(role.ALL)}.")
    groups = list(Group.objects.filter(name__in=wanted))
    if len(groups) < len(wanted):
        role.ensure()
        groups = list(Group.objects.filter(name__in=wanted))
    user.groups.add(*groups)


def end_sessions(user: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()
