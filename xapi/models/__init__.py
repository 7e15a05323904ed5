"""The tables of the Learning Record Store."""

from xapi.models.activity import Activity
from xapi.models.attachment import Attachment, AttachmentChunk
from xapi.models.credential import Credential, Scope
from xapi.models.statement import Statement, StatementKey

__all__ = ["Activity", "Attachment", "AttachmentChunk", "Credential", "Scope", "Statement", "StatementKey"]
