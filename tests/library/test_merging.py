"""Two records become one, and two again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from core import jobs, outbox
from library import editing, marc_lines, merging
from library.editing import CannotSave, Changed
from library.marc import DataField, MarcRecord
from library.models import (
    Citation,
    Collection,
    Copy,
    Heading,
    HoldingLibrary,
    ListEntry,
    ReadingList,
    Record,
    RecordFile,
    RecordMerge,
    Source,
)
from tests.library.test_authorities import authority, subject
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(shelve: Callable[..., Record]) -> tuple[Record, Record]:
    tay, nung = (Collection.objects.create(slug=name, name=name) for name in ("tay", "nung"))
    kept, gone = shelve("1", "Truyện cổ Tày", collections=[tay]), shelve("2", "Truyen co Tay", collections=[tay, nung])
    for record, lesson in ((kept, "a"), (gone, "a"), (gone, "b")):
        Citation.objects.create(record=record, lesson_iri=lesson, course_iri="c", title=lesson, url="/")
    return kept, gone


def merged(kept: Record, gone: Record, by: Any) -> RecordMerge:
    marc = marc_lines.parse(marc_lines.write(kept.marc) + "\n653 ## $aTừ biểu ghi kia", keep=kept.marc)
    return merging.merge(kept, gone, marc=marc, versions=(kept.version, gone.version), by=by)


def state(record: Record) -> tuple[Any, ...]:
    record.refresh_from_db()
    return (
        record.deleted_at is None,
        sorted(record.collections.values_list("slug", flat=True)),
        sorted(record.citations.values_list("lesson_iri", flat=True)),
        "653" in {each.tag for each in record.marc.fields},
    )


def test_the_kept_one_has_what_both_had(two: tuple[Record, Record], librarian: Any) -> None:
    kept, gone = two
    merged(kept, gone, librarian)
    assert state(kept) == (True, ["nung", "tay"], ["a", "b"], True)
    assert state(gone) == (False, ["nung", "tay"], ["a"], False)


def test_undoing_brings_both_back(two: tuple[Record, Record], librarian: Any) -> None:
    kept, gone = two
    before = state(kept), state(gone)
    row = merged(kept, gone, librarian)
    merging.undo(row, by=librarian)
    assert (state(kept), state(gone)) == before
    with pytest.raises(CannotSave):
        merging.undo(row, by=librarian)


def test_copies_consents_and_lists_go_where_the_record_goes(two: tuple[Record, Record], librarian: Any) -> None:
    """And come back when the merge is undone."""
    kept, gone = two
    shelf = HoldingLibrary.objects.create(code="VN-BH", name="Tủ sách Bắc Hà")
    copy = Copy.objects.create(record=gone, library=shelf, register_number="VN.2026.000001")
    own = ReadingList.objects.create(owner=librarian, name="Của tôi")
    entry = ListEntry.objects.create(list=own, record=gone)
    done = merged(*two, librarian)
    copy.refresh_from_db()
    entry.refresh_from_db()
    assert (copy.record_id, entry.record_id) == (kept.pk, kept.pk)
    merging.undo(done, by=librarian)
    copy.refresh_from_db()
    entry.refresh_from_db()
    assert (copy.record_id, entry.record_id) == (gone.pk, gone.pk)


def test_files_go_where_the_record_goes_and_come_back(
    two: tuple[Record, Record], client: Client, librarian: Any
) -> None:
    kept, gone = two
    file = RecordFile.objects.create(record=gone, name="Toàn văn", file=ContentFile(b"%PDF-1.4", "a.pdf"))
    done = merged(*two, librarian)
    file.refresh_from_db()
    assert file.record_id == kept.pk
    assert client.get(file.get_absolute_url()).status_code == 200
    merging.undo(done, by=librarian)
    file.refresh_from_db()
    assert file.record_id == gone.pk


def test_a_merge_does_not_open_files_that_were_not_open(shelve: Callable[..., Record], librarian: Any) -> None:
    staff_only = DataField.of("506", "1 ", [("a", "Chỉ dùng nội bộ")])
    kept, gone = shelve("1", "Mở"), shelve("2", "Hạn chế", more=(staff_only,))
    file = RecordFile.objects.create(record=gone, name="Toàn văn", file=ContentFile(b"%PDF-1.4", "a.pdf"))
    with pytest.raises(CannotSave, match="506"):
        merged(kept, gone, librarian)
    file.refresh_from_db()
    gone.refresh_from_db()
    assert (file.record_id, gone.deleted_at) == (gone.pk, None)
    marc = MarcRecord(kept.marc.leader, [*kept.marc.fields, staff_only])
    merging.merge(kept, gone, marc=marc, versions=(kept.version, gone.version), by=librarian)
    file.refresh_from_db()
    assert file.record_id == kept.pk


def test_what_is_linked_to_an_authority_that_goes_is_linked_to_the_one_that_stays(
    shelve: Callable[..., Record], librarian: Any
) -> None:
    kept, gone = authority("dt-08", "Người Mông"), authority("x-1", "Người Mèo")
    book = shelve("1", "Sách", more=(subject("Người Mèo.", "x-1"),))
    outbox.drain_all()
    marc = kept.marc
    done = merging.merge(kept, gone, marc=marc, versions=(kept.version, gone.version), by=librarian)
    assert jobs.run_all() == 1
    outbox.drain_all()
    assert linked_of(book) == ("$aNgười Mông.$0(VN-NhaSan)dt-08", kept.pk)
    merging.undo(done, by=librarian)
    assert jobs.run_all() == 1
    outbox.drain_all()
    assert linked_of(book) == ("$aNgười Mèo.$0(VN-NhaSan)x-1", gone.pk)


def test_authorities_that_lead_on_to_one_that_goes_lead_on_to_the_one_that_stays(librarian: Any) -> None:
    def way(text: str, number: str, *before: tuple[str, str]) -> DataField:
        return DataField.of("550", "  ", [*before, ("a", text), ("0", f"(VN-NhaSan){number}")])

    def ways(record: Record) -> list[str]:
        record.refresh_from_db()
        return [each.content[2:].replace("\x1f", "$") for each in record.marc.data("550")]

    gone = authority("x-1", "Người Mèo")
    kept = authority("dt-08", "Người Mông", fields=[way("Người Mèo", "x-1")])
    other = authority("tn-1", "Nhóm Mèo - Dao", fields=[way("Người Mèo", "x-1", ("w", "h")), way("Khác", "x-11")])
    both = authority("tn-2", "Vùng cao", fields=[way("Người Mông", "dt-08"), way("Người Mèo", "x-1")])
    apart = authority("x-11", "Khác", fields=[way("Nhóm Mèo - Dao", "tn-1")])
    marc, version = kept.marc, apart.version
    done = merging.merge(kept, gone, marc=marc, versions=(kept.version, gone.version), by=librarian)
    assert jobs.run_all() == 1
    assert ways(other) == ["$wh$aNgười Mông$0(VN-NhaSan)dt-08", "$aKhác$0(VN-NhaSan)x-11"]
    assert ways(both) == ["$aNgười Mông$0(VN-NhaSan)dt-08"]
    assert ways(kept) == []
    assert (ways(apart), apart.version) == (["$aNhóm Mèo - Dao$0(VN-NhaSan)tn-1"], version)
    merging.undo(done, by=librarian)
    assert jobs.run_all() == 1
    assert ways(other)[0] == "$wh$aNgười Mèo$0(VN-NhaSan)x-1"
    assert ways(kept) == ["$aNgười Mèo$0(VN-NhaSan)x-1"]


def linked_of(book: Record) -> tuple[str, int | None]:
    """The linked subject of a record, and the authority that it leads to."""
    book.refresh_from_db()
    [field] = [each for each in book.marc.data("650") if each.first("0")]
    heading = Heading.objects.get(record=book, link__startswith="(")
    return field.content[2:].replace("\x1f", "$"), heading.authority_id


def test_what_was_changed_since_is_not_undone(two: tuple[Record, Record], librarian: Any) -> None:
    kept, gone = two
    row = merged(kept, gone, librarian)
    kept.refresh_from_db()
    marc = marc_lines.parse(marc_lines.write(kept.marc) + "\n653 ## $aSau khi gộp", keep=kept.marc)
    editing.change(kept, marc=marc, version=kept.version, by=librarian)
    with pytest.raises(CannotSave, match="đã được sửa sau khi gộp"):
        merging.undo(row, by=librarian)
    assert state(gone)[0] is False


def test_what_cannot_be_merged(two: tuple[Record, Record], shelve: Callable[..., Record], librarian: Any) -> None:
    kept, gone = two
    harvested = shelve("3", source=Source.objects.create(key="x", name="X"), identifier="oai:x:3")
    for other in (kept, harvested):
        with pytest.raises(CannotSave):
            merging.merge(kept, other, marc=kept.marc, versions=(1, 1), by=librarian)
    with pytest.raises(Changed):
        merging.merge(kept, gone, marc=kept.marc, versions=(1, 2), by=librarian)
    assert state(gone)[0] is True


def test_a_librarian_chooses_the_fields_on_the_page(client: Client, two: tuple[Record, Record], librarian: Any) -> None:
    kept, gone = two
    desk = sign_in_staff(client, librarian)
    url = reverse("library_editor:merge", args=[kept.pk])
    assert "Không thấy biểu ghi nào khác." in desk.get(url).text
    assert "Truyen co Tay" in desk.get(url, {"q": "Truyen"}).text
    assert "245 10 $aTruyen co Tay /$cHoàng Quyết sưu tầm." in desk.get(url, {"with": gone.pk}).text
    chosen = ["001 1", "003 VN-NhaSan", "245 10 $aTruyện cổ Tày", "246 3# $aTruyen co Tay"]
    fields = {"with": gone.pk, "version": 1, "other_version": 1, "line": chosen}
    assert desk.post(url, fields).status_code == 302
    kept.refresh_from_db()
    assert [line for line in marc_lines.write(kept.marc).split("\n")[1:] if line[:3] != "005"] == chosen
    assert Client().get(f"/library/records/{gone.pk}/").status_code == 410
    history = reverse("library_editor:history", args=[kept.pk])
    assert "Đã gộp “Truyen co Tay” vào biểu ghi này" in desk.get(history).text
    desk.post(reverse("library_editor:undo_merge", args=[kept.pk, RecordMerge.objects.get().pk]))
    assert Client().get(f"/library/records/{gone.pk}/").status_code == 200
