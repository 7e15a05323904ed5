"""Who belongs where, for those whose old unit was split or is known by its district only.

Until somebody says so they count at the lowest common ancestor (people.succession) and stand in this list.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from core import audit, jobs
from people import succession
from people.exceptions import NotPossible
from people.models import Household, Organisation, Unit, User
from people.signals import moved

MODELS: dict[str, type[User] | type[Household] | type[Organisation]] = {
    "people": User,
    "households": Household,
    "organisations": Organisation,
}
BATCH = 100  # rows in one transaction, which must stay short
AT_ONCE = 200  # more than these are settled by a job


@dataclass
class ToSettle:
    """An old unit with how many of each kind wait in it, and where they may go."""

    unit: Unit
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All that wait here."""
        return sum(self.counts.values())


def waiting(kind: str, user: Any) -> QuerySet[Any]:
    """The rows of a kind that wait to be settled and that the user may see."""
    old = Unit.objects.order_by().filter(settled=False)
    return MODELS[kind]._default_manager.visible_to(user).filter(unit__in=old.values("pk"))


def by_old_unit(user: Any) -> list[ToSettle]:
    """Every old unit in which somebody waits whom the user may see, the fullest first; four queries."""
    found: dict[int, dict[str, int]] = {}
    for kind in MODELS:
        rows = waiting(kind, user).order_by().values("unit").annotate(number=Count("*"))  # of the index of units alone
        for key, number in rows.values_list("unit", "number"):
            found.setdefault(key, {})[kind] = number
    units = Unit.objects.filter(pk__in=found).only("name", "search_key")  # the rest is for those of a page
    listed = [ToSettle(unit, found[unit.pk]) for unit in units]
    return sorted(listed, key=lambda each: (-each.total, each.unit.name, each.unit.pk))


def with_places(listed: Sequence[ToSettle]) -> list[ToSettle]:
    """The same with their units whole, what they lie in and where they count today; one query."""
    units = Unit.objects.select_related("parent__parent", "today").in_bulk([each.unit.pk for each in listed])
    return [ToSettle(units[each.unit.pk], each.counts) for each in listed]


def successors(unit: Unit) -> list[Unit]:
    """Where people of a former unit may belong today, by name: what followed it, else what followed that it lay in."""
    keys = succession.possible(unit)
    return list(Unit.objects.select_related("parent").filter(pk__in=keys).order_by("name", "code"))


def settle(*, kind: str, keys: Iterable[int], to: Unit, by: User) -> int:
    """Give these rows the unit where they belong; returns how many. Those the user may not see stay as they are.

    Raises NotPossible where `to` is no successor of the unit of one of them.
    """
    done = 0
    for some in _batches(list(keys)):
        with transaction.atomic():
            done += _settle(kind, waiting(kind, by).filter(pk__in=some), to, by)
    return done


def settle_all(*, kind: str, old: Unit, to: Unit, by: User) -> Iterator[int]:
    """Settle everybody of an old unit whom the user may see, a batch in each transaction; yields after each."""
    while True:
        with transaction.atomic():
            keys = waiting(kind, by).filter(unit=old).order_by("pk").values_list("pk", flat=True)[:BATCH]
            rows = MODELS[kind]._default_manager.filter(pk__in=list(keys))
            number = _settle(kind, rows, to, by)
            yield number
        if number < BATCH:
            return


def start_settle_all(*, kind: str, old: Unit, to: Unit, by: User) -> jobs.Job:
    """The same as a job."""
    if to.pk not in succession.possible(old):
        raise NotPossible(_("%(unit)s không phải đơn vị kế thừa.") % {"unit": to.name})
    title = _("Xếp người của %(old)s vào %(new)s") % {"old": old.name, "new": to.name}
    arguments = {"kind": kind, "old": old.pk, "to": to.pk, "by": str(by.uuid)}
    return jobs.start("people.settle", arguments, by=by.uuid, title=title)


@jobs.handler("people.settle")
def settle_in_steps(job: jobs.Job) -> None:
    """Whoever was settled is not waiting any more, so the job needs no cursor."""
    asked = job.arguments
    old, to = (Unit.objects.get(pk=asked[name]) for name in ("old", "to"))
    by = User.objects.get(uuid=asked["by"])
    for number in settle_all(kind=asked["kind"], old=old, to=to, by=by):
        job.advance(done=job.done + number)


def _settle(kind: str, rows: QuerySet[Any], to: Unit, by: User) -> int:
    """One batch, in the caller's transaction: the rows, the audit log, and word to who counts them."""
    uuids: dict[int, list[str]] = {}
    held = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", "uuid", "unit"))
    for _key, uuid, unit in held:
        uuids.setdefault(unit, []).append(str(uuid))
    olds = Unit.objects.in_bulk(uuids)
    for key, those in uuids.items():
        if to.pk not in succession.possible(olds[key]):
            raise NotPossible(_("%(new)s không kế thừa %(old)s.") % {"new": to.name, "old": olds[key].name})
        detail = {"kind": kind, "from": key, "to": to.pk, "uuids": those}
        audit.record(by=by, action="people.settle", subject=f"unit:{olds[key].code}", detail=detail)
    keys = [key for key, _uuid, _unit in held]
    model = MODELS[kind]
    model._default_manager.filter(pk__in=keys).update(unit=to)
    if keys:
        moved.send(sender=model, keys=keys)
    return len(keys)


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
