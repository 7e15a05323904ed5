"""Drafts of published records: kept beside what readers see until somebody publishes or drops them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from library import canonical, editing
from library.editing import CannotSave, Changed
from library.marc import MarcRecord
from library.models import PendingDraft, Record, RecordVersion


def of(record: Record) -> PendingDraft | None:
    """The record's draft, if it has one."""
    return PendingDraft.objects.select_related("by").filter(record=record).first()


def keep(record: Record, *, marc: MarcRecord, version: int, number: int, by: Any) -> PendingDraft:
    """Keep changes that began with a version of the record and the draft's number (0: none yet).

    Raises Changed where somebody has kept or dropped a draft since, CannotSave where there is nothing to keep.
    """
    with transaction.atomic():
        row = editing.locked(record.pk)
        draft = _at(row, number)
        if row.status != Record.Status.PUBLISHED:
            raise CannotSave(_("Biểu ghi vừa được đưa về bản nháp. Hãy mở lại rồi sửa."))
        if draft is None and editing.without_stamp(marc) == editing.without_stamp(row.marc):
            raise CannotSave(_("Chưa có gì khác với bản đã công bố."))
        draft = draft or PendingDraft(record=row, number=0)
        draft.version, draft.number, draft.canonical, draft.by = version, number + 1, canonical.write(marc), by
        draft.save()
        audit.record(by=by, action="library.keep_draft", subject=f"record:{row.pk}", detail={"version": version})
    return draft


def publish(record: Record, *, marc: MarcRecord, version: int, number: int, by: Any) -> Record:
    """Make this content, begun from the draft of this number, the record's next version. Raises as editing.change."""
    with transaction.atomic():
        draft = _at(editing.locked(record.pk), number)
        action = RecordVersion.Action.PUBLISH if draft else RecordVersion.Action.EDIT
        row = editing.change(record, marc=marc, version=version, by=by, action=action)
        if draft:
            draft.delete()
    return row


def drop(record: Record, *, by: Any) -> None:
    """Forget the draft; readers see no difference."""
    with transaction.atomic():
        row = editing.locked(record.pk)
        if PendingDraft.objects.filter(record=row).delete()[0]:
            audit.record(by=by, action="library.drop_draft", subject=f"record:{row.pk}")


def _at(row: Record, number: int) -> PendingDraft | None:
    """The draft of a locked record while it still has this number; 0: while there is none."""
    draft = PendingDraft.objects.filter(record=row).first()
    if (draft.number if draft else 0) != number:
        raise Changed(str(row.version))
    return draft
