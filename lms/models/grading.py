"""What a trainer said of an answer that only a person can judge."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.models.answer import Answer


class Grading(models.Model):
    """One grading; a later one of the same answer takes its place, and its statement is voided."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="gradings")
    # By the ids of the rubric's criteria: {"a": 3, "b": 1}
    points = models.JSONField(default=dict, help_text="points given, by criterion")
    score = models.DecimalField(max_digits=5, decimal_places=4, help_text="0 to 1")
    success = models.BooleanField(_("đạt"))
    comment = models.TextField(_("nhận xét"), blank=True)
    by = models.UUIDField(help_text="the trainer's uuid")
    at = models.DateTimeField(auto_now_add=True)
    statement_id = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        ordering = ["answer", "id"]
        verbose_name = _("lần chấm")
        verbose_name_plural = _("lần chấm")

    def __str__(self) -> str:
        return str(self.statement_id)
