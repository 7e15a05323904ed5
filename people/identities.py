"""Whom an identity of the national provider means.

It means who was joined to it before; else the one whose telephone number or e-mail address (as staff entered it) the
provider has verified. Nobody found: the visitor signs in by password or PIN and joins it, or asks for an account.
"""

import time
from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect

from core import audit
from people import identity_provider, national_id, second_factor
from people.merging import person_of_account
from people.models import User

SESSION_KEY = "people_identity"
KEPT = 600  # seconds for which an identity that means nobody yet waits in the session


@dataclass(frozen=True)
class Unknown:
    """An identity that was shown in this session and means nobody yet."""

    uid: str
    name: str
    phone: str
    email: str
    at: float


def meet(request: HttpRequest, sociallogin: Any) -> None:
    """Let the sign-in go on as the person whom the identity means, else lead to where the visitor says who they are."""
    claims = sociallogin.claims
    if not sociallogin.is_existing:
        person = _known(claims)
        if person is None or SocialAccount.objects.filter(user=person).exists():
            _keep(request, sociallogin.account.uid, claims)
            raise ImmediateHttpResponse(redirect("people_identity"))
        join(sociallogin.account.uid, person)
        sociallogin.account = SocialAccount.objects.get(
            provider=identity_provider.PROVIDER, uid=sociallogin.account.uid
        )
        sociallogin.user = person
    sociallogin.user = person_of_account(sociallogin.user)  # the identity of an account that was merged
    if not sociallogin.user.is_active:
        raise ImmediateHttpResponse(redirect("account_inactive"))
    if _gave_second_factor(claims):
        record_authentication(request, sociallogin.user, method="mfa", type=second_factor.BY_PROVIDER)


def waiting(request: HttpRequest) -> Unknown | None:
    """The identity that means nobody yet, while it waits."""
    row = request.session.get(SESSION_KEY)
    if not row or time.time() - row["at"] > KEPT:
        return None
    return Unknown(**row)


def forget(request: HttpRequest) -> None:
    """The visitor decided, or left."""
    request.session.pop(SESSION_KEY, None)


@transaction.atomic
def join(uid: str, person: User, *, by: User | None = None) -> None:
    """From now on the identity means this person. An identity has one person, a person one identity."""
    SocialAccount.objects.filter(user=person, provider=identity_provider.PROVIDER).delete()
    SocialAccount.objects.update_or_create(
        provider=identity_provider.PROVIDER, uid=uid, defaults={"user": person, "extra_data": {}}
    )
    audit.record(by=by or person, action="people.identity_join", subject=f"user {person.uuid}")


def _known(claims: dict[str, Any]) -> User | None:
    """The person of the national identity number, where the operator named a claim that holds it; else the one whose
    verified names these are; nobody where they mean two.
    """
    if person := _of_national_id(claims):
        return person
    names = [claims["phone_number"]] if claims.get("phone_number_verified") is True else []
    names += [claims["email"]] if claims.get("email_verified") is True else []
    found = {user.pk: user for name in names for user in User.objects.named(str(name))}
    return next(iter(found.values())) if len(found) == 1 else None


def _of_national_id(claims: dict[str, Any]) -> User | None:
    said = str(claims.get(settings.OIDC_NATIONAL_ID, "")) if settings.OIDC_NATIONAL_ID else ""
    try:
        return User.objects.with_national_id(national_id.read(said)).first() if said else None
    except national_id.NotAnId:
        return None


def _gave_second_factor(claims: dict[str, Any]) -> bool:
    """Whether the provider says, in the words that the operator named, that it asked for a second factor."""
    amr = claims.get("amr")
    said = {str(claims.get("acr"))} | ({str(each) for each in amr} if isinstance(amr, list) else set())
    return bool(said & set(settings.OIDC_SECOND_FACTOR))


def _keep(request: HttpRequest, uid: str, claims: dict[str, Any]) -> None:
    verified = {kind: claims.get(f"{kind}_verified") is True for kind in ("phone_number", "email")}
    unknown = Unknown(
        uid=uid,
        name=str(claims.get("name", ""))[:150],
        phone=str(claims.get("phone_number", ""))[:16] if verified["phone_number"] else "",
        email=str(claims.get("email", ""))[:254] if verified["email"] else "",
        at=time.time(),
    )
    request.session[SESSION_KEY] = asdict(unknown)
