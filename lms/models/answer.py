"""One answer of one learner to one question, with the question as it was then."""

import uuid
from pathlib import PurePath
from typing import Any

from django.db import models

from lms.models.course import Lesson
from lms.models.enrolment import Enrolment
from lms.models.question import Question
from people.models import User


def place_of(answer: "Answer", name: str) -> str:
    """Where a file is kept: under a name that nobody guesses, outside the public folders."""
    return f"answers/{uuid.uuid4().hex}{PurePath(name).suffix[:8].lower()}"


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Reads of answers."""

    def visible_to(self, user: Any) -> "AnswerQuerySet":
        """One's own, and those of the people whom the user may see."""
        return self.filter(enrolment__learner__in=User.objects.visible_to(user))

    def in_lessons(self) -> "AnswerQuerySet":
        """Those given in a lesson itself, not in its quiz."""
        return self.filter(quiz_attempt=None)

    def standing(self) -> "AnswerQuerySet":
        """Those whose statement was not voided."""
        from xapi.models import Statement

        voided = Statement.objects.filter(statement_id=models.OuterRef("statement_id"), voided=True)
        return self.exclude(models.Exists(voided))


class Answer(models.Model):
    """Graded by the server when given. Every attempt is kept; the statement of the same id is what counts."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="answers")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    revision = models.ForeignKey(
        "wagtailcore.Revision", on_delete=models.PROTECT, related_name="+", help_text="what was seen"
    )
    statement_id = models.UUIDField(default=uuid.uuid4, unique=True)
    attempt = models.PositiveSmallIntegerField(help_text="1 is the first of this learner at this question")
    response = models.JSONField(default=list, help_text="as the question's kind reads it, such as the ids chosen")
    file = models.FileField(upload_to=place_of, max_length=200, blank=True, help_text="what was handed in with it")
    success = models.BooleanField(null=True, help_text="empty: nobody has graded it yet, or nothing is right or wrong")
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True, help_text="0 to 1; empty as above")
    answered_at = models.DateTimeField()
    quiz_attempt = models.ForeignKey(
        "lms.QuizAttempt", on_delete=models.PROTECT, null=True, related_name="answers", help_text="where it was given"
    )
    waits = models.BooleanField(default=False, help_text="for a trainer to grade it")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["answered_at", "id"]
        indexes = [
            models.Index(fields=["enrolment", "lesson"], name="lms_answer_lesson"),
            models.Index(fields=["answered_at", "id"], name="lms_answer_waiting", condition=models.Q(waits=True)),
        ]

    def __str__(self) -> str:
        return str(self.statement_id)
