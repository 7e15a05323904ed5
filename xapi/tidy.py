"""What is thrown away once a day."""

from core import jobs
from core.models import Job
from xapi import attachments

KIND = "xapi.tidy"


@jobs.handler(KIND)
def tidy(job: Job) -> None:
    """Forget files whose statements never came to be stored."""
    job.result = {"attachments_forgotten": attachments.forget(job)}
