"""Statements about statements are found by what the other is found by (Communication 2.1.3, StatementRefs)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

from xapi import keys
from xapi.insertion import in_chunks, primary_keys
from xapi.models import Statement
from xapi.rules.broken import read_as
from xapi.rules.statement import Statement as Model
from xapi.rules.things import StatementRef

DEPTH = 10  # steps from a statement to what it is about; without a limit, long chains cost their length squared


@dataclass(frozen=True, slots=True)
class Link:
    """What statements about this one get from it, and which statement it is itself about."""

    found_by: set[int]
    about: UUID | None


def model_of(row: Statement) -> Model:
    """A stored statement as its model."""
    return read_as(Model, orjson.loads(row.body))


def links(models: Iterable[Model], batch: Mapping[UUID, Model], asserted_by: str) -> dict[UUID, Link]:
    """Everything these are about, by id, as far as DEPTH steps lead; one query for a step of all.

    batch: the statements, by id, that are being stored, asserted by the authority with this identifier.
    """
    known = {statement_id: _link(model, asserted_by) for statement_id, model in batch.items()}
    wanted = {target for model in models if (target := _about(model))}
    for _step in range(DEPTH):
        for chunk in in_chunks(wanted - known.keys()):
            for row in Statement.objects.filter(statement_id__in=chunk).only("statement_id", "body"):
                model = model_of(row)
                known[row.statement_id] = _link(model, asserter(model))
        wanted = {target for each in wanted if each in known and (target := known[each].about)}
    return known


def inherited(model: Model, known: Mapping[UUID, Link]) -> set[int]:
    """The keys of everything that a statement is about, step by step, DEPTH steps at most."""
    found: set[int] = set()
    target = _about(model)
    for _step in range(DEPTH):
        link = known.get(target) if target else None
        if link is None:
            break
        found |= link.found_by
        target = link.about
    return found


def asserter(model: Model) -> str | None:
    """The identifier of a stored statement's authority."""
    return model.authority.identifier if model.authority else None


def about(ids: Iterable[UUID]) -> Iterator[Statement]:
    """Stored statements that are about one of these, or about one of those, and so on as far as DEPTH."""
    seen: set[int] = set()
    wanted = list(ids)
    for _step in range(DEPTH):
        found = {key for chunk in in_chunks(wanted) for key in primary_keys("refers_to", chunk)} - seen
        if not found:
            return
        seen |= found
        rows = Statement.objects.in_bulk(found).values()
        yield from rows
        wanted = [row.statement_id for row in rows]


def _about(model: Model) -> UUID | None:
    return UUID(model.target.id) if isinstance(model.target, StatementRef) else None


def _link(model: Model, asserted_by: str | None) -> Link:
    """A statement's authority is related to statements about it, but did not assert them."""
    asserted = {keys.related_agent(asserted_by)} if asserted_by else set()
    return Link(keys.found_by(model) | asserted, _about(model))
