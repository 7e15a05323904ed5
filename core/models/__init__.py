"""The tables of core: the site's identity, queues' shape, jobs, schedules, workers, imports and the audit log."""

from core.models.audit import AuditEntry
from core.models.identity import Identity
from core.models.job import Job, Schedule, Worker
from core.models.queue import QueueRow
from core.models.table_import import ImportedRow, ImportProblem, TableImport

__all__ = [
    "AuditEntry",
    "Identity",
    "ImportProblem",
    "ImportedRow",
    "Job",
    "QueueRow",
    "Schedule",
    "TableImport",
    "Worker",
]
