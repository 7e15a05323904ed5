"""Matching words marked in the original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.folding import compose
from search.highlighting import SNIPPET, snippet, whole
from search.matching import wanted


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Đường lên bản", "duong", "<mark>Đường</mark> lên bản"),
        ("Đường lên bản", "DƯỜNG bản", "<mark>Đường</mark> lên <mark>bản</mark>"),
        ("Truyện cổ Tày – Nùng", "truyen co tay", "<mark>Truyện cổ Tày</mark> – Nùng"),
        ("người Ê-đê", "ede", "người <mark>Ê-đê</mark>"),
        ("người Êđê", "e de", "người <mark>Êđê</mark>"),
        ("đề án e ngại", "ê-đê", "đề án e ngại"),
        ("K’Brếu hát", "kbreu", "<mark>K’Brếu</mark> hát"),
        ("cổ tích và truyện cổ", '"truyện cổ"', "cổ tích và <mark>truyện cổ</mark>"),
        ("<b>&'", "b", "&lt;<mark>b</mark>&gt;&amp;&#x27;"),
        ("đường", "", "đường"),
    ],
)
def test_whole(text: str, query: str, marked: str) -> None:
    assert whole(text, wanted(query)) == marked


@given(st.text(alphabet="ab đê-’<&>\"' ắ") | st.text(), st.text(alphabet="ab đê-'\" ắ"))
def test_only_marks_are_added(text: str, query: str) -> None:
    from django.utils.html import escape

    text = compose(text)
    assert whole(text, wanted(query)).replace("<mark>", "").replace("</mark>", "") == escape(text)


def test_a_snippet_is_the_stretch_with_most_different_words() -> None:
    text = "nước " * 100 + "bến sông quê " + "xa " * 100 + "bến nước đầu làng " + "gần " * 100
    found = snippet(text, wanted("bến nước làng"))
    assert "<mark>bến nước</mark> đầu <mark>làng</mark>" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) < SNIPPET + 100


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    assert snippet("Một hai ba", wanted("bốn")) == "Một hai ba"
    assert snippet("một " * 200, wanted("bốn")) == ("một " * 60).strip() + "…"
    assert snippet("", wanted("bốn")) == ""


def test_a_text_of_hits_only_is_cut_quickly() -> None:
    assert len(snippet("đê " * 7_000, wanted("đê ê"))) < 10 * SNIPPET
