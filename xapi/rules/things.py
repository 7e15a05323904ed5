"""What a statement says and is about: verbs, activities with their definitions, references, attachments."""

from functools import cached_property
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from xapi.rules import formats
from xapi.rules.broken import Broken

LanguageMap = dict[str, str]
Extensions = dict[str, Any]

InteractionType = Literal[
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
]
COMPONENT_LISTS = {
    "choice": {"choices"},
    "sequencing": {"choices"},
    "likert": {"scale"},
    "matching": {"source", "target"},
    "performance": {"steps"},
}


class Verb(Struct, forbid_unknown_fields=True, rename="camel"):
    """The action (Data 2.4.3)."""

    id: str
    display: LanguageMap | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.iri(self.id, "id")
        formats.language_map(self.display, "display")


class Component(Struct, forbid_unknown_fields=True, rename="camel"):
    """A choice, a step, a point of a scale: one part of an interaction (Data 2.4.4.1)."""

    id: str
    description: LanguageMap | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.language_map(self.description, "description")


class Definition(Struct, forbid_unknown_fields=True, rename="camel"):
    """What an activity is (Data 2.4.4.1)."""

    name: LanguageMap | UnsetType = UNSET
    description: LanguageMap | UnsetType = UNSET
    type: str | UnsetType = UNSET
    more_info: str | UnsetType = UNSET
    interaction_type: InteractionType | UnsetType = UNSET
    correct_responses_pattern: list[str] | UnsetType = UNSET
    choices: list[Component] | UnsetType = UNSET
    scale: list[Component] | UnsetType = UNSET
    source: list[Component] | UnsetType = UNSET
    target: list[Component] | UnsetType = UNSET
    steps: list[Component] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.language_map(self.name, "name")
        formats.language_map(self.description, "description")
        formats.iri(self.type, "type")
        formats.iri(self.more_info, "moreInfo")
        formats.extensions(self.extensions, "extensions")
        _interaction(self)


def _interaction(definition: Definition) -> None:
    """Responses and components belong to an interaction type, lists to the types that have them, ids are distinct."""
    kind = definition.interaction_type
    if kind is UNSET and definition.correct_responses_pattern is not UNSET:
        raise Broken("interactionType", "is required with correctResponsesPattern")
    for name in ("choices", "scale", "source", "target", "steps"):
        components = getattr(definition, name)
        if components is UNSET:
            continue
        if kind is UNSET:
            raise Broken("interactionType", f"is required with {name}")
        if name not in COMPONENT_LISTS.get(kind, ()):
            raise Broken(name, f"does not belong to the interaction type {kind}")
        formats.distinct((component.id for component in components), name)


class Activity(Struct, forbid_unknown_fields=True, rename="camel", dict=True):
    """An activity (Data 2.4.4.1)."""

    id: str
    object_type: Literal["Activity"] | UnsetType = UNSET
    definition: Definition | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.iri(self.id, "id")

    @cached_property
    def definition_text(self) -> bytes:
        """The definition as JSON."""
        return msgspec.json.encode(self.definition)


class StatementRef(Struct, forbid_unknown_fields=True, rename="camel"):
    """Another statement (Data 2.4.4.3)."""

    object_type: Literal["StatementRef"]
    id: str

    def __post_init__(self) -> None:
        formats.uuid(self.id, "id")


class Attachment(Struct, forbid_unknown_fields=True, rename="camel"):
    """What a statement says about a file that belongs to it (Data 2.4.11)."""

    usage_type: str
    display: LanguageMap
    content_type: str
    length: int
    sha2: str
    description: LanguageMap | UnsetType = UNSET
    file_url: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.iri(self.usage_type, "usageType")
        formats.language_map(self.display, "display")
        formats.language_map(self.description, "description")
        formats.media_type(self.content_type, "contentType")
        formats.sha2(self.sha2, "sha2")
        formats.iri(self.file_url, "fileUrl")
        if self.length < 0:
            raise Broken("length", "must not be negative")
