"""Asking for an account, and what staff make of it.

Until it is decided there is only the request, never an account: so nobody takes another's telephone number, learns
without being known, or stands in a list or a count before somebody who knows the place has looked.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from core import audit
from people import accounts, consent, identities, pins
from people.exceptions import NotTheirs
from people.folding import fold
from people.models import Audience, AudienceMembership, Consent, Group, GroupMembership, Registration, Unit, User

SAME = 5  # requests of one number and name that are compared; more are not taken in a day
LIKELY = 10  # accounts shown as perhaps the same person

# Sent in the transaction in which somebody came into the group that the request was for: group, person, by.
entered_group = Signal()


def ask(
    *,
    full_name: str,
    phone: str | None,
    email: str | None,
    birth_year: int | None,
    unit: Unit,
    audiences: Iterable[str],
    pin: str,
    group: Group | None = None,
    identity: str = "",
) -> Registration:
    """Keep a request. The same person asking again (number, name and PIN) takes the place of the first, and is asking
    for the same class with the same identity, where the second time says nothing of them: a form sent twice does not.

    With another PIN it is one more: else who knows name and number would have the account that staff open.
    """
    key = uuid.uuid4()
    same = Registration.objects.filter(phone=phone, email=email, full_name=full_name).select_related("group")
    if identity:
        same = same.filter(identity__in=["", identity])
    again = [row for row in same.order_by("-pk")[:SAME] if row.check_pin(pin)]  # slow, so before the transaction
    group = group or next((row.group for row in again if row.group), None)
    identity = identity or next((row.identity for row in again if row.identity), "")
    registration = Registration(
        full_name=full_name,
        phone=phone,
        email=email,
        birth_year=birth_year,
        unit=unit,
        audiences=sorted(set(audiences) & set(Audience.values)),
        group=group,
        uuid=key,
        pin=pins.encode(key, pin),
        identity=identity,
    )
    with transaction.atomic():
        Registration.objects.filter(pk__in=[row.pk for row in again]).delete()
        registration.save()
    return registration


def confirm(registration: Registration, *, by: Any, audiences: Iterable[str]) -> User:
    """Open the account with what was asked and the audiences that staff believe.

    Raises NotTheirs, or ValidationError when the telephone number or address has an account by now.
    """
    with transaction.atomic():
        _check(registration, by)
        person = accounts.create(
            full_name=registration.full_name,
            phone=registration.phone,
            email=registration.email,
            birth_year=registration.birth_year,
            unit=registration.unit,
            uuid=registration.uuid,
        )
        person.password, person.pin = registration.pin, User.Pin.CHOSEN
        person.save(update_fields=["password", "pin"])
        AudienceMembership.objects.bulk_create(
            AudienceMembership(person=person, audience=audience)
            for audience in sorted(set(audiences) & set(registration.audiences))
        )
        _agreed(person, registration.agreed_at)
        if registration.identity:
            identities.join(registration.identity, person, by=by)
        _end(registration, person, by=by, action="people.registration_confirm")
    return person


def is_person(registration: Registration, person: User, *, by: Any) -> None:
    """Who asked has an account already, which joins the class; its PIN stays. Raises NotTheirs.

    The identity that asked is not joined to it: name and number were only typed, and it would open another's account.
    Its owner signs in once by PIN and joins it.
    """
    with transaction.atomic():
        _check(registration, by)
        if not User.objects.visible_to(by).learners().filter(pk=person.pk, is_active=True).exists():
            raise NotTheirs
        _end(registration, person, by=by, action="people.registration_same")


def refuse(registration: Registration, *, by: Any) -> None:
    """Nothing of it is kept. Raises NotTheirs."""
    with transaction.atomic():
        _check(registration, by)
        audit.record(by=by, action="people.registration_refuse", subject=f"registration {registration.uuid}")
        registration.delete()


def likely(registration: Registration, by: Any) -> list[User]:
    """Accounts of learners whom the staff see and who may be the same: by number, address, or name in the same unit."""
    names = Q(phone=registration.phone) if registration.phone else Q(pk__in=[])
    names |= Q(email=registration.email) if registration.email else Q(pk__in=[])
    same_name = Q(search_key__startswith=fold(registration.full_name))
    same_name &= Q(unit=registration.unit) | Q(unit__today=registration.unit)
    seen = User.objects.visible_to(by).learners().filter(is_active=True)
    return list(seen.filter(names | same_name).select_related("unit").order_by("full_name", "pk")[:LIKELY])


def is_taken(registration: Registration) -> bool:
    """Whether somebody, seen by the staff or not, has this number or address."""
    taken = [User.objects.named(name).exists() for name in (registration.phone, registration.email) if name]
    return any(taken)


def _check(registration: Registration, by: Any) -> None:
    """The request still waits and is the user's to decide; on PostgreSQL a second one who decides waits here."""
    seen = Registration.objects.visible_to(by).filter(pk=registration.pk)
    if not Registration.objects.select_for_update().filter(pk__in=seen).exists():
        raise NotTheirs


def _agreed(person: User, at: datetime) -> None:
    Consent.objects.create(
        person=person, purpose=consent.PURPOSE, basis=Consent.Basis.CONSENT, document=consent.LAW, given_at=at
    )


def _end(registration: Registration, person: User, *, by: Any, action: str) -> None:
    if registration.group:
        GroupMembership.objects.get_or_create(
            group=registration.group, person=person, leader=False, until=None, defaults={"since": timezone.localdate()}
        )
        entered_group.send(Registration, group=registration.group, person=person, by=by)
    audit.record(by=by, action=action, subject=f"user {person.uuid}")
    registration.delete()
