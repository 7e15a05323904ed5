"""One learner in one course, and how far the learner is."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.models.course import Course, Lesson
from people.merging import accounts_of, persons_of_accounts
from people.models import User

IDLE = timedelta(days=7)  # without learning, and not finished: behind


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Reads of enrolments."""

    def visible_to(self, user: Any) -> "EnrolmentQuerySet":
        """Those of the people whom the user may see."""
        return self.filter(learner__in=User.objects.visible_to(user))

    def behind(self) -> "EnrolmentQuerySet":
        """Those who have not finished and learned nothing for a week, or never: the one meaning of the word."""
        idle = models.Q(active_at=None) | models.Q(active_at__lt=timezone.now() - IDLE)
        return self.filter(idle, completed_at=None)

    def of_person(self, user: Any) -> "EnrolmentQuerySet":
        """The user's own and those of accounts merged into it; of one course the one that has come furthest first."""
        return self.filter(learner__in=accounts_of(user)).order_by(
            models.F("completed_at").asc(nulls_last=True), models.F("active_at").desc(nulls_last=True), "-id"
        )

    def by_learner(self, course: int, learners: Sequence[Any]) -> "dict[int, Enrolment]":
        """{learner: their enrolment in the course}: their own, else that of another account of the same person."""
        persons = persons_of_accounts(learners)
        rows = self.filter(course=course, learner__in=persons).select_related("course", "learner").order_by("pk")
        own = {row.learner_id: row for row in rows}
        of_person = {persons[row.learner_id].pk: row for row in own.values()}
        found = {learner.pk: own.get(learner.pk) or of_person.get(persons[learner.pk].pk) for learner in learners}
        return {learner: row for learner, row in found.items() if row is not None}

    def of_learner(self, user: Any) -> "EnrolmentQuerySet":
        """The same, the latest activity first, courses at hand."""
        return (
            self.of_person(user)
            .select_related("course")
            .order_by(models.F("active_at").desc(nulls_last=True), "-enrolled_at", "-id")
        )


class Enrolment(models.Model):
    """One learner in one course; its registration is the xAPI registration.

    The first block is the register; the second is derived from statements by lms.progress and never set elsewhere.
    """

    class Status(models.TextChoices):
        ENROLLED = "enrolled", _("Đã ghi danh")
        IN_PROGRESS = "in_progress", _("Đang học")
        COMPLETED = "completed", _("Đã học xong")
        PASSED = "passed", _("Đã học xong và đạt")

    registration = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    learns_for = models.ForeignKey(
        "people.Representation", null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    enrolled_at = models.DateTimeField()
    enrolled_by = models.UUIDField(help_text="the uuid of who enrolled: the learner or staff")

    status = models.CharField(max_length=12, choices=Status, default=Status.ENROLLED)
    lessons_done = models.PositiveSmallIntegerField(default=0, help_text="of the lessons that the course has")
    score = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, help_text="percent of the course's questions"
    )
    active_at = models.DateTimeField(null=True, help_text="the latest event")
    completed_at = models.DateTimeField(null=True, help_text="the course was finished by its rule")
    passed_at = models.DateTimeField(null=True, help_text="finished with the pass mark reached")

    DERIVED = ("status", "lessons_done", "score", "active_at", "completed_at", "passed_at")
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("ghi danh")
        verbose_name_plural = _("ghi danh")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="lms_enrolment_once")]
        indexes = [models.Index(fields=["course", "completed_at"], name="lms_enrolment_completed")]

    def __str__(self) -> str:
        return str(self.registration)

    @property
    def is_finished(self) -> bool:
        """The course's rule was met once, or someone who may say so said it."""
        return self.completed_at is not None


class LessonDone(models.Model):
    """A lesson that a learner went through. Derived from statements."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="done")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="done")
    at = models.DateTimeField(help_text="the first time")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="lms_lesson_done_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"
