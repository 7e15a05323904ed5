"""What is derived from records: headings, links, collections by rule, what the index gets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from core import jobs, outbox
from library import collections, documents, records, rules, shelving
from library.marc import DataField
from library.models import AuthorityName, Collection, CollectionMembership, Heading, Record, ShelfQueue, Source
from search.models import IndexQueue
from tests.library.test_headings import GROUP

pytestmark = pytest.mark.django_db

TAY = DataField.of("650", " 7", [("a", "Người Tày."), ("0", "(VN-NhaSan)dt-02")])


def authority(agency: str = "VN-NhaSan") -> Record:
    from library.marc import ControlField, MarcRecord

    marc = MarcRecord(GROUP.leader, [GROUP.fields[0], ControlField("003", agency), *GROUP.fields[1:]])
    return records.save(marc=marc)[0]


def derive(*rows: Record) -> None:
    shelving.derive([str(row.pk) for row in rows])


def linked() -> list[tuple[str, int | None]]:
    rows = Heading.objects.filter(text="Người Tày").order_by("record_id")
    return list(rows.values_list("text", "authority_id"))


@pytest.mark.parametrize("authority_first", [True, False])
def test_a_heading_is_linked_whichever_came_first(shelve: Callable[..., Record], authority_first: bool) -> None:
    rows = [authority(), shelve(more=(TAY,))] if authority_first else [shelve(more=(TAY,)), authority()]
    for row in rows:
        derive(row)
    [group] = Record.objects.authorities()
    assert linked() == [("Người Tày", group.pk)]


def test_another_agencys_number_is_another_record(shelve: Callable[..., Record]) -> None:
    derive(authority("VN-Khac"), shelve(more=(TAY,)))
    assert linked() == [("Người Tày", None)]


def test_a_deleted_authority_leaves_no_link_and_no_names(shelve: Callable[..., Record]) -> None:
    group, record = authority(), shelve(more=(TAY,))
    derive(group, record)
    records.delete(group, by=None)
    derive(group)
    assert linked() == [("Người Tày", None)]
    assert not AuthorityName.objects.exists()


def test_deriving_again_changes_nothing(shelve: Callable[..., Record]) -> None:
    rows = [authority(), shelve(more=(TAY,))]
    derive(*rows)
    before = [list(model.objects.order_by("text").values_list("text", flat=True)) for model in (Heading, AuthorityName)]
    derive(*rows)
    after = [list(model.objects.order_by("text").values_list("text", flat=True)) for model in (Heading, AuthorityName)]
    assert (
        before
        == after
        == [["Hoàng Quyết, 1929-", "Người Tày", "Văn học dân gian", "vie"], ["Dân tộc Tày", "Người Tày", "Thổ"]]
    )


def test_search_documents_get_the_variants(shelve: Callable[..., Record]) -> None:
    record = shelve(more=(TAY,))
    derive(authority(), record)
    [document] = documents.documents([str(record.pk)])
    assert document.text.endswith("Người Tày Thổ Dân tộc Tày")
    IndexQueue.objects.all().delete()
    group = Record.objects.authorities().get()
    derive(group)
    assert list(IndexQueue.objects.values_list("key", flat=True)) == [f"authority:{group.pk}"]


def test_new_names_bring_the_records_back_into_the_index(shelve: Callable[..., Record]) -> None:
    record, group = shelve(more=(TAY,)), authority()
    derive(record, group)
    IndexQueue.objects.all().delete()
    marc = group.marc
    marc.fields.append(DataField.of("450", "  ", [("a", "Phén")]))
    records.save(marc=marc)
    IndexQueue.objects.all().delete()
    derive(group)
    assert sorted(IndexQueue.objects.values_list("key", flat=True)) == [f"authority:{group.pk}", f"record:{record.pk}"]


@pytest.mark.parametrize(
    ("rule", "titles"),
    [
        ({}, []),
        ({"subject": ["người tày"]}, ["Tày"]),
        ({"subject": ["Thổ"]}, ["Tày"]),
        ({"subject": ["Người Tày", "Văn học dân gian"]}, ["Cũ", "Sách", "Tày"]),
        ({"language": ["tyz"]}, ["Tày"]),
        ({"material": ["map"]}, []),
        ({"subject": ["Văn học dân gian"], "year_from": 1970, "year_to": 1980}, ["Sách", "Tày"]),
        ({"year_to": 1969}, ["Cũ"]),
        ({"name": ["Hoàng Quyết, 1929-"], "genre": ["Truyện"]}, []),
    ],
)
def test_rules(shelve: Callable[..., Record], rule: dict[str, Any], titles: list[str]) -> None:
    speaks = DataField.of("041", "0 ", [("a", "vie"), ("a", "tyz")])
    rows = [authority(), shelve("1", "Sách"), shelve("2", "Tày", more=(TAY, speaks)), shelve("3", "Cũ", year=1950)]
    derive(*rows)
    assert sorted(rules.taken(rule).values_list("title", flat=True)) == titles


def test_records_join_and_leave_by_the_rule(shelve: Callable[..., Record]) -> None:
    tay = Collection.objects.create(slug="tay", name="Tày", rule={"subject": ["Người Tày"]})
    by_hand = shelve("1", "Xếp tay", collections=[tay])
    record = shelve("2", more=(TAY,))
    members = CollectionMembership.objects.order_by("record_id").values_list("record_id", "by_rule")
    assert list(members) == [(by_hand.pk, False), (record.pk, True)]  # a new one at once
    Record.objects.update(changed="2020-01-01T00:00:00Z")
    CollectionMembership.objects.filter(by_rule=True).delete()
    derive(by_hand, record)
    assert list(members.all()) == [(by_hand.pk, False), (record.pk, True)]
    assert [row.changed.year == 2020 for row in Record.objects.order_by("pk")] == [True, False]
    shelve("2")
    derive(by_hand, record)
    assert list(members.all()) == [(by_hand.pk, False)]


def test_a_new_rule_is_followed_by_a_job_and_by_the_command(shelve: Callable[..., Record], librarian: Any) -> None:
    for number in range(3):
        derive(shelve(str(number), more=(TAY,)))
    tay = collections.save(Collection(slug="tay", name="Tày", rule={"subject": ["Người Tày"]}), by=librarian)
    assert tay.memberships.count() == 0
    assert jobs.run_all() == 1
    assert tay.memberships.count() == 3
    tay.rule = {"subject": ["Người Nùng"]}
    tay.save()
    call_command("rebuild_collections", "tay", verbosity=0)
    assert tay.memberships.count() == 0


def test_harvested_records_are_taken_too(shelve: Callable[..., Record]) -> None:
    record = shelve(more=(TAY,), source=Source.objects.create(key="lc", name="Lào Cai"))
    derive(record)
    assert list(rules.taken({"subject": ["Người Tày"]})) == [record]


def test_new_records_are_shelved_at_once_and_changed_ones_by_the_worker(shelve: Callable[..., Record]) -> None:
    authority()
    outbox.drain_all()
    shelve(more=(TAY,))
    assert list(linked()) == [("Người Tày", Record.objects.authorities().get().pk)]
    assert not ShelfQueue.objects.exists()
    shelve()
    assert linked() != []
    outbox.drain_all()
    assert linked() == []


def test_a_new_record_with_a_link_to_nothing_is_looked_at_again(shelve: Callable[..., Record]) -> None:
    """On PostgreSQL the authority may be on its way in at this moment."""
    record = shelve(more=(TAY,))
    assert list(ShelfQueue.objects.values_list("key", flat=True)) == [str(record.pk)]
