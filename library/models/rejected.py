"""What an import could not read, kept so that nothing is lost silently."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RejectedRecord(models.Model):
    """The bytes of one unreadable record with the reason. A second run over the same file makes no second row."""

    file = models.CharField(
        _("tệp"),
        max_length=255,
        help_text="the file's name without its folder, or the source's key",
    )
    position = models.PositiveIntegerField(_("thứ tự"), help_text="which record of the file, counted from 1")
    reason = models.TextField(_("lý do"))
    raw = models.BinaryField(help_text="the bytes as received, at most RAW_LIMIT of them")
    digest = models.CharField(max_length=64, help_text="SHA-256 of raw, hexadecimal")
    created_at = models.DateTimeField(_("lúc"), auto_now_add=True)

    RAW_LIMIT = 1_000_000

    class Meta:
        verbose_name = _("biểu ghi bị từ chối")
        verbose_name_plural = _("biểu ghi bị từ chối")
        ordering = ["-created_at", "file", "position"]
        constraints = [models.UniqueConstraint(fields=["file", "position", "digest"], name="library_rejected_once")]

    def __str__(self) -> str:
        return f"{self.file} #{self.position}"
