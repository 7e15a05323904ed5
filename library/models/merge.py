"""Two records that became one, so that it can be undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordMerge(models.Model):
    """A librarian's merge: `gone` became a tombstone, `kept` says what both said."""

    kept = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="merged_into")
    version = models.PositiveIntegerField(help_text="Record.version of `kept` after the merge; a later one cannot undo")
    moved = models.JSONField(
        default=dict,
        help_text="version 1: primary keys by name: collections that `kept` joined, and what moved",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lần gộp biểu ghi")
        verbose_name_plural = _("lần gộp biểu ghi")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
