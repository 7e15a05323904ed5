"""Answers are graded by the server: all right options and no other."""

import pytest

from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.grading import Grade, grade
from lms.wording import Option, Wording

OPTIONS = (Option("a", "Một", True, ""), Option("b", "Hai", False, ""), Option("c", "Ba", True, ""))
SINGLE = Wording("single", "?", (Option("a", "Một", False, ""), Option("b", "Hai", True, "")), "")
MULTIPLE = Wording("multiple", "?", OPTIONS, "")


@pytest.mark.parametrize(
    ("wording", "chosen", "expected"),
    [
        (SINGLE, ["b"], Grade(["b"], True, 1.0)),
        (SINGLE, ["a"], Grade(["a"], False, 0.0)),
        (MULTIPLE, ["c", "a"], Grade(["a", "c"], True, 1.0)),
        (MULTIPLE, ["a", "a", "c"], Grade(["a", "c"], True, 1.0)),
        (MULTIPLE, ["a"], Grade(["a"], False, 0.0)),
        (MULTIPLE, ["a", "b", "c"], Grade(["a", "b", "c"], False, 0.0)),
    ],
)
def test_grade(wording: Wording, chosen: list[str], expected: Grade) -> None:
    """The response is sorted and without doubles."""
    assert grade(wording, chosen) == expected


@pytest.mark.parametrize(
    ("wording", "chosen", "error"),
    [
        (SINGLE, [], EmptyAnswer),
        (SINGLE, ["a", "b"], EmptyAnswer),
        (MULTIPLE, [], EmptyAnswer),
        (SINGLE, ["z"], InvalidAnswer),
        (MULTIPLE, ["a", "c", ""], InvalidAnswer),
    ],
)
def test_refused(wording: Wording, chosen: list[str], error: type[Exception]) -> None:
    """Nothing chosen, too many, or an option that the question does not have."""
    with pytest.raises(error) as caught:
        grade(wording, chosen)
    assert caught.type is error
