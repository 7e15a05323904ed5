"""Digital files of a record: what is read, and its cover."""

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def place_of(file: "RecordFile", name: str) -> str:
    """Where a file is kept: a folder that /media/ does not open, under a name that nobody can guess."""
    ending = name.rpartition(".")[2].lower()
    return f"library/{file.record_id}/{uuid4().hex}.{ending if ending.isalnum() else 'bin'}"


class RecordFile(models.Model):
    """One file, handed out only by library.views.files, which obeys the record's access."""

    class Use(models.TextChoices):
        CONTENT = "content", _("Nội dung")
        COVER = "cover", _("Ảnh bìa")

    record = models.ForeignKey("library.Record", on_delete=models.PROTECT, related_name="files")
    use = models.CharField(_("dùng làm"), max_length=8, choices=Use, default=Use.CONTENT)
    name = models.CharField(_("tên"), max_length=255, help_text=_("Bạn đọc thấy, ví dụ: Toàn văn (PDF, 2 MB)."))
    file = models.FileField(_("tệp"), upload_to=place_of, max_length=200)

    class Meta:
        verbose_name = _("tệp tài liệu số")
        verbose_name_plural = _("tệp tài liệu số")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("library:file", args=[self.pk])
