"""States and profiles: documents that other systems keep with us (Communication 2.2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.prepared import Prepared
from people.actors import actors_of
from people.models import User
from xapi import etags, keys
from xapi.etags import Check
from xapi.exceptions import Refused
from xapi.models import Document
from xapi.models.document import DocumentQuerySet
from xapi.rules.actors import Actor
from xapi.rules.broken import Broken, read_as

Decoded = TypeVar("Decoded")

MAX_BYTES = 10 * 1024 * 1024  # of a document, merged ones included
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """What documents belong to. The agent is the identifier of `Actor`, the activity an IRI."""

    kind: Document.Kind
    agent: str = ""
    activity: str = ""
    registration: UUID | None = None

    def documents(self) -> DocumentQuerySet:
        """All documents here. Those of a registration are elsewhere than those without one."""
        return Document.objects.filter(**self.columns())

    def empty(self, document_id: str) -> Document:
        """A document without content, not yet stored."""
        return Document(
            **self.columns(),
            id_key=keys.document(document_id),
            activity=self.activity,
            registration=self.registration,
            document_id=document_id,
        )

    def columns(self) -> dict[str, str | int]:
        """The columns of the documents here."""
        return {
            "kind": self.kind.value,
            "agent_key": keys.agent(self.agent) if self.agent else 0,
            "activity_key": keys.activity(self.activity) if self.activity else 0,
            "registration_key": keys.registration(self.registration) if self.registration else 0,
        }


@dataclass(frozen=True, slots=True)
class Content:
    """What a document holds, and its media type."""

    type: str
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether it says that it is JSON."""
        return self.type.partition(";")[0].strip().lower() == "application/json"

    def check(self) -> None:
        """Refuse what is too large, or is no JSON though it says so (Communication 3.2)."""
        if len(self.body) > MAX_BYTES:
            raise Refused(413, f"a document has at most {MAX_BYTES} bytes here")
        if self.is_json:
            _decoded(self.body, msgspec.Raw, "the document is not JSON, as its Content-Type says")


def state_of(actor: dict[str, Any], activity: str, registration: UUID) -> Place:
    """Where the states of an actor, given as plain data, lie under an activity and a registration."""
    agent = read_as(Actor, actor).identifier
    assert agent is not None
    return Place(Document.Kind.STATE, agent=agent, activity=activity, registration=registration)


def find(place: Place, document_id: str) -> Document | None:
    """The document with this id."""
    return next(iter(_by_id(*place.columns().values(), keys.document(document_id))), None)


@Prepared
def _by_id(kind: str, agent: int, activity: int, registration: int, document: int) -> DocumentQuerySet:
    return Document.objects.filter(
        kind=kind, agent_key=agent, activity_key=activity, registration_key=registration, id_key=document
    )


def ids(place: Place, *, since: datetime | None) -> tuple[list[str], datetime | None]:
    """The ids of the documents that changed after `since`, and the time of the last change."""
    found = place.documents().filter(updated__gt=since) if since else place.documents()
    rows = list(found.order_by("pk").values_list("document_id", "updated"))
    return [document_id for document_id, _ in rows], max((updated for _, updated in rows), default=None)


def of_actors(actors: Iterable[dict[str, Any]]) -> DocumentQuerySet:
    """All states and agent profiles of these actors, which are given as plain data."""
    return Document.objects.of_agents(identifier for each in actors if (identifier := _identifier(each)))


def forget(*, person: User, **_signal: object) -> None:
    """Receiver of people.signals.person_erased: what other systems keep about the person goes too."""
    of_actors(actors_of(person)).delete()


def put(place: Place, document_id: str, sent: Content, *, check: Check) -> None:
    """Store the document, in the place of the one that has its id."""
    sent.check()
    _write(place, document_id, lambda _old: sent, check)


def post(place: Place, document_id: str, sent: Content, *, check: Check) -> None:
    """Store a JSON object, or merge it into the one that has its id (Communication 2.2, JSON Procedure)."""
    sent.check()
    _members(sent, "the document that was sent")
    _write(place, document_id, lambda old: merged(old, sent) if old else sent, check)


def delete(place: Place, document_id: str, *, check: Check) -> None:
    """Delete the document with this id, if there is one."""
    with transaction.atomic():
        row = _locked(place, document_id)
        check(row.etag if row else None)
        if row:
            row.delete()


def delete_all(place: Place) -> None:
    """Delete every document here."""
    place.documents().delete()


def merged(old: Content, new: Content) -> Content:
    """The properties of both, the newer ones in the place of the older. Values stay as they were written."""
    members = {**_members(old, "the stored document"), **_members(new, "the document that was sent")}
    return Content(
        new.type, b"{" + b",".join(orjson.dumps(name) + b":" + bytes(value) for name, value in members.items()) + b"}"
    )


def _write(place: Place, document_id: str, content_of: Callable[[Content | None], Content], check: Check) -> None:
    """Two writers of one document wait for one another; where both found none, the later one tries again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                row = _locked(place, document_id)
                check(row.etag if row else None)
                content = content_of(Content(row.content_type, bytes(row.content)) if row else None)
                _save(row or place.empty(document_id), content)
            break
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise


def _locked(place: Place, document_id: str) -> Document | None:
    """The document, which nobody else changes until the transaction ends."""
    return place.documents().filter(id_key=keys.document(document_id)).select_for_update().first()


def _save(row: Document, content: Content) -> None:
    if len(content.body) > MAX_BYTES:
        raise Refused(413, f"with what is there already the document would have more than {MAX_BYTES} bytes")
    row.content_type, row.content, row.etag = content.type, content.body, etags.of(content.body)
    row.updated = timezone.now()
    row.save()


def _identifier(actor: dict[str, Any]) -> str | None:
    """None for what no statement and no document can have, such as an openid that is no IRI."""
    try:
        return read_as(Actor, actor).identifier
    except Broken:
        return None


def _members(content: Content, name: str) -> dict[str, msgspec.Raw]:
    """The properties of a JSON object, their values as they are written."""
    if not content.is_json:
        raise Refused(400, f"{name} has the Content-Type {content.type}; only application/json can be merged")
    return _decoded(content.body, dict[str, msgspec.Raw], f"{name} is no JSON object")


def _decoded(body: bytes, kind: type[Decoded], refusal: str) -> Decoded:
    """JSON that is read no deeper than it must be: so numbers keep their digits, and memory is that of the bytes."""
    try:
        body.decode()  # msgspec leaves strings that it skips unread
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, refusal) from None
