"""A published record with changes that readers do not see yet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from library import drafts, editing, marc_lines
from library.models import PendingDraft, Record, RecordVersion
from people import accounts, roles
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


@pytest.fixture
def cataloguer(db: None) -> Client:
    roles.ensure()
    return sign_in_staff(Client(), accounts.create(full_name="Lò Thị May", username="may", roles=(roles.CATALOGUER,)))


def url(name: str, record: Record) -> str:
    return reverse(f"library_editor:{name}", args=[record.pk])


def send(client: Client, record: Record, old: str, new: str, *, then: str = "save", number: int = 0) -> Any:
    """Save the record's published content with one change, as begun with the draft of this number."""
    lines = marc_lines.write(record.marc).replace(old, new)
    return client.post(url("edit", record), {"lines": lines, "version": record.version, "number": number, "then": then})


def test_readers_see_a_draft_only_when_it_is_published(desk: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    assert send(desk, record, "Truyện cổ Tày", "Truyện cổ Nùng").status_code == 302
    assert Record.objects.get().title == "Truyện cổ Tày"
    assert "Truyện cổ Nùng" not in Client().get(record.get_absolute_url()).text
    page = desk.get(url("edit", record))
    assert "Truyện cổ Nùng" in page.context["text"]
    assert "Có thay đổi chưa công bố: Vi Thị Sen" in desk.get(url("history", record)).text
    draft = desk.get(url("draft", record))
    assert [(each.before, each.after) for each in draft.context["changes"] if each.kind != "same"] == [
        ("245 10 $aTruyện cổ Tày /$cHoàng Quyết sưu tầm.", "245 10 $aTruyện cổ Nùng /$cHoàng Quyết sưu tầm.")
    ]
    answer = desk.post(
        url("edit", record), {"lines": page.context["text"], "version": 1, "number": 1, "then": "publish"}
    )
    assert answer.status_code == 302
    after = Record.objects.get()
    assert (after.title, after.status, after.version) == ("Truyện cổ Nùng", "published", 2)
    version = RecordVersion.objects.get()
    assert (version.action, bytes(version.before)) == ("publish", bytes(record.canonical))
    assert not PendingDraft.objects.exists()
    assert desk.get(url("draft", record)).status_code == 404
    assert list(AuditEntry.objects.filter(action="library.keep_draft").values_list("subject", flat=True)) == [
        f"record:{record.pk}"
    ]


def test_a_cataloguer_proposes_and_a_librarian_publishes(
    desk: Client, cataloguer: Client, shelve: Callable[..., Record]
) -> None:
    record = shelve()
    assert send(cataloguer, record, "Truyện cổ Tày", "Truyện Tày", then="publish").status_code == 302
    assert (Record.objects.get().title, PendingDraft.objects.get().by.username) == ("Truyện cổ Tày", "may")
    listed = desk.get(reverse("library_records:index"), {"pending": "true"})
    assert "Truyện cổ Tày" in listed.text
    assert "Đây là bản nháp của Lò Thị May" in desk.get(url("edit", record)).text


def test_two_who_keep_drafts_do_not_overwrite_each_other(
    desk: Client, cataloguer: Client, shelve: Callable[..., Record]
) -> None:
    record = shelve()
    send(cataloguer, record, "Truyện cổ Tày", "Truyện Tày")
    assert send(desk, record, "359 tr.", "360 tr.").status_code == 302  # begun before the first was kept
    lines = marc_lines.write(PendingDraft.objects.get().marc)
    assert "$aTruyện Tày" in lines
    assert "$a360 tr." in lines
    assert send(desk, record, "Truyện cổ Tày", "Truyện kể Tày").status_code == 409


def test_what_was_published_meanwhile_is_joined_when_the_draft_is(desk: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    send(desk, record, "Truyện cổ Tày", "Truyện Tày")
    now = marc_lines.parse(marc_lines.write(record.marc).replace("359 tr.", "360 tr."))
    editing.change(record, marc=now, version=1, by=None)
    draft = PendingDraft.objects.get()
    desk.post(
        url("edit", record),
        {"lines": marc_lines.write(draft.marc), "version": draft.version, "number": draft.number, "then": "publish"},
    )
    lines = marc_lines.write(Record.objects.get().marc)
    assert "$aTruyện Tày" in lines
    assert "$a360 tr." in lines
    assert not PendingDraft.objects.exists()


def test_a_draft_is_dropped_and_keeps_the_record_from_being_withdrawn(
    desk: Client, librarian: Any, shelve: Callable[..., Record]
) -> None:
    record = shelve()
    send(desk, record, "Truyện cổ Tày", "Truyện Tày")
    with pytest.raises(editing.CannotSave, match="thay đổi chưa công bố"):
        editing.withdraw(record, by=librarian)
    assert desk.post(url("drop_draft", record)).status_code == 302
    assert (PendingDraft.objects.count(), Record.objects.get().version) == (0, 1)
    assert editing.withdraw(record, by=librarian).status == "draft"


def test_nothing_changed_is_no_draft(librarian: Any, shelve: Callable[..., Record]) -> None:
    record = shelve()
    with pytest.raises(editing.CannotSave, match="Chưa có gì khác"):
        drafts.keep(record, marc=record.marc, version=1, number=0, by=librarian)
