"""Between people and the actors of xAPI statements. No personal data goes out: an actor of ours is a uuid."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from core.encryption import match_keys
from core.identity import id_base
from people.exceptions import IdentifierTaken
from people.models import ActorIdentifier, User, UserAlias

Kind = ActorIdentifier.Kind


class Identifier(NamedTuple):
    """An inverse functional identifier; home_page is empty but for accounts."""

    kind: str
    home_page: str
    value: str


def actor_of(user: User) -> dict[str, Any]:
    """The actor of statements about the person."""
    return {"objectType": "Agent", "account": _account(id_base(), str(user.uuid))}


def actors_of(user: User) -> list[dict[str, Any]]:
    """Every actor that means the person: ours, those of merged accounts, those of other systems."""
    merged = list(user.aliases.order_by("pk").values_list("uuid", flat=True))
    ours = [actor_of(user), *({"objectType": "Agent", "account": _account(id_base(), str(uuid))} for uuid in merged)]
    theirs = ActorIdentifier.objects.filter(Q(person=user) | Q(person__uuid__in=merged), hidden=False).order_by("pk")
    return ours + [actor_with(Identifier(row.kind, row.home_page, row.value)) for row in theirs]


def identifier_of(actor: dict[str, Any]) -> Identifier | None:
    """The identifier in an actor, in one spelling; None for a group without one, or for what is no actor."""
    account = actor.get("account")
    if isinstance(account, dict) and account.get("homePage") and account.get("name"):
        return Identifier(Kind.ACCOUNT, str(account["homePage"]), str(account["name"]))
    for kind in (Kind.MBOX, Kind.MBOX_SHA1SUM, Kind.OPENID):
        value = actor.get(kind)
        if isinstance(value, str) and value:
            return Identifier(kind, "", value if kind == Kind.OPENID else value.lower())
    return None


def person_of(actor: dict[str, Any]) -> User | None:
    """Whom the actor means: by our own uuid, by that of a merged account, or by an identifier known to be theirs."""
    return persons_of([actor])[0]


def persons_of(actors: Sequence[dict[str, Any]]) -> list[User | None]:
    """The same for many, in the same order, by four queries at most."""
    identifiers = [identifier_of(actor) for actor in actors]
    ours = {identifier: name for identifier in identifiers if identifier and (name := _our_name(identifier))}
    by_name = _by_name(set(ours.values()))
    by_identifier = _by_identifier({identifier for identifier in identifiers if identifier and identifier not in ours})
    return [
        None if not found else by_name.get(ours[found]) if found in ours else by_identifier.get(found)
        for found in identifiers
    ]


def actor_with(identifier: Identifier) -> dict[str, Any]:
    """An actor with this identifier."""
    kind, home_page, value = identifier
    return {"objectType": "Agent", kind: _account(home_page, value) if kind == Kind.ACCOUNT else value}


def is_ours(identifier: Identifier) -> bool:
    """Whether it is an account that this site names people by."""
    return _our_name(identifier) is not None


def attach(identifier: Identifier, person: User) -> None:
    """From now on it means the person; in the caller's transaction. A uuid of ours that nobody has becomes an alias."""
    if (name := _our_name(identifier)) is not None:
        alias, _made = UserAlias.objects.get_or_create(uuid=name, defaults={"person": person})
        owner = alias.person_id
    else:
        row, _made = ActorIdentifier.objects.get_or_create(**identifier._asdict(), defaults={"person": person})
        owner = row.person_id
    if owner != person.pk:
        raise IdentifierTaken(identifier.value)


def detach(identifier: Identifier) -> None:
    """From now on it means nobody."""
    if (name := _our_name(identifier)) is not None:
        UserAlias.objects.filter(uuid=name).delete()
    else:
        ActorIdentifier.objects.filter(**identifier._asdict()).delete()


def _account(home_page: str, name: str) -> dict[str, str]:
    return {"homePage": home_page, "name": name}


def _our_name(identifier: Identifier) -> UUID | None:
    if identifier.kind != Kind.ACCOUNT or identifier.home_page != id_base():
        return None
    try:
        return UUID(identifier.value)
    except ValueError:
        return None


def _by_name(names: set[UUID]) -> dict[UUID, User]:
    if not names:
        return {}
    merged = {alias.uuid: alias.person for alias in UserAlias.objects.filter(uuid__in=names).select_related("person")}
    left = names - merged.keys()
    return merged | ({user.uuid: user for user in User.objects.filter(uuid__in=left)} if left else {})


def hidden_value(identifier: Identifier) -> str:
    """What stands in place of the identifier's value once the person was erased: it is still found, but not read."""
    return _hidden_values(identifier)[0]


def _hidden_values(identifier: Identifier) -> list[str]:
    return match_keys("people.actors", " ".join(identifier))


def _by_identifier(identifiers: set[Identifier]) -> dict[Identifier, User]:
    if not identifiers:
        return {}
    sought = {(each.kind, each.home_page, each.value): each for each in identifiers}
    sought |= {(each.kind, "", value): each for each in identifiers for value in _hidden_values(each)}
    rows = ActorIdentifier.objects.filter(value__in={value for _kind, _home_page, value in sought})
    found = {
        sought[key]: row.person
        for row in rows.select_related("person")
        if (key := (row.kind, row.home_page, row.value)) in sought
    }
    owners = {person.uuid for person in found.values()}
    merged = {alias.uuid: alias.person for alias in UserAlias.objects.filter(uuid__in=owners).select_related("person")}
    return {identifier: merged.get(person.uuid, person) for identifier, person in found.items()}
