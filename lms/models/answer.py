"""One answer of one learner to one question, with the question as it was then."""

import uuid

from django.db import models

from lms.models.course import Lesson
from lms.models.enrolment import Enrolment
from lms.models.question import Question


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Reads of answers."""

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
    # The ids of the options chosen, sorted: ["a", "c"]
    response = models.JSONField(default=list)
    success = models.BooleanField()
    score = models.DecimalField(max_digits=4, decimal_places=3, help_text="0 to 1")
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["answered_at", "id"]
        indexes = [models.Index(fields=["enrolment", "lesson"], name="lms_answer_lesson")]

    def __str__(self) -> str:
        return str(self.statement_id)
