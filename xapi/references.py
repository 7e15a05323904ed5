"""Statements about statements are found by what the other is found by (Communication 2.1.3, StatementRefs)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import orjson

from xapi import keys
from xapi.insertion import in_chunks
from xapi.models import Statement, StatementKey
from xapi.rules.broken import read_as
from xapi.rules.statement import Statement as Model
from xapi.rules.things import StatementRef


def model_of(row: Statement) -> Model:
    """A stored statement as its model."""
    return read_as(Model, orjson.loads(row.body))


def inherited(model: Model, batch: dict[UUID, Model], asserted_by: str) -> set[int]:
    """The keys of everything that a statement is about, step by step.

    batch: the statements, by id, that are being stored with it, asserted by the authority with this identifier.
    """
    found: set[int] = set()
    seen: set[UUID] = set()
    while isinstance(model.target, StatementRef) and (target_id := UUID(model.target.id)) not in seen:
        seen.add(target_id)
        target = batch.get(target_id) or _stored(target_id)
        if target is None:
            break
        model = target
        found |= as_inherited(model, asserted_by if target_id in batch else asserter(model))
    return found


def as_inherited(model: Model, asserted_by: str | None) -> set[int]:
    """What statements about this one get from it: its authority is related to them, but did not assert them."""
    return keys.found_by(model) | ({keys.related_agent(asserted_by)} if asserted_by else set())


def asserter(model: Model) -> str | None:
    """The identifier of a stored statement's authority."""
    return model.authority.identifier if model.authority else None


def about(ids: Iterable[UUID]) -> Iterator[tuple[UUID, Statement]]:
    """Stored statements that are about one of these, with its id; those about one of those too."""
    by_key = {keys.reference(each): each for each in ids}
    for chunk in in_chunks(by_key):
        pairs = StatementKey.objects.filter(key__in=chunk).values_list("key", "statement_id")
        found = list(pairs)
        rows = Statement.objects.in_bulk([statement for _, statement in found]) if found else {}
        yield from ((by_key[key], rows[statement]) for key, statement in found)


def _stored(statement_id: UUID) -> Model | None:
    row = Statement.objects.filter(statement_id=statement_id).only("body").first()
    return model_of(row) if row else None
