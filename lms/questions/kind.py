"""What every kind of question can do: be written, be asked, read an answer, grade it, and say it in a statement.

A question's value is plain JSON as it stands in a revision, so that an answer given years ago is shown and graded by
what was asked then. Nothing that `asked()` returns tells the key.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from wagtail import blocks

Value = Mapping[str, Any]
Files = MultiValueDict[str, UploadedFile]


@dataclass(frozen=True)
class Grade:
    """From 0 to 1, and whether it is wholly right; both None where a person grades, or nothing is right or wrong."""

    score: float | None
    success: bool | None

    @classmethod
    def of(cls, score: float) -> "Grade":
        """Right when nothing is missing."""
        return cls(round(score, 4), score >= 1)


@dataclass(frozen=True)
class Chosen:
    """Something that an answer can say, for counting: known by its key, in words, right or not (None: neither)."""

    key: str
    words: str
    right: bool | None


class QuestionKind(ABC):
    """One kind. `name` is the block's name in the question's stream; `interaction` the xAPI interaction type."""

    name: str
    label: Any
    icon: str
    interaction: str
    by_person = False  # a trainer grades it
    blank: Any = ""  # the response of who gave none
    survey = False  # nothing is right or wrong: answering is all
    endless = False  # people may say anything: only what is said most often is counted

    @property
    def template(self) -> str:
        """The stem of its two templates in templates/lms/questions."""
        return self.name

    @abstractmethod
    def block(self) -> blocks.StructBlock:
        """The form in which it is written."""

    def asked(self, value: Value, random: Random) -> dict[str, Any]:
        """What its template shows before the answer."""
        return {}

    @abstractmethod
    def read(self, value: Value, post: QueryDict, files: Files) -> Any:
        """The response, as JSON, from a form sent. Raises EmptyAnswer or InvalidAnswer."""

    @abstractmethod
    def grade(self, value: Value, response: Any) -> Grade:
        """What the response is worth."""

    @abstractmethod
    def reviewed(self, value: Value, response: Any) -> dict[str, Any]:
        """What its template shows after the answer, the key included."""

    def offered(self, value: Value) -> list[Chosen]:
        """All that can be said, in its order, where that is a short list."""
        return []

    def chosen(self, value: Value, response: Any) -> list[Chosen]:
        """What the response says, piece by piece; nothing where only a person can read it."""
        return []

    @abstractmethod
    def said(self, response: Any) -> str:
        """The response as a statement's result.response (Data 2.4.5, Appendix C)."""

    @abstractmethod
    def definition(self, value: Value, language: str) -> dict[str, Any]:
        """The parts of the activity's definition that are this interaction's own."""


def items(value: Value, name: str) -> list[tuple[str, Any]]:
    """(id, value) of each item of a list block."""
    return [(item["id"], item["value"]) for item in value.get(name) or ()]


def component(item_id: str, text: str, language: str) -> dict[str, Any]:
    """An interaction component."""
    return {"id": item_id, "description": {language: text}}


def shuffled(things: Sequence[Any], random: Random) -> list[Any]:
    """In an order that the seed decides."""
    copy = list(things)
    random.shuffle(copy)
    return copy
