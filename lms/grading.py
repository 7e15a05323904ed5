"""Grades an answer. Only the server knows the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.wording import Wording


@dataclass(frozen=True)
class Grade:
    """The chosen ids, sorted, whether they are right, and the score from 0 to 1."""

    response: list[str]
    success: bool
    score: float


def grade(wording: Wording, chosen: Sequence[str]) -> Grade:
    """All right options and no other make an answer right."""
    response = sorted(set(chosen))
    if unknown := set(response) - {option.id for option in wording.options}:
        raise InvalidAnswer(f"no such option: {', '.join(sorted(unknown))}")
    if not response or (len(response) > 1 and not wording.is_multiple):
        raise EmptyAnswer("choose one option" if not wording.is_multiple else "choose at least one option")
    success = response == wording.right
    return Grade(response, success, 1.0 if success else 0.0)
