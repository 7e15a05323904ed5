"""Files that came with statements, in the database, so that they are stored with their batch or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.db.models import Q

from xapi.models.statement import Statement


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads of files, named by their use."""

    def of_statements(self, statement_ids: Iterable[UUID]) -> AttachmentQuerySet:
        """The files that came with these statements. That a statement names a file does not show it."""
        rows = Statement.objects.filter(statement_id__in=list(statement_ids))
        links = StatementAttachment.objects.filter(statement_id__in=rows.values("pk"))
        return self.filter(pk__in=links.values("attachment_id")).order_by("pk")


class Attachment(models.Model):
    """One content, however many statements carry it. It is there for nobody until it is complete."""

    sha2 = models.CharField(max_length=128, help_text="hexadecimal")
    content_type = models.CharField(max_length=255)
    length = models.BigIntegerField(help_text="in bytes")
    complete = models.BooleanField(default=False, help_text="true from the commit of the first statement with it on")
    begun_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha2"], condition=Q(complete=True), name="xapi_attachment_once")
        ]

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


class StatementAttachment(models.Model):
    """A file came with a statement: who may read the statement may read the file."""

    pk = models.CompositePrimaryKey("statement_id", "attachment_id")
    statement = models.ForeignKey(
        Statement, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.statement_id} {self.attachment_id}"
