"""The readers' page /search/."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from search.engines import engine
from search.engines.base import Engine
from search.exceptions import EngineUnavailable
from tests.search.conftest import Shelf

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    """What a reader reads, without tags."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split()))


def test_without_a_query_it_says_how_to_search(client: Client) -> None:
    """And asks no engine: there need not be an index."""
    response = client.get("/search/")
    assert response.status_code == 200
    assert "Gõ có dấu hay không dấu đều được" in text_of(response)


def test_hits_with_their_words_marked(client: Client, live: Engine) -> None:
    response = client.get("/search/", {"q": "truyen co tay nung"})
    page = response.content.decode()
    assert response.status_code == 200
    assert '<a href="/library/records/1/"><mark>Truyện cổ Tày</mark> – <mark>Nùng</mark></a>' in page
    assert "&lt;xưa&gt; &amp; nay" in page
    assert 'value="truyen co tay nung"' in page
    assert "1 kết quả" in text_of(response)
    assert "Biểu ghi Văn học dân gian" in text_of(response)


def test_in_english_hits_lead_to_english_pages(client: Client, live: Engine) -> None:
    assert 'href="/en/library/records/1/"' in client.get("/en/search/", {"q": "nung"}).content.decode()


def test_counts_by_kind_stay_while_one_is_chosen(client: Client, live: Engine) -> None:
    response = client.get("/search/", {"q": "duong", "kind": "course"})
    assert "Tất cả 3 Biểu ghi 1 Khóa học 2" in text_of(response)
    assert "2 kết quả" in text_of(response)
    assert 'aria-current="true">Khóa học 2' in response.content.decode()
    assert '<input type="hidden" name="kind" value="course">' in response.content.decode()


def test_facets_narrow_and_can_be_taken_back(client: Client, live: Engine) -> None:
    page = client.get("/search/", {"q": "nguoi", "ethnic_group": "Ê-đê"}).content.decode()
    assert "2 kết quả" in page
    assert 'href="?q=nguoi" aria-current="true">Ê-đê' in page
    assert 'href="?q=nguoi&amp;ethnic_group=%C3%8A-%C4%91%C3%AA&amp;form=S%C3%A1ch">Sách <span class="soft">1' in page
    assert '<a href="?q=nguoi">Bỏ các bộ lọc</a>' in page


def test_facets_are_those_of_the_kind_with_most_hits(client: Client, live: Engine) -> None:
    assert 'id="narrow"' in client.get("/search/", {"q": "duong"}).content.decode()
    assert "Dân tộc" not in text_of(client.get("/search/", {"q": "duong"}))
    assert "Dân tộc" in text_of(client.get("/search/", {"q": "nguoi"}))


def test_a_filter_alone_lists_what_it_names(client: Client, live: Engine) -> None:
    """Subject links on a record's page lead here."""
    assert "2 kết quả" in text_of(client.get("/search/", {"ethnic_group": "Ê-đê"}))


def test_many_values_of_a_facet_are_folded_away(client: Client, own: Engine, shelf: Shelf) -> None:
    with own.writing(own.live()) as writer:
        writer.write([replace(shelf.documents["record:1"], facets={"form": [f"Loại {n:02}" for n in range(12)]})])
    own.refresh()
    page = client.get("/search/", {"q": "nung"}).content.decode()
    assert "<details><summary>Xem thêm</summary>" in page
    assert page.index("Loại 07") < page.index("<details>") < page.index("Loại 08")


def test_no_hits_says_what_to_do(client: Client, live: Engine) -> None:
    response = client.get("/search/", {"q": "xyzzy <script>"})
    assert response.status_code == 200
    assert "Không tìm thấy gì cho “xyzzy <script>”" in text_of(response)
    assert "<script" not in response.content.decode()
    assert 'href="/courses/"' in response.content.decode()
    assert 'href="/library/"' in response.content.decode()


def test_any_word_is_said(client: Client, live: Engine) -> None:
    assert "Không có kết quả nào chứa đủ các từ" in text_of(client.get("/search/", {"q": "nung xyzzy"}))


def test_a_very_long_query_is_cut_and_it_says_so(client: Client, live: Engine) -> None:
    response = client.get("/search/", {"q": "tày " * 5_000})
    assert response.status_code == 200
    assert "Câu tìm quá dài" in text_of(response)
    assert "Câu tìm quá dài" not in text_of(client.get("/search/", {"q": "tày " * 24}))


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "1.5", "99999999999", "²", "١"])
def test_a_page_that_is_not_there(client: Client, live: Engine, page: str) -> None:
    response = client.get("/search/", {"q": "nung", "page": page})
    assert response.status_code == (200 if page == "١" else 404)


def test_a_page_too_deep_says_to_narrow(client: Client, live: Engine) -> None:
    response = client.get("/search/", {"q": "nung", "page": "501"})
    assert response.status_code == 404
    assert "Chỉ xem được 10000 kết quả đầu tiên" in text_of(response)


def test_pages_lead_on_and_back(client: Client, own: Engine, shelf: Shelf) -> None:
    with own.writing(own.live()) as writer:
        writer.write(
            replace(shelf.documents["course:so"], key=str(number), title=f"Bản {number}") for number in range(45)
        )
    own.refresh()
    page = client.get("/search/", {"q": "ban", "page": "2", "sort": "title"}).content.decode()
    assert "Trang 2 / 3" in page
    assert 'rel="prev" href="?q=ban&amp;page=1&amp;sort=title">Trang trước' in page
    assert 'rel="next" href="?q=ban&amp;page=3&amp;sort=title">Xem thêm' in page
    assert page.count('<article class="hit">') == 20


def test_unknown_parameters_and_sorts_are_ignored(client: Client, live: Engine) -> None:
    assert "1 kết quả" in text_of(client.get("/search/", {"q": "nung", "sort": "drop", "nope": "x", "kind": ""}))


def test_without_an_index_it_says_that_one_is_being_built(client: Client, shelf: Shelf) -> None:
    response = client.get("/search/", {"q": "nung"})
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Đang dựng lại chỉ mục" in text_of(response)


def test_when_the_engine_is_away_it_is_friendly(client: Client, live: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(asked: object) -> None:
        raise EngineUnavailable("does not answer")

    monkeypatch.setattr(engine(), "find", away)
    response = client.get("/search/", {"q": "nung"})
    assert response.status_code == 503
    assert "Máy tìm kiếm đang bận" in text_of(response)


def test_it_only_reads(client: Client, live: Engine, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        client.get("/search/", {"q": "duong"})
    assert client.post("/search/", {"q": "duong"}).status_code == 405
    assert client.head("/search/", {"q": "duong"}).status_code == 200


def test_it_is_not_for_search_engines(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/search/").content.decode()
