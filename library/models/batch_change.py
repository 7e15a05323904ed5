"""One change of many records, seen before it is made."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchChange(models.Model):
    """Which records, what to do with each, and how far it is. Jobs look, make the change and take it back."""

    class State(models.TextChoices):
        LOOKING = "looking", _("Đang xem trước")
        READY = "ready", _("Chờ đồng ý")
        MAKING = "making", _("Đang sửa")
        MADE = "made", _("Đã sửa")
        UNDOING = "undoing", _("Đang hoàn tác")
        UNDONE = "undone", _("Đã hoàn tác")

    selection = models.JSONField(help_text="version 1: words, collection, status, material; see library.batch_changes")
    change = models.JSONField(help_text="version 1: what, tag and its arguments; see library.batch_operations")
    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.LOOKING)
    counts = models.JSONField(
        default=dict, blank=True, help_text="version 1: looked, fitting; made, refused; undone, left"
    )
    first = models.JSONField(default=list, blank=True, help_text="primary keys of the first records that would change")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("người làm"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("lần sửa hàng loạt")
        verbose_name_plural = _("lần sửa hàng loạt")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class BatchedRecord(models.Model):
    """A record that a batch changed, and the version that it made."""

    batch = models.ForeignKey(BatchChange, on_delete=models.CASCADE, related_name="records")
    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "record"], name="library_batched_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.record_id}"
