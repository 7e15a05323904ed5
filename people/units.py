"""Questions about units."""

from collections.abc import Iterable

from people.models import Unit
from people.succession import common_path


def unit_today(unit: Unit) -> tuple[Unit, bool]:
    """(the unit where people of `unit` count today, whether that is settled); see people.succession.

    No query where the caller did select_related("today").
    """
    return unit.today or unit, unit.settled


def lowest_common_ancestor(units: Iterable[Unit]) -> Unit | None:
    """The smallest unit that holds all of these (one of them perhaps); None across provinces, and for no units."""
    path = common_path(unit.path for unit in units)
    return Unit.objects.filter(path=path).first() if path else None
