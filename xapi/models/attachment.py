"""Files that came with statements, in the database, so that they are stored with their batch or not at all."""

from django.db import models


class Attachment(models.Model):
    """One content, however many statements carry it."""

    sha2 = models.CharField(max_length=128, unique=True, help_text="hexadecimal")
    content_type = models.CharField(max_length=255)
    length = models.BigIntegerField(help_text="in bytes")

    def __str__(self) -> str:
        return self.sha2


class AttachmentChunk(models.Model):
    """A piece of an attachment, so that large ones pass through without filling the memory."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["attachment", "number"], name="xapi_chunk_once")]

    def __str__(self) -> str:
        return f"{self.attachment_id}/{self.number}"
