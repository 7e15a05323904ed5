"""What surrounds an experience (Data 2.4.6, 2.0 4.2.2.5)."""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from xapi.rules import formats
from xapi.rules.actors import Actor, is_agent, is_group
from xapi.rules.broken import Broken
from xapi.rules.things import Activity, Extensions, StatementRef


class ContextActivities(Struct, forbid_unknown_fields=True, rename="camel", dict=True):
    """Related activities by kind; a single one may stand without its array (Data 2.4.6.2)."""

    parent: list[Activity] | Activity | UnsetType = UNSET
    grouping: list[Activity] | Activity | UnsetType = UNSET
    category: list[Activity] | Activity | UnsetType = UNSET
    other: list[Activity] | Activity | UnsetType = UNSET

    def all(self) -> Iterator[Activity]:
        """Every activity of every kind."""
        for each in (self.parent, self.grouping, self.category, self.other):
            if isinstance(each, Activity):
                yield each
            elif each is not UNSET:
                yield from each

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The IRIs of all."""
        return tuple(each.id for each in self.all())

    @cached_property
    def defined(self) -> tuple[Activity, ...]:
        """Those that come with a definition."""
        return tuple(each for each in self.all() if each.definition is not UNSET)

    @cached_property
    def has_single(self) -> bool:
        """Whether one stands without its array: the store returns arrays (Data 2.4.6.2)."""
        return any(isinstance(each, Activity) for each in (self.parent, self.grouping, self.category, self.other))


class ContextAgent(Struct, forbid_unknown_fields=True, rename="camel"):
    """An agent with its part in the experience (2.0, contextAgents)."""

    object_type: Literal["contextAgent"]
    agent: Actor
    relevant_types: list[str] | UnsetType = UNSET

    def __post_init__(self) -> None:
        is_agent(self.agent, "agent")
        _relevant_types(self.relevant_types)


class ContextGroup(Struct, forbid_unknown_fields=True, rename="camel"):
    """A group with its part in the experience (2.0, contextGroups)."""

    object_type: Literal["contextGroup"]
    group: Actor
    relevant_types: list[str] | UnsetType = UNSET

    def __post_init__(self) -> None:
        is_group(self.group, "group")
        _relevant_types(self.relevant_types)


def _relevant_types(types: list[str] | UnsetType) -> None:
    """At least one IRI, where given (2.0)."""
    if types is UNSET:
        return
    if not types:
        raise Broken("relevantTypes", "must not be empty")
    for number, each in enumerate(types):
        formats.iri(each, f"relevantTypes[{number}]")


class Context(Struct, forbid_unknown_fields=True, rename="camel"):
    """The context (Data 2.4.6)."""

    registration: str | UnsetType = UNSET
    instructor: Actor | UnsetType = UNSET
    team: Actor | UnsetType = UNSET
    context_activities: ContextActivities | UnsetType = UNSET
    context_agents: list[ContextAgent] | UnsetType = UNSET
    context_groups: list[ContextGroup] | UnsetType = UNSET
    revision: str | UnsetType = UNSET
    platform: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    statement: StatementRef | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.uuid(self.registration, "registration")
        is_group(self.team, "team")
        formats.language_tag(self.language, "language")
        formats.extensions(self.extensions, "extensions")

    @property
    def new_in_2(self) -> str | None:
        """The first property that only 2.0 has."""
        if self.context_agents is not UNSET:
            return "contextAgents"
        return None if self.context_groups is UNSET else "contextGroups"

    def actors(self) -> Iterator[Actor]:
        """Instructor, team and the agents and groups of 2.0."""
        for each in (self.instructor, self.team):
            if each is not UNSET:
                yield each
        if self.context_agents is not UNSET:
            yield from (each.agent for each in self.context_agents)
        if self.context_groups is not UNSET:
            yield from (each.group for each in self.context_groups)
