"""What a learner keeps for themselves at a lesson: a note, a mark in it. Nobody else reads them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.models.course import Lesson
from lms.models.enrolment import Enrolment
from people.merging import accounts_of


class OwnQuerySet(models.QuerySet[Any]):
    """Reads of what is only its owner's."""

    def visible_to(self, user: Any) -> "OwnQuerySet":
        """One's own, with that of merged accounts; no role sees another's."""
        return self.filter(enrolment__learner__in=accounts_of(user))

    def in_notebook(self) -> "OwnQuerySet":
        """With lesson and course at hand, as the notebook lists them: the latest first."""
        return self.select_related("lesson", "enrolment__course").order_by("-at", "-pk")


class Note(models.Model):
    """The learner's own words at a lesson."""

    LONGEST = 4000

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("ghi chú"), max_length=LONGEST)
    at = models.DateTimeField(auto_now=True, help_text="when it was last written")

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("ghi chú")
        verbose_name_plural = _("ghi chú")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="lms_note_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"


class Bookmark(models.Model):
    """A lesson to which the learner wants to come back."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="bookmarks")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="bookmarks")
    at = models.DateTimeField(auto_now_add=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("bài đã đánh dấu")
        verbose_name_plural = _("bài đã đánh dấu")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="lms_bookmark_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"
