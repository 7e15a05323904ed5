"""The tables of core: the site's identity, queues' shape, jobs, schedules, workers and the audit log."""

from core.models.audit import AuditEntry
from core.models.identity import Identity
from core.models.job import Job, Schedule, Worker
from core.models.queue import QueueRow

__all__ = ["AuditEntry", "Identity", "Job", "QueueRow", "Schedule", "Worker"]
