"""What a unit's page in the admin shows: what it was and became, what holds of it, who counts in it."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from people import unit_attributes
from people.models import Household, Organisation, Unit, UnitAgency, UnitAttribute, UnitSuccession, User

CHILDREN = 100  # on a page: a province has at most 170 communes


@dataclass
class Counted:
    """How many of those whom the reader may see count in a unit, and how many of them wait to be settled."""

    label: str
    number: int
    unsettled: int


def context(unit: Unit, reader: Any, page: str) -> dict[str, Any]:
    """Everything that the page shows, in a constant number of queries."""
    lines = unit.ancestor_ids
    attributes = list(UnitAttribute.objects.filter(unit__in=lines).select_related("unit").order_by("kind", "-since"))
    return {
        "unit": unit,
        "origins": _steps(unit.origins),
        "successions": _steps(unit.successions),
        "attributes": [row for row in attributes if row.unit_id == unit.pk],
        "inherited": [row for row in attributes if row.unit_id != unit.pk and row.until is None],
        "agencies": UnitAgency.objects.filter(unit=unit).select_related("organisation").order_by("-since"),
        "responsible": unit_attributes.responsible(unit),
        "children": _children(unit, reader, page),
        "counts": _counts(unit, reader),
    }


def _steps(rows: Any) -> list[UnitSuccession]:
    """Those of one document together."""
    return list(rows.select_related("predecessor__parent", "successor__parent").order_by("document", "pk"))


def _children(unit: Unit, reader: Any, page: str) -> Page:
    """What stands today directly below; of a former unit what stood below it."""
    rows = Unit.objects.to_look_up(reader).filter(parent=unit).order_by("name", "code")
    if unit.valid_to is None:
        rows = rows.current()
    return Paginator(rows, CHILDREN).get_page(page)


def _counts(unit: Unit, reader: Any) -> list[Counted]:
    here = Q(unit__today__path__under=unit.path) if unit.valid_to is None else Q(unit__path__under=unit.path)
    counts = []
    for label, model in ((_("Người"), User), (_("Hộ gia đình"), Household), (_("Cơ quan, tổ chức"), Organisation)):
        rows = model._default_manager.visible_to(reader).filter(here)
        found = rows.aggregate(number=Count("pk"), unsettled=Count("pk", filter=Q(unit__settled=False)))
        counts.append(Counted(label, found["number"], found["unsettled"]))
    return counts
