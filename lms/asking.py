"""A lesson's questions as its learner sees them: open, or answered with what was right.

The answer key stands in the wording; templates show it only for a question that was answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet, prefetch_related_objects
from wagtail.models import Revision

from core.prepared import Prepared
from lms import languages, wording
from lms.models import Answer, Enrolment, Grading, Lesson, LessonPage, Question
from lms.questions import KINDS
from lms.wording import Wording


@dataclass(frozen=True)
class Posed:
    """One question of a page, the same for every learner.

    question is the source, to which the answer is kept; revision, language and wording are what the page asks.
    """

    number: int
    total: int
    question: Question
    revision: int | None
    language: str
    wording: Wording


@dataclass(frozen=True)
class Asked:
    """A question as its learner sees it: language and wording are those of the time when it was answered.

    event is the id that the next answer will have.
    """

    posed: Posed
    language: str
    wording: Wording
    answer: Answer | None
    again: bool
    registration: UUID | None
    event: UUID = field(default_factory=uuid4)

    @property
    def question(self) -> Question:
        """The source."""
        return self.posed.question

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


def pose(questions: Sequence[Question], page: LessonPage) -> list[Posed]:
    """The published ones among the questions, in their order, as a page of the lesson asks every learner.

    questions: what the page names. A page that is a translation asks all that its source does.
    """
    translated = page.locale.language_code != page.lesson.course.language
    pairs = _with_sources(questions, page.lesson) if translated else [(each, each) for each in questions]
    shown = [(question, said) for question, said in pairs if question.is_asked]
    codes = languages.codes() if shown else {}
    return [
        Posed(
            number,
            len(shown),
            question,
            said.live_revision_id,
            codes.get(said.locale_id, page.lesson.course.language),
            wording.of_question(said),
        )
        for number, (question, said) in enumerate(shown, start=1)
    ]


def ask(posed: Sequence[Posed], lesson: Lesson, enrolment: Enrolment | None, again: str = "") -> list[Asked]:
    """The same with the learner's latest answers, those answered as they were then. At most four queries.

    again: the key of one to answer once more.
    """
    answers = _answers(posed, lesson, enrolment) if enrolment and posed else {}
    registration = enrolment.registration if enrolment else None
    then = {
        answer.revision_id
        for each in posed
        if (answer := answers.get(each.question.pk)) and answer.revision_id != each.revision
    }
    earlier = {row.pk: wording.of_revision(row) for row in Revision.objects.filter(pk__in=then)} if then else {}
    codes = languages.codes() if earlier else {}
    asked = []
    for each in posed:
        answer = answers.get(each.question.pk)
        again_now = again == each.question.key
        language, words = each.language, each.wording
        if answer and not again_now and answer.revision_id in earlier:
            words = earlier[answer.revision_id]
            language = codes.get(words.locale or 0, lesson.course.language)
        asked.append(Asked(each, language, words, answer, again_now, registration))
    return asked


def _answers(posed: Sequence[Posed], lesson: Lesson, enrolment: Enrolment) -> dict[int, Answer]:
    """By question, with what trainers said to those that a person judges."""
    given = _given(enrolment.pk, lesson.pk)
    by_person = {each.question.pk for each in posed if KINDS[each.question.kind].by_person}
    prefetch_related_objects([answer for answer in given if answer.question_id in by_person], "gradings")
    return {answer.question_id: answer for answer in given}


@Prepared
def _given(enrolment: int, lesson: int) -> QuerySet[Answer]:
    return Answer.objects.filter(enrolment=enrolment, lesson=lesson).in_lessons().standing()


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
