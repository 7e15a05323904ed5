"""Percentages as readers see them."""

import pytest

from core.templatetags.look import held, percent


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0 %"),
        (0.04, "< 0,1 %"),
        (46.25, "46,2 %"),
        (66.666, "66,7 %"),
        (100, "100 %"),
    ],
)
def test_percentages(value: float | None, shown: str) -> None:
    assert percent(value).replace("\u00a0", " ") == shown


def test_no_line_begins_with_the_mark_of_a_title() -> None:
    assert held("Truyện cổ : song ngữ = Tales / A ; B") == "Truyện cổ\u00a0: song ngữ\u00a0= Tales\u00a0/ A\u00a0; B"
    assert held("Lúc 7:30, và/hoặc") == "Lúc 7:30, và/hoặc"
