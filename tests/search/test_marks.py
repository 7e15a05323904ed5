"""Marks that NFC alone does not compose."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.folding import compose


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Che\u0301\u0302", "Chế"),
        ("Che\u0302\u0301", "Chế"),
        ("Ch\u00e9\u0302", "Chế"),
        ("Vie\u0323\u0302t", "Việt"),
        ("D\u0323a\u0306\u0323ng".replace("D\u0323", "Đ"), "Đặng"),
        ("tuye\u0309\u0302n", "tuyển"),
        ("Nguye\u0303\u0302n", "Nguyễn"),
        ("Nha \u0300xua\u0302\u0301t", "Nhà xuất"),
        ("va \u0300\u0111a\u0300o", "và đào"),
        ("thu\u031bo\u031b\u0300ng", "thường"),
        ("ĐƯỜNG lối", "ĐƯỜNG lối"),
        ("A\u0301\u0306n", "Ắn"),
        ("", ""),
    ],
)
def test_marks_are_put_in_order(written: str, meant: str) -> None:
    assert compose(written) == meant


def test_marks_without_a_letter_stay() -> None:
    assert compose("1 \u0300") == "1 \u0300"


@given(st.text(st.sampled_from("aăâeêiouơưyđấềệộữựẵẩĂÂĐÊÔƠƯẰ -'’")))
def test_what_is_composed_stays(text: str) -> None:
    assert compose(text) == text
    assert compose(unicodedata.normalize("NFD", text)) == text


@given(st.text(st.sampled_from("aEo1 \n\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")))
def test_marks_of_any_number_and_order_are_put_together_at_once(text: str) -> None:
    assert compose(compose(text)) == compose(text)
