"""Who gets what of a record: page, formats, files, search."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from core import outbox
from core.models import AuditEntry, Job
from library import consents, documents, records, rights
from library.marc import DataField
from library.models import CommunityConsent, Record, RecordFile, Source
from people import accounts
from tests.library.books import book
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db

LINK = DataField.of("856", "40", [("u", "https://thuvien.example.vn/toan-van.pdf"), ("y", "Toàn văn")])
STAFF_ONLY = DataField.of("506", "1 ", [("a", "Chỉ đọc tại chỗ.")])
SIGNED_IN = DataField.of("506", "1 ", [("a", "Dành cho bạn đọc."), ("f", "Đăng nhập")])
FIELDWORK = DataField.of("655", " 4", [("a", "Tư liệu điền dã.")])


@pytest.fixture
def reader() -> Any:
    return accounts.create(full_name="Lò Văn Đọc", username="doc")


def consent(record: Record, **more: Any) -> CommunityConsent:
    fields = {
        "community": "cộng đồng người Dao ở thôn Nậm Đăm",
        "given_by": "ông Lý Đại Duyên, già làng",
        "scope": "online",
        "given_on": timezone.localdate(),
    }
    return consents.keep(CommunityConsent(record=record, **fields | more), by=None)


@pytest.mark.parametrize(
    ("fields", "access"),
    [
        ((), "open"),
        ((DataField.of("506", "0 ", [("a", "Không hạn chế.")]),), "open"),
        ((DataField.of("506", "  ", [("a", "Chỉ đọc tại chỗ.")]),), "open"),
        ((STAFF_ONLY,), "staff"),
        ((SIGNED_IN,), "signed_in"),
        ((SIGNED_IN, STAFF_ONLY), "staff"),
        ((FIELDWORK,), "hidden"),
    ],
)
def test_access_is_derived_from_the_record(
    shelve: Callable[..., Record], fields: tuple[DataField, ...], access: str
) -> None:
    assert shelve(more=fields).access == access


def test_partners_records_stay_as_they_came(shelve: Callable[..., Record]) -> None:
    source = Source.objects.create(key="lc", name="Lào Cai")
    assert shelve(more=(STAFF_ONLY, FIELDWORK), source=source).access == "open"


def test_restricted_addresses_are_kept_from_the_public_but_not_from_staff(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    archive = DataField.of("857", "40", [("u", "https://luutru.example.vn/toan-van.pdf")])
    other_script = DataField.of("880", "40", [("6", "856-00/Khmr"), ("u", "https://km.example.vn/toan-van.pdf")])
    record = shelve(more=(STAFF_ONLY, LINK, archive, other_script))
    paths = [f"/library/records/{record.pk}{end}" for end in ("/", "/marc/", ".xml", ".json", ".mrc")]
    for path in paths:
        text = client.get(path).content.decode()
        assert "Chỉ đọc tại chỗ." in text
        assert "toan-van.pdf" not in text
    assert "chỉ đọc được tại thư viện" in client.get(paths[0]).text
    sign_in_staff(client, librarian)
    for path in paths:
        assert "toan-van.pdf" in client.get(path).content.decode()


def test_who_has_signed_in_may_read_what_is_for_readers(
    client: Client, shelve: Callable[..., Record], reader: Any
) -> None:
    record = shelve(more=(SIGNED_IN, LINK))
    url = f"/library/records/{record.pk}/"
    assert "dành cho bạn đọc đã đăng nhập" in client.get(url).text
    assert "toan-van.pdf" not in client.get(url).text
    client.force_login(reader)
    assert "toan-van.pdf" in client.get(url).text


@pytest.mark.parametrize(
    ("field", "public", "signed_in"), [(None, 200, 200), (SIGNED_IN, 404, 200), (STAFF_ONLY, 404, 404)]
)
def test_files_obey_the_records_access(
    client: Client,
    shelve: Callable[..., Record],
    reader: Any,
    librarian: Any,
    field: DataField | None,
    public: int,
    signed_in: int,
) -> None:
    record = shelve(more=(field,) if field else ())
    file = RecordFile(record=record, name="Toàn văn")
    file.file.save("a.pdf", ContentFile(b"%PDF-1.7 nguyen ban"))
    url = f"/library/files/{file.pk}/"
    assert client.get(url).status_code == public
    assert client.get(f"/media/{file.file.name}").status_code == 404
    client.force_login(reader)
    assert client.get(url).status_code == signed_in
    sign_in_staff(client, librarian)
    response = client.get(url, headers={"Range": "bytes=5-7"})
    assert (response.status_code, b"".join(response)) == (206, b"1.7")
    assert response["Cache-Control"] == ("public, max-age=86400" if field is None else "private, no-store")


def test_files_of_drafts_and_deleted_records_are_gone(client: Client, shelve: Callable[..., Record]) -> None:
    for number, status in (("1", "draft"), ("2", "published")):
        record = shelve(number, status=status)
        file = RecordFile(record=record, name="Toàn văn")
        file.file.save("a.pdf", ContentFile(b"%PDF-"))
        records.delete(record, by=None)
        assert client.get(f"/library/files/{file.pk}/").status_code == 404


def test_fieldwork_is_hidden_until_the_community_consents(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    record = shelve(more=(FIELDWORK, LINK))
    url = f"/library/records/{record.pk}/"
    assert client.get(url).status_code == 404
    assert client.get(f"/library/records/{record.pk}.xml").status_code == 404
    assert list(documents.documents([str(record.pk)])) == []
    consent(record, document="Biên bản ngày 1/3/2026", conditions="Nêu tên cộng đồng.")
    text = client.get(url).text
    for said in ("cộng đồng người Dao ở thôn Nậm Đăm", "ông Lý Đại Duyên, già làng", "Biên bản ngày 1/3/2026"):
        assert said in text
    assert "toan-van.pdf" in text
    assert [document.key for document in documents.documents([str(record.pk)])] == [str(record.pk)]


def test_a_consent_to_the_description_keeps_the_content_back(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve(more=(FIELDWORK, LINK))
    consent(record, scope="description")
    record.refresh_from_db()
    assert record.access == "staff"
    text = client.get(f"/library/records/{record.pk}/").text
    assert "Chỉ công khai phần mô tả" in text
    assert "toan-van.pdf" not in text


def test_a_withdrawal_hides_the_record_again_and_is_in_the_log_without_names(
    client: Client, shelve: Callable[..., Record], librarian: Any
) -> None:
    record = shelve(more=(FIELDWORK,))
    given = consent(record)
    before = Record.objects.get().changed
    given.withdrawn_on = timezone.localdate()
    consents.keep(given, by=librarian)
    assert client.get(f"/library/records/{record.pk}/").status_code == 404
    assert Record.objects.get().changed >= before
    entry = AuditEntry.objects.get(action="library.consent.withdraw")
    assert (entry.by, entry.subject, entry.detail) == (librarian.uuid, f"record:{record.pk}", {"scope": "online"})


def test_consents_begin_and_end_by_the_calendar(shelve: Callable[..., Record]) -> None:
    record, today = shelve(more=(FIELDWORK,)), timezone.localdate()
    consent(record, given_on=today + timedelta(days=1))
    assert Record.objects.get().access == "hidden"
    CommunityConsent.objects.update(given_on=today)
    job = Job.objects.create(kind=consents.SETTLE, title="x", state=Job.State.RUNNING, worker="w")
    consents.settle_due(job)
    assert Record.objects.get().access == "open"


def test_saving_the_record_again_keeps_what_the_community_said(shelve: Callable[..., Record]) -> None:
    record = shelve(more=(FIELDWORK,))
    consent(record, scope="description")
    records.save(marc=book(title="Tên mới", more=(FIELDWORK,)))
    record.refresh_from_db()
    assert (record.title, record.access) == ("Tên mới", "staff")
    outbox.drain_all()


def test_the_stricter_of_field_and_consent_holds() -> None:
    marc = book(more=(FIELDWORK, SIGNED_IN))
    assert rights.of(marc, own=True, consents=["online"], has_consents=True) == "signed_in"
    assert rights.of(marc, own=True, consents=["description"], has_consents=True) == "staff"
    assert rights.of(marc, own=True, consents=[], has_consents=True) == "hidden"
