"""The shape of every outbox queue."""

from django.db import models


class QueueRow(models.Model):
    """One thing that must be derived again. Written in the transaction of its cause; see core.outbox."""

    key = models.CharField(max_length=255, help_text="what was touched: a registration, a record, a person")
    queued_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True, help_text="wait until then after a failure")
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        indexes = [models.Index(fields=["key"], name="%(class)s_key")]

    def __str__(self) -> str:
        return self.key
