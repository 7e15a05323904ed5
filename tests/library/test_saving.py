"""Saving records: what matches, what becomes of it, what is told."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from library import iso2709, marcxml, records
from library.models import Collection, CollectionMembership, Record, Source
from library.records import Incoming
from library.signals import records_changed
from search.models import IndexQueue
from tests.library.books import book
from tests.library.conftest import incoming

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def outcomes(*batch: Incoming, **more: object) -> list[str]:
    return [outcome for _key, outcome in records.save_many(batch, **more)]  # type: ignore[arg-type]


def queued() -> list[str]:
    return list(IndexQueue.objects.order_by("id").values_list("key", flat=True))


def test_a_new_record_keeps_its_bytes_and_gets_its_columns() -> None:
    raw = iso2709.write(book())
    record, outcome = records.save(marc=book(), raw=raw, raw_format="iso2709")
    assert outcome == "imported"
    assert (bytes(record.raw), record.raw_format) == (raw, "iso2709")
    assert record.marc == book()
    assert (record.title, record.author, record.year, record.status) == (
        "Truyện cổ Tày",
        "Hoàng Quyết",
        1974,
        "published",
    )
    assert record.changed.microsecond == 0
    assert queued() == [f"record:{record.pk}"]


def test_identical_bytes_are_unchanged_and_nothing_is_told(shelve: Callable[..., Record]) -> None:
    before = shelve()
    IndexQueue.objects.all().delete()
    Record.objects.update(changed=LONG_AGO)
    assert outcomes(incoming(book())) == ["unchanged"]
    before.refresh_from_db()
    assert before.changed == LONG_AGO
    assert queued() == []


def test_same_003_and_001_with_other_bytes_replace(shelve: Callable[..., Record]) -> None:
    before = shelve()
    Record.objects.update(changed=LONG_AGO)
    assert outcomes(incoming(book(title="Nhan đề mới"))) == ["updated"]
    [after] = Record.objects.all()
    assert (after.pk, after.title, after.created_at) == (before.pk, "Nhan đề mới", before.created_at)
    assert after.changed > LONG_AGO


def test_without_003_only_identical_bytes_match() -> None:
    one, other = incoming(book(agency="")), incoming(book(agency="", title="Khác"))
    assert outcomes(one, other, one) == ["imported", "imported", "unchanged"]
    assert outcomes(other) == ["unchanged"]


def test_numbers_match_without_the_blanks_around_them() -> None:
    assert outcomes(incoming(book(" ns1 ")), incoming(book("ns1"))) == ["imported", "updated"]


def test_the_last_of_a_batch_wins() -> None:
    batch = [incoming(book(title=title)) for title in ("A", "B", "B", "A")]
    assert outcomes(*batch) == ["imported", "updated", "unchanged", "updated"]
    assert Record.objects.get().title == "A"


def test_one_record_per_source() -> None:
    source = Source.objects.create(key="lao-cai", name="Thư viện Lào Cai")
    assert outcomes(incoming(book())) == ["imported"]
    assert outcomes(incoming(book()), source=source) == ["imported"]
    assert outcomes(incoming(book()), source=source) == ["unchanged"]
    assert list(Record.objects.order_by("id").values_list("source__key", flat=True)) == [None, "lao-cai"]


def test_the_sources_own_identifier_decides_where_it_gave_one() -> None:
    source = Source.objects.create(key="lao-cai", name="Thư viện Lào Cai")
    batch = [incoming(book()), incoming(book())]
    batch[0].identifier, batch[1].identifier = "oai:x:1", "oai:x:2"
    assert outcomes(*batch, source=source) == ["imported", "imported"]
    changed = incoming(book("khác", title="Khác"))
    changed.identifier = "oai:x:2"
    assert outcomes(changed, source=source) == ["updated"]
    assert Record.objects.get(source_identifier="oai:x:2").control_number == "khác"


def test_a_deleted_record_that_comes_again_is_alive(shelve: Callable[..., Record]) -> None:
    record = shelve()
    records.delete(record, by=None)
    assert outcomes(incoming(book())) == ["updated"]
    assert Record.objects.get().deleted_at is None


def test_an_update_leaves_the_draft_a_draft(shelve: Callable[..., Record]) -> None:
    shelve(status="draft")
    assert outcomes(incoming(book(title="Khác"))) == ["updated"]
    assert Record.objects.get().status == "draft"


def test_joining_a_collection_changes_the_record_once(shelve: Callable[..., Record]) -> None:
    record = shelve()
    collection = Collection.objects.create(slug="tay", name="Tày")
    IndexQueue.objects.all().delete()
    Record.objects.update(changed=LONG_AGO)
    assert outcomes(incoming(book()), collections=[collection]) == ["unchanged"]
    record.refresh_from_db()
    assert record.changed > LONG_AGO
    assert queued() == [f"record:{record.pk}"]
    IndexQueue.objects.all().delete()
    assert outcomes(incoming(book()), collections=[collection]) == ["unchanged"]
    assert (CollectionMembership.objects.count(), queued()) == (1, [])


def test_receivers_are_told_once_per_batch() -> None:
    told: list[list[int]] = []

    def receive(records: list[int], **_more: object) -> None:
        told.append(records)

    records_changed.connect(receive)
    try:
        keys = [key for key, _outcome in records.save_many([incoming(book("1")), incoming(book("2"))])]
        records.save_many([incoming(book("1"))])
    finally:
        records_changed.disconnect(receive)
    assert told == [sorted(keys)]


def test_authorities_are_kept_and_do_not_count_as_bibliographic() -> None:
    records.save_many([incoming(book("1")), incoming(book("2", leader="00000nz  a2200000n  4500"))])
    assert Record.objects.count() == 2
    assert [record.control_number for record in Record.objects.bibliographic()] == ["1"]


def test_a_record_made_here_that_is_too_long_for_iso2709_is_kept_as_marcxml() -> None:
    marc = book(title="x" * 10_000)
    record, _outcome = records.save(marc=marc)
    assert (record.raw_format, bytes(record.raw)) == ("marcxml", marcxml.to_xml(marc))
    assert record.marc == marc


def test_a_batch_takes_a_constant_number_of_queries(django_assert_num_queries: Callable[..., object]) -> None:
    batch = [incoming(book(str(number))) for number in range(20)]
    with django_assert_num_queries(8):  # with headings and rules
        records.save_many(batch)
