"""Sign-in cards and PINs, given to learners by trainers and staff. Each is shown once: when it is made."""

import hashlib
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import audit
from people import pins
from people.exceptions import AlreadyMade, NotTheirs
from people.models import SignInCard, User
from people.models.user import UserQuerySet

MOST = 50  # cards at once: a class; each PIN takes the hasher its time
TOKEN_BYTES = 16


@dataclass(frozen=True)
class Printed:
    """What a new card says, and nobody can read again."""

    person: User
    pin: str
    token: str

    @property
    def url(self) -> str:
        """The address in the QR code, without a language, since it is printed."""
        return f"{settings.BASE_URL}/accounts/card/{self.token}/"


def receivers(by: Any) -> UserQuerySet:
    """Those to whom this user may give cards and PINs: open accounts of learners whom they see, not their own."""
    return _open_to(User.objects.visible_to(by), by)


def receivers_in_parts(by: Any) -> list[UserQuerySet]:
    """The same people in parts, each quick to walk by name; see UserQuerySet.visible_in_parts."""
    return [_open_to(part, by) for part in User.objects.visible_in_parts(by)]


def newest() -> int:
    """The key of the newest card: what a page that offers cards knows of."""
    return SignInCard.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def make(people: Sequence[User], *, by: Any, known: int | None = None) -> list[Printed]:
    """A new card with a new PIN for each; what they had before ends, their sessions too. Raises NotTheirs.

    known: newest() of the page on which they were chosen; raises AlreadyMade where one of them got a card after that.
    """
    made = [Printed(person, pins.new(person), secrets.token_urlsafe(TOKEN_BYTES)) for person in people]
    encoded = _encoded(made)
    with transaction.atomic():
        _hold(people, known)
        _give(made, encoded, by=by, action="people.card")
        SignInCard.objects.filter(person__in=people, ended_at=None).update(ended_at=timezone.now())
        SignInCard.objects.bulk_create(SignInCard(person=each.person, digest=digest(each.token)) for each in made)
    return made


def reset_pin(person: User, *, by: Any) -> str:
    """A new PIN; the person's card stays in force. Raises NotTheirs."""
    made = [Printed(person, pins.new(person), "")]
    encoded = _encoded(made)
    with transaction.atomic():
        _give(made, encoded, by=by, action="people.pin_reset")
    return made[0].pin


def end(person: User, *, by: Any) -> None:
    """The person's card opens nothing from now on, for it was lost. The PIN stays. Raises NotTheirs."""
    with transaction.atomic():
        _check([person], by)
        if SignInCard.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now()):
            audit.record(by=by, action="people.card_end", subject=f"user {person.uuid}")


def holder(token: str) -> User | None:
    """Whose card this is; None where it is nobody's, has ended, or belongs to a closed account or to staff."""
    return (
        User.objects.learners()
        .filter(is_active=True, sign_in_cards__digest=digest(token), sign_in_cards__ended_at=None)
        .select_related("unit")
        .first()
    )


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _open_to(people: UserQuerySet, by: Any) -> UserQuerySet:
    return people.learners().filter(is_active=True).exclude(pk=by.pk)


def _encoded(made: Sequence[Printed]) -> list[str]:
    """The PINs as stored: slow on purpose, so outside the transaction and on all cores."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda each: pins.encode(each.person.uuid, each.pin), made))


def _hold(people: Sequence[User], known: int | None) -> None:
    """One hand at a time makes cards for a person; see make()."""
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=[person.pk for person in people]).order_by("pk"))
    if known is not None and SignInCard.objects.filter(person__in=people, pk__gt=known).exists():
        raise AlreadyMade


def _give(made: Sequence[Printed], encoded: Sequence[str], *, by: Any, action: str) -> None:
    people = [each.person for each in made]
    _check(people, by)
    for person, password in zip(people, encoded, strict=True):
        person.password, person.pin = password, User.Pin.GIVEN
    User.objects.bulk_update(people, ["password", "pin"])
    for person in people:
        audit.record(by=by, action=action, subject=f"user {person.uuid}")


def _check(people: Sequence[User], by: Any) -> None:
    keys = {person.pk for person in people}
    if receivers(by).filter(pk__in=keys).count() != len(keys):
        raise NotTheirs
