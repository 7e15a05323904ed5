"""What people answered, in the words that they saw: how often each option, pair or text was chosen, wrong ones too.

The database counts equal responses to the same revision; options are known by block id. Of what people write freely
only the most common texts are read, so that memory stays bounded.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Window
from django.db.models.functions import RowNumber
from wagtail.models import Revision

from lms import wording
from lms.models import Answer
from lms.question_statistics import Key, of_questions
from lms.questions import KINDS
from lms.questions.kind import Chosen
from lms.report_scope import Scope
from lms.wording import Wording

MOST_TEXTS = 200  # of one question that are read; spellings that are forgiven become one of them afterwards
ENDLESS = [kind.name for kind in KINDS.values() if kind.endless]
UNREAD = [kind.name for kind in KINDS.values() if kind.by_person]


@dataclass
class Choice:
    """Something that was chosen so often. wrong: how often it was wrong by the revision that was seen."""

    words: str
    right: bool | None
    times: int = 0
    wrong: int = 0


def choices(scope: Scope, keys: Sequence[Key]) -> dict[Key, list[Choice]]:
    """Of each question what was chosen, the most often first; where there is a list of options, all, in its order.

    Four queries, whatever the number of questions.
    """
    answers = of_questions(scope, keys).exclude(question__kind__in=UNREAD)
    seen = list(answers.values_list("lesson_id", "question__key", "revision_id").distinct())
    revisions = Revision.objects.in_bulk({revision for _lesson, _key, revision in seen})
    asked = {pk: wording.of_revision(revision) for pk, revision in revisions.items()}
    found: dict[Key, dict[str, Choice]] = defaultdict(dict)
    for lesson, key, revision in sorted(seen, key=lambda row: -row[2]):  # the words of the latest revision seen
        for each in asked[revision].kind.offered(asked[revision].value):
            _of(found[lesson, key], each)
    listed = set(found)
    for lesson, key, revision, response, times in _counted(answers):
        _count(found[lesson, key], asked[revision], response, times)
    return {
        pair: list(own.values()) if pair in listed else sorted(own.values(), key=lambda each: -each.times)
        for pair, own in found.items()
    }


def most_wrong(found: Iterable[Choice]) -> Choice | None:
    """The wrong one that was chosen most often."""
    return max((each for each in found if each.wrong), key=lambda each: each.wrong, default=None)


def _counted(answers: QuerySet[Answer]) -> Iterator[tuple[int, str, int, Any, int]]:
    """(lesson, question's key, revision, response, times), the most common responses first, of equals the older."""
    columns = ("lesson_id", "question__key", "revision_id", "response", "times")
    few = answers.exclude(question__kind__in=ENDLESS)
    counted = few.values(*columns[:-1]).annotate(times=Count("pk"))
    yield from counted.order_by("-times").values_list(*columns).iterator(chunk_size=2000)
    place = Window(
        RowNumber(), partition_by=[F("lesson_id"), F("question__key")], order_by=[F("times").desc(), F("first")]
    )
    many = answers.filter(question__kind__in=ENDLESS).values(*columns[:-1])
    common = many.annotate(times=Count("pk"), first=Min("pk")).annotate(place=place).filter(place__lte=MOST_TEXTS)
    yield from common.order_by("-times", "first").values_list(*columns).iterator(chunk_size=2000)


def _count(found: dict[str, Choice], asked: Wording, response: Any, times: int) -> None:
    for each in asked.kind.chosen(asked.value, response):
        choice = _of(found, each)
        choice.times += times
        choice.wrong += times if each.right is False else 0


def _of(found: dict[str, Choice], each: Chosen) -> Choice:
    return found.setdefault(each.key, Choice(each.words, each.right))
