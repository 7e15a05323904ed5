"""A quiz as its learner sees it: the card in the lesson, the form of an attempt, the review. Reading writes nothing.

What was right stands in the wording of a question and is shown only for an attempt that may be reviewed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from lms import languages, quiz_attempts, quizzes
from lms.asking import anchor
from lms.exceptions import EmptyAnswer
from lms.models import Answer, AnswersShown, Enrolment, Lesson, LessonPage, Question, Quiz, QuizAttempt
from lms.wording import Wording

PLACE = "bai-kiem-tra"  # of the card on the lesson's page


@dataclass(frozen=True)
class Standing:
    """A learner's attempts at a quiz, the first first. A quiz that its lesson no longer has is None."""

    quiz: Quiz | None
    attempts: Sequence[QuizAttempt]

    @cached_property
    def finished(self) -> list[QuizAttempt]:
        """Those handed in, the latest first."""
        return [each for each in reversed(self.attempts) if not each.is_open]

    @cached_property
    def running(self) -> QuizAttempt | None:
        """The one that is open and in time."""
        found = (each for each in self.attempts if each.is_open and not quiz_attempts.is_late(each))
        return next(found, None)

    @cached_property
    def best(self) -> QuizAttempt | None:
        """The one with the highest score."""
        return max(self.finished, key=lambda each: (bool(each.success), each.score or 0), default=None)

    @property
    def left(self) -> int | None:
        """How many attempts are left to start; None: any number."""
        if self.quiz is None:
            return 0
        return max(0, self.quiz.attempts - len(self.attempts)) if self.quiz.attempts else None

    @property
    def may_start(self) -> bool:
        """Whether a new attempt may begin."""
        return self.running is None and self.left != 0

    def may_review(self, attempt: QuizAttempt) -> bool:
        """Whether the learner may read what was right in an attempt that was handed in.

        Not while the lesson has no quiz: it may have been taken back for a while, and its rule with it.
        """
        if attempt.is_open:
            return False
        shown = self.quiz.answers_shown if self.quiz else AnswersShown.NEVER
        if shown == AnswersShown.LAST:
            is_through = any(each.success for each in self.finished)
            return is_through or (self.running is None and self.left == 0)
        return shown == AnswersShown.EACH


@dataclass(frozen=True)
class Card:
    """The quiz on its lesson's page; event is the id that the next attempt will have. sample: for the trainer."""

    introduction: str
    quiz: Quiz | None
    standing: Standing
    sample: Sequence[Question] = ()
    shortages: Sequence[quizzes.Shortage] = ()
    place: str = PLACE
    event: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Item:
    """One question of an attempt; the templates of the kinds know it as `asked`."""

    number: int
    total: int
    question: Question
    wording: Wording
    seed: str
    kept: Mapping[str, Sequence[str]]
    language: str
    is_reviewed: bool = False
    answer: Answer | None = None

    @property
    def prefix(self) -> str:
        """Before the names of its fields: one form holds all questions."""
        return quiz_attempts.prefix(self.question.key)

    @property
    def mark(self) -> str:
        """Of what its fields show now."""
        return quiz_attempts.mark(self.kept)

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return anchor(self.question)

    @cached_property
    def shown(self) -> dict[str, Any]:
        """What the kind's template needs: with the key only in a review."""
        kind = self.wording.kind
        if self.is_reviewed:
            return kind.reviewed(self.wording.value, self.answer.response if self.answer else kind.blank)
        return kind.asked(self.wording.value, Random(f"{self.seed} {self.question.key}"))

    @property
    def template(self) -> str:
        """The kind's own part of the card."""
        state = "answered" if self.is_reviewed else "open"
        return f"lms/questions/{self.wording.kind.template}_{state}.html"

    @property
    def percent(self) -> int:
        """Of an answer that is partly right, how much."""
        return int((self.answer.score or 0) * 100) if self.answer else 0

    @cached_property
    def problem(self) -> str:
        """Why what is kept would not count as an answer; empty when it does."""
        try:
            quiz_attempts.response(self.wording, self.kept)
        except EmptyAnswer as error:
            return str(error)
        return ""


def card(page: LessonPage, enrolment: Enrolment | None) -> Card | None:
    """The lesson's quiz; in the editor's preview, without enrolment, the quiz as written, with one draw."""
    block = quizzes.block_of(page)
    if block is None:
        return None
    if enrolment is None:
        plan = quizzes.plan_of(block)
        quiz = _as_written(page, block, plan)
        sample = quizzes.draw(plan, page.locale, Random("preview"))
        return Card(block["introduction"], quiz, Standing(quiz, ()), sample, list(quizzes.shortages(plan, page.locale)))
    found = standing(enrolment, page.lesson)
    return Card(block["introduction"], found.quiz, found)


def standing(enrolment: Enrolment, lesson: Lesson) -> Standing:
    """The learner's attempts that stand, with the quiz of today. Two queries."""
    quiz = Quiz.objects.filter(lesson=lesson).first()
    own = QuizAttempt.objects.filter(enrolment=enrolment, lesson=lesson).standing()
    return Standing(quiz, list(own.order_by("number")))


def held_back(enrolment: Enrolment) -> set[UUID]:
    """The statements of answers whose key the learner may not read, or not yet, by the rule of their quiz.

    Two queries, and two for each quiz that does not always show them.
    """
    taken = QuizAttempt.objects.filter(enrolment=enrolment).exclude(lesson__quiz__answers_shown=AnswersShown.EACH)
    by_lesson: dict[Lesson, list[QuizAttempt]] = {}
    for attempt in taken.select_related("lesson"):
        by_lesson.setdefault(attempt.lesson, []).append(attempt)
    hidden = []
    for lesson, attempts in by_lesson.items():
        found = standing(enrolment, lesson)
        hidden += [attempt.pk for attempt in attempts if not found.may_review(attempt)]
    return set(Answer.objects.filter(quiz_attempt__in=hidden).values_list("statement_id", flat=True))


def items(attempt: QuizAttempt, *, review: bool) -> list[Item]:
    """The questions of an attempt, with what was kept, or with what was answered and was right."""
    given = {each.question_id: each for each in attempt.answers.all()} if review else {}
    shown, codes = quiz_attempts.asked(attempt), languages.codes()
    return [
        Item(
            number,
            len(shown),
            question,
            words,
            attempt.seed,
            attempt.drafts.get(question.key, {}),
            codes.get(words.locale or 0, attempt.enrolment.course.language),
            review,
            given.get(question.pk),
        )
        for number, (question, _revision, words) in enumerate(shown, start=1)
    ]


def seconds_left(attempt: QuizAttempt) -> int | None:
    """Until the deadline; None without one."""
    if attempt.deadline is None:
        return None
    return max(0, ceil((attempt.deadline - timezone.now()).total_seconds()))


def _as_written(page: LessonPage, block: Mapping[str, Any], plan: quizzes.Plan) -> Quiz:
    mark = block["pass_mark"]
    return Quiz(
        lesson=page.lesson,
        plan=plan.as_data(),
        asks=quizzes.count(plan, page.locale),
        shuffle=block["shuffle"],
        attempts=block["attempts"] or 0,
        minutes=block["minutes"] or 0,
        pass_mark=page.course_page().pass_mark if mark is None else mark,
        answers_shown=block["answers_shown"],
    )
