"""Many records at once: seen, made, taken back; what somebody changed since stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import jobs
from core.models import Job
from library import batch_changes, batch_operations, editing, marc_lines
from library.models import BatchChange, Collection, Record, RecordVersion, Source
from tests.library.books import book
from tests.people.signing_in import sign_in_staff

LDR = "LDR 00000nam#a2200000#i#4500\n"
REPLACE = {"what": "replace", "tag": "260", "code": "a", "find": "Hà Nội", "put": "H."}


def lines(text: str, change: dict[str, Any]) -> list[str]:
    marc = batch_operations.apply(change, marc_lines.parse(LDR + text))
    return marc_lines.write(marc).split("\n")[1:]


@pytest.mark.parametrize(
    ("change", "text", "after"),
    [
        (REPLACE, "260 ## $aHà Nội :$bHà Nội", ["260 ## $aH. :$bHà Nội"]),
        (REPLACE | {"code": ""}, "260 ## $aHà Nội :$bHà Nội", ["260 ## $aH. :$bH."]),
        (REPLACE, "264 #1 $aHà Nội", ["264 #1 $aHà Nội"]),
        (REPLACE | {"find": "Hà Nội", "put": ""}, "260 ## $aHà Nội$bX", ["260 ## $bX"]),
        (REPLACE, "260 ## $aHa\u0300 No\u0323\u0302i :$bX", ["260 ## $aH. :$bX"]),  # however the marks are written
        (REPLACE, "260 ## $aHa\u0300 No\u0302i :$bX", ["260 ## $aHa\u0300 No\u0302i :$bX"]),
        ({"what": "delete", "tag": "653", "find": "Tày"}, "653 ## $aTa\u0300y\n653 ## $aTay", ["653 ## $aTay"]),
        ({"what": "add", "line": "500 ## $aTặng"}, "245 10 $aX\n650 #4 $aY",
         ["245 10 $aX", "500 ## $aTặng", "650 #4 $aY"]),
        ({"what": "add", "line": "500 ## $aTặng"}, "500 ## $aTặng", ["500 ## $aTặng"]),
        ({"what": "delete", "tag": "653", "find": ""}, "653 ## $aA\n245 10 $aX", ["245 10 $aX"]),
        ({"what": "delete", "tag": "653", "find": "A"}, "653 ## $aA\n653 ## $aB", ["653 ## $aB"]),
        ({"what": "move", "tag": "260", "code": "c", "to_tag": "264", "to_code": "c"}, "260 ## $aH.$c2001",
         ["260 ## $aH.", "264 ## $c2001"]),
        ({"what": "move", "tag": "653", "code": "a", "to_tag": "650", "to_code": "a"}, "653 ## $aA$aB",
         ["650 ## $aA$aB"]),
        ({"what": "move", "tag": "245", "code": "b", "to_tag": "245", "to_code": "p"}, "245 10 $aA$bB",
         ["245 10 $aA$pB"]),
    ],
)  # fmt: skip
def test_operations(change: dict[str, Any], text: str, after: list[str]) -> None:
    assert lines(text, change) == after


def place(record: Record) -> str:
    record.refresh_from_db()
    found = record.marc.first("260")
    return found.first("a") if found else ""


@pytest.mark.django_db
def test_a_batch_is_seen_made_and_undone_unless_changed_since(shelve: Callable[..., Record], librarian: Any) -> None:
    some = [shelve(str(number)) for number in range(120)]
    source = Source.objects.create(key="x", name="X")
    harvested = shelve("h", source=source, identifier="oai:x:h")
    batch = batch_changes.start(selection={"words": "Tày"}, change=REPLACE, by=librarian)
    jobs.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts) == ("ready", {"looked": 120, "fitting": 120})
    assert batch.first == [record.pk for record in some[:10]]
    assert place(some[0]) == "Hà Nội :"
    batch_changes.make(batch, by=librarian)
    jobs.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["made"], batch.counts["refused"]) == ("made", 120, 0)
    assert {place(record) for record in some} == {"H. :"}
    assert place(harvested) == "Hà Nội :"
    later = some[7]
    later.refresh_from_db()
    marc = marc_lines.parse(marc_lines.write(later.marc).replace("H. :", "Huế :"))
    editing.change(later, marc=marc, version=2, by=librarian)
    batch_changes.undo(batch, by=librarian)
    jobs.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["undone"], batch.counts["left"]) == ("undone", 119, 1)
    assert place(later) == "Huế :"
    assert {place(record) for record in some if record != later} == {"Hà Nội :"}
    assert RecordVersion.objects.filter(action="undo").count() == 119


@pytest.mark.django_db
def test_a_stopped_batch_goes_on_where_it_was(
    shelve: Callable[..., Record], librarian: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [shelve(str(number)) for number in range(6)]
    monkeypatch.setattr(batch_changes, "STEP", 2)
    batch = batch_changes.start(selection={}, change={"what": "add", "line": "500 ## $aX"}, by=librarian)
    jobs.run_all()
    batch_changes.make(batch, by=librarian)
    job = Job.objects.get(kind=batch_changes.MAKE)
    Job.objects.filter(pk=job.pk).update(state="running", worker="w", stop_requested=True)
    job.refresh_from_db()
    with pytest.raises(jobs.Stopped):
        batch_changes.make_all(job)
    Job.objects.filter(pk=job.pk).update(state="queued", stop_requested=False)
    jobs.run_all()
    batch.refresh_from_db()
    assert batch.counts["made"] == 6
    assert [Record.objects.get(pk=record.pk).version for record in some] == [2] * 6


@pytest.mark.django_db
def test_what_would_get_an_error_is_left(shelve: Callable[..., Record], librarian: Any) -> None:
    public, draft = shelve("1"), shelve("2", status="draft")
    batch = batch_changes.start(selection={}, change={"what": "delete", "tag": "245", "find": ""}, by=librarian)
    jobs.run_all()
    batch_changes.make(batch, by=librarian)
    jobs.run_all()
    batch.refresh_from_db()
    assert (batch.counts["made"], batch.counts["refused"]) == (1, 1)
    assert Record.objects.get(pk=public.pk).marc == book("1")
    assert Record.objects.get(pk=draft.pk).marc.first("245") is None


@pytest.mark.django_db
def test_pages_ask_show_and_do(client: Client, shelve: Callable[..., Record], librarian: Any) -> None:
    desk = sign_in_staff(client, librarian)
    tay = Collection.objects.create(slug="tay", name="Tày")
    inside, outside = shelve("1", collections=[tay]), shelve("2")
    url = reverse("library_editor:new_batch")
    assert "Việc này cần mục này." in desk.post(url, {"what": "replace", "tag": "260"}).text
    bad = desk.post(url, {"what": "add", "line": "500 tặng"})
    assert "Trường 500 thiếu trường con" in bad.text
    assert not BatchChange.objects.exists()
    assert desk.post(url, REPLACE | {"collection": tay.pk}).status_code == 302
    batch = BatchChange.objects.get()
    page = reverse("library_editor:batch", args=[batch.pk])
    assert 'http-equiv="refresh"' in desk.get(page).text
    jobs.run_all()
    shown = desk.get(page).text
    assert "<code>260 ## $aH. :$bVăn hóa dân tộc,$c1974.</code>" in shown
    assert "Đồng ý, sửa 1 biểu ghi" in shown
    desk.post(reverse("library_editor:make_batch", args=[batch.pk]))
    desk.post(reverse("library_editor:make_batch", args=[batch.pk]))  # pressed twice
    jobs.run_all()
    assert (place(inside), place(outside)) == ("H. :", "Hà Nội :")
    assert "Hoàn tác lần sửa này" in desk.get(page).text
    desk.post(reverse("library_editor:undo_batch", args=[batch.pk]))
    jobs.run_all()
    assert place(inside) == "Hà Nội :"
    assert "260 $a “Hà Nội” → “H.”" in desk.get(reverse("library_editor:batches")).text
