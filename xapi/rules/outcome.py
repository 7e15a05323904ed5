"""The result of an experience (Data 2.4.5)."""

from msgspec import UNSET, Struct, UnsetType

from xapi.rules import formats
from xapi.rules.broken import Broken
from xapi.rules.things import Extensions


class Score(Struct, forbid_unknown_fields=True, rename="camel"):
    """A score (Data 2.4.5.1)."""

    scaled: float | UnsetType = UNSET
    raw: float | UnsetType = UNSET
    min: float | UnsetType = UNSET
    max: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.scaled is not UNSET and not -1 <= self.scaled <= 1:
            raise Broken("scaled", "must lie between -1 and 1")
        if self.min is not UNSET and self.max is not UNSET and self.min >= self.max:
            raise Broken("min", "must be less than max")
        if self.raw is not UNSET and self.min is not UNSET and self.raw < self.min:
            raise Broken("raw", "must not be less than min")
        if self.raw is not UNSET and self.max is not UNSET and self.raw > self.max:
            raise Broken("raw", "must not be greater than max")


class Result(Struct, forbid_unknown_fields=True, rename="camel"):
    """How it went (Data 2.4.5)."""

    score: Score | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: str | UnsetType = UNSET
    duration: str | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET

    def __post_init__(self) -> None:
        formats.duration(self.duration, "duration")
        formats.extensions(self.extensions, "extensions")
