"""The tables of core: the site's identity, jobs, schedules and the audit log."""

from core.models.identity import Identity
from core.models.queue import QueueRow

__all__ = ["Identity", "QueueRow"]
