"""What a query finds and in which order: the same on every engine."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from search.documents import Document
from search.engines.base import Engine
from search.exceptions import IndexMissing, TooDeep
from search.queries import Query
from tests.search.conftest import Shelf, found


@pytest.mark.parametrize("text", ["truyen co tay nung", "Truyện cổ Tày – Nùng", "TRUYỆN CỔ", "nùng tày", "truyện-cổ"])
def test_marks_case_order_and_dashes_do_not_matter(live: Engine, text: str) -> None:
    assert found(text) == ["record:1"]


@pytest.mark.parametrize("text", ["e de", "êđê", "Ê-đê", "ede", "Ê đê", "E-DE"])
def test_a_name_is_found_however_it_is_written(live: Engine, text: str) -> None:
    assert sorted(found(text)) == ["record:2", "record:3"]


@pytest.mark.parametrize("text", ["hmong", "H'Mông", "h’mong", "h mong", "Hmông", "mông"])
def test_apostrophes_do_not_matter(live: Engine, text: str) -> None:
    assert found(text) == ["record:4"]


def test_exact_marks_rank_higher(live: Engine) -> None:
    assert found("đường") == ["course:so", "record:4", "course:duong"]
    assert found("dương")[0] == "course:duong"
    assert sorted(found("duong")) == ["course:duong", "course:so", "record:4"]


def test_the_title_weighs_more_than_the_text(own: Engine) -> None:
    with own.writing(own.live()) as writer:
        writer.write(
            [Document("record", "8", "Bến nước"), Document("record", "9", "Một buổi sáng", text="bên bến nước")]
        )
    own.refresh()
    assert found("ben nuoc")[0] == "record:8"


@pytest.mark.parametrize(
    "text", ["978-604-1-23456-7", "9786041234567", "978 604 1 23456 7", "(VN-NhaSan)000123", "vnnhasan000123"]
)
def test_identifiers_match_however_they_are_parted(live: Engine, text: str) -> None:
    assert found(text) == ["record:1"]


def test_part_of_an_identifier_is_none(live: Engine) -> None:
    assert found("978604123456") == []


def test_a_phrase_in_quotes_holds_together(live: Engine) -> None:
    assert found('"cổ tày"') == ["record:1"]
    assert found('"tay co"') == []
    assert sorted(found('"nguoi ede"')) == ["record:2", "record:3"]


def test_a_phrase_does_not_reach_from_one_value_into_the_next(own: Engine) -> None:
    with own.writing(own.live()) as writer:
        writer.write([Document("record", "8", "Sách", subjects=("Lễ hội", "Nhà rông"))])
    own.refresh()
    assert found('"hội nhà"') == []
    assert found('"lễ hội"') == ["record:8"]


def test_all_words_must_match_else_any_and_the_answer_says_so(live: Engine) -> None:
    results = live.search(Query("nùng xyzzy"))
    assert (results.total, results.any_word) == (1, True)
    assert [hit.key for hit in results.hits] == ["1"]
    results = live.search(Query("nùng kể"))
    assert (results.total, results.any_word) == (1, False)


@pytest.mark.parametrize("text", ["xyzzy", "…", '""', "?!", "|", "*", "\\", "AND OR NOT", "title:x^2 ~ [a TO b]"])
def test_what_is_not_there_or_is_syntax_elsewhere_finds_nothing(live: Engine, text: str) -> None:
    results = live.search(Query(text))
    assert (results.total, results.hits, results.any_word) == (0, (), False)


def test_nothing_asked_finds_everything(live: Engine) -> None:
    assert live.search(Query()).total == 6


def test_kinds_and_filters_narrow(live: Engine) -> None:
    assert sorted(found("duong", kinds=("course",))) == ["course:duong", "course:so"]
    assert found(filters={"ethnic_group": ("Ê-đê",), "form": ("Âm thanh",)}) == ["record:3"]
    assert sorted(found(filters={"ethnic_group": ("Tày", "Ê-đê")})) == ["record:1", "record:2", "record:3"]
    assert found(filters={"ethnic_group": ("ê-đê",)}) == []
    assert found(filters={"unknown": ("x",)}) == []


def test_facets_are_counted_without_their_own_filter(live: Engine) -> None:
    results = live.search(
        Query(filters={"ethnic_group": ("Ê-đê",)}, facets=("kind", "language", "ethnic_group", "form", "unknown"))
    )
    assert results.total == 2
    assert {name: list(counts) for name, counts in results.facets.items()} == {
        "kind": [("record", 2)],
        "language": [("vi", 2)],
        "ethnic_group": [("Ê-đê", 2), ("Nùng", 1), ("Tày", 1)],
        "form": [("Sách", 1), ("Âm thanh", 1)],
        "unknown": [],
    }


def test_sorts(live: Engine) -> None:
    assert found(kinds=("record",), sort="newest")[:2] == ["record:1", "record:2"]
    assert found(kinds=("record",), sort="year") == ["record:2", "record:4", "record:1", "record:3"]
    assert found(sort="title") == ["record:3", "record:4", "course:duong", "course:so", "record:2", "record:1"]


def test_pages_follow_each_other(live: Engine) -> None:
    first = found(sort="title", size=4)
    second = found(sort="title", size=4, page=2)
    assert first + second == found(sort="title")
    assert found(size=4, page=3) == []
    assert live.search(Query(size=4, page=3)).total == 6


def test_deep_pages_are_refused(live: Engine) -> None:
    assert found(size=100, page=100) == []
    with pytest.raises(TooDeep):
        live.search(Query(size=100, page=101))


def test_a_hit_shows_what_was_handed_over(live: Engine) -> None:
    hit = live.search(Query("truyen co ba be")).hits[0]
    assert hit.title == "Truyện cổ Tày – Nùng"
    assert hit.title_html == "<mark>Truyện cổ</mark> Tày – Nùng"
    assert hit.snippet_html == (
        "Sự tích hồ <mark>Ba Bể</mark> được kể trong <mark>truyện cổ</mark> của người Tày ở Bắc Kạn "
        "&lt;xưa&gt; &amp; nay."
    )
    assert (hit.kind, hit.key, hit.url, hit.year) == ("record", "1", "/library/records/1/", 1974)
    assert (hit.creators, hit.subjects, hit.language) == (("Hoàng Quyết",), ("Văn học dân gian",), "vi")
    assert hit.updated == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_document_is_replaced_and_removed(own: Engine, shelf: Shelf) -> None:
    with own.writing(own.live()) as writer:
        writer.write([replace(shelf.documents["record:4"], title="Dân ca Dao")], ["record:1", "record:unknown"])
    own.refresh()
    assert found("hmong") == []
    assert found("dao") == ["record:4"]
    assert found("nung") == []
    assert own.search(Query()).total == 5


def test_ids_of_a_kind(live: Engine) -> None:
    assert sorted(live.ids("record")) == ["record:1", "record:2", "record:3", "record:4"]
    assert list(live.ids("unknown")) == []


def test_a_new_index_goes_live_in_one_step_and_the_old_one_goes(own: Engine) -> None:
    target = own.create()
    with own.writing(target) as writer:
        writer.write([Document("record", "9", "Sách mới")])
    assert own.search(Query()).total == 6
    own.go_live(target)
    own.clean()
    assert found() == ["record:9"]


def test_without_an_index_it_says_how_to_get_one(live: Engine, settings: object) -> None:
    settings.SEARCH_INDEX_PREFIX += "-other"
    from search.engines import engine

    for ask in (
        lambda: engine().search(Query("x")),
        engine().check,
        engine().live,
        lambda: list(engine().ids("record")),
    ):
        with pytest.raises(IndexMissing, match="reindex"):
            ask()


def test_unusual_documents_are_taken(own: Engine) -> None:
    """Nothing that a package hands over may stop the queue."""
    odd = Document(
        "record", "odd/Ê:1 ?", "", text="x" * 70_000 + " \x00 \ud7ff " + "từ " * 100_000, facets={"form": ("",)}
    )
    many = Document("record", "many", "Tên" * 20_000, subjects=["chủ đề"] * 3_000, facets={"form": ["a" * 5_000]})
    with own.writing(own.live()) as writer:
        writer.write([odd, many])
    own.refresh()
    assert found("từ") == ["record:odd/Ê:1 ?"]
    assert found('"chủ đề"') == ["record:many"]
