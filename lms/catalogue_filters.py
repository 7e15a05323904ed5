"""What a reader asks of the catalogue: for whom, about what, how long, how hard, with which words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.folding import fold
from lms import languages
from lms.models import CoursePage, Level
from people.models import Audience

LONGEST = 100  # characters of free words
# (key, label, from, below), in hours
HOURS: tuple[tuple[str, Any, Decimal, Decimal], ...] = (
    ("-2", _("Dưới 2 giờ"), Decimal(0), Decimal(2)),
    ("2-8", _("Từ 2 đến dưới 8 giờ"), Decimal(2), Decimal(8)),
    ("8-", _("Từ 8 giờ trở lên"), Decimal(8), Decimal(10_000)),
)
FIELDS = ("course", "title", "title_en", "summary", "summary_en", "topic", "audiences", "hours", "level")


@dataclass(frozen=True)
class Filters:
    """An empty value asks for nothing."""

    words: str = ""
    audience: str = ""
    topic: str = ""
    hours: str = ""
    level: str = ""
    language: str = ""

    @classmethod
    def of(cls, said: QueryDict) -> "Filters":
        """From the address."""
        words = said.get("q", "").replace("\0", "").strip()[:LONGEST]
        return cls(words, *(said.get(name, "") for name in ("audience", "topic", "hours", "level", "language")))

    @property
    def query(self) -> str:
        """For links to the other pages of the list."""
        said = {"q": self.words, "audience": self.audience, "topic": self.topic, "hours": self.hours}
        said |= {"level": self.level, "language": self.language}
        return urlencode({name: value for name, value in said.items() if value})

    def fits(self, course: dict[str, Any]) -> bool:
        """Whether a course, given as its FIELDS, is one of those asked for; every word stands in title or summary."""
        return all(test(self, course) for test in TESTS)


def _has_words(asked: Filters, course: dict[str, Any]) -> bool:
    text = fold(" ".join(course[name] for name in ("title", "title_en", "summary", "summary_en", "topic")))
    return all(word in text for word in fold(asked.words).split())


def _has_hours(asked: Filters, course: dict[str, Any]) -> bool:
    spans = {key: (first, below) for key, _label, first, below in HOURS}
    if not asked.hours:
        return True
    return asked.hours in spans and spans[asked.hours][0] <= course["hours"] < spans[asked.hours][1]


TESTS: Sequence[Callable[[Filters, dict[str, Any]], bool]] = (
    lambda asked, course: not asked.audience or asked.audience in course["audiences"],
    lambda asked, course: not asked.topic or asked.topic == course["topic"],
    lambda asked, course: not asked.level or asked.level == course["level"],
    lambda asked, course: not asked.language or asked.language in course["languages"],
    _has_hours,
    _has_words,
)


def choices(courses: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What there is to choose from: only what some course has."""
    audiences = {each for course in courses for each in course["audiences"]}
    levels = {course["level"] for course in courses}
    return {
        "audiences": [each for each in Audience if each.value in audiences],
        "topics": sorted({course["topic"] for course in courses if course["topic"]}),
        "levels": [each for each in Level if each.value in levels],
        "languages": languages.to_choose({each for course in courses for each in course["languages"]}),
        "lengths": [(key, label) for key, label, _first, _below in HOURS],
    }


def found(pages: QuerySet[CoursePage], asked: Filters) -> tuple[list[int], dict[str, Any]]:
    """Keys of the courses that fit, in the order of their pages, and what there is to choose from.

    Two queries for a few words of each course: so thousands are little, and marks do not matter in any database.
    """
    spoken = languages.of_courses()
    courses = [course | {"languages": spoken.get(course["course"], set())} for course in pages.values(*FIELDS)]
    return [course["course"] for course in courses if asked.fits(course)], choices(courses)
