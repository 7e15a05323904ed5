"""All that the house keeps about a person, for that person: one JSON file, written as it is read."""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from certificates.models import Certificate
from library import reading_lists
from lms import quiz_reading
from lms.models import Bookmark, Delivery, Enrolment, Inquiry, Mark, Note, QuizAttempt
from people.actors import actors_of, persons_of
from people.merging import accounts_of
from people.models import (
    ActorIdentifier,
    AudienceMembership,
    Consent,
    GroupMembership,
    Representation,
    RepresentationRequest,
    User,
)
from xapi.documents import of_actors
from xapi.models import Document, Statement

BATCH = 500


def stream(person: Any) -> Iterator[str]:
    """The parts of the JSON text: the person's row, what belongs to it, then every statement and document."""
    head = json.dumps(_person(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    yield head[: head.rindex("}")].rstrip()
    yield from _listed("statements", _statements(person))
    yield from _listed("documents", (json.dumps(_document(row), ensure_ascii=False) for row in _documents(person)))
    yield "}\n"


def _listed(name: str, items: Iterable[str]) -> Iterator[str]:
    """One more property of the text: a list, written as it is read."""
    yield f',\n "{name}": [\n'
    separator = ""
    for item in items:
        yield separator + item
        separator = ",\n"
    yield "\n]"


def _person(person: User) -> dict[str, Any]:
    accounts = list(accounts_of(person))
    enrolments = Enrolment.objects.filter(learner__in=accounts)
    return {
        "uuid": person.uuid,
        "full_name": person.full_name,
        "username": person.username,
        "phone": person.phone,
        "email": person.email,
        "birth_year": person.birth_year,
        "gender": person.gender,
        "language": person.language,
        "languages": person.languages,
        "ethnic_group": person.ethnic_group_name,
        "national_id": person.national_id,
        "unit": person.unit and {"code": person.unit.code, "name": person.unit.name},
        "organisation": person.organisation and person.organisation.name,
        "created_at": person.created_at,
        "last_login": person.last_login,
        "roles": list(person.groups.order_by("name").values_list("name", flat=True)),
        "audiences": _rows(
            AudienceMembership.objects.filter(person__in=accounts), "audience", "since", "until", "decision_number"
        ),
        "learns_for": _rows(
            Representation.objects.filter(person__in=accounts),
            "household__name",
            "organisation__name",
            "since",
            "until",
        ),
        "consents": _rows(Consent.objects.filter(person__in=accounts), "purpose", "basis", "given_at", "withdrawn_at"),
        "identifiers": _rows(
            ActorIdentifier.objects.filter(person__in=accounts, hidden=False), "kind", "home_page", "value"
        ),
        "asked_to_learn_for": _rows(
            RepresentationRequest.objects.filter(person__in=accounts),
            "kind",
            "name",
            "code",
            "place",
            "unit__name",
            "asked_at",
            "state",
            "answer",
        ),
        "enrolments": _rows(
            enrolments,
            "registration",
            "course__title",
            "enrolled_at",
            "status",
            "lessons_done",
            "score",
            "completed_at",
        ),
        "notes": _rows(Note.objects.visible_to(person), "enrolment__course__title", "lesson__title", "text", "at"),
        "bookmarks": _rows(Bookmark.objects.visible_to(person), "enrolment__course__title", "lesson__title", "at"),
        "questions_to_trainers": _rows(
            Inquiry.objects.own(person),
            "enrolment__course__title",
            "lesson__title",
            "text",
            "asked_at",
            "answer",
            "answered_at",
        ),
        "quiz_attempts": _rows(
            QuizAttempt.objects.filter(enrolment__in=enrolments),
            "lesson__title",
            "number",
            "started_at",
            "submitted_at",
            "score",
            "success",
            "drafts",
        ),
        "classes": _rows(GroupMembership.objects.filter(person=person), "group__name", "leader", "since", "until"),
        "attendance": _rows(
            Mark.objects.filter(learner=person),
            "session__cohort__name",
            "session__day",
            "state",
            "note",
            "at",
            "received_at",
            "how",
        ),
        "messages": _rows(
            Delivery.objects.filter(person=person),
            "message__subject",
            "message__body",
            "channel",
            "state",
            "at",
            "read_at",
        ),
        "reading_lists": reading_lists.kept_by(accounts),
        "certificates": _rows(
            Certificate.objects.filter(enrolment__learner__in=accounts),
            "number",
            "code",
            "course_title",
            "issued_on",
            "revoked_at",
        ),
    }


def _rows(rows: Any, *fields: str) -> list[dict[str, Any]]:
    return list(rows.order_by("pk").values(*fields))


def _statements(person: User) -> Iterator[str]:
    """Those about the person only: another system may have sent others' under the same registration.

    Of a quiz that does not show its answers yet, the response is the person's and the key is not.
    """
    for own in Enrolment.objects.filter(learner__in=accounts_of(person)).order_by("pk"):
        found = Statement.objects.of_registration(own.registration).order_by("pk")
        last = 0
        while batch := list(found.filter(pk__gt=last)[:BATCH]):
            actors = persons_of([statement.data["actor"] for statement in batch])
            held_back = quiz_reading.held_back(own)
            for statement, actor in zip(batch, actors, strict=True):
                if actor == person:
                    body = bytes(statement.body).decode()
                    yield _without_key(body) if statement.statement_id in held_back else body
            last = batch[-1].pk


def _without_key(body: str) -> str:
    statement = json.loads(body)
    statement["object"].get("definition", {}).pop("correctResponsesPattern", None)
    for said in ("success", "score"):
        statement.get("result", {}).pop(said, None)
    return json.dumps(statement, ensure_ascii=False)


def _documents(person: User) -> Iterator[Document]:
    """What other systems keep here about the person, one at a time, since each may be large."""
    found = of_actors(actors_of(person)).order_by("pk")
    last = 0
    while row := found.filter(pk__gt=last).first():
        yield row
        last = row.pk


def _document(row: Document) -> dict[str, Any]:
    content = bytes(row.content)
    try:
        readable = {"content": content.decode()}
    except UnicodeDecodeError:
        readable = {"content_base64": base64.b64encode(content).decode()}
    return {
        "kind": row.kind,
        "activity": row.activity,
        "registration": row.registration and str(row.registration),
        "id": row.document_id,
        "content_type": row.content_type,
        "updated": row.updated.isoformat(),
        **readable,
    }
