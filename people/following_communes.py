"""Villages of a commune that ended go on in the commune that it went to.

Where the commune went to one other whole, so did its villages. Where it was split, nobody but the staff on the spot
knows where each village went: the village ends with its commune, its people stand in the list to settle, and its page
offers to take it up again in one of the communes that followed.
"""

from datetime import timedelta

from django.db import transaction

from core import jobs
from people import villages
from people.models import Unit
from people.models.unit import UnitQuerySet

BATCH = 20  # villages in one transaction, which must stay short


def left_behind() -> bool:
    """Whether there are villages whose commune has ended."""
    return _left().exists()


@jobs.handler("people.follow_communes")
def follow_in_steps(job: jobs.Job) -> None:
    """Move or end every village that was left behind; a step that was done is not left behind any more."""
    while batch := list(_left().select_related("parent__today").order_by("pk")[:BATCH]):
        with transaction.atomic():
            for village in batch:
                _follow(village)
            job.advance(done=job.done + len(batch))


def _left() -> UnitQuerySet:
    return Unit.objects.filter(level=Unit.Level.VILLAGE, valid_to=None, parent__valid_to__isnull=False)


def _follow(village: Unit) -> None:
    commune = village.parent
    assert commune is not None
    last_day, heir = commune.valid_to, commune.today
    assert last_day is not None
    if commune.settled and heir is not None and heir.level == Unit.Level.COMMUNE and village.valid_from <= last_day:
        document = commune.successions.values_list("document", flat=True).first() or ""
        taken = villages.same_name(heir, village.name)
        name = f"{village.name} ({commune.short_name})"[:120] if taken else village.name
        villages.move(
            village=village, commune=heir, from_day=last_day + timedelta(days=1), document=document, by=None, name=name
        )
    else:
        villages.end(village=village, last_day=max(last_day, village.valid_from), heirs=[], document="", by=None)
