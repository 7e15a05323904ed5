"""The tables of the Learning Record Store."""

from xapi.models.activity import Activity
from xapi.models.attachment import Attachment, AttachmentChunk, StatementAttachment
from xapi.models.credential import Credential, Scope
from xapi.models.document import Document
from xapi.models.foreign_actor import ActorsGathered, ForeignActor
from xapi.models.forwarding import DeadLetter, Forwarding, ForwardingQueue
from xapi.models.launch import LaunchToken
from xapi.models.statement import Statement, StatementKey

__all__ = [
    "Activity",
    "ActorsGathered",
    "Attachment",
    "AttachmentChunk",
    "Credential",
    "DeadLetter",
    "Document",
    "ForeignActor",
    "Forwarding",
    "ForwardingQueue",
    "LaunchToken",
    "Scope",
    "Statement",
    "StatementAttachment",
    "StatementKey",
]
