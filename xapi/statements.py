"""Storing statements: all of a batch or nothing, each id once and for ever."""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, OperationalError
from msgspec import UNSET
from tincan import Statement as TinCanStatement

from xapi import (
    activities,
    attachments,
    authority,
    clock,
    index,
    insertion,
    keys,
    references,
    sealing,
    together,
    voiding,
)
from xapi.attachments import File
from xapi.comparison import same
from xapi.exceptions import Conflict
from xapi.insertion import NewRow
from xapi.models import Credential, Statement
from xapi.received import Received, read
from xapi.rules import formats
from xapi.rules.statement import Statement as Model
from xapi.rules.things import StatementRef
from xapi.signals import statements_stored

ATTEMPTS = 5
NO_FILES: Mapping[str, File] = {}
NO_ROWS: Mapping[str, int] = {}


def record(statements: Sequence[dict[str, Any] | TinCanStatement]) -> list[UUID]:
    """Store statements of this site itself, in the caller's transaction or one of their own; returns their ids.

    They take the same way as statements from outside, validation included.
    """
    plain = [json.loads(each.to_json()) if isinstance(each, TinCanStatement) else each for each in statements]
    return store(orjson.dumps(plain), credential=None)


def store(body: bytes, *, credential: Credential | None, version: str = "1.0.3") -> list[UUID]:
    """Store the statements of a request's body; returns their ids in its order.

    A statement that is there already and says the same changes nothing. Raises InvalidStatement, Conflict, MayNotVoid.
    """
    return store_received(read(body, version=version), credential=credential, version=version)


def store_received(
    received: Sequence[Received], *, credential: Credential | None, version: str, files: Mapping[str, File] = NO_FILES
) -> list[UUID]:
    """The same for statements that are read already. files: what came with them, by its SHA-2."""
    with attachments.written(files) if files else nullcontext(NO_ROWS) as rows:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                together.commit(partial(_store, received, credential, version, rows))
                break
            except (IntegrityError, OperationalError) as error:
                if attempt == ATTEMPTS or not _may_pass(error):
                    raise
    return [each.id for each in received]


def _may_pass(error: IntegrityError | OperationalError) -> bool:
    """Whether another attempt helps: another writer stored one of the ids meanwhile, or two waited for one another."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", None) in {"40P01", "40001"}


def _store(received: Sequence[Received], credential: Credential | None, version: str, files: Mapping[str, int]) -> None:
    """One attempt, inside a transaction. files: the rows of what came with the statements, by SHA-2."""
    first = clock.take(len(received), alone=any(isinstance(each.model.target, StatementRef) for each in received))
    news = _not_yet_stored(received)
    if not news:
        return
    said_by = orjson.dumps(authority.of(credential))
    rows = []
    for key, each in enumerate(news, start=first):
        stored = clock.stored_at(key)
        body = sealing.seal(each, stored=stored, authority=said_by, version=version)
        rows.append(_row(each, key, stored, body, credential))
    stored_about = list(references.about(each.id for each in news))
    voiding.mark_new(rows, stored_about)
    touched = voiding.void_stored(rows)
    insertion.statements(rows)
    index.add(_found_by(rows, news, stored_about, authority.identifier(credential)))
    if files:
        attachments.keep(rows, news, files)
    activities.learn((each.model for each in news), credential)
    touched |= {row.registration for row in rows if row.registration}
    counts = credential is None or bool(credential.counts)
    statements_stored.send(Statement, statements=rows, registrations=touched if counts else set())


def _not_yet_stored(received: Sequence[Received]) -> list[Received]:
    """Those whose id is free. Conflict where an id is taken by a statement that says something else."""
    with_id = {each.id: each for each in received if each.named}
    taken: set[UUID] = set()
    for chunk in insertion.in_chunks(with_id):
        if not insertion.primary_keys("statement_id", chunk):
            continue
        for statement_id, body in Statement.objects.filter(statement_id__in=chunk).values_list("statement_id", "body"):
            if not same(with_id[statement_id].data, orjson.loads(body)):
                raise Conflict(statement_id)
            taken.add(statement_id)
    return [each for each in received if each.id not in taken]


def _row(received: Received, key: int, stored: datetime, body: bytes, credential: Credential | None) -> NewRow:
    model, target = received.model, received.model.target
    refers_to = UUID(target.id) if isinstance(target, StatementRef) else None
    registration = model.context.registration if model.context is not UNSET else UNSET
    return NewRow(
        id=key,
        statement_id=received.id,
        stored=stored,
        timestamp=_timestamp(model, stored),
        actor_key=keys.of_actor(model.actor),
        verb=model.verb.id,
        object_key=keys.of_object(target),
        registration=UUID(registration) if registration is not UNSET else None,
        voided=False,
        refers_to=refers_to,
        voids=refers_to if model.is_voiding else None,
        credential_id=credential.pk if credential else None,
        body=body,
    )


def _timestamp(model: Model, stored: datetime) -> datetime:
    """A statement without a time happened when it was stored (Data 2.4.7)."""
    return stored if model.timestamp is UNSET else formats.moment(model.timestamp, "timestamp")


def _found_by(
    rows: Sequence[NewRow],
    news: Sequence[Received],
    stored_about: Sequence[Statement],
    asserted_by: str,
) -> dict[int, set[int]]:
    """By primary key, the keys of the new rows, and those that stored statements about them get from them."""
    late = {row.id: references.model_of(row) for row in stored_about if not row.voided}
    known: Mapping[UUID, references.Link] = {}
    if late or any(isinstance(each.model.target, StatementRef) for each in news):
        batch = {each.id: each.model for each in news}
        known = references.links([*batch.values(), *late.values()], batch, asserted_by)
    authority_key = keys.authority(asserted_by)
    found = {row_id: references.inherited(model, known) for row_id, model in late.items()}
    for row, each in zip(rows, news, strict=True):
        if not row.voided:
            found[row.id] = keys.found_by(each.model) | references.inherited(each.model, known) | {authority_key}
    return found
