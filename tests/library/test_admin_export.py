"""Taking records out in the admin."""

import io
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from library import marc_files, mods
from library.models import Collection, Record
from library.reading import Read
from tests.library.books import book
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


def fetched(client: Client, form: str, **query: Any) -> bytes:
    response = client.get(reverse("library_export:download", args=[form]), query)
    assert response.status_code == 200
    return b"".join(response)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["mrc", "xml", "json"])
def test_marc_comes_out_as_it_is(desk: Client, shelve: Callable[..., Record], form: str) -> None:
    kept = [shelve("1", "Sử thi Đăm Săn <&>").marc, shelve("2", "Dệt").marc]
    read = [item.marc for item in marc_files.read(io.BytesIO(fetched(desk, form))) if isinstance(item, Read)]
    assert [marc.fields for marc in read] == [marc.fields for marc in kept]


def test_references(desk: Client, shelve: Callable[..., Record]) -> None:
    first, second = shelve("1", "Sử thi"), shelve("2", "Dệt")
    text = fetched(desk, "ris").decode()
    assert text.count("TY  - BOOK\r\n") == 2
    assert "TI  - Sử thi\r\n" in text
    bib = fetched(desk, "bib").decode()
    assert f"@book{{nhasan{first.pk},\n" in bib
    assert f"@book{{nhasan{second.pk},\n" in bib


def test_mods(desk: Client, shelve: Callable[..., Record]) -> None:
    shelve("1", "Sử thi & <thơ>")
    root = etree.fromstring(fetched(desk, "mods"))
    name = {"m": mods.NAMESPACE}
    [record] = root.findall("m:mods", name)
    assert record.findtext("m:titleInfo/m:title", namespaces=name) == "Sử thi & <thơ>"
    assert record.findtext("m:name/m:namePart", namespaces=name) == "Hoàng Quyết"
    assert record.findtext("m:name/m:role/m:roleTerm", namespaces=name) == "sưu tầm"
    assert record.findtext("m:originInfo/m:publisher", namespaces=name) == "Văn hóa dân tộc"
    assert record.findtext("m:language/m:languageTerm", namespaces=name) == "vie"
    assert record.findtext("m:subject/m:topic", namespaces=name) == "Văn học dân gian"
    assert record.findtext("m:recordInfo/m:recordIdentifier", namespaces=name) == "1"


def test_what_the_list_shows_is_what_comes_out(desk: Client, shelve: Callable[..., Record]) -> None:
    tay = Collection.objects.create(slug="tay", name="Tày")
    shelve("1", "Trong bộ", collections=[tay])
    third = shelve("2", "Ngoài bộ")
    shelve("3", "Nháp", status="draft")

    def titles(**query: Any) -> list[str]:
        found = orjson.loads(fetched(desk, "json", **query))
        return [next(iter(f["245"]["subfields"][0].values())) for each in found for f in each["fields"] if "245" in f]

    assert titles(collection=tay.pk) == ["Trong bộ /"]
    assert titles(q="bộ ngoài") == ["Ngoài bộ /"]
    assert titles(status="draft") == ["Nháp /"]
    assert titles(id=[third.pk]) == ["Ngoài bộ /"]
    assert orjson.loads(fetched(desk, "json", q="không có")) == []
    page = desk.get(reverse("library_export:index"), {"collection": tay.pk}).text
    assert "1 biểu ghi được chọn." in page
    assert f"records.ris?collection={tay.pk}" in page
    listed = desk.get(reverse("library_records:index"), {"collection": tay.pk}).text
    assert f"{reverse('library_export:index')}?collection={tay.pk}" in listed


def test_it_is_streamed_in_a_constant_number_of_queries(
    desk: Client, shelve: Callable[..., Record], django_assert_max_num_queries: Any
) -> None:
    shelve("0")
    fetched(desk, "xml")
    with django_assert_max_num_queries(20) as one:
        fetched(desk, "xml")
    for number in range(1, 9):
        shelve(str(number))
    with django_assert_max_num_queries(len(one)):
        fetched(desk, "xml")


def test_unknown_forms_and_strangers(desk: Client, client: Client) -> None:
    assert desk.get(reverse("library_export:download", args=["exe"])).status_code == 404
    client.logout()
    assert client.get(reverse("library_export:download", args=["mrc"])).status_code == 302


def test_a_record_round_trips_in_mods_without_control_characters() -> None:
    data = mods.to_mods(book("1", "a\x01b"), url="https://a.vn/1")
    assert etree.fromstring(data).findtext(f"{{{mods.NAMESPACE}}}titleInfo/{{{mods.NAMESPACE}}}title") == "a b"
