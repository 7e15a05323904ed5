"""The history of a record, and who is at it now."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordVersion(models.Model):
    """One change of a record: what it said before, who changed it and when. The newest content is the record's own."""

    class Action(models.TextChoices):
        EDIT = "edit", _("Sửa")
        PUBLISH = "publish", _("Công bố")
        WITHDRAW = "withdraw", _("Đưa về bản nháp")
        RESTORE = "restore", _("Khôi phục phiên bản cũ")
        MERGE = "merge", _("Gộp biểu ghi")
        BATCH = "batch", _("Sửa hàng loạt")
        UNDO = "undo", _("Hoàn tác")
        IMPORT = "import", _("Nhập từ tệp")

    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(help_text="the version that this change made: Record.version after it")
    action = models.CharField(_("việc"), max_length=10, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người làm"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("lúc"), auto_now_add=True)
    before = models.BinaryField(help_text="the canonical form before the change; see library.canonical")

    class Meta:
        verbose_name = _("phiên bản của biểu ghi")
        verbose_name_plural = _("phiên bản của biểu ghi")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="library_version_once")]

    def __str__(self) -> str:
        return f"{self.record_id}.{self.number}"


class RecordEditor(models.Model):
    """Somebody who has a record open in the editor; a hint for others, not a lock."""

    record = models.ForeignKey("library.Record", on_delete=models.CASCADE, related_name="editors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="library_editor_once")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.person_id}"
