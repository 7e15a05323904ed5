"""Deleting leaves a tombstone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import outbox
from core.models import AuditEntry
from library import editing, merging, records
from library.editing import CannotSave
from library.models import Copy, HoldingLibrary, Record
from people import accounts, roles
from search.models import IndexQueue
from tests.library.test_authorities import authority, subject
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


def test_a_deleted_record_stays_as_a_tombstone(shelve: Callable[..., Record], librarian: Any) -> None:
    record = shelve()
    IndexQueue.objects.all().delete()
    records.delete(record, by=librarian)
    assert record.deleted_at == record.changed
    assert list(Record.objects.public()) == []
    assert [row.key for row in IndexQueue.objects.all()] == [f"record:{record.pk}"]
    [entry] = AuditEntry.objects.filter(action="library.delete")
    assert (entry.by, entry.subject, entry.detail) == (
        librarian.uuid,
        f"record:{record.pk}",
        {"title": "Truyện cổ Tày"},
    )


def test_deleting_again_changes_nothing(shelve: Callable[..., Record]) -> None:
    record = shelve()
    records.delete(record, by=None)
    before = record.deleted_at
    records.delete(record, by=None)
    assert record.deleted_at == before
    assert AuditEntry.objects.count() == 1


def test_many(shelve: Callable[..., Record]) -> None:
    keys = [shelve(number).pk for number in ("1", "2", "3")]
    assert records.delete_many(keys[:2]) == keys[:2]
    assert records.delete_many(keys) == keys[2:]
    assert Record.objects.filter(deleted_at=None).count() == 0


def test_a_record_with_copies_is_not_deleted_until_they_are_written_off(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    desk = sign_in_staff(client, librarian)
    record = shelve("1", "Sách")
    shelf = HoldingLibrary.objects.create(code="VN-BH", name="Tủ sách Bắc Hà")
    copy = Copy.objects.create(record=record, library=shelf, register_number="VN.2026.000001")
    url = reverse("library_records:delete", args=[record.pk])
    assert "Biểu ghi còn 1 bản chưa thanh lý" in desk.post(url, follow=True).text
    record.refresh_from_db()
    assert record.deleted_at is None
    Copy.objects.filter(pk=copy.pk).update(status=Copy.Status.WITHDRAWN)
    desk.post(url)
    record.refresh_from_db()
    assert record.deleted_at is not None


def test_an_authority_is_not_deleted_while_records_use_it(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    desk = sign_in_staff(client, librarian)
    group = authority()
    book = shelve("1", "Sách", more=(subject("Người Tày", "dt-02"),))
    outbox.drain_all()
    url = reverse("library_records:delete", args=[group.pk])
    assert "1 biểu ghi dùng tiêu đề này nên chưa xóa được" in desk.post(url, follow=True).text
    group.refresh_from_db()
    assert group.deleted_at is None
    records.delete(book, by=librarian)
    desk.post(url)
    group.refresh_from_db()
    assert group.deleted_at is not None


def test_a_deleted_record_is_brought_back_as_it_was(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    desk = sign_in_staff(client, librarian)
    record = shelve("1", "Sách")
    records.delete(record, by=librarian)
    IndexQueue.objects.all().delete()
    address = reverse("library_editor:bring_back", args=[record.pk])
    assert f'action="{address}"' in desk.get(reverse("library_records:inspect", args=[record.pk])).text
    assert "Đã lấy lại biểu ghi." in desk.post(address, follow=True).text
    record.refresh_from_db()
    assert (record.deleted_at, record.title) == (None, "Sách")
    assert IndexQueue.objects.filter(key=f"record:{record.pk}").exists()
    assert Client().get(f"/library/records/{record.pk}/").status_code == 200
    assert desk.post(address).status_code == 404  # it is not deleted any more


def test_a_merged_record_comes_back_by_undoing_the_merge_alone(shelve: Callable[..., Record], librarian: Any) -> None:
    kept, gone = shelve("1", "Một"), shelve("2", "Hai")
    merging.merge(kept, gone, marc=kept.marc, versions=(1, 1), by=librarian)
    with pytest.raises(CannotSave, match="đã được gộp"):
        editing.bring_back(gone, by=librarian)
    gone.refresh_from_db()
    assert gone.deleted_at is not None


def test_who_may_not_delete_may_not_bring_back(client: Client, shelve: Callable[..., Record]) -> None:
    roles.ensure()
    sign_in_staff(client, accounts.create(full_name="Lò Thị Biên", username="bien", roles=(roles.CATALOGUER,)))
    record = shelve("1", "Sách")
    records.delete(record, by=None)
    client.post(reverse("library_editor:bring_back", args=[record.pk]))
    record.refresh_from_db()
    assert record.deleted_at is not None
