"""The admin's lists."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from library import records
from library.models import Collection, Record, RejectedRecord
from library.reading import Refused
from people import accounts, roles
from search.models import IndexQueue
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


def titles(response: Any) -> list[str]:
    return [record.title for record in response.context["object_list"]]


def test_records_are_found_by_title_and_control_number(desk: Client, shelve: Callable[..., Record]) -> None:
    shelve("1", "Truyện cổ Tày")
    shelve("2", "Sử thi")
    url = reverse("library_records:index")
    assert titles(desk.get(url)) == ["Sử thi", "Truyện cổ Tày"]
    assert titles(desk.get(url, {"q": "tày cổ"})) == ["Truyện cổ Tày"]
    assert titles(desk.get(url, {"q": "2"})) == ["Sử thi"]


def test_records_are_filtered(desk: Client, shelve: Callable[..., Record]) -> None:
    tay = Collection.objects.create(slug="tay", name="Tày")
    shelve("1", "Nháp", status="draft")
    shelve("2", "Trong bộ", collections=[tay])
    records.delete(shelve("3", "Đã xóa"), by=None)
    url = reverse("library_records:index")
    assert titles(desk.get(url, {"status": "draft"})) == ["Nháp"]
    assert titles(desk.get(url, {"collection": tay.pk})) == ["Trong bộ"]
    assert titles(desk.get(url, {"deleted": "true"})) == ["Đã xóa"]
    assert titles(desk.get(url)) == ["Trong bộ", "Nháp"]


def test_the_list_takes_a_constant_number_of_queries(desk: Client, shelve: Callable[..., Record]) -> None:
    url = reverse("library_records:index")
    shelve("0")
    desk.get(url)
    with CaptureQueriesContext(connection) as one:
        desk.get(url)
    for number in range(1, 12):
        shelve(str(number))
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(one)


def test_a_record_is_shown_with_its_marc(desk: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    record.repairs = "length,edited"
    record.save()
    text = desk.get(reverse("library_records:inspect", args=[record.pk])).text
    assert "độ dài ghi ở đầu biểu sai, đã sửa tại đây sau khi nhận" in text
    assert not re.search(r">\s*None\s*<", text)
    assert f"<code>{record.marc.leader.replace(' ', '#')}</code>" in text
    assert "<td>245</td><td><code>10</code></td><td><strong>$a</strong> Truyện cổ Tày / " in text


def test_deleting_asks_first_and_leaves_a_tombstone(desk: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    url = reverse("library_records:delete", args=[record.pk])
    assert "Xóa biểu ghi này?" in desk.get(url).text
    assert Record.objects.get().deleted_at is None
    assert desk.post(url).status_code == 302
    assert Record.objects.get().deleted_at is not None
    assert desk.get(url).status_code == 404


def test_who_may_only_look_cannot_delete(client: Client, shelve: Callable[..., Record]) -> None:
    roles.ensure()
    editor = accounts.create(full_name="Lò Thị May", username="may", roles=(roles.EDITOR,))
    sign_in_staff(client, editor)
    record = shelve()
    assert client.get(reverse("library_records:inspect", args=[record.pk])).status_code == 200
    assert client.post(reverse("library_records:delete", args=[record.pk])).status_code == 302
    assert Record.objects.get().deleted_at is None


def test_records_are_not_made_by_wagtails_form(desk: Client) -> None:
    assert desk.get(reverse("library_records:add")).status_code == 302


def test_rejected_records_are_listed_with_reason_and_bytes(desk: Client) -> None:
    row = records.reject(Refused(b"00012\x1e\xff<b>", "no fields"), file="a.mrc", position=3)
    assert "Không có trường nào." in desk.get(reverse("library_rejected:index")).text
    text = desk.get(reverse("library_rejected:inspect", args=[row.pk])).text
    assert "Không có trường nào." in text
    assert "00012\\x1e\\xff&lt;b&gt;" in text
    assert RejectedRecord.objects.count() == 1


def test_a_collection_is_made_and_its_new_name_is_indexed(desk: Client, shelve: Callable[..., Record]) -> None:
    fields = {"name": "Người Tày", "slug": "tay", "description": "", "parent": ""}
    assert desk.post(reverse("library_collections:add"), fields).status_code == 302
    tay = Collection.objects.get(slug="tay")
    record = shelve(collections=[tay])
    IndexQueue.objects.all().delete()
    fields["name"] = "Dân tộc Tày"
    assert desk.post(reverse("library_collections:edit", args=[tay.pk]), fields).status_code == 302
    assert [row.key for row in IndexQueue.objects.all()] == [f"record:{record.pk}"]
    assert desk.get(reverse("library_collections:delete", args=[tay.pk])).status_code == 404
