"""The statement as a whole, and the statement inside a statement (Data 2.4)."""

from functools import cached_property
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from xapi import verbs
from xapi.rules import formats
from xapi.rules.actors import Actor
from xapi.rules.broken import Broken, read_as
from xapi.rules.context import Context
from xapi.rules.outcome import Result
from xapi.rules.things import Activity, Attachment, StatementRef, Verb


class SubStatement(Struct, forbid_unknown_fields=True, rename="camel", dict=True):
    """A statement that did not happen, as the object of one that did; it has no id and no authority (Data 2.4.4.3)."""

    object_type: Literal["SubStatement"]
    actor: Actor
    verb: Verb
    object: dict[str, Any]
    result: Result | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    attachments: list[Attachment] | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.timestamp(self.timestamp, "timestamp")
        if isinstance(self.target, SubStatement):
            raise Broken("object.objectType", "a SubStatement cannot contain a SubStatement")
        _context_fits(self.context, self.target)

    @cached_property
    def target(self) -> "Object":
        """The object as its model."""
        return read_object(self.object) if isinstance(self.object, dict) else self.object


class Statement(Struct, forbid_unknown_fields=True, rename="camel", dict=True):
    """A statement as a client sends it (Data 2.4)."""

    actor: Actor
    verb: Verb
    object: dict[str, Any]
    id: str | UnsetType = UNSET
    result: Result | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET
    stored: str | UnsetType = UNSET
    authority: Actor | UnsetType = UNSET
    version: str | UnsetType = UNSET
    attachments: list[Attachment] | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.uuid(self.id, "id")
        formats.timestamp(self.timestamp, "timestamp")
        formats.timestamp(self.stored, "stored")
        formats.version(self.version, "version")
        _context_fits(self.context, self.target)
        _authority_fits(self.authority)
        _voids_a_reference(self.verb, self.target)

    @cached_property
    def target(self) -> "Object":
        """The object as its model."""
        return read_object(self.object) if isinstance(self.object, dict) else self.object

    @property
    def is_voiding(self) -> bool:
        """Whether it voids another statement (Data 2.3.2)."""
        return self.verb.id == verbs.VOIDED.id

    def needs_version_2(self) -> str | None:
        """The path of the first property that only 2.0 has."""
        if name := self.context and self.context.new_in_2:
            return f"context.{name}"
        inside = self.target.context if isinstance(self.target, SubStatement) else UNSET
        return f"object.context.{name}" if (name := inside and inside.new_in_2) else None


Object = Activity | Actor | StatementRef | SubStatement

_KINDS: dict[str, type[Activity] | type[Actor] | type[StatementRef] | type[SubStatement]] = {
    "Activity": Activity,
    "Agent": Actor,
    "Group": Actor,
    "StatementRef": StatementRef,
    "SubStatement": SubStatement,
}


def read_object(value: Any) -> Object:
    """The object after its objectType; without one it is an activity (Data 2.4.4)."""
    kind = value.get("objectType", "Activity") if isinstance(value, dict) else None
    model = _KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise Broken("object.objectType", "must be Activity, Agent, Group, StatementRef or SubStatement")
    try:
        return read_as(model, value)
    except Broken as broken:
        raise broken.within("object") from None


def _context_fits(context: Context | UnsetType, target: Object) -> None:
    """Revision and platform only with an activity (Data 2.4.6)."""
    if context is not UNSET and not isinstance(target, Activity):
        for name in ("revision", "platform"):
            if getattr(context, name) is not UNSET:
                raise Broken(f"context.{name}", "is only allowed when the object is an activity")


def _authority_fits(authority: Actor | UnsetType) -> None:
    """An agent, or a group of exactly two agents without an identifier: an application and its user (Data 2.4.9)."""
    if authority is UNSET or authority.object_type != "Group":
        return
    if authority.identifier is not None or not isinstance(authority.member, list) or len(authority.member) != 2:
        raise Broken("authority", "must be an agent, or an anonymous group of two agents")


def _voids_a_reference(verb: Verb, target: Object) -> None:
    """The object of a voiding statement is a StatementRef (Data 2.3.2)."""
    if verb.id == verbs.VOIDED.id and not isinstance(target, StatementRef):
        raise Broken("object.objectType", "must be StatementRef in a voiding statement")
