"""What is folded on the screen is open on paper."""

import pytest
from django.utils.safestring import mark_safe

from lms.templatetags.printing import unfolded


@pytest.mark.parametrize(
    ("folded", "opened"),
    [
        ("<details><summary>A</summary>b</details>", "<details open><summary>A</summary>b</details>"),
        ('<details class="x" id="y">', '<details open class="x" id="y">'),
        ("<details open><p>", "<details open><p>"),
        ('<details class="x" open>', '<details class="x" open>'),
        ("<details\nname=a><details>", "<details open\nname=a><details open>"),
        ("<detailsx>&lt;details&gt;", "<detailsx>&lt;details&gt;"),
    ],
)
def test_unfolded(folded: str, opened: str) -> None:
    assert unfolded(mark_safe(folded)) == opened
