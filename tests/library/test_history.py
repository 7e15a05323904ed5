"""What a record said before: kept at each change, shown field by field, brought back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from library import editing, history, iso2709, marc_lines, records
from library.editing import Changed
from library.history import Change
from library.marc import MarcRecord
from library.models import Record, RecordVersion
from tests.library.books import book
from tests.library.conftest import incoming
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


def retitled(record: Record, title: str, by: Any) -> Record:
    text = marc_lines.write(record.marc).replace(record.title, title)
    marc = marc_lines.parse(text, keep=record.marc)
    return editing.change(record, marc=marc, version=record.version, by=by)


def content(marc: MarcRecord) -> list[str]:
    return [line for line in marc_lines.write(marc).split("\n") if line[:3] != "005"]


def test_each_version_can_be_read_again(shelve: Callable[..., Record], librarian: Any) -> None:
    first = shelve()
    second = retitled(first, "Hai", librarian)
    third = retitled(second, "Ba", librarian)
    assert third.version == 3
    assert history.content(third, 1) == first.marc
    assert history.content(third, 2) == second.marc
    assert history.content(third, 3) == third.marc
    with pytest.raises(LookupError):
        history.content(third, 9)
    assert [(row.number, row.action, row.by) for row in third.versions.all()] == [
        (3, "edit", librarian),
        (2, "edit", librarian),
    ]


@pytest.mark.parametrize("typed", ["00714cam  2200205 a 4500", "     cam    00000 a     ", "00000cam a4400000 a 45e0"])
def test_what_is_always_so_in_the_leader_is_set_when_a_record_is_saved(typed: str, librarian: Any) -> None:
    marc = MarcRecord(typed, book().fields)
    record = editing.create(marc=marc, by=librarian)
    assert (record.marc.leader[5:12], record.marc.leader[17:]) == ("cam a22", " a 4500")
    assert iso2709.parse(iso2709.write(record.marc))[1] == ()


def test_an_older_version_refuses_to_be_written_over_a_newer(shelve: Callable[..., Record], librarian: Any) -> None:
    first = shelve()
    retitled(first, "Hai", librarian)
    with pytest.raises(Changed):
        retitled(first, "Ba", librarian)
    assert Record.objects.get().title == "Hai"


def test_a_difference_puts_changed_fields_side_by_side() -> None:
    before = marc_lines.parse("LDR x\n245 10 $aA\n300 ## $a1 tr.\n500 ## $aX\n650 #4 $aTày")
    after = marc_lines.parse("LDR x\n245 10 $aB\n300 ## $a1 tr.\n520 ## $aTóm tắt\n650 #4 $aTày")
    assert [each for each in history.difference(before, after) if each.kind != "same"] == [
        Change("changed", "245 10 $aA", "245 10 $aB"),
        Change("removed", "500 ## $aX", ""),
        Change("added", "", "520 ## $aTóm tắt"),
    ]
    assert {each.kind for each in history.difference(before, before)} == {"same"}


def test_what_an_import_overwrites_is_kept(shelve: Callable[..., Record], librarian: Any) -> None:
    edited = retitled(shelve(), "Đã sửa", librarian)
    records.save_many([incoming(book(title="Từ tệp"))])
    after = Record.objects.get()
    assert (after.title, after.version, after.repairs) == ("Từ tệp", 3, "")
    assert content(history.content(after, 2)) == content(edited.marc)
    assert after.versions.first().action == RecordVersion.Action.IMPORT


def test_the_same_file_again_leaves_what_was_edited(shelve: Callable[..., Record], librarian: Any) -> None:
    retitled(shelve(), "Đã sửa", librarian)
    [(_key, outcome)] = records.save_many([incoming(book())])
    assert outcome == "unchanged"
    assert Record.objects.get().title == "Đã sửa"


def test_pages_show_the_history_and_restore(client: Client, shelve: Callable[..., Record], librarian: Any) -> None:
    desk = sign_in_staff(client, librarian)
    record = shelve()
    url = reverse("library_editor:history", args=[record.pk])
    assert "Biểu ghi chưa được sửa lần nào." in desk.get(url).text
    record = retitled(record, "Hai", librarian)
    text = desk.get(url).text
    assert "Vi Thị Sen" in text
    page = reverse("library_editor:version", args=[record.pk, 2])
    shown = desk.get(page).text
    assert "<code>245 10 $aTruyện cổ Tày /$cHoàng Quyết sưu tầm.</code>" in shown
    assert "<code>245 10 $aHai /$cHoàng Quyết sưu tầm.</code>" in shown
    assert desk.post(page, {"version": 1}).status_code == 302  # somebody was faster
    assert Record.objects.get().title == "Hai"
    assert desk.post(page, {"version": 2}).status_code == 302
    after = Record.objects.get()
    assert (after.title, after.version) == ("Truyện cổ Tày", 3)
    assert after.versions.first().action == RecordVersion.Action.RESTORE
    assert desk.get(reverse("library_editor:version", args=[record.pk, 99])).status_code == 404


def test_the_history_takes_a_constant_number_of_queries(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    desk = sign_in_staff(client, librarian)
    record = retitled(shelve(), "Lần không", librarian)
    url = reverse("library_editor:history", args=[record.pk])
    desk.get(url)
    with CaptureQueriesContext(connection) as few:
        desk.get(url)
    for number in range(1, 8):
        record = retitled(record, f"Lần thứ {number}", librarian)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(few)
