"""Two records of one thing become one: a librarian chooses the fields, and can take it back."""

from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from library import authority_changes, editing, history, records, rights
from library.editing import CannotSave, Changed
from library.marc import MarcRecord
from library.models import (
    Citation,
    CollectionMembership,
    CommunityConsent,
    Copy,
    ListEntry,
    Record,
    RecordFile,
    RecordMerge,
    RecordVersion,
)

# What else points to a record and goes where it goes.
FOLLOWING: dict[str, type[Model]] = {
    "copies": Copy,
    "consents": CommunityConsent,
    "entries": ListEntry,
    "files": RecordFile,
}


def merge(kept: Record, gone: Record, *, marc: MarcRecord, versions: tuple[int, int], by: Any) -> RecordMerge:
    """Give `kept` this content, its collections and citations to both, and leave a tombstone of `gone`.

    What is linked to an authority that goes is linked to the one that stays, by a job. Raises Changed where either is
    no longer at its version, CannotSave where they cannot be merged.
    """
    with transaction.atomic():
        rows = _locked(kept, gone)
        kept, gone = rows[kept.pk], rows[gone.pk]
        if (kept.version, gone.version) != versions:
            raise Changed
        if kept.kind != gone.kind:
            raise CannotSave(_("Không gộp được biểu ghi thư mục với biểu ghi tiêu đề chuẩn."))
        if kept.kind == Record.Kind.AUTHORITY:
            marc = authority_changes.without_way_to(marc, gone)
        editing.write(kept, marc=marc, by=by, action=RecordVersion.Action.MERGE)
        Record.objects.filter(pk=gone.pk).update(deleted_at=kept.changed, changed=kept.changed)
        moved = _moved(kept, gone) | {"links": authority_changes.linked(gone)}
        merged = RecordMerge.objects.create(kept=kept, gone=gone, version=kept.version, moved=moved, by=by)
        audit.record(by=by, action="library.merge", subject=f"record:{kept.pk}", detail={"gone": gone.pk})
        records.announce(sorted([kept.pk, gone.pk]))
        _refuse_opening(kept, gone.access if moved["files"] else rights.OPEN)
        authority_changes.move_links(gone, kept, moved["links"], by=by)
    return merged


def _refuse_opening(kept: Record, access: str) -> None:
    """Files are not handed out more freely than they were in the record that is gone."""
    kept.refresh_from_db(fields=["access"])
    if rights.STRICTNESS.index(kept.access) < rights.STRICTNESS.index(access):
        raise CannotSave(
            _("Tệp của biểu ghi kia không mở cho mọi người như biểu ghi này. Hãy giữ trường 506 và 655 của nó.")
        )


def undo(merged: RecordMerge, *, by: Any) -> None:
    """Bring both records back. Raises CannotSave where `kept` has been changed since, or it was undone already."""
    with transaction.atomic():
        merged = RecordMerge.objects.select_for_update().get(pk=merged.pk)
        rows = _locked(merged.kept, merged.gone, alive=False)
        kept, gone = rows[merged.kept_id], rows[merged.gone_id]
        if merged.undone_at or kept.version != merged.version or kept.deleted_at or not gone.deleted_at:
            raise CannotSave(_("Không hoàn tác được: biểu ghi đã được sửa sau khi gộp."))
        editing.write(kept, marc=history.content(kept, kept.version - 1), by=by, action=RecordVersion.Action.UNDO)
        Record.objects.filter(pk=gone.pk).update(deleted_at=None, changed=kept.changed)
        moved = merged.moved
        CollectionMembership.objects.filter(record=kept, collection__in=moved["collections"]).delete()
        Citation.objects.filter(pk__in=moved["citations"], record=kept).update(record=gone)
        for name, model in FOLLOWING.items():
            model._default_manager.filter(pk__in=moved.get(name, ()), record=kept).update(record=gone)
        authority_changes.move_links(kept, gone, moved.get("links", []), by=by)
        merged.undone_at = timezone.now()
        merged.save(update_fields=["undone_at"])
        audit.record(by=by, action="library.undo_merge", subject=f"record:{kept.pk}", detail={"gone": gone.pk})
        records.announce(sorted([kept.pk, gone.pk]))


def _locked(kept: Record, gone: Record, *, alive: bool = True) -> dict[int, Record]:
    """Both rows, locked in the order of their keys."""
    if kept.pk == gone.pk:
        raise CannotSave(_("Hãy chọn hai biểu ghi khác nhau."))
    rows = {row.pk: row for row in Record.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    if any(row.source_id for row in rows.values()):
        raise CannotSave(_("Biểu ghi thu hoạch được giữ như nguồn đã gửi nên không gộp được."))
    if alive and any(row.deleted_at for row in rows.values()):
        raise CannotSave(_("Biểu ghi đã bị xóa."))
    return rows


def _moved(kept: Record, gone: Record) -> dict[str, list[int]]:
    """Let `kept` join what `gone` was in and be cited where `gone` was; returns what changed."""
    mine = set(kept.memberships.values_list("collection_id", flat=True))
    new = sorted(set(gone.memberships.values_list("collection_id", flat=True)) - mine)
    CollectionMembership.objects.bulk_create([CollectionMembership(collection_id=key, record=kept) for key in new])
    cited = set(kept.citations.values_list("lesson_iri", flat=True))
    citations = list(gone.citations.exclude(lesson_iri__in=cited).values_list("pk", flat=True))
    Citation.objects.filter(pk__in=citations).update(record=kept)
    listed = set(ListEntry.objects.filter(record=kept).values_list("list_id", flat=True))
    rows: dict[str, QuerySet[Any]] = {
        "copies": Copy.objects.filter(record=gone),
        "consents": CommunityConsent.objects.filter(record=gone),
        "files": RecordFile.objects.filter(record=gone),
        "entries": ListEntry.objects.filter(record=gone).exclude(list__in=listed),
    }
    moved = {name: list(found.values_list("pk", flat=True)) for name, found in rows.items()}
    for name, model in FOLLOWING.items():
        model._default_manager.filter(pk__in=moved[name]).update(record=kept)
    return {"collections": new, "citations": citations, **moved}
