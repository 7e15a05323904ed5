"""Two accounts of one person: merged as a dated alias of uuids, undone by removing it.

Nothing that happened is rewritten. The merged account keeps its row, its statements and all that belongs to it, can no
longer sign in, and stands for nobody: what it did counts for the one kept. Whoever derives something asks here for all
accounts of a person.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import audit
from people.accounts import end_sessions
from people.exceptions import CannotMerge
from people.models import SignInCard, User, UserAlias
from people.signals import merge_changed

MOVED = ("phone", "email", "username", "national_id")  # of one account only
COPIED = ("birth_year", "gender", "ethnic_group", "languages", "unit", "organisation")


def accounts_of(person: Any) -> QuerySet[User]:
    """The person's account and those merged into it."""
    return User.objects.filter(Q(pk=person.pk) | Q(merged_as__person=person.pk))


def person_of_account(account: User) -> User:
    """Who stands for the account today: itself, unless it was merged."""
    alias = UserAlias.objects.filter(account=account).select_related("person").first()
    return alias.person if alias else account


def persons_of_accounts(accounts: Sequence[User]) -> dict[int, User]:
    """{account: who stands for it}, by primary key, of these and all that are one person with them; two queries."""
    merged = UserAlias.objects.filter(account__in=accounts).select_related("person")
    standing = {alias.account_id: alias.person for alias in merged}
    persons = {person.pk: person for person in (standing.get(account.pk, account) for account in accounts)}
    others = UserAlias.objects.filter(person__in=persons, account__isnull=False).values_list("account", "person")
    return persons | {account: persons[person] for account, person in others}


@transaction.atomic
def merge(*, kept: User, merged: User, by: User) -> UserAlias:
    """From now on `merged` is the same person as `kept`. Raises CannotMerge."""
    kept, merged = _locked(kept, merged)
    _check(kept, merged)
    alias = UserAlias(uuid=merged.uuid, account=merged, into=kept, person=kept, merged_by=by.uuid)
    alias.was_active = merged.is_active
    alias.taken_over = _take_over(kept, merged)
    alias.save()
    UserAlias.objects.filter(person=merged).update(person=kept)
    end_sessions(merged)
    SignInCard.objects.filter(person=merged, ended_at=None).update(ended_at=timezone.now())
    audit.record(by=by, action="people.merge", subject=f"person:{kept.uuid}", detail={"merged": str(merged.uuid)})
    merge_changed.send(sender=User, accounts=list(accounts_of(kept)))
    return alias


@transaction.atomic
def unmerge(alias: UserAlias, *, by: User) -> User:
    """The merged account is a person of its own again, with what was its own; returns it. Raises CannotMerge."""
    if alias.account is None:
        raise CannotMerge(CannotMerge.NO_ACCOUNT)
    kept, account = _locked(alias.into, alias.account)
    were_together = list(accounts_of(alias.person))
    alias.delete()
    _give_back(kept, account, alias)
    _find_persons(were_together)
    audit.record(by=by, action="people.unmerge", subject=f"person:{kept.uuid}", detail={"merged": str(account.uuid)})
    merge_changed.send(sender=User, accounts=were_together)
    return account


def would_take_over(kept: User, merged: User) -> list[str]:
    """Which fields of the one kept are empty and would take the other's values."""
    return [name for name in (*MOVED, *COPIED) if not getattr(kept, name) and getattr(merged, name)]


def _locked(*people: User) -> list[User]:
    rows = User.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=[person.pk for person in people])
    by_pk = {row.pk: row for row in rows}
    return [by_pk[person.pk] for person in people]


def _check(kept: User, merged: User) -> None:
    if kept.pk == merged.pk:
        raise CannotMerge(CannotMerge.SAME)
    if UserAlias.objects.filter(account__in=[kept, merged]).exists():
        raise CannotMerge(CannotMerge.MERGED_ALREADY)
    if kept.erased_at or merged.erased_at:
        raise CannotMerge(CannotMerge.ERASED)
    if merged.is_superuser:
        raise CannotMerge(CannotMerge.SUPERUSER)


def _take_over(kept: User, merged: User) -> list[str]:
    """Fill what is empty. What must be unique goes over, and the merged account is closed."""
    names = would_take_over(kept, merged)
    values = {name: getattr(merged, name) for name in names}
    for name in set(names) & set(MOVED):
        setattr(merged, name, None)
    merged.is_active = False
    merged.save()
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    return names


def _give_back(kept: User, account: User, alias: UserAlias) -> None:
    """What the one kept had taken over and still has; what staff have changed since stays as they wrote it."""
    for name in alias.taken_over:
        value = getattr(kept, name)
        if name in MOVED or value == getattr(account, name):
            setattr(kept, name, _empty(name))
        if name in MOVED:
            setattr(account, name, value)
    if kept.is_active and not kept.sign_in_name:
        raise CannotMerge(CannotMerge.NAMELESS)
    kept.save()
    account.is_active = alias.was_active and bool(account.sign_in_name)
    account.save()


def _empty(name: str) -> Any:
    return {"gender": "", "ethnic_group": "", "languages": []}.get(name)


def _find_persons(accounts: Iterable[User]) -> None:
    """Who stands for whatever was merged into these, by following whom it was merged into."""
    pks = [account.pk for account in accounts]
    aliases = list(UserAlias.objects.filter(Q(account__in=pks) | Q(into__in=pks)))
    into = {alias.account_id: alias.into_id for alias in aliases}
    for alias in aliases:
        person = alias.into_id
        while person in into:
            person = into[person]
        if alias.person_id != person:
            UserAlias.objects.filter(pk=alias.pk).update(person=person)
