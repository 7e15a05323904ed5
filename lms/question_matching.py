"""Which question of the bank a question of a file is, so that a file taken in again doubles nothing.

By the key, if the file says one; else the question with the same words whose options have most in common with it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wagtail.models import Locale

from lms import plain_questions
from lms.models import Question, TaggedQuestion

Plain = Mapping[str, Any]
LISTS = ("options", "pairs", "steps", "accepted")
ENOUGH = 0.5  # of the options' words


class Finder:
    """Over one file: a question of the bank is found once only, the next row of the same words is another question."""

    def __init__(self, *, taken: Iterable[int] = ()) -> None:
        self.taken = set(taken)

    def find(self, wanted: Sequence[tuple[Plain | None, str]]) -> list[Question | None]:
        """For each (question, key) the one of the bank, with tag_names; three queries. None: it is new."""
        keys = [key for _question, key in wanted if key]
        texts = [question["text"] for question, _key in wanted if question]
        rows = Question.objects.filter(locale=Locale.get_default()).select_related("latest_revision")
        by_key = {row.key: row for row in rows.filter(key__in=keys)}
        by_text: dict[str, list[Question]] = {}
        for row in rows.filter(text__in=texts).order_by("pk"):
            by_text.setdefault(row.text, []).append(row)
        found = [self._one(question, key, by_key, by_text) for question, key in wanted]
        _add_tags([row for row in found if row])
        return found

    def _one(
        self, question: Plain | None, key: str, by_key: Mapping[str, Question], by_text: Mapping[str, list[Question]]
    ) -> Question | None:
        if question is None:
            return None
        row = by_key.get(key) if key else self._alike(question, by_text.get(question["text"], []))
        if row is None or row.pk in self.taken:
            return None
        self.taken.add(row.pk)
        return row

    def _alike(self, question: Plain, rows: Sequence[Question]) -> Question | None:
        free = [row for row in rows if row.pk not in self.taken and row.kind == question["kind"]]
        shares = [(_share(question, plain_questions.as_plain(row)), row) for row in free]
        best = max(shares, key=lambda each: each[0], default=None)
        return best[1] if best and best[0] >= ENOUGH else None


def _share(one: Plain, other: Plain) -> float:
    """How much of what is offered is the same; without options the same words are the same question."""
    mine, theirs = set(_offered(one)), set(_offered(other))
    return len(mine & theirs) / max(len(mine), len(theirs)) if mine or theirs else 1


def _offered(question: Plain) -> Iterator[str]:
    if question["kind"] == "fill_in":
        return  # its answers are the key, not what is asked
    for name in LISTS:
        for item in question.get(name, ()):
            parts = item if isinstance(item, Mapping) else {"text": item}
            yield str(parts.get("text", parts.get("left", "")))


def _add_tags(rows: Sequence[Question]) -> None:
    names: dict[int, set[str]] = {row.pk: set() for row in rows}
    for owner, name in TaggedQuestion.objects.filter(content_object__in=names).values_list(
        "content_object", "tag__name"
    ):
        names[owner].add(name)
    for row in rows:
        row.tag_names = names[row.pk]
