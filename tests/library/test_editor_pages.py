"""The editor's pages as forms, without a script: making, changing, publishing, copying; who may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from library import marc_lines
from library.models import Record, RecordEditor, RecordVersion, Source
from people import accounts, roles
from search.models import IndexQueue
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db

LINES = """LDR 00000nam#a2200000#i#4500
008 240101s2024####vm############000#0#vie#d
020 ## $a9786043000001$q$c
245 10 $aTruyện cổ Thái$b$cLò Văn Sĩ kể
500 ## $a
650 #4 $aVăn học dân gian"""


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


@pytest.fixture
def cataloguer(db: None) -> Client:
    roles.ensure()
    person = accounts.create(full_name="Lò Thị May", username="may", roles=(roles.CATALOGUER,))
    return sign_in_staff(Client(), person)


def edit(record: Record) -> str:
    return reverse("library_editor:edit", args=[record.pk])


def post(client: Client, record: Record, text: str, *, version: int | None = None, **more: Any) -> Any:
    """Save and publish, unless told otherwise."""
    return client.post(edit(record), {"lines": text, "version": version or record.version, "then": "publish", **more})


def test_a_record_is_made_from_a_template_and_its_empty_parts_are_left_out(desk: Client) -> None:
    assert "Hiện vật dân tộc học" in desk.get(reverse("library_editor:templates")).text
    url = reverse("library_editor:create", args=["book"])
    assert "245 10 $a$b$c" in desk.get(url).text
    assert desk.post(url, {"lines": LINES}).status_code == 302
    record = Record.objects.get()
    assert record.status == "draft"
    assert record.title == "Truyện cổ Thái"
    lines = marc_lines.write(record.marc).split("\n")
    assert [line for line in lines if not line.startswith("005")] == [
        "LDR 00000nam#a2200000#i#4500",
        f"001 {record.control_number}",
        "003 VN-NhaSan",
        "008 240101s2024####vm############000#0#vie#d",
        "020 ## $a9786043000001",
        "245 10 $aTruyện cổ Thái$cLò Văn Sĩ kể",
        "650 #4 $aVăn học dân gian",
    ]
    assert AuditEntry.objects.filter(action="library.create", subject=f"record:{record.pk}").exists()


def test_lines_that_cannot_be_read_come_back_as_typed_with_the_reason(desk: Client) -> None:
    text = LINES + "\nxx\n700 1# tác giả"
    answer = desk.post(reverse("library_editor:create", args=["book"]), {"lines": text})
    assert answer.status_code == 422
    assert "Dòng 7" in answer.text
    assert "Trường 700 thiếu trường con" in answer.text
    assert "700 1# tác giả" in answer.text
    assert not Record.objects.exists()


def test_a_change_keeps_the_bytes_received_and_what_was_there_before(
    desk: Client, shelve: Callable[..., Record]
) -> None:
    record = shelve()
    raw = bytes(record.raw)
    text = marc_lines.write(record.marc).replace("Truyện cổ Tày", "Truyện cổ Nùng")
    IndexQueue.objects.all().delete()
    assert post(desk, record, text).status_code == 302
    after = Record.objects.get()
    assert (after.title, after.version, after.repairs) == ("Truyện cổ Nùng", 2, "edited")
    assert bytes(after.raw) == raw
    assert [row.key for row in IndexQueue.objects.all()] == [f"record:{record.pk}"]
    version = RecordVersion.objects.get()
    assert (version.number, version.action, bytes(version.before)) == (2, "edit", bytes(record.canonical))
    exported = desk.get(f"/library/records/{record.pk}.mrc").content
    assert "Truyện cổ Nùng".encode() in exported


def test_saving_what_was_not_changed_makes_no_version(desk: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    post(desk, record, marc_lines.write(record.marc))
    assert Record.objects.get().version == 1
    assert not RecordVersion.objects.exists()


def test_a_draft_is_invisible_until_it_is_published(desk: Client, client: Client) -> None:
    desk.post(reverse("library_editor:create", args=["book"]), {"lines": LINES})
    record = Record.objects.get()
    assert Client().get(f"/library/records/{record.pk}/").status_code == 404
    changed = record.changed
    Record.objects.update(changed=changed.replace(year=2020))
    assert desk.post(reverse("library_editor:publish", args=[record.pk])).status_code == 302
    assert Client().get(f"/library/records/{record.pk}/").status_code == 200
    assert Record.objects.get().changed >= changed
    desk.post(reverse("library_editor:withdraw", args=[record.pk]))
    assert Client().get(f"/library/records/{record.pk}/").status_code == 404
    assert [row.action for row in RecordVersion.objects.order_by("number")] == ["publish", "withdraw"]


def test_a_record_with_errors_stays_a_draft(desk: Client) -> None:
    url = reverse("library_editor:create", args=["book"])
    without_title = LINES.replace("245 10", "246 10")
    answer = desk.post(url, {"lines": without_title, "then": "publish"})
    assert answer.status_code == 422
    assert "Biểu ghi còn lỗi phải sửa trước khi công bố." in answer.text
    assert desk.post(url, {"lines": without_title}).status_code == 302
    record = Record.objects.get()
    desk.post(reverse("library_editor:publish", args=[record.pk]))
    assert Record.objects.get().status == "draft"


def test_errors_that_a_public_record_had_do_not_keep_it_from_being_mended(
    desk: Client, shelve: Callable[..., Record]
) -> None:
    record = shelve(leader="00000nam a2200000 i 4500")
    text = "\n".join(line for line in marc_lines.write(record.marc).split("\n") if not line.startswith("008"))
    assert post(desk, record, text).status_code == 422
    Record.objects.update(canonical=bytes(record.canonical).replace(b"008240101s1974", b"008s1974"))
    record.refresh_from_db()
    text = marc_lines.write(record.marc).replace("Truyện cổ Tày", "Truyện cổ Nùng")
    assert post(desk, record, text).status_code == 302
    assert Record.objects.get().title == "Truyện cổ Nùng"


def test_a_number_that_another_record_has_is_refused(desk: Client, shelve: Callable[..., Record]) -> None:
    shelve("ns0001", "Sử thi Đam San")
    record = shelve("ns0002")
    answer = post(desk, record, marc_lines.write(record.marc).replace("ns0002", "ns0001"))
    assert answer.status_code == 422
    assert "đã thuộc biểu ghi “Sử thi Đam San”" in answer.text
    assert post(desk, record, marc_lines.write(record.marc).replace("ns0002", "ns0003")).status_code == 302
    assert Record.objects.get(pk=record.pk).control_number == "ns0003"


def test_a_cataloguer_changes_drafts_only(cataloguer: Client, shelve: Callable[..., Record]) -> None:
    public = shelve("1")
    draft = shelve("2", status="draft")
    assert "được giữ thành bản nháp để thủ thư công bố" in cataloguer.get(edit(public)).text
    text = marc_lines.write(public.marc).replace("Truyện", "Chuyện")
    assert post(cataloguer, public, text).status_code == 302  # kept as a draft: see test_drafts
    assert post(cataloguer, draft, marc_lines.write(draft.marc).replace("Truyện", "Chuyện")).status_code == 302
    for name in ("publish", "withdraw"):
        cataloguer.post(reverse(f"library_editor:{name}", args=[draft.pk]))
    post(cataloguer, draft, text, version=2, then="publish")
    assert list(Record.objects.order_by("pk").values_list("title", "status")) == [
        ("Truyện cổ Tày", "published"),
        ("Chuyện cổ Tày", "draft"),
    ]
    cataloguer.get(reverse("library_editor:merge", args=[draft.pk]))
    assert cataloguer.get(reverse("library_editor:batches")).status_code in {302, 403}


def test_who_does_not_catalogue_sees_no_editor(client: Client, shelve: Callable[..., Record]) -> None:
    roles.ensure()
    manager = accounts.create(full_name="Vàng A Sử", username="su", roles=(roles.MANAGER,))
    sign_in_staff(client, manager)
    record = shelve(status="draft")
    for url in (edit(record), reverse("library_editor:templates"), reverse("library_editor:rules", args=["bib"])):
        assert client.get(url).status_code in {302, 403}
    assert client.post(reverse("library_editor:check"), {"lines": LINES}).status_code in {302, 403}


def test_a_harvested_record_stays_as_it_came_but_can_be_copied(desk: Client, shelve: Callable[..., Record]) -> None:
    source = Source.objects.create(key="nlv", name="Thư viện Quốc gia Việt Nam")
    record = shelve("n1", source=source, identifier="oai:nlv:1")
    assert "Biểu ghi thu hoạch được giữ như nguồn đã gửi" in desk.get(edit(record)).text
    assert post(desk, record, marc_lines.write(record.marc).replace("Tày", "Nùng")).status_code in {302, 403}
    record.refresh_from_db()
    assert record.title == "Truyện cổ Tày"
    assert desk.post(reverse("library_editor:copy", args=[record.pk])).status_code == 302
    copy = Record.objects.latest("pk")
    assert (copy.title, copy.status, copy.source) == ("Truyện cổ Tày", "draft", None)
    assert copy.control_number not in {"", record.control_number}


def test_the_script_is_told_what_is_wrong_and_where(desk: Client) -> None:
    answer = desk.post(reverse("library_editor:check"), {"lines": LINES.replace("650 #4", "650 9#")})
    found = {(each["line"], each["place"]): each["severity"] for each in answer.json()["problems"]}
    assert found[2, "020 $a"] == "warning"
    assert found[5, "650"] == "warning"
    assert not [place for _line, place in found if place == "245 $b"]  # empty, so it will not be saved
    assert desk.post(reverse("library_editor:check"), {"lines": "245"}).json()["problems"][0]["severity"] == "error"


def test_the_rules_name_fields_in_the_language_of_the_page(desk: Client) -> None:
    rules = desk.get(reverse("library_editor:rules", args=["bib"])).json()
    assert rules["fields"]["245"]["name"] == "Nhan đề và thông tin trách nhiệm"
    assert rules["fields"]["245"]["subfields"][0] == ["a", "Nhan đề chính", False]
    assert rules["fixed"]["008"]["maps"][0][2] == "Ngày nhập tệp"
    assert rules["lists"]["countries"]["vm"] == "Việt Nam"


def test_others_who_have_it_open_are_named(desk: Client, cataloguer: Client, shelve: Callable[..., Record]) -> None:
    record = shelve(status="draft")
    url = reverse("library_editor:presence", args=[record.pk])
    assert desk.post(url).json() == {"others": [], "version": 1, "draft": 0}
    assert cataloguer.post(url).json() == {"others": ["Vi Thị Sen"], "version": 1, "draft": 0}
    assert "Lò Thị May cũng đang mở biểu ghi này." in desk.get(edit(record)).text
    assert RecordEditor.objects.count() == 2


def test_a_draft_that_somebody_else_kept_meanwhile_is_told(
    desk: Client, cataloguer: Client, shelve: Callable[..., Record]
) -> None:
    record = shelve()
    url = reverse("library_editor:presence", args=[record.pk])
    assert 'data-draft="0"' in cataloguer.get(edit(record)).text
    text = marc_lines.write(record.marc) + "\n653 ## $aTừ khóa"
    assert desk.post(edit(record), {"lines": text, "version": "1", "number": "0"}).status_code == 302
    assert cataloguer.post(url).json()["draft"] == 1
    assert 'data-draft="1"' in cataloguer.get(edit(record)).text


def test_the_editor_takes_a_constant_number_of_queries(desk: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    desk.get(edit(record))
    with CaptureQueriesContext(connection) as few:
        desk.get(edit(record))
    text = marc_lines.write(record.marc) + "".join(f"\n653 ## $aTừ khóa {number}" for number in range(60))
    assert post(desk, record, text).status_code == 302
    with CaptureQueriesContext(connection) as many:
        desk.get(edit(record))
    assert len(many) == len(few)
