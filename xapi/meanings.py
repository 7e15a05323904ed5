"""What staff mean by the text they type: which person or actor, which activity."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, When
from django.utils.translation import gettext as _

from core.folding import fold
from core.identity import id_base
from people import actors
from people.actors import Identifier
from people.folding import matches
from people.models import User
from xapi import foreign_actors, keys
from xapi.models import Activity, ForeignActor
from xapi.sentences import Words

CHOICES = 20  # that are offered; who finds more should type more

Kind = actors.Kind
_sha1 = re.compile(r"[0-9a-fA-F]{40}").fullmatch
_is_iri = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+").fullmatch


@dataclass(slots=True)
class Choice:
    """One of several that a text may mean: what stands in the field and in its hidden companion once it is chosen."""

    label: str
    detail: str
    token: str


@dataclass(slots=True)
class Meaning:
    """The keys that a text means; or, where it may mean several or means nothing, none and what to offer."""

    keys: tuple[int, ...] = ()
    label: str = ""
    token: str = ""
    choices: list[Choice] = field(default_factory=list)
    more: bool = False  # there are more than those offered
    person: User | None = None


def who(text: str, token: str, reader: Any) -> Meaning:
    """A person whom the reader may see, an actor of another system, or an identifier as it stands in statements."""
    chosen = _chosen(token, reader)
    if chosen and text in {"", chosen.label}:
        return chosen
    found = _identifier(text)
    if found is not None and actors.is_ours(found):
        return _of_identifier(found, text, reader)
    visible = User.objects.visible_to(reader).select_related("unit")
    if (named := visible.named(text).first()) is not None:
        return _of_person(named)
    if found is not None:
        return _of_identifier(found, text, reader)
    return _by_words(text, visible, reader)


def what(text: str, token: str) -> Meaning:
    """An activity by its IRI, or by words of its name."""
    if token and (known := Activity.objects.filter(key=keys.activity(token)).first()) is not None:
        chosen = _of_activity(known)
        if text in {"", chosen.label}:
            return chosen
    if _is_iri(text):
        return Meaning(_activity_keys(text), label=text)
    if not fold(text):
        return Meaning()
    found = list(Activity.objects.filter(matches(text)).order_by("key")[: CHOICES + 1])
    if len(found) == 1:
        return _of_activity(found[0])
    choices = sorted((_activity_choice(each) for each in found[:CHOICES]), key=lambda each: each.label.casefold())
    return Meaning(choices=choices, more=len(found) > CHOICES)


def text_of(actor: dict[str, Any]) -> str:
    """What to type for an actor of a statement; empty for a group without an identifier."""
    found = actors.identifier_of(actor)
    if found is None:
        return ""
    if found.kind == Kind.ACCOUNT:
        return found.value if actors.is_ours(found) else f"{found.home_page} {found.value}"
    return found.value.removeprefix("mailto:")


def _chosen(token: str, reader: Any) -> Meaning | None:
    """What was chosen before, if it still is there for the reader."""
    kind, _colon, value = token.partition(":")
    if kind == "person" and (uuid := _uuid(value)):
        person = User.objects.visible_to(reader).select_related("unit").filter(uuid=uuid).first()
        return person and _of_person(person)
    if kind == "actor" and value.isascii() and value.isdecimal() and len(value) < 19:
        actor = _foreign(reader).filter(pk=int(value)).first()
        return actor and _of_actor(actor)
    return None


def _by_words(text: str, visible: Any, reader: Any) -> Meaning:
    """People and actors of other systems whose names hold every word."""
    if not fold(text):
        return Meaning()
    begins = Case(When(search_key__startswith=fold(text), then=0), default=1)
    people = list(visible.filter(matches(text)).order_by(begins, "full_name", "id")[: CHOICES + 1])
    others = list(_foreign(reader).filter(matches(text)).order_by("-last")[: CHOICES + 1])
    if len(people) + len(others) == 1:
        return _of_person(people[0]) if people else _of_actor(others[0])
    choices = [*map(_person_choice, people), *map(_actor_choice, others)]
    return Meaning(choices=choices[:CHOICES], more=len(choices) > CHOICES)


def _foreign(reader: Any) -> Any:
    """Actors of other systems that are no person's, for those who may see the list of them."""
    may = reader.has_perm("xapi.view_foreignactor")
    rows = ForeignActor.objects.exclude(state=ForeignActor.State.ATTACHED).select_related("credential")
    return rows if may else rows.none()


def _identifier(text: str) -> Identifier | None:
    """What looks like an identifier: a uuid of ours, an address, a SHA-1, a home page and a name, an openid."""
    if uuid := _uuid(text):
        return Identifier(Kind.ACCOUNT, id_base(), str(uuid))
    home_page, _space, name = text.partition(" ")
    if "://" in home_page:
        return Identifier(Kind.ACCOUNT, home_page, name.strip()) if name.strip() else Identifier(Kind.OPENID, "", text)
    if "@" in text and " " not in text:
        local, _at, host = text.removeprefix("mailto:").rpartition("@")
        return Identifier(Kind.MBOX, "", f"mailto:{local}@{host.lower()}")
    return Identifier(Kind.MBOX_SHA1SUM, "", text) if _sha1(text) else None


def _of_identifier(found: Identifier, text: str, reader: Any) -> Meaning:
    """The identifier alone, unless it is known to mean a person whom the reader may see."""
    actor = actors.actor_with(found)
    person = actors.person_of(actor)
    if person and User.objects.visible_to(reader).filter(pk=person.pk).exists():
        return _of_person(person)
    one_spelling = actors.identifier_of(actor) or found
    return Meaning(tuple({*foreign_actors.keys_of([one_spelling]), foreign_actors.identity(found)}), label=text)


def _of_person(person: User) -> Meaning:
    choice = _person_choice(person)
    return Meaning(tuple(foreign_actors.keys_of_person(person)), choice.label, choice.token, person=person)


def _of_actor(actor: ForeignActor) -> Meaning:
    choice = _actor_choice(actor)
    return Meaning(tuple(foreign_actors.keys_of([actor.identifier])), choice.label, choice.token)


def _of_activity(activity: Activity) -> Meaning:
    choice = _activity_choice(activity)
    return Meaning(_activity_keys(activity.iri), choice.label, choice.token)


def _activity_keys(iri: str) -> tuple[int, ...]:
    """What is about the activity, and what happened inside it."""
    return keys.activity(iri), keys.related_activity(iri)


def _person_choice(person: User) -> Choice:
    return Choice(str(person), _joined([person.sign_in_name, person.unit]), f"person:{person.uuid}")


def _actor_choice(actor: ForeignActor) -> Choice:
    detail = _joined([actor.shown if actor.name else "", actor.credential, _("chưa rõ là ai")])
    return Choice(str(actor.name or actor.shown), detail, f"actor:{actor.pk}")


def _activity_choice(activity: Activity) -> Choice:
    plain = {"id": activity.iri, "definition": activity.data}
    return Choice(Words({}, {}).titled(plain), activity.iri, activity.iri)


def _joined(parts: Iterable[Any]) -> str:
    return " · ".join(str(part) for part in parts if part)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
