"""A question as plain data, from the published row or from the revision that a learner saw."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.models import Revision

from lms.models import Question


@dataclass(frozen=True)
class Option:
    """One option; right is the answer key and stays on the server until the question was answered."""

    id: str
    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Wording:
    """What was asked."""

    kind: str
    text: str
    options: tuple[Option, ...]
    feedback: str

    @property
    def is_multiple(self) -> bool:
        """Several options may be chosen."""
        return self.kind == Question.Kind.MULTIPLE

    @property
    def right(self) -> list[str]:
        """The ids of the right options, sorted: the answer key."""
        return sorted(option.id for option in self.options if option.right)


def of_question(question: Question) -> Wording:
    """As it is published now."""
    options = tuple(_option(each.id, each.value) for each in question.options)
    return Wording(question.kind, question.text, options, question.feedback)


def of_revision(revision: Revision) -> Wording:
    """As it was in the revision."""
    content = revision.content
    options = tuple(_option(each["id"], each["value"]) for each in json.loads(content["options"]))
    return Wording(content["kind"], content["text"], options, content["feedback"])


def _option(option_id: str, value: Mapping[str, Any]) -> Option:
    return Option(option_id, value["text"], bool(value["right"]), value["why"] or "")
