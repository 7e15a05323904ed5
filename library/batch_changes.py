"""One change of many records: seen first, then made, then perhaps taken back; each by a job in small steps."""

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import audit, jobs
from library import batch_operations, editing, history, records, validation
from library.editing import CannotSave
from library.models import BatchChange, BatchedRecord, Record, RecordVersion
from search.folding import compose

STEP = 25  # records in one transaction, which must stay short
LOOKED_AT = 200  # records in one step of looking, which writes nothing but its counts
SHOWN = 10  # records whose change is shown before it is made
LOOK, MAKE, UNDO = "library.look_at_batch", "library.make_batch", "library.undo_batch"
State = BatchChange.State


def chosen(selection: dict[str, Any]) -> QuerySet[Record]:
    """Our own living records that a selection means: words of the title, collection, status, material."""
    found = Record.objects.filter(deleted_at=None, source=None)
    words = compose(selection.get("words", "")).split()
    found = found.filter(Q(*[Q(title__icontains=word) for word in words]))
    if selection.get("collection"):
        found = found.filter(memberships__collection=selection["collection"])
    for name in ("status", "material", "kind"):
        if selection.get(name):
            found = found.filter(**{name: selection[name]})
    return found.order_by("pk")


def start(*, selection: dict[str, Any], change: dict[str, Any], by: Any) -> BatchChange:
    """Note what is wished and look what it would do."""
    with transaction.atomic():
        batch = BatchChange.objects.create(selection=selection, change=change, by=by)
        _queue(batch, LOOK, State.LOOKING, by)
        audit.record(by=by, action="library.plan_batch", subject=f"batch:{batch.pk}", detail={"what": change["what"]})
    return batch


def make(batch: BatchChange, *, by: Any) -> None:
    """Do it. Raises CannotSave where it has been done, or is not yet looked at."""
    _go_on(batch, State.READY, MAKE, State.MAKING, "make_batch", by)


def undo(batch: BatchChange, *, by: Any) -> None:
    """Take it back, except from records changed since. Raises CannotSave where there is nothing to take back."""
    _go_on(batch, State.MADE, UNDO, State.UNDOING, "undo_batch", by)


def _go_on(batch: BatchChange, now: str, kind: str, then: str, action: str, by: Any) -> None:
    with transaction.atomic():
        batch = BatchChange.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state != now:
            raise CannotSave(_("Việc này đã được làm rồi, hoặc đang chạy. Hãy xem trạng thái."))
        _queue(batch, kind, then, by)
        audit.record(by=by, action=f"library.{action}", subject=f"batch:{batch.pk}")


def _queue(batch: BatchChange, kind: str, state: str, by: Any) -> None:
    title = _("Sửa hàng loạt #%(number)s") % {"number": batch.pk}
    batch.job = jobs.start(kind, {"batch": batch.pk}, by=by.uuid, title=title)
    batch.state = state
    batch.save(update_fields=["job", "state"])


@jobs.handler(LOOK)
def look(job: jobs.Job) -> None:
    """Count what would change, and keep the first records to show."""
    batch = BatchChange.objects.get(pk=job.arguments["batch"])
    found = chosen(batch.selection)
    total = found.count()
    counts = Counter(job.cursor.get("counts", {}))
    first = list(job.cursor.get("first", []))
    after = job.cursor.get("after", 0)
    while rows := list(found.filter(pk__gt=after).only("pk", "canonical")[:LOOKED_AT]):
        after = rows[-1].pk
        fitting = [row.pk for row in rows if batch_operations.apply(batch.change, row.marc) != row.marc]
        counts.update(looked=len(rows), fitting=len(fitting))
        first = (first + fitting)[:SHOWN]
        cursor = {"after": after, "counts": dict(counts), "first": first}
        job.advance(cursor=cursor, done=counts["looked"], total=total)
    batch.counts, batch.first, batch.state = {"looked": 0, "fitting": 0} | dict(counts), first, State.READY
    batch.save(update_fields=["counts", "first", "state"])


@jobs.handler(MAKE)
def make_all(job: jobs.Job) -> None:
    """Change each record once; one that would get new errors, or cannot be written, is left and counted."""
    batch = BatchChange.objects.get(pk=job.arguments["batch"])
    found = chosen(batch.selection)
    counts = Counter(job.cursor.get("counts", {}))
    after = job.cursor.get("after", 0)
    while True:
        with transaction.atomic():
            rows = list(found.filter(pk__gt=after).select_for_update(of=("self",))[:STEP])
            if not rows:
                break
            after = rows[-1].pk
            counts.update(_made(batch, rows))
            done = counts["made"] + counts["refused"] + counts["same"]
            job.advance(cursor={"after": after, "counts": dict(counts)}, done=done, total=batch.counts["looked"])
    kept = {"made": counts["made"], "refused": counts["refused"]}
    BatchChange.objects.filter(pk=batch.pk).update(counts=batch.counts | kept, state=State.MADE)


def _made(batch: BatchChange, rows: list[Record]) -> Counter[str]:
    counts: Counter[str] = Counter()
    changed = []
    for row in rows:
        before = row.marc
        after = batch_operations.apply(batch.change, before)
        if after == before:
            counts["same"] += 1
            continue
        had = {(each.tag, each.message) for each in validation.errors(before)}
        if row.status == Record.Status.PUBLISHED and any(
            (each.tag, each.message) not in had for each in validation.errors(after)
        ):
            counts["refused"] += 1
            continue
        try:
            with transaction.atomic():
                editing.write(row, marc=after, by=batch.by, action=RecordVersion.Action.BATCH)
        except CannotSave:
            counts["refused"] += 1
            continue
        changed.append(row)
    BatchedRecord.objects.bulk_create([BatchedRecord(batch=batch, record=row, version=row.version) for row in changed])
    records.announce([row.pk for row in changed])
    counts["made"] += len(changed)
    return counts


@jobs.handler(UNDO)
def undo_all(job: jobs.Job) -> None:
    """Restore each record that is still as the batch left it; the others are left and counted."""
    batch = BatchChange.objects.get(pk=job.arguments["batch"])
    counts = Counter(job.cursor.get("counts", {}))
    after = job.cursor.get("after", 0)
    while True:
        with transaction.atomic():
            some = list(batch.records.filter(pk__gt=after).order_by("pk")[:STEP])
            if not some:
                break
            after = some[-1].pk
            counts.update(_undone(batch, some))
            done = counts["undone"] + counts["left"]
            job.advance(cursor={"after": after, "counts": dict(counts)}, done=done, total=batch.counts["made"])
    kept = {"undone": counts["undone"], "left": counts["left"]}
    BatchChange.objects.filter(pk=batch.pk).update(counts=batch.counts | kept, state=State.UNDONE)


def _undone(batch: BatchChange, some: list[BatchedRecord]) -> Counter[str]:
    versions = {each.record_id: each.version for each in some}
    rows = Record.objects.select_for_update().filter(pk__in=list(versions), deleted_at=None).order_by("pk")
    back = [row for row in rows if row.version == versions[row.pk]]
    for row in back:
        before = history.content(row, row.version - 1)
        editing.write(row, marc=before, by=batch.by, action=RecordVersion.Action.UNDO)
    records.announce([row.pk for row in back])
    return Counter(undone=len(back), left=len(some) - len(back))
