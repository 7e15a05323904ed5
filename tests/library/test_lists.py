"""Lists of one's own: keeping, citing, sharing, and whose they are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from library import records
from library.models import ListEntry, ReadingList, Record
from people import accounts
from people.signals import person_erased

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Any:
    person = accounts.create(full_name="Lò Văn Đọc", username="doc")
    client.force_login(person)
    return person


def keep(client: Client, record: Record, **fields: Any) -> Any:
    return client.post(f"/library/records/{record.pk}/keep/", fields, follow=True)


def test_a_record_is_kept_in_a_new_list_and_then_in_the_same(
    client: Client, reader: Any, shelve: Callable[..., Record]
) -> None:
    one, two = shelve("1", "Một"), shelve("2", "Hai")
    assert "Đã cất vào danh sách “Luận văn”." in keep(client, one, name="  Luận  văn ").text
    mine = ReadingList.objects.get()
    assert (mine.owner, mine.name, mine.share_code) == (reader, "Luận văn", None)
    keep(client, two, list=str(mine.pk), name=" ")
    keep(client, two, name="Luận văn")
    assert list(mine.entries.values_list("record", flat=True)) == [two.pk, one.pk]
    assert "2 tài liệu" in client.get("/library/lists/").text
    keep(client, two, list=str(mine.pk), name="Bài giảng")
    assert ReadingList.objects.get(name="Bài giảng").entries.count() == 1


def test_keeping_asks_to_sign_in(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    assert "/accounts/login/" in client.post(f"/library/records/{record.pk}/keep/")["Location"]
    assert f"/accounts/login/?next=/library/records/{record.pk}/" in client.get(f"/library/records/{record.pk}/").text
    assert not ReadingList.objects.exists()


@pytest.mark.parametrize("path", ["", "change/"])
def test_nobody_else_sees_or_changes_a_list(client: Client, reader: Any, path: str) -> None:
    theirs = ReadingList.objects.create(owner=accounts.create(full_name="Vi", username="vi"), name="Riêng")
    address = f"/library/lists/{theirs.pk}/{path}"
    response = client.post(address, {"do": "delete"}) if path else client.get(address)
    assert response.status_code == 404
    assert client.get(f"/library/lists/{theirs.pk}.ris").status_code == 404
    assert ReadingList.objects.filter(pk=theirs.pk).exists()


def test_another_persons_list_cannot_be_filled(client: Client, reader: Any, shelve: Callable[..., Record]) -> None:
    theirs = ReadingList.objects.create(owner=accounts.create(full_name="Vi", username="vi"), name="Riêng")
    assert keep(client, shelve(), list=str(theirs.pk)).status_code == 404
    assert not ListEntry.objects.exists()


def test_a_list_is_cited_in_each_style_and_exported(client: Client, reader: Any, shelve: Callable[..., Record]) -> None:
    keep(client, shelve(), name="A")
    pk = ReadingList.objects.get().pk
    assert "Hoàng Quyết, 1929-" not in client.get(f"/library/lists/{pk}/").text
    assert "Hoàng Quyết (1974), Truyện cổ Tày, Văn hóa dân tộc, Hà Nội." in client.get(f"/library/lists/{pk}/").text
    assert "Hoàng Quyết. (1974). Truyện cổ Tày. Văn hóa dân tộc." in client.get(f"/library/lists/{pk}/?style=apa").text
    ris = client.get(f"/library/lists/{pk}.ris")
    assert ris.content.decode().startswith("TY  - BOOK\r\nTI  - Truyện cổ Tày\r\n")
    assert ris["Content-Disposition"] == f'attachment; filename="danh-sach-{pk}.ris"'
    assert client.get(f"/library/lists/{pk}.bib").text.startswith("@book{nhasan")
    assert client.get(f"/library/lists/{pk}.txt?style=apa").text.startswith("Hoàng Quyết. (1974).")
    assert client.get(f"/library/lists/{pk}.pdf").status_code == 404


def test_sharing_gives_an_address_that_names_nobody_and_can_be_closed(
    client: Client, reader: Any, shelve: Callable[..., Record]
) -> None:
    keep(client, shelve(), name="Chung")
    mine = ReadingList.objects.get()
    client.post(f"/library/lists/{mine.pk}/change/", {"do": "share"})
    mine.refresh_from_db()
    url, outsider = f"/library/lists/s/{mine.share_code}", Client()
    text = outsider.get(f"{url}/").text
    assert "Truyện cổ Tày" in text
    assert "Lò Văn Đọc" not in text
    assert "Bỏ khỏi danh sách" not in text
    assert outsider.get(f"{url}.ris").status_code == 200
    client.post(f"/library/lists/{mine.pk}/change/", {"do": "unshare"})
    assert outsider.get(f"{url}/").status_code == 404


def test_what_is_no_longer_public_is_left_out_and_counted(
    client: Client, reader: Any, shelve: Callable[..., Record]
) -> None:
    record = shelve()
    keep(client, record, name="A")
    records.delete(record, by=None)
    text = client.get(ReadingList.objects.get().get_absolute_url()).text
    assert "1 tài liệu trong danh sách không còn công khai." in text
    assert "Truyện cổ Tày" not in text


def test_a_list_is_renamed_emptied_and_deleted(client: Client, reader: Any, shelve: Callable[..., Record]) -> None:
    record = shelve()
    keep(client, record, name="A")
    keep(client, record, name="B")
    a = ReadingList.objects.get(name="A")
    url = f"/library/lists/{a.pk}/change/"
    assert "đã có danh sách mang tên này" in client.post(url, {"do": "rename", "name": "B"}, follow=True).text
    client.post(url, {"do": "rename", "name": "C"})
    client.post(url, {"do": "remove", "record": str(record.pk)})
    a.refresh_from_db()
    assert (a.name, a.entries.count()) == ("C", 0)
    client.post(url, {"do": "delete"})
    assert list(ReadingList.objects.values_list("name", flat=True)) == ["B"]


def test_a_full_list_says_so(
    client: Client, reader: Any, shelve: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.reading_lists.MOST_RECORDS", 1)
    keep(client, shelve("1"), name="A")
    assert "Mỗi danh sách giữ được 1 tài liệu." in keep(client, shelve("2"), name="A").text
    assert ListEntry.objects.count() == 1


def test_a_list_takes_a_constant_number_of_queries(
    client: Client, reader: Any, shelve: Callable[..., Record], django_assert_num_queries: Any
) -> None:
    for number in range(4):
        keep(client, shelve(str(number)), name="A")
    url = ReadingList.objects.get().get_absolute_url()
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)


def test_takeout_has_the_lists(client: Client, reader: Any, shelve: Callable[..., Record]) -> None:
    record = shelve()
    keep(client, record, name="Luận văn")
    taken = b"".join(client.get("/my/data.json")).decode()
    assert '"Luận văn"' in taken


def test_erasure_takes_the_lists_with_it(client: Client, reader: Any, shelve: Callable[..., Record]) -> None:
    keep(client, shelve(), name="Luận văn")
    person_erased.send(sender=type(reader), person=reader)
    assert not ReadingList.objects.exists()
