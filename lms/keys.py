"""Keys of courses and lessons: made once from the first slug, never changed, since activity IRIs stem from them."""

import itertools
from collections.abc import Callable

from django.utils.text import slugify

LENGTH = 90


def plain(text: str) -> str:
    """In lower case without marks, words joined by hyphens: "Giữ nước" is giu-nuoc."""
    return slugify(text.replace("đ", "d").replace("Đ", "D"))


def wanted(slug: str, title: str) -> str:
    """The slug, else the title, in letters without marks."""
    return (plain(slug or title) or "khoa-hoc")[:LENGTH]


def free(key: str, taken: Callable[[str], bool]) -> str:
    """The key itself, or with -2, -3 … after it."""
    if not taken(key):
        return key
    return next(candidate for number in itertools.count(2) if not taken(candidate := f"{key}-{number}"))
