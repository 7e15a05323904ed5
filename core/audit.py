"""Writes the audit log."""

from typing import Any, Protocol
from uuid import UUID

from core.models import AuditEntry


class HasUuid(Protocol):
    """A person, as far as core knows one."""

    uuid: UUID


def record(*, by: HasUuid | None, action: str, subject: str, detail: dict[str, Any] | None = None) -> AuditEntry:
    """Note a change in the caller's transaction, so that the change and its entry stand or fall together."""
    return AuditEntry.objects.create(
        by=by.uuid if by else None, action=action, subject=subject[:255], detail=detail or {}
    )
