"""What stands beside a record on its page: cover, ISBD, related records, metadata; and the sitemaps."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from lxml import etree

from core import outbox
from library import cover, isbd_areas, records, related, sitemaps
from library.marc import DataField, MarcRecord
from library.models import Collection, Record, RecordFile
from search.engines import engine
from tests.library.books import LEADER, book

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_isbd_keeps_the_signs_of_the_record() -> None:
    marc = book(more=(DataField.of("490", "0 ", [("a", "Văn hóa dân gian ;"), ("v", "tập 2")]),))
    assert isbd_areas.areas(marc)[0] == (
        "Truyện cổ Tày / Hoàng Quyết sưu tầm. – Hà Nội : Văn hóa dân tộc, 1974. – 359 tr. ; 19 cm. – "
        "(Văn hóa dân gian ; tập 2)"
    )


def test_isbd_gives_signs_to_records_without_any() -> None:
    marc = MarcRecord(
        LEADER,
        [
            DataField.of("245", "00", [("a", "Sử thi"), ("b", "tuyển tập"), ("c", "Viện Văn học")]),
            DataField.of("250", "  ", [("a", "In lần thứ 2")]),
            DataField.of("264", " 1", [("a", "Hà Nội"), ("b", "Khoa học xã hội"), ("c", "2006")]),
            DataField.of("300", "  ", [("a", "120 tr."), ("b", "minh họa"), ("c", "24 cm"), ("e", "1 đĩa")]),
            DataField.of("500", "  ", [("a", "Có mục lục.")]),
            DataField.of("020", "  ", [("a", "9786041234567")]),
        ],
    )
    assert isbd_areas.areas(marc) == [
        (
            "Sử thi : tuyển tập / Viện Văn học. – In lần thứ 2. – Hà Nội : Khoa học xã hội, 2006. – "
            "120 tr. : minh họa ; 24 cm + 1 đĩa"
        ),
        "Có mục lục.",
        "ISBN 9786041234567",
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("a", "Sử thi"), ("p", "Đăm Săn")], "Sử thi. Đăm Săn"),
        ([("a", "Sử thi."), ("p", "Đăm Săn /"), ("c", "A")], "Sử thi. Đăm Săn / A"),
        ([("a", "Sử thi."), ("n", "Tập 2,"), ("p", "Đăm Săn")], "Sử thi. Tập 2, Đăm Săn"),
        ([("a", "Sử thi"), ("n", "Tập 2"), ("p", "Đăm Săn")], "Sử thi. Tập 2, Đăm Săn"),
    ],
)
def test_isbd_parts_the_parts_of_a_title(parts: list[tuple[str, str]], expected: str) -> None:
    assert isbd_areas.areas(MarcRecord(LEADER, [DataField.of("245", "00", parts)])) == [expected]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Truyện cổ Tày", ["Truyện cổ Tày"]),
        ("Truyện cổ các dân tộc", ["Truyện cổ các", "dân tộc"]),
        ("Lôgarittưởngtượng", ["Lôgarittưởng…"]),
        ("", []),
    ],
)
def test_the_drawn_cover_holds_the_title(title: str, lines: list[str]) -> None:
    assert cover.wrapped(title) == lines


def test_a_long_title_ends_in_an_ellipsis() -> None:
    lines = cover.wrapped("một hai ba bốn năm sáu bảy tám chín mười " * 5)
    assert len(lines) == cover.LINES
    assert lines[-1].endswith("…")
    assert all(len(line) <= cover.LINE + 1 for line in lines)


def test_a_picture_of_ones_own_is_the_cover(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    assert '<svg class="cover big-cover indigo"' in client.get(f"/library/records/{record.pk}/").text
    file = RecordFile(record=record, name="Bìa", use="cover")
    file.file.save("bia.png", ContentFile(PNG))
    text = client.get(f"/library/records/{record.pk}/").text
    assert f'<img class="cover big-cover" src="/library/files/{file.pk}/" alt="">' in text
    assert client.get(f"/library/files/{file.pk}/")["Content-Type"] == "image/png"


def test_dublin_core_is_in_the_head(client: Client, shelve: Callable[..., Record]) -> None:
    text = client.get(f"/library/records/{shelve(title='Sử thi “Đam San” & <b>').pk}/").text
    assert '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">' in text
    assert '<meta name="DC.title" content="Sử thi “Đam San” &amp; &lt;b&gt;">' in text
    assert '<meta name="DC.creator" content="Hoàng Quyết' in text


def test_drafts_tell_crawlers_nothing(client: Client, shelve: Callable[..., Record], librarian: Any) -> None:
    from tests.people.signing_in import sign_in_staff

    record = shelve(status="draft")
    text = sign_in_staff(client, librarian).get(f"/library/records/{record.pk}/").text
    assert '<meta name="robots" content="noindex">' in text
    assert "DC.title" not in text


def test_related_records_by_series_author_and_subject(shelve: Callable[..., Record]) -> None:
    series = DataField.of("490", "0 ", [("a", "Kho tàng sử thi ;"), ("v", "1")])
    about = DataField.of("650", " 4", [("a", "Luật tục")])
    wanted = shelve("1", "Gốc", more=(series, about))
    shelve("2", "Cùng bộ", more=(series,))
    shelve("3", "Cùng người")
    other = book("4", "Cùng chủ đề", more=(about,))
    other.fields = [each for each in other.fields if each.tag != "100"]
    records.save(marc=other)
    draft = shelve("5", "Nháp", status="draft")
    outbox.drain_all()
    engine().refresh()
    found = related.groups(str(wanted.pk), wanted.marc)
    assert [(str(group.label), sorted(hit.title for hit in group.hits)) for group in found] == [
        ("Cùng tùng thư", ["Cùng bộ"]),
        ("Cùng tác giả", ["Cùng người"]),
        ("Cùng chủ đề", ["Cùng chủ đề"]),
    ]
    assert draft.title not in [hit.title for group in found for hit in group.hits]


def test_without_an_index_there_are_no_related_records(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    assert related.groups(str(record.pk), record.marc) == []
    assert client.get(f"/library/records/{record.pk}/").status_code == 200


def test_the_sitemap_has_a_part_for_each_stretch_of_keys(
    client: Client, shelve: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "STRETCH", 2)
    Collection.objects.create(slug="tay", name="Tày")
    shown = [shelve(str(number)).pk for number in range(3)]
    hidden = shelve("9", status="draft").pk
    index = etree.fromstring(client.get("/sitemap.xml").content)
    parts = [each.text for each in index.iter(f"{SITEMAP}loc")]
    number = sitemaps.parts()
    assert parts == [
        "http://testserver/sitemap-pages.xml",
        *(f"http://testserver/library/sitemap-{part}.xml" for part in range(number + 1)),
    ]
    found: list[str] = []
    for part in range(number + 1):
        content = b"".join(client.get(f"/library/sitemap-{part}.xml"))
        found += [each.text for each in etree.fromstring(content).iter(f"{SITEMAP}loc")]
    assert found == [
        "http://testserver/library/",
        "http://testserver/library/collections/tay/",
        *(f"http://testserver/library/records/{pk}/" for pk in shown),
    ]
    assert hidden not in shown
    assert client.get(f"/library/sitemap-{number + 1}.xml").status_code == 404
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").text


def test_bibtex_is_a_file_too(client: Client, shelve: Callable[..., Record]) -> None:
    record = shelve()
    response = client.get(f"/library/records/{record.pk}.bib")
    assert response["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert response.text.startswith(f"@book{{nhasan{record.pk},")


def test_the_page_works_without_javascript_and_copies_with_it(client: Client, shelve: Callable[..., Record]) -> None:
    text = client.get(f"/library/records/{shelve().pk}/").text
    assert re.search(r'<p id="reference-1">Hoàng Quyết \(1974\), Truyện cổ Tày', text)
    assert re.search(r'<button class="button quiet" type="button" hidden data-copy="reference-1"', text)
    assert "onclick" not in text
