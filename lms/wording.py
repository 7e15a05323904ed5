"""A question as plain data, from the published row or from the revision that a learner saw."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from wagtail.models import Revision

from lms.models import Question
from lms.questions import KINDS, QuestionKind


@dataclass(frozen=True)
class Wording:
    """What was asked. value holds the answer key and stays on the server until the question was answered."""

    kind: QuestionKind
    text: str
    value: Mapping[str, Any]
    hint: str = ""
    feedback: str = ""
    locale: int | None = None  # the key of its Locale

    def asked(self, registration: UUID | None, key: str) -> dict[str, Any]:
        """What the page shows before the answer; shuffled the same for the same learner as often as they look."""
        return self.kind.asked(self.value, Random(f"{registration} {key}"))


def of_question(question: Question) -> Wording:
    """As it is published now."""
    answer = question.answer.get_prep_value()
    return _wording(answer, question.text, question.hint, question.feedback, question.locale_id)


def of_revision(revision: Revision) -> Wording:
    """As it was in the revision."""
    content = revision.content
    answer = json.loads(content["answer"])
    return _wording(answer, content["text"], content["hint"], content["feedback"], content.get("locale"))


def _wording(answer: list[Mapping[str, Any]], text: str, hint: str, feedback: str, locale: int | None) -> Wording:
    return Wording(KINDS[answer[0]["type"]], text, answer[0]["value"], hint, feedback, locale)
