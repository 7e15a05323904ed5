"""Writes the official units into the database: only what is missing, so that a second run changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from core import jobs
from people import following_communes, regions, succession
from people.models import Unit, UnitAttribute, UnitSuccession
from people.official_units import FIRST_DAY, FIRST_OLD_DAY, LAST_OLD_DAY, OfficialUnits, Row, Step


@dataclass(frozen=True)
class Loaded:
    """How many rows a load added, or derived anew."""

    units: int
    successions: int
    settled: int
    regions: int


@transaction.atomic
def load(official: OfficialUnits) -> Loaded:
    """Add the units and successions that are missing. Units that exist stay as they are."""
    units = _add_units(official.old, FIRST_OLD_DAY, LAST_OLD_DAY) + _add_units(official.new, FIRST_DAY, None)
    successions = _add_successions(official.steps)
    loaded = Loaded(units, successions, succession.settle_all(), _add_regions())
    if following_communes.left_behind():
        title = str(_("Chuyển thôn, bản của xã đã kết thúc sang xã kế thừa"))
        jobs.start("people.follow_communes", {}, by=None, title=title)
    if connection.vendor == "postgresql" and units:  # else its planner takes the tables for empty for a while
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Unit._meta.db_table}, {UnitSuccession._meta.db_table}")
    return loaded


def _add_units(rows: Sequence[Row], first: date, last: date | None) -> int:
    """Level by level, since a child needs its parent's key and path."""
    added = 0
    for level in dict.fromkeys(row.level for row in rows):
        known = _keys(first)
        missing = [row for row in rows if row.level == level and row.code not in known]
        Unit.objects.bulk_create(
            [
                Unit(
                    code=row.code,
                    level=row.level,
                    name=row.name,
                    short_name=row.short_name,
                    parent_id=known[row.parent] if row.parent else None,
                    valid_from=first,
                    valid_to=last,
                )
                for row in missing
            ],
            batch_size=1000,
        )
        _write_paths()
        added += len(missing)
    return added


def _write_paths() -> None:
    parents = Unit.objects.order_by().filter(pk=OuterRef("parent_id")).values("path")
    Unit.objects.filter(path="").update(
        path=Concat(Coalesce(Subquery(parents), Value("")), Cast("pk", CharField()), Value("/"))
    )


def _add_successions(steps: Sequence[Step]) -> int:
    old, new = _keys(FIRST_OLD_DAY), _keys(FIRST_DAY)
    known = set(UnitSuccession.objects.values_list("predecessor_id", "successor_id"))
    missing = [
        UnitSuccession(predecessor_id=pair[0], successor_id=pair[1], whole=step.whole, document=step.document)
        for step in steps
        if (pair := (old[step.predecessor], new[step.successor])) not in known
    ]
    UnitSuccession.objects.bulk_create(missing, batch_size=1000)
    return len(missing)


def _add_regions() -> int:
    """Each province of today lies in a region; where one is given already, it stays."""
    given = UnitAttribute.objects.filter(kind=UnitAttribute.Kind.REGION).values("unit")
    provinces = Unit.objects.current().provinces().filter(valid_from=FIRST_DAY).exclude(pk__in=given)
    of_code = {code: region for region, codes in regions.PROVINCES.items() for code in codes}
    rows = [
        UnitAttribute(
            unit=province,
            kind=UnitAttribute.Kind.REGION,
            value=of_code[province.code],
            since=regions.SINCE,
            document=regions.DOCUMENT,
        )
        for province in provinces
        if province.code in of_code
    ]
    return len(UnitAttribute.objects.bulk_create(rows))


def _keys(first: date) -> dict[str, int]:
    """{code: primary key} of the units that began on the day."""
    return dict(Unit.objects.filter(valid_from=first).values_list("code", "pk"))
