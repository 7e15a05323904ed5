"""The parts of statements, read once for all the statements that have them.

What comes in is full of repetition: a class sends the same activities with the same definitions, a learner is the same
actor all day. So parts are known by their bytes; known bytes are neither parsed nor checked again. A part that is long
or breaks a rule is not remembered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from xapi.exceptions import InvalidStatement
from xapi.json_text import count_properties, parse
from xapi.rules.actors import Actor
from xapi.rules.broken import read_as
from xapi.rules.context import Context, ContextActivities
from xapi.rules.outcome import Result
from xapi.rules.statement import Statement, read_object
from xapi.rules.things import Verb

Model = TypeVar("Model")

LONGEST = 8_192  # bytes of a part that is remembered
ABSENT = Raw()


@dataclass(frozen=True, slots=True)
class Part(Generic[Model]):
    """A part that keeps every rule, and how many properties were counted in its bytes, its own name included."""

    model: Model
    properties: int


class ContextEnvelope(Struct, forbid_unknown_fields=True, rename="camel"):
    """The usual context, its parts not read yet."""

    registration: str | UnsetType = UNSET
    instructor: Raw = ABSENT
    team: Raw = ABSENT
    context_activities: Raw = ABSENT
    revision: str | UnsetType = UNSET
    platform: str | UnsetType = UNSET
    language: str | UnsetType = UNSET


class Envelope(Struct, forbid_unknown_fields=True, rename="camel"):
    """The usual statement, its parts not read yet."""

    actor: Raw
    verb: Raw
    object: Raw
    id: str | UnsetType = UNSET
    result: Raw = ABSENT
    context: ContextEnvelope | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    version: str | UnsetType = UNSET


def _remembering(read: Callable[[Any], Model], size: int) -> Callable[[Raw], Part[Model]]:
    """A reader of one kind of part that keeps the last ones in mind."""

    @lru_cache(maxsize=size)
    def known(text: bytes) -> Part[Model]:
        return Part(read(parse(text)), 1 + count_properties(text))

    def part(raw: Raw) -> Part[Model]:
        text = bytes(raw)
        return known(text) if len(text) <= LONGEST else known.__wrapped__(text)

    return part


_actor = _remembering(lambda value: read_as(Actor, value), 10_000)
_verb = _remembering(lambda value: read_as(Verb, value), 500)
_object = _remembering(read_object, 4_000)
_result = _remembering(lambda value: read_as(Result, value), 2_000)
_activities = _remembering(lambda value: read_as(ContextActivities, value), 4_000)
_NO_PART: Part[Any] = Part(UNSET, 0)
_envelope = msgspec.json.Decoder(Envelope).decode
_envelopes = msgspec.json.Decoder(list[Envelope]).decode
_raws = msgspec.json.Decoder(list[Raw]).decode


def statements(body: bytes, *, single: bool) -> tuple[list[bytes], list[Statement]] | None:
    """The bytes and models of the statements in a body, an array or one alone; None where they need a closer look."""
    try:
        if single:
            raws, envelopes = [body], [_envelope(body)]
        else:
            raws, envelopes = list(map(bytes, _raws(body))), _envelopes(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    models: list[Statement] = []
    for raw, envelope in zip(raws, envelopes, strict=True):
        model = _statement(raw, envelope)
        if model is None:
            return None
        models.append(model)
    return raws, models


def _statement(raw: bytes, envelope: Envelope) -> Statement | None:
    """The statement, read by its parts; None where it is unusual or breaks a rule."""
    try:
        actor, verb, target = _actor(envelope.actor), _verb(envelope.verb), _object(envelope.object)
        properties = actor.properties + verb.properties + target.properties
        result: Result | UnsetType = UNSET
        if envelope.result:
            part = _result(envelope.result)
            result, properties = part.model, properties + part.properties
        context: Context | UnsetType = UNSET
        if envelope.context is not UNSET:
            around = _context(envelope.context)
            context, properties = around.model, properties + around.properties
        properties += (envelope.id is not UNSET) + (envelope.timestamp is not UNSET) + (envelope.version is not UNSET)
        if properties != count_properties(raw):
            return None
        return Statement(
            actor=actor.model,
            verb=verb.model,
            object=target.model,  # type: ignore[arg-type] # read already, see Statement.target
            id=envelope.id,
            result=result,
            context=context,
            timestamp=envelope.timestamp,
            version=envelope.version,
        )
    except (msgspec.MsgspecError, InvalidStatement, ValueError, RecursionError):
        return None


def _context(envelope: ContextEnvelope) -> Part[Context]:
    """The context; each learner has another one, but the activities in it recur."""
    properties = 1 + (envelope.registration is not UNSET) + (envelope.language is not UNSET)
    properties += (envelope.revision is not UNSET) + (envelope.platform is not UNSET)
    instructor: Part[Any] = _actor(envelope.instructor) if envelope.instructor else _NO_PART
    team: Part[Any] = _actor(envelope.team) if envelope.team else _NO_PART
    activities: Part[Any] = _activities(envelope.context_activities) if envelope.context_activities else _NO_PART
    model = Context(
        registration=envelope.registration,
        instructor=instructor.model,
        team=team.model,
        context_activities=activities.model,
        revision=envelope.revision,
        platform=envelope.platform,
        language=envelope.language,
    )
    return Part(model, properties + instructor.properties + team.properties + activities.properties)
