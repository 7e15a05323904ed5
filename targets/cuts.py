"""Figures cut by how the state classes places on the day: communes of zone III, border communes, a region …

These are public facts of places. But what is said of single villages would show the public how many of one village are
trained, which may be its head alone: that counts only for who answers for the place.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from people import unit_attributes
from people.models import Unit, UnitAttribute
from people.models.unit import UnitQuerySet

OPEN_LEVELS = (Unit.Level.PROVINCE, Unit.Level.COMMUNE)


@dataclass(frozen=True)
class Cut:
    """A classification of places. levels: of whose classification is meant."""

    kind: str
    value: str
    levels: tuple[str, ...]

    @property
    def key(self) -> str:
        """As addresses have it: "zone:3", "border:"."""
        return f"{self.kind}:{self.value}"

    @property
    def label(self) -> str:
        """As a reader says it."""
        return str(UnitAttribute(kind=self.kind, value=self.value).label)

    @property
    def leaves_out_villages(self) -> bool:
        """Whether villages are classed so too, but do not count for this reader."""
        return set(self.levels) != {*UnitAttribute.LEVELS[UnitAttribute.Kind(self.kind)]}

    def units(self, day: date) -> QuerySet[Any, Any]:
        """Keys of the units that were classed so on the day, or lay in one."""
        values = filter(None, [self.value])
        return Unit.objects.order_by().having(self.kind, *values, on=day, levels=self.levels).values("pk")

    def meeting(self, units: UnitQuerySet, day: date) -> UnitQuerySet:
        """Of the units those that are classed so in whole or in part."""
        rows = UnitAttribute.objects.standing(day).filter(kind=self.kind, value=self.value, unit__level__in=self.levels)
        below = Q(pk__in=rows.order_by().values("unit__parent"))
        further = Q(pk__in=rows.order_by().values("unit__parent__parent"))
        return units.filter(Q(pk__in=self.units(day)) | below | further)


def choices(*, answers_for_it: bool) -> list[tuple[str, str]]:
    """("zone:3", its label) of each by which the reader may cut."""
    return [
        (key, label)
        for key, label in unit_attributes.sayings()
        if _levels(key.partition(":")[0], answers_for_it=answers_for_it)
    ]


def chosen(key: str, *, answers_for_it: bool) -> Cut | None:
    """The cut that is asked for, None for none. Raises LookupError where the reader has no such choice."""
    if not key:
        return None
    if key not in dict(choices(answers_for_it=answers_for_it)):
        raise LookupError(key)
    kind, _colon, value = key.partition(":")
    return Cut(kind, value, _levels(kind, answers_for_it=answers_for_it))


def _levels(kind: str, *, answers_for_it: bool) -> tuple[str, ...]:
    said_of = UnitAttribute.LEVELS[UnitAttribute.Kind(kind)]
    return tuple(level for level in said_of if answers_for_it or level in OPEN_LEVELS)
