"""A lesson's questions as its learner sees them: open, or answered with what was right.

The answer key stands in the wording; templates show it only for a question that was answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import prefetch_related_objects
from wagtail.models import Revision

from lms import languages, wording
from lms.models import Answer, Enrolment, Grading, Lesson, Question
from lms.questions import KINDS
from lms.wording import Wording


@dataclass(frozen=True)
class Asked:
    """One question on the page; event is the id that the next answer will have.

    question is the source, to which the answer is kept; revision what is asked in the language of the page.
    """

    number: int
    total: int
    question: Question
    revision: int | None
    language: str
    wording: Wording
    answer: Answer | None
    again: bool
    registration: UUID | None
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
    def shown(self) -> dict[str, Any]:
        """What the kind's own template needs: before the answer without the key, after it with it."""
        if self.is_open:
            return self.wording.asked(self.registration, self.question.key)
        assert self.answer is not None
        return self.wording.kind.reviewed(self.wording.value, self.answer.response)

    @property
    def template(self) -> str:
        """The kind's own part of the card."""
        state = "open" if self.is_open else "answered"
        return f"lms/questions/{self.wording.kind.template}_{state}.html"

    @property
    def grading(self) -> Grading | None:
        """The last word of a trainer on the answer."""
        given = list(self.answer.gradings.all()) if self.answer and self.wording.kind.by_person else []
        return given[-1] if given else None

    @property
    def percent(self) -> int:
        """Of an answer that is partly right, how much."""
        assert self.answer is not None
        return int((self.answer.score or 0) * 100)


def anchor(question: Question) -> str:
    """The id of the question's card on the lesson's page."""
    return f"cau-{question.key}"


def ask(
    questions: Sequence[Question],
    *,
    lesson: Lesson,
    enrolment: Enrolment | None,
    again: str = "",
    translated: bool = False,
) -> list[Asked]:
    """The published ones among the questions, with the learner's latest answer; an answered one as it was then.

    questions: what the lesson's page names; translated: that page is a translation.
    """
    pairs = _with_sources(questions, lesson) if translated else [(each, each) for each in questions]
    answers = {}
    if enrolment:
        given = list(
            Answer.objects.filter(enrolment=enrolment, lesson=lesson).in_lessons().standing().select_related("revision")
        )
        by_person = {question.pk for question, _said in pairs if KINDS[question.kind].by_person}
        prefetch_related_objects([answer for answer in given if answer.question_id in by_person], "gradings")
        answers = {answer.question_id: answer for answer in given}
    shown = [(question, said) for question, said in pairs if question.is_asked]
    asked = []
    registration = enrolment.registration if enrolment else None
    codes = languages.codes() if shown else {}
    for number, (question, said) in enumerate(shown, start=1):
        answer = answers.get(question.pk)
        is_again = again == question.key
        words = wording.of_revision(answer.revision) if answer and not is_again else wording.of_question(said)
        language = codes.get(words.locale or 0, lesson.course.language)
        asked.append(
            Asked(number, len(shown), question, said.live_revision_id, language, words, answer, is_again, registration)
        )
    return asked


def find_revision(question: Question, key: int) -> Revision | None:
    """What was asked: the revision with this key of the question in any language. None for a later draft."""
    rows = Question.objects.filter(key=question.key, live=True, live_revision__gte=key)
    published = [str(pk) for pk in rows.values_list("pk", flat=True)]
    kind = ContentType.objects.get_for_model(Question)
    return Revision.objects.filter(pk=key, content_type=kind, object_id__in=published).first()


def _with_sources(questions: Sequence[Question], lesson: Lesson) -> list[tuple[Question, Question]]:
    """Each question of the lesson as its source and as this page says it: as the source does, where the translation
    is missing or a draft.
    """
    sources = {each.key: each for each in Question.objects.filter(asked__lesson=lesson).order_by("asked__position")}
    said = {each.key: each for each in questions if each.key in sources}
    keys = [*said, *(key for key in sources if key not in said)]
    pairs = [(sources[key], said.get(key, sources[key])) for key in keys]
    return [(source, words if words.is_asked else source) for source, words in pairs]
