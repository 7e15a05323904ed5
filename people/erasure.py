"""Erasure: the person's row is emptied; uuid, unit and the dates of audiences and groups stay, so that figures stand.

What stays cannot be read as a person: names, telephone, addresses, birth year, gender, ethnic group, languages,
identity number, organisation, decisions that named them, ways to sign in, and the identifiers of other systems go. The
register of certificates stays as it was issued: it is a public register, and each line of it can be revoked.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from core import audit
from people.accounts import end_sessions
from people.actors import Identifier, hidden_value
from people.exceptions import CannotErase
from people.merging import accounts_of
from people.models import (
    ActorIdentifier,
    AudienceMembership,
    Consent,
    ErasureRequest,
    ManagerAssignment,
    SignInCard,
    User,
    UserAlias,
)
from people.signals import person_erased

EMPTY: dict[str, Any] = {
    "full_name": "",
    "username": None,
    "phone": None,
    "email": None,
    "birth_year": None,
    "gender": "",
    "language": "vi",
    "languages": [],
    "ethnic_group": "",
    "national_id": "",
    "organisation": None,
    "is_active": False,
    "is_staff": False,
    "last_login": None,
}


def ask(person: User) -> ErasureRequest:
    """The person wishes to be erased; one wish waits at a time."""
    return ErasureRequest.objects.get_or_create(person=person, state=ErasureRequest.State.WAITING)[0]


def withdraw(person: User) -> None:
    """The person has thought better of it."""
    ErasureRequest.objects.filter(person=person).waiting().update(
        state=ErasureRequest.State.WITHDRAWN, decided_at=timezone.now(), decided_by=person.uuid
    )


@transaction.atomic
def refuse(request: ErasureRequest, *, by: User, answer: str) -> None:
    """Staff say why not; the person reads it on their own page."""
    _decide(request.person, ErasureRequest.State.REFUSED, by, answer=answer)
    audit.record(by=by, action="people.refuse_erasure", subject=f"person:{request.person.uuid}")


@transaction.atomic
def erase(person: User, *, by: User) -> None:
    """Empty the person's row and those of the accounts merged into it. Raises CannotErase; cannot be undone."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    _check(person, by)
    _decide(person, ErasureRequest.State.DONE, by)
    for account in accounts_of(person):
        person_erased.send(sender=User, person=account)
        _empty(account)
        audit.record(by=by, action="people.erase", subject=f"person:{account.uuid}")


def _check(person: User, by: User) -> None:
    if person.erased_at:
        raise CannotErase(CannotErase.ERASED)
    if UserAlias.objects.filter(account=person).exists():
        raise CannotErase(CannotErase.MERGED)
    if person.is_superuser:
        raise CannotErase(CannotErase.SUPERUSER)
    if person.pk == by.pk:
        raise CannotErase(CannotErase.ONESELF)


def _decide(person: User, state: str, by: User, *, answer: str = "") -> None:
    waiting = ErasureRequest.objects.filter(person=person).waiting()
    waiting.update(state=state, answer=answer, decided_at=timezone.now(), decided_by=by.uuid)


def _empty(account: User) -> None:
    now = timezone.now()
    end_sessions(account)
    Authenticator.objects.filter(user=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    SocialAccount.objects.filter(user=account).delete()
    SignInCard.objects.filter(person=account).delete()
    for row in ActorIdentifier.objects.filter(person=account, hidden=False):
        row.value = hidden_value(Identifier(row.kind, row.home_page, row.value))
        row.home_page, row.hidden = "", True
        row.save()
    AudienceMembership.objects.filter(person=account).update(decision_number="", decision_date=None)
    ManagerAssignment.objects.on().filter(person=account).update(until=timezone.localdate())
    Consent.objects.filter(person=account, withdrawn_at=None).update(withdrawn_at=now)
    account.groups.clear()
    account.user_permissions.clear()
    for name, value in EMPTY.items():
        setattr(account, name, value)
    account.set_password(None)
    account.erased_at = now
    account.save()
