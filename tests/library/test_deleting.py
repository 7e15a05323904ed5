"""Deleting leaves a tombstone."""

from collections.abc import Callable
from typing import Any

import pytest

from core.models import AuditEntry
from library import records
from library.models import Record
from search.models import IndexQueue

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
