"""Cataloguing: records made, changed, published and restored by people. Each change keeps what was there before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit
from library import canonical, columns, control_numbers, history, iso2709, marcxml, matching, records, validation
from library.exceptions import LibraryError, TooLong
from library.marc import ControlField, Field, MarcRecord
from library.models import Heading, PendingDraft, Record, RecordVersion
from library.problems import Problem
from library.reading import Repair

STAMP = "005"
NOT_COPIED = {"001", "003", "005", "035"}  # they say which record it is, not what it says
Action = RecordVersion.Action


class CannotSave(LibraryError):
    """Raised when a record cannot be written as wished; the text says why, in the reader's language."""


class Changed(LibraryError):
    """Raised when somebody else has changed the record since the version that one began with."""


class NotReady(CannotSave):
    """Raised when a record has errors that it may not be published with: `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("Biểu ghi còn lỗi phải sửa trước khi công bố."))
        self.problems = problems


def create(*, marc: MarcRecord, by: Any, publish: bool = False) -> Record:
    """A new record of our own, a draft unless it is published at once. Raises CannotSave, NotReady.

    It gets a control number of this library, which it keeps; one that the cataloguer wrote stays.
    """
    if publish:
        _refuse_errors(marc, before=None)
    now = _now()
    if not control_numbers.is_numbered(marc):
        marc = control_numbers.numbered(marc, control_numbers.new())
    marc = _stamped(marc, now)
    raw, raw_format = _written(marc)
    derived = columns.derive(marc)
    identifier = f"local:{uuid4()}"
    key = matching.key(
        source=None,
        identifier="" if derived["control_agency"] and derived["control_number"] else identifier,
        agency=derived["control_agency"],
        number=derived["control_number"],
        raw_digest="",
    )
    with transaction.atomic():
        _refuse_taken(key, derived["control_number"])
        record = Record.objects.create(
            status=Record.Status.PUBLISHED if publish else Record.Status.DRAFT,
            match_key=key,
            digest=matching.digest(raw),
            changed=now,
            raw_format=raw_format,
            raw=raw,
            canonical=canonical.write(marc),
            **derived,
        )
        audit.record(by=by, action="library.create", subject=f"record:{record.pk}", detail={"status": record.status})
        records.announce([record.pk])
    return record


def change(record: Record, *, marc: MarcRecord, version: int, by: Any, action: str = Action.EDIT) -> Record:
    """Replace the content of a record that is still at `version`.

    Raises Changed where it is not, CannotSave where it may not be edited, NotReady where a published record would get
    errors that it did not have.
    """
    with transaction.atomic():
        row = locked(record.pk)
        if row.version != version:
            raise Changed(str(row.version))
        if without_stamp(marc) == without_stamp(row.marc):
            return row
        if row.status == Record.Status.PUBLISHED:
            _refuse_errors(marc, before=row.marc)
        write(row, marc=marc, by=by, action=action)
        detail = {"version": row.version, "as": str(action)}
        audit.record(by=by, action="library.edit", subject=f"record:{row.pk}", detail=detail)
        records.announce([row.pk])
    return row


def write(row: Record, *, marc: MarcRecord, by: Any, action: str) -> None:
    """Put new content into a locked row, keeping the old one; the caller announces and audits. Raises CannotSave."""
    now = _now()
    marc = _stamped(marc, now)
    derived = columns.derive(marc)
    if derived["control_agency"] and derived["control_number"]:
        key = matching.key(
            source=None,
            identifier="",
            agency=derived["control_agency"],
            number=derived["control_number"],
            raw_digest="",
        )
        if key != row.match_key:
            _refuse_taken(key, derived["control_number"])
            row.match_key = key
    history.keep(row, action=action, by=by)
    for name, value in derived.items():
        setattr(row, name, value)
    row.canonical = canonical.write(marc)
    row.changed = now
    row.repairs = ",".join(dict.fromkeys([*filter(None, row.repairs.split(",")), Repair.EDITED]))
    row.save()


def publish(record: Record, *, by: Any) -> Record:
    """Let everyone see it. Raises NotReady where it has errors."""
    return _set_status(record, Record.Status.PUBLISHED, by)


def withdraw(record: Record, *, by: Any) -> Record:
    """Back to a draft: readers no longer see it, harvesters hear that it is gone."""
    return _set_status(record, Record.Status.DRAFT, by)


def _set_status(record: Record, status: str, by: Any) -> Record:
    with transaction.atomic():
        row = locked(record.pk)
        if row.status == status:
            return row
        published = status == Record.Status.PUBLISHED
        if not published and PendingDraft.objects.filter(record=row).exists():
            raise CannotSave(_("Biểu ghi có thay đổi chưa công bố. Hãy công bố hoặc bỏ bản nháp đó trước."))
        if published:
            _refuse_errors(row.marc, before=None)
        history.keep(row, action=Action.PUBLISH if published else Action.WITHDRAW, by=by)
        row.status, row.changed = status, _now()
        row.save(update_fields=["status", "changed", "version"])
        audit.record(by=by, action=f"library.{'publish' if published else 'withdraw'}", subject=f"record:{row.pk}")
        records.announce([row.pk])
    return row


def restore(record: Record, *, number: int, version: int, by: Any) -> Record:
    """Make the content of an older version the newest. Raises LookupError, Changed, CannotSave."""
    return change(
        record, marc=history.content(record, number), version=version, by=by, action=RecordVersion.Action.RESTORE
    )


def delete(record: Record, *, by: Any) -> None:
    """Leave a tombstone. Raises CannotSave while copies stand on a shelf or records are linked to the authority."""
    with transaction.atomic():
        Record.objects.select_for_update().get(pk=record.pk)
        if copies := record.copies.shown().count():
            raise CannotSave(
                ngettext(
                    "Biểu ghi còn %(count)s bản chưa thanh lý nên chưa xóa được. Hãy thanh lý, hoặc gộp biểu ghi.",
                    "Biểu ghi còn %(count)s bản chưa thanh lý nên chưa xóa được. Hãy thanh lý, hoặc gộp biểu ghi.",
                    copies,
                )
                % {"count": copies}
            )
        own = Record.objects.filter(source=None, deleted_at=None)
        if uses := own.filter(pk__in=Heading.objects.filter(authority=record).values("record")).count():
            raise CannotSave(
                ngettext(
                    "%(count)s biểu ghi dùng tiêu đề này nên chưa xóa được. Hãy gộp nó vào tiêu đề thay thế.",
                    "%(count)s biểu ghi dùng tiêu đề này nên chưa xóa được. Hãy gộp nó vào tiêu đề thay thế.",
                    uses,
                )
                % {"count": uses}
            )
        records.delete(record, by=by)


def bring_back(record: Record, *, by: Any) -> None:
    """Undo a deletion: the record is as it was. Raises CannotSave for a partner's record, or one that was merged."""
    with transaction.atomic():
        row = Record.objects.select_for_update().get(pk=record.pk)
        if row.source_id or row.merged_into.filter(undone_at=None).exists():
            raise CannotSave(_("Biểu ghi này đã được gộp vào biểu ghi khác, hoặc là của thư viện khác."))
        if row.deleted_at:
            Record.objects.filter(pk=row.pk).update(deleted_at=None, changed=_now())
            audit.record(by=by, action="library.bring_back", subject=f"record:{row.pk}")
            records.announce([row.pk])


def copied(marc: MarcRecord) -> MarcRecord:
    """The content for a new record that begins as a copy of this one."""
    return MarcRecord(_of_a_new_record(marc.leader), [each for each in marc.fields if each.tag not in NOT_COPIED])


def _of_a_new_record(leader: str) -> str:
    return f"{'0' * 5}n{leader[6:9]}a{leader[10:12]}{'0' * 5}{leader[17:24]}" if len(leader) == 24 else leader


def locked(pk: int) -> Record:
    """A record of our own for the caller's transaction. Raises CannotSave where it may not be edited."""
    row = Record.objects.select_for_update().get(pk=pk)
    if row.deleted_at:
        raise CannotSave(_("Biểu ghi đã bị xóa."))
    if row.source_id:
        raise CannotSave(_("Biểu ghi thu hoạch được giữ như nguồn đã gửi. Hãy sao chép thành biểu ghi của thư viện."))
    return row


def _refuse_errors(marc: MarcRecord, *, before: MarcRecord | None) -> None:
    """A record is not published with errors; those that it had already do not keep it from being mended."""
    had = {(each.tag, each.message) for each in validation.errors(before)} if before else set()
    new = [each for each in validation.errors(marc) if (each.tag, each.message) not in had]
    if new:
        raise NotReady(new)


def _refuse_taken(key: str, number: str) -> None:
    other = Record.objects.filter(match_key=key).values_list("title", flat=True).first()
    if other is not None:
        raise CannotSave(
            _("Số kiểm soát %(number)s (001 cùng 003) đã thuộc biểu ghi “%(title)s”.")
            % {"number": number, "title": other}
        )


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)


def _stamped(marc: MarcRecord, now: datetime) -> MarcRecord:
    """With 005 as of now, behind 001 and 003 where it was not there, and what is always so in the leader."""
    stamp = ControlField(STAMP, timezone.localtime(now).strftime("%Y%m%d%H%M%S.0"))
    fields: list[Field] = list(_other(marc.fields))
    had = [at for at, each in enumerate(marc.fields) if each.tag == STAMP]
    place = had[0] if had else sum(1 for each in fields if each.tag < STAMP and each.tag.isdecimal())
    fields.insert(place, stamp)
    return MarcRecord(_computed(marc.leader), fields)


def _computed(leader: str) -> str:
    """Unicode, two indicators, codes of two characters, the usual map of the directory: nobody needs to type them."""
    return f"{leader[:9]}a22{leader[12:20]}4500" if len(leader) == 24 else leader


def _other(fields: Iterable[Field]) -> Iterable[Field]:
    return (each for each in fields if each.tag != STAMP)


def without_stamp(marc: MarcRecord) -> MarcRecord:
    """Without the time of its last change."""
    return MarcRecord(marc.leader, _other(marc.fields))


def _written(marc: MarcRecord) -> tuple[bytes, str]:
    try:
        return iso2709.write(marc), Record.RawFormat.ISO2709
    except TooLong:
        return marcxml.to_xml(marc), Record.RawFormat.MARCXML
