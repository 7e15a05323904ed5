"""Storing statements: all of a batch or nothing, each id once and for ever."""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
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


class Apart(Exception):
    """Raised when batches cannot be stored as if they were one: each must be stored for itself."""


@dataclass(slots=True, eq=False)
class Batch:
    """The statements of one request. files: the rows of what came with them, by SHA-2.

    may_be_there: an id is taken, so each must be looked for. Few are sent twice, so the first attempt does without.
    """

    received: Sequence[Received]
    credential: Credential | None
    version: str
    files: Mapping[str, int]
    may_be_there: bool = False
    news: Sequence[Received] = ()  # those that are not stored yet
    rows: Sequence[NewRow] = ()  # of the news


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
        batch = Batch(received, credential, version, rows)
        for attempt in range(1, ATTEMPTS + 1):
            batch.may_be_there = attempt > 1
            try:
                together.commit(batch, _store, size=len(received))
                break
            except (IntegrityError, OperationalError) as error:
                if attempt == ATTEMPTS or not _may_pass(error):
                    raise
    return [each.id for each in received]


def _may_pass(error: IntegrityError | OperationalError) -> bool:
    """Whether another attempt helps: another writer stored one of the ids meanwhile, or two waited for one another."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", None) in {"40P01", "40001"}


def _store(batches: Sequence[Batch]) -> None:
    """One attempt, inside a transaction. Raises Apart where several batches cannot be stored as one."""
    received = [each for batch in batches for each in batch.received]
    refers = any(isinstance(each.model.target, StatementRef) for each in received)
    if len(batches) > 1 and (refers or any(batch.files for batch in batches) or _shares_an_id(received)):
        raise Apart
    first = clock.take(len(received), alone=refers)
    taken = _taken(received) if refers or any(batch.may_be_there for batch in batches) else set()
    rows: list[NewRow] = []
    found_by: dict[int, set[int]] = {}
    for batch in batches:
        batch.news = [each for each in batch.received if each.id not in taken] if taken else batch.received
        batch.rows = _rows(batch, first + len(rows))
        rows += batch.rows
    if not rows:
        return
    touched = voiding.void_stored(rows) if refers else set()
    stored_about = list(references.about(row.statement_id for row in rows))
    if len(batches) > 1 and stored_about:
        raise Apart
    voiding.mark_new(rows, stored_about)
    insertion.statements(rows)
    for batch in batches:
        found_by |= _found_by(batch, stored_about)
        if batch.files:
            attachments.keep(batch.rows, batch.news, batch.files)
        if batch.credential is None or batch.credential.counts:
            touched |= {row.registration for row in batch.rows if row.registration}
    index.add(found_by)
    activities.learn([(batch.credential, [each.model for each in batch.news]) for batch in batches])
    counts = any(batch.credential is None or batch.credential.counts for batch in batches)
    statements_stored.send(Statement, statements=rows, registrations=touched if counts else set())


def _shares_an_id(received: Sequence[Received]) -> bool:
    return len({each.id for each in received}) < len(received)


def _taken(received: Sequence[Received]) -> set[UUID]:
    """The ids that are taken by the same statements. Conflict where one is taken by a statement that says otherwise."""
    with_id = {each.id: each for each in received}
    taken: set[UUID] = set()
    for chunk in insertion.in_chunks(each.id for each in received if each.named):
        if not insertion.primary_keys("statement_id", chunk):
            continue
        for statement_id, body in Statement.objects.filter(statement_id__in=chunk).values_list("statement_id", "body"):
            if not same(with_id[statement_id].data, orjson.loads(body)):
                raise Conflict(statement_id)
            taken.add(statement_id)
    return taken


def _rows(batch: Batch, first: int) -> list[NewRow]:
    """The new rows of a batch, from a primary key on."""
    said_by = orjson.dumps(authority.of(batch.credential))
    rows = []
    for key, each in enumerate(batch.news, start=first):
        stored = clock.stored_at(key)
        body = sealing.seal(each, stored=stored, authority=said_by, version=batch.version)
        rows.append(_row(each, key, stored, body, batch.credential))
    return rows


@lru_cache(maxsize=10_000)
def _uuid(text: str) -> UUID:
    """Registrations recur."""
    return UUID(text)


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
        registration=_uuid(registration) if registration is not UNSET else None,
        voided=False,
        refers_to=refers_to,
        voids=refers_to if model.is_voiding else None,
        credential_id=credential.pk if credential else None,
        body=body,
    )


def _timestamp(model: Model, stored: datetime) -> datetime:
    """A statement without a time happened when it was stored (Data 2.4.7)."""
    return stored if model.timestamp is UNSET else formats.moment(model.timestamp, "timestamp")


def _found_by(batch: Batch, stored_about: Sequence[Statement]) -> dict[int, set[int]]:
    """By primary key, the keys of the new rows, and those that stored statements about them get from them."""
    asserted_by = authority.identifier(batch.credential)
    late = {row.id: references.model_of(row) for row in stored_about if not row.voided}
    known: Mapping[UUID, references.Link] = {}
    if late or any(row.refers_to for row in batch.rows):
        models = {each.id: each.model for each in batch.news}
        known = references.links([*models.values(), *late.values()], models, asserted_by)
    authority_key = keys.authority(asserted_by)
    found = {row_id: references.inherited(model, known) for row_id, model in late.items()}
    for row, each in zip(batch.rows, batch.news, strict=True):
        if not row.voided:
            found[row.id] = keys.found_by(each.model)
            found[row.id].add(authority_key)
            if known:
                found[row.id] |= references.inherited(each.model, known)
    return found
