"""The admin's way in for files of records."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import jobs
from core.models import AuditEntry, Job
from library import import_batches, iso2709, marc_json
from library.models import Collection, ImportBatch, Record
from people import accounts, roles
from tests.library.books import book
from tests.library.test_vietnamese_encodings import TEXT, old_file
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
BOOKS = [book(str(number), f"Sách {number}") for number in range(3)]
FILE = b"".join(map(iso2709.write, BOOKS))


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


@pytest.fixture
def cataloguer(client: Client, db: None) -> Client:
    roles.ensure()
    person = accounts.create(full_name="Lò Thị May", username="may", roles=(roles.CATALOGUER,))
    return sign_in_staff(client, person)


def hand_in(client: Client, data: bytes = FILE, name: str = "sach.mrc") -> ImportBatch:
    """Upload a file and let the worker analyse it."""
    response = client.post(reverse("library_imports:index"), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.context["form"].errors
    jobs.run_all()
    return ImportBatch.objects.latest("id")


def page(client: Client, batch: ImportBatch) -> str:
    return client.get(reverse("library_imports:batch", args=[batch.pk])).text


def accept(client: Client, batch: ImportBatch, **chosen: Any) -> ImportBatch:
    form = {"encoding": batch.encoding, "match_on": "number", "on_match": "overlay", "publish": "yes"} | chosen
    response = client.post(reverse("library_imports:batch", args=[batch.pk]), form)
    assert response.status_code == 302, response.context["form"].errors
    jobs.run_all()
    batch.refresh_from_db()
    return batch


def press(client: Client, batch: ImportBatch, name: str) -> int:
    status = client.post(reverse(f"library_imports:{name}", args=[batch.pk])).status_code
    jobs.run_all()
    batch.refresh_from_db()
    return status


def test_a_file_is_analysed_and_nothing_written_before_somebody_agrees(
    desk: Client, shelve: Callable[..., Record]
) -> None:
    shelve("1", "Cũ")
    damaged = b"00099" + iso2709.write(book("8", "Độ dài sai"))[5:]
    batch = hand_in(desk, FILE + damaged + iso2709.write(book("9"))[:-60])
    assert (batch.state, batch.encoding) == ("analysed", "")
    assert Record.objects.count() == 1
    found = batch.found
    assert (found["format"], found["records"], found["rejected"], found["repaired"]) == ("iso2709", 4, 1, {"length": 1})
    assert found["rules"]["number"] == {"new": 3, "matched": 1, "several": 0}
    assert found["refused"][0][0] == 5
    text = page(desk, batch)
    assert "độ dài ghi ở đầu biểu sai (1)" in text
    assert "Đồng ý, nhập 4 biểu ghi" in text


def test_what_was_agreed_is_written_into_the_collection(desk: Client) -> None:
    tay = Collection.objects.create(slug="tay", name="Tày")
    batch = accept(desk, hand_in(desk), collection=tay.pk, publish="no")
    assert (batch.state, batch.came) == ("done", {"add": 3})
    assert list(tay.records.order_by("id").values_list("title", "status")) == [
        (f"Sách {number}", "draft") for number in range(3)
    ]
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["library.hand_in_records", "library.import_records"]


def test_an_old_encoding_is_shown_and_confirmed(desk: Client) -> None:
    batch = hand_in(desk, old_file("tcvn3"))
    assert batch.encoding == "tcvn3"
    text = page(desk, batch)
    assert TEXT.split(":")[0] in text
    assert "TruyÖn" in text or "Truy" in text
    assert 'value="tcvn3" checked' in text
    accept(desk, batch)
    assert Record.objects.get().title.startswith("Truyện cổ các dân tộc thiểu số Việt Nam")


def test_the_person_may_say_another_encoding(desk: Client) -> None:
    batch = accept(desk, hand_in(desk, old_file("tcvn3")), encoding="viscii")
    assert batch.encoding == "viscii"
    assert not Record.objects.get().title.startswith("Truyện")


def test_marc_in_json_comes_in(desk: Client) -> None:
    data = b"[" + b",".join(map(marc_json.to_json, BOOKS)) + b"]"
    assert accept(desk, hand_in(desk, data, "a.json")).came == {"add": 3}


def test_what_is_no_marc_is_refused_with_a_way_on(desk: Client) -> None:
    batch = hand_in(desk, b"\xff\xd8\xff\xe0" * 3000, "anh.jpg")
    assert batch.state == "refused"
    assert "Tệp này không phải ISO 2709, MARCXML hay MARC-in-JSON." in page(desk, batch)


def test_a_stopped_import_goes_on_where_it_was(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_batches, "AT_ONCE", 2)
    batch = hand_in(desk)
    form = {"encoding": "", "match_on": "number", "on_match": "add", "publish": "yes"}
    desk.post(reverse("library_imports:batch", args=[batch.pk]), form)
    Job.objects.update(stop_requested=True)
    jobs.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.written_through, Record.objects.count()) == ("writing", 2, 2)
    assert "Đã xử lý 2 biểu ghi đầu của tệp." in page(desk, batch)
    assert press(desk, batch, "go_on") == 302
    assert (batch.state, Record.objects.count()) == ("done", 3)


def test_an_import_is_taken_back(desk: Client, shelve: Callable[..., Record]) -> None:
    old = shelve("1", "Cũ")
    batch = accept(desk, hand_in(desk))
    assert press(desk, batch, "take_back") == 302
    assert (batch.state, batch.taken) == ("taken_back", {"removed": 2, "restored": 1})
    assert list(Record.objects.filter(deleted_at=None).values_list("pk", "title")) == [(old.pk, "Cũ")]
    assert press(desk, batch, "take_back") == 302
    assert batch.state == "taken_back"


def test_the_report_says_what_came_of_each(desk: Client) -> None:
    cut = iso2709.write(book("9"))[:-60]
    batch = accept(desk, hand_in(desk, FILE + cut))
    content = desk.get(reverse("library_imports:report", args=[batch.pk])).getvalue()  # type: ignore[attr-defined]
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[1] for row in rows] == ["Kết quả", "Thêm mới", "Thêm mới", "Thêm mới", "Từ chối"]
    assert rows[1][3] == "Sách 0"
    assert rows[4][4].startswith("Bị cắt ngang: ")
    rejected = desk.get(reverse("library_imports:rejected", args=[batch.pk]))
    assert b"".join(rejected) == cut  # type: ignore[arg-type]


def test_a_dropped_file_is_not_written(desk: Client) -> None:
    batch = hand_in(desk)
    press(desk, batch, "drop")
    assert batch.state == "dropped"
    accepting = {"encoding": "", "match_on": "number", "on_match": "add", "publish": "yes"}
    desk.post(reverse("library_imports:batch", args=[batch.pk]), accepting)
    jobs.run_all()
    assert Record.objects.count() == 0


def test_a_cataloguer_sees_their_own_imports_and_makes_drafts(cataloguer: Client, librarian: Any) -> None:
    other = ImportBatch.objects.create(file_name="khac.mrc", started_by=librarian.uuid)
    assert cataloguer.get(reverse("library_imports:batch", args=[other.pk])).status_code == 404
    assert "khac.mrc" not in cataloguer.get(reverse("library_imports:index")).text
    batch = hand_in(cataloguer)
    form = {"encoding": "", "match_on": "number", "on_match": "overlay", "publish": "yes"}
    assert cataloguer.post(reverse("library_imports:batch", args=[batch.pk]), form).status_code == 200
    assert accept(cataloguer, batch, publish="no").came == {"add": 3}
    assert cataloguer.post(reverse("library_imports:take_back", args=[batch.pk])).status_code in {302, 403}
    assert Record.objects.filter(deleted_at=None, status="draft").count() == 3


def test_who_may_not_add_records_sees_nothing(client: Client) -> None:
    roles.ensure()
    editor = accounts.create(full_name="Lò Thị May", username="may", roles=(roles.EDITOR,))
    sign_in_staff(client, editor)
    assert client.get(reverse("library_imports:index")).status_code == 302
    assert client.post(reverse("library_imports:index"), {}).status_code == 302


def test_the_list_takes_a_constant_number_of_queries(desk: Client, django_assert_max_num_queries: Any) -> None:
    url = reverse("library_imports:index")
    hand_in(desk)
    desk.get(url)
    with django_assert_max_num_queries(40) as one:
        desk.get(url)
    count = len(one)
    for _number in range(3):
        hand_in(desk)
    with django_assert_max_num_queries(count):
        desk.get(url)
