"""The reader's pages: the way in, a record, its MARC, a collection."""

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client

from library import records
from library.marc import DataField
from library.models import Citation, Collection, Record, Source
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


def test_the_library_without_records_says_so(client: Client) -> None:
    response = client.get("/library/")
    assert response.status_code == 200
    assert "Thư viện chưa có tài liệu nào" in response.text


def test_the_way_in_shows_counts_collections_and_the_newest(client: Client, shelve: Callable[..., Record]) -> None:
    tay = Collection.objects.create(slug="tay", name="Người Tày")
    shelve("1", "Cũ", collections=[tay])
    shelve("2", "Mới", leader="00000nem a2200000 i 4500", collections=[tay])
    shelve("3", "Nháp", status="draft", collections=[tay])
    shelve("4", "Tiêu đề", leader="00000nz  a2200000n  4500")
    records.delete(shelve("5", "Đã xóa", collections=[tay]), by=None)
    response = client.get("/library/")
    assert response.context["total"] == 2
    assert [record.title for record in response.context["newest"]] == ["Mới", "Cũ"]
    assert [(each.name, each.number, depth) for each, depth in response.context["collections"]] == [("Người Tày", 2, 0)]
    assert [(str(each["label"]), each["number"]) for each in response.context["materials"]] == [
        ("Sách", 1),
        ("Bản đồ", 1),
    ]
    assert 'action="/search/"' in response.text


def test_a_record(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve(
        more=(
            DataField.of("856", "40", [("u", "https://thuvien.example.vn/a?b&c"), ("y", "Toàn văn <1>")]),
            DataField.of("852", "  ", [("a", "Thư viện tỉnh Lào Cai")]),
        ),
        collections=[Collection.objects.create(slug="tay", name="Người Tày")],
    )
    text = client.get(f"/library/records/{record.pk}/").text
    assert "<h1>Truyện cổ Tày</h1>" in text
    assert '<a href="/search/?kind=record&amp;subject=V%C4%83n' in text
    assert (
        'href="https://thuvien.example.vn/a?b&amp;c" rel="nofollow noopener noreferrer external">Toàn văn &lt;1&gt;</a>'
        in text
    )
    assert "Thư viện tỉnh Lào Cai" in text
    assert '<a href="/library/collections/tay/">Người Tày</a>' in text
    assert "Hoàng Quyết (1974), Truyện cổ Tày, Văn hóa dân tộc, Hà Nội." in text
    for form in ("mrc", "xml", "json", "ris"):
        assert f'href="/library/records/{record.pk}.{form}"' in text


def test_the_lessons_that_use_a_record_are_named(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    Citation.objects.create(
        record=record,
        lesson_iri="http://x/l",
        course_iri="http://x/c",
        title="Chuyển đổi số · Bài 1",
        url="/courses/a/1/",
    )
    text = client.get(f"/library/records/{record.pk}/").text
    assert "Dùng trong 1 bài học" in text
    assert '<a href="/courses/a/1/">Chuyển đổi số · Bài 1</a>' in text


def test_a_harvested_record_names_its_source(client: Client, shelve: Callable[..., Record]) -> None:
    source = Source.objects.create(key="lc", name="Thư viện tỉnh Lào Cai")
    text = client.get(f"/library/records/{shelve(source=source).pk}/").text
    assert "<dt>Nguồn biểu ghi</dt><dd>Thư viện tỉnh Lào Cai</dd>" in text


def test_hostile_text_is_escaped(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve(
        title="</script><script>alert(1)</script>",
        more=(DataField.of("856", "40", [("u", "javascript:alert(1)")]),),
    )
    text = client.get(f"/library/records/{record.pk}/").text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert orjson.loads(data)["name"] == "</script><script>alert(1)</script>"


def test_json_ld(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    [data] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(f"/library/records/{record.pk}/").text
    )
    url = f"http://testserver/library/records/{record.pk}/"
    assert orjson.loads(data) == {
        "@context": "https://schema.org",
        "@type": "Book",
        "@id": url,
        "url": url,
        "name": "Truyện cổ Tày",
        "author": [{"@type": "Person", "name": "Hoàng Quyết"}],
        "datePublished": "1974",
        "publisher": {"@type": "Organization", "name": "Văn hóa dân tộc"},
        "inLanguage": "vi",
        "about": ["Văn học dân gian – Việt Nam"],
    }


def test_the_marc_view(client: Client, shelve: Callable[..., Record]) -> None:
    text = client.get(f"/library/records/{shelve().pk}/marc/").text
    assert "<td>001</td><td></td><td><code>ns0001</code></td>" in text
    assert "<td>245</td><td><code>10</code></td><td><strong>$a</strong> Truyện cổ Tày / <strong>$c</strong>" in text


@pytest.mark.parametrize("path", ["", "marc/"])
def test_a_deleted_record_is_gone(client: Client, shelve: Callable[..., Record], path: str) -> None:
    record = shelve()
    records.delete(record, by=None)
    response = client.get(f"/library/records/{record.pk}/{path}")
    assert response.status_code == 410
    assert "Biểu ghi này đã được xóa" in response.text
    assert "Truyện cổ Tày" not in response.text


@pytest.mark.parametrize("path", ["/", "/marc/", ".mrc", ".xml", ".json", ".ris"])
def test_drafts_are_hidden_from_the_public_and_shown_to_librarians(
    client: Client, shelve: Callable[..., Record], librarian: Any, path: str
) -> None:
    address = f"/library/records/{shelve(status='draft').pk}{path}"
    assert client.get(address).status_code == 404
    client.force_login(librarian)
    assert client.get(address).status_code == 404  # no second factor given yet
    sign_in_staff(client, librarian)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("key", ["0", "99", "9" * 30])
def test_an_unknown_record_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/library/records/{key}/").status_code == 404


def test_a_collection_page_by_page(client: Client, shelve: Callable[..., Record]) -> None:
    tay = Collection.objects.create(slug="tay", name="Người Tày")
    for number in range(27):
        shelve(str(number), f"Sách {number:02}", collections=[tay])
    first, second = client.get("/library/collections/tay/"), client.get("/library/collections/tay/?page=2")
    assert [record.title for record in second.context["page"]] == ["Sách 25", "Sách 26"]
    assert 'href="?page=2"' in first.text
    assert client.get("/library/collections/tay/?page=x").status_code == 200
    assert client.get("/library/collections/nung/").status_code == 404


def test_in_english(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    assert client.get(f"/en/library/records/{record.pk}/").status_code == 200
    assert (
        f'<link rel="canonical" href="http://testserver/library/records/{record.pk}/">'
        in client.get(f"/en/library/records/{record.pk}/").text
    )


@pytest.mark.parametrize(
    ("path", "queries"), [("/library/", 5), ("/library/records/{pk}/", 7), ("/library/collections/tay/", 6)]
)
def test_queries_do_not_grow(
    client: Client, shelve: Callable[..., Record], django_assert_num_queries: Any, path: str, queries: int
) -> None:
    tay = Collection.objects.create(slug="tay", name="Người Tày")
    keys = [shelve(str(number), collections=[tay]).pk for number in range(3)]
    for number in range(3):
        Citation.objects.create(record_id=keys[0], lesson_iri=f"http://x/{number}", course_iri="c", title="t", url="/")
    with django_assert_num_queries(queries):
        assert client.get(path.format(pk=keys[0])).status_code == 200


@pytest.mark.parametrize("path", ["/library/", "/library/records/1/", "/library/records/1.mrc"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
