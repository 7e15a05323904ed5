"""What may be wrong with a record: where, how bad, and in words of the reader's language."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext


class Severity(StrEnum):
    """How bad a problem is. An error keeps a record from being published; a warning never keeps it from anything."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing to look at. occurrence counts the fields of a tag from 1, index all fields from 0 (-1: the leader)."""

    tag: str
    message: str
    severity: Severity = Severity.WARNING
    occurrence: int = 1
    subfield: str = ""
    index: int = -1
    said: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def text(self) -> str:
        """The message in the language of the page; `message` is its Vietnamese, the message id."""
        return gettext(self.message) % self.said

    @property
    def place(self) -> str:
        """Where, as a cataloguer says it: 650[2] $a."""
        number = f"[{self.occurrence}]" if self.occurrence > 1 else ""
        return f"{self.tag}{number}{f' ${self.subfield}' if self.subfield else ''}"
