"""What is thrown away once a day."""

from django.core.management import call_command

from core import exports, jobs, table_imports
from core.models import Job


@jobs.handler("core.tidy")
def tidy(job: Job) -> None:
    """Forget sessions that are over, and jobs, imports and exports that ended long ago."""
    call_command("clearsessions")
    job.result = {
        "exports_forgotten": exports.forget_old(),
        "jobs_forgotten": jobs.forget_ended(),
        "imports_forgotten": table_imports.forget_ended(),
    }
