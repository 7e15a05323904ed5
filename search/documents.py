"""The one shape in which packages hand over what readers may find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Document:
    """One thing a reader may find: text as it is read by people, with all its marks.

    key is unique within its kind. Facets are values by facet name (a-z and _), such as {"ethnic_group": ("Tày",)};
    the kind and the language are facets by themselves.
    """

    kind: str
    key: str
    title: str
    subtitle: str = ""
    text: str = ""
    url: str = ""
    language: str = "vi"
    year: int | None = None
    creators: Sequence[str] = ()
    subjects: Sequence[str] = ()
    identifiers: Sequence[str] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    updated: datetime | None = None

    @property
    def id(self) -> str:
        """Unique over all kinds, and the key of the queue: KIND:KEY."""
        return f"{self.kind}:{self.key}"
