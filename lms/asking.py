"""A lesson's questions as its learner sees them: open, or answered with what was right.

The answer key stands in the wording; templates show it only for a question that was answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from lms import wording
from lms.models import Answer, Enrolment, Lesson, Question
from lms.wording import Option, Wording


@dataclass(frozen=True)
class Asked:
    """One question on the page; event is the id that the next answer will have."""

    number: int
    total: int
    question: Question
    wording: Wording
    answer: Answer | None
    again: bool
    event: UUID = field(default_factory=uuid4)

    @property
    def is_open(self) -> bool:
        """The learner may answer now."""
        return self.answer is None or self.again

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return anchor(self.question)

    @property
    def marked(self) -> list[tuple[Option, bool, str]]:
        """Of an answered question: each option, whether it was chosen, and "right", "wrong" or nothing."""
        assert self.answer is not None
        chosen = set(self.answer.response)
        return [
            (option, option.id in chosen, "right" if option.right else "wrong" if option.id in chosen else "")
            for option in self.wording.options
        ]


def anchor(question: Question) -> str:
    """The id of the question's card on the lesson's page."""
    return f"cau-{question.key}"


def ask(questions: Sequence[Question], *, lesson: Lesson, enrolment: Enrolment | None, again: str = "") -> list[Asked]:
    """The published ones among the questions, with the learner's latest answer; an answered one as it was then."""
    answers = {}
    if enrolment:
        given = Answer.objects.filter(enrolment=enrolment, lesson=lesson).standing().select_related("revision")
        answers = {answer.question_id: answer for answer in given}
    shown = [question for question in questions if question.is_asked]
    asked = []
    for number, question in enumerate(shown, start=1):
        answer = answers.get(question.pk)
        is_again = again == question.key
        words = wording.of_revision(answer.revision) if answer and not is_again else wording.of_question(question)
        asked.append(Asked(number, len(shown), question, words, answer, is_again))
    return asked
