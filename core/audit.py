"""Writes the audit log."""

from typing import Any, Protocol
from uuid import UUID

from core.models import AuditEntry


class HasUuid(Protocol):
    """A person, as far as core knows one."""

    uuid: UUID


def record(*, by: HasUuid | UUID | None, action: str, subject: str, detail: dict[str, Any] | None = None) -> AuditEntry:
    """Note a change in the caller's transaction, so that the change and its entry stand or fall together."""
    uuid = by if by is None or isinstance(by, UUID) else by.uuid
    return AuditEntry.objects.create(by=uuid, action=action, subject=subject[:255], detail=detail or {})
