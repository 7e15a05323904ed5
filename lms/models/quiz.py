"""The quiz of a lesson, and what learners made of it."""

import uuid
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.models.course import Lesson
from lms.models.enrolment import Enrolment
from people.models import User


class AnswersShown(models.TextChoices):
    """When a learner may read what was right."""

    EACH = "each", _("Sau mỗi lần làm")
    LAST = "last", _("Khi đã đạt hoặc đã hết lượt làm")
    NEVER = "never", _("Không hiện đáp án")


class Quiz(models.Model):
    """The quiz that a lesson has today. Derived from the quiz block of its source page by lms.quizzes."""

    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="quiz")
    # {"questions": ["q-1", "q-2"], "draws": [{"tags": ["otp"], "count": 3, "kind": ""}]}: keys of questions, slugs of
    # tags (a question has all of them), and the name of a kind or nothing
    plan = models.JSONField(default=dict, help_text="the questions always asked, and what is drawn")
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.PROTECT, related_name="+")
    asks = models.PositiveSmallIntegerField(help_text="how many questions count")
    shuffle = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how many a learner has; 0: any number")
    minutes = models.PositiveSmallIntegerField(default=0, help_text="for one attempt; 0: no limit")
    pass_mark = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(100)], help_text="percent; 0: no score is asked for"
    )
    answers_shown = models.CharField(max_length=5, choices=AnswersShown, default=AnswersShown.EACH)
    fixed: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "lms.Question", related_name="quizzes", help_text="so that a change of one of them reaches the rule"
    )

    def __str__(self) -> str:
        return f"{self.lesson_id}"


class QuizAttemptQuerySet(models.QuerySet["QuizAttempt"]):
    """Reads of attempts."""

    def visible_to(self, user: Any) -> "QuizAttemptQuerySet":
        """One's own, and those of the people whom the user may see."""
        return self.filter(enrolment__learner__in=User.objects.visible_to(user))

    def standing(self) -> "QuizAttemptQuerySet":
        """Those whose conclusion was not voided: a voided attempt is none."""
        from xapi.models import Statement

        voided = Statement.objects.filter(statement_id=models.OuterRef("statement_id"), voided=True)
        return self.exclude(models.Exists(voided))


class QuizAttempt(models.Model):
    """One attempt. It keeps what it was asked and by which mark: a quiz changed meanwhile leaves it valid."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="quiz_attempts")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="quiz_attempts")
    number = models.PositiveSmallIntegerField(help_text="1 is the first of this learner at this quiz")
    event = models.UUIDField(default=uuid.uuid4, help_text="of the press that started it")
    seed = models.CharField(max_length=60, help_text="decides what is drawn and every order")
    # [["q-1", 17], ["q-2", 9]]: question keys with the revision shown, in the order shown
    drawn = models.JSONField(default=list, help_text="questions and their revisions, in the order shown")
    # {"q-1": {"option": ["a"]}}: the fields of the form by question key, without their prefix
    drafts = models.JSONField(default=dict, help_text="what was filled in so far")
    pass_mark = models.PositiveSmallIntegerField(help_text="percent, of the quiz when it started; 0: none")
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, help_text="handed in then at the latest; empty: no limit")
    submitted_at = models.DateTimeField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=4, null=True, help_text="0 to 1")
    success = models.BooleanField(null=True, help_text="empty: not handed in, or no mark was asked for")
    statement_id = models.UUIDField(null=True, unique=True, help_text="of its conclusion")

    objects = QuizAttemptQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "lesson", "number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson", "number"], name="lms_attempt_number"),
            models.UniqueConstraint(fields=["enrolment", "event"], name="lms_attempt_event"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.lesson_id}/{self.number}"

    @property
    def is_open(self) -> bool:
        """Not handed in yet."""
        return self.submitted_at is None

    @property
    def percent(self) -> Decimal | None:
        """The score in percent."""
        return None if self.score is None else self.score * 100
