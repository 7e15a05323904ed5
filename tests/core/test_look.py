"""Percentages as readers see them."""

import pytest

from core.templatetags.look import percent


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
