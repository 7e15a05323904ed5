"""Where a unit of the past stands today, derived from the table of successions.

One unit left over: it. Several: their lowest common ancestor, and the unit is not settled, so that its people stand in
a list until somebody says where each belongs. None: a unit abolished without an heir stands where its parent stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

Standing = tuple[int, bool]


def common_path(paths: Iterable[str]) -> str:
    """The longest path that all paths begin with, in whole steps: "1/2/3/" and "1/2/9/" share "1/2/"."""
    split = [path.split("/")[:-1] for path in paths]
    shared: list[str] = []
    for steps in zip(*split, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return "".join(f"{step}/" for step in shared)


def standing(unit: int, *, heirs: Mapping[int, Sequence[int]], paths: Mapping[int, str], current: set[int]) -> Standing:
    """(key of the unit where `unit` stands today, whether it is settled); follows successions of successions."""
    left = _living_heirs(unit, heirs, current, seen=set())
    if len(left) == 1:
        return left.pop(), True
    steps = common_path(paths[heir] for heir in left).split("/")[:-1]
    if steps:
        return int(steps[-1]), False
    ancestors = [int(step) for step in paths[unit].split("/")[:-2]]
    if not left and ancestors:
        return standing(ancestors[-1], heirs=heirs, paths=paths, current=current)[0], False
    return unit, False


def _living_heirs(unit: int, heirs: Mapping[int, Sequence[int]], current: set[int], seen: set[int]) -> set[int]:
    if unit in current:
        return {unit}
    if unit in seen:
        return set()
    seen.add(unit)
    return {living for heir in heirs.get(unit, ()) for living in _living_heirs(heir, heirs, current, seen)}


def possible(unit: Any) -> set[int]:
    """Keys of the units of today to which a former unit went; of one without heirs, those of what it lay in."""
    known, heirs = _reachable([unit])
    current = {key for key, (_path, ended) in known.items() if not ended}
    for key in reversed(unit.ancestor_ids):
        if left := _living_heirs(key, heirs, current, seen=set()):
            return left
    return set()


def settle(units: Iterable[int]) -> int:
    """Derive `today` and `settled` of these units and of all whose heirs they are; returns how many rows changed."""
    wanted = set(units)
    found = wanted
    while found:
        rows = _successions().filter(successor__in=found).values_list("predecessor", flat=True)
        found = set(rows) - wanted
        wanted |= found
    return _store(_units().filter(pk__in=wanted))


def settle_all() -> int:
    """Derive them for every unit, after a load; returns how many rows changed."""
    return _store(_units())


def _store(units: QuerySet[Any]) -> int:
    rows = list(units)
    known, heirs = _reachable(rows)
    paths = {key: path for key, (path, _ended) in known.items()}
    current = {key for key, (_path, ended) in known.items() if not ended}
    changed = []
    for row in rows:
        now = standing(row.pk, heirs=heirs, paths=paths, current=current)
        if (row.today_id, row.settled) != now:
            row.today_id, row.settled = now
            changed.append(row)
    _units().bulk_create(
        changed, batch_size=1000, update_conflicts=True, unique_fields=["id"], update_fields=["today", "settled"]
    )  # an upsert: ten times as fast as bulk_update
    return len(changed)


def _reachable(rows: Iterable[Any]) -> tuple[dict[int, tuple[str, bool]], dict[int, list[int]]]:
    """({unit: (path, ended)}, {unit: heirs}) of the rows, of all they went to, and of what those lie in."""
    known = {row.pk: (row.path, row.valid_to is not None) for row in rows}
    heirs: dict[int, list[int]] = {}
    new = set(known)
    while new:
        ended = [key for key in new if known[key][1]]
        for unit, heir in _successions().filter(predecessor__in=ended).values_list("predecessor", "successor"):
            heirs.setdefault(unit, []).append(heir)
        ancestors = {int(step) for key in new for step in known[key][0].split("/")[:-1]}
        wanted = ({heir for key in ended for heir in heirs.get(key, ())} | ancestors) - known.keys()
        found = _units().filter(pk__in=wanted).values_list("pk", "path", "valid_to")
        new = wanted
        known.update({key: (path, ended is not None) for key, path, ended in found})
    return known, heirs


def _units() -> QuerySet[Any]:
    return apps.get_model("people", "Unit").objects.order_by()


def _successions() -> QuerySet[Any]:
    return apps.get_model("people", "UnitSuccession").objects.order_by()
