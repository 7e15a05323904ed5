"""Harvests as jobs: all sources by the clock, or one from its button."""

import logging

from core import jobs
from core.exceptions import Stopped
from core.models import Job
from oai.exceptions import PartnerError
from oai.harvest import harvest
from oai.models import HarvestRun, HarvestSource

logger = logging.getLogger(__name__)

ONE = "oai.harvest"
ALL = "oai.harvest_all"


@jobs.handler(ONE)
def harvest_one(job: Job) -> None:
    """Arguments: source (primary key of the HarvestSource)."""
    source = HarvestSource.objects.filter(pk=job.arguments["source"]).first()
    if source is not None:
        _harvest(job, source)


@jobs.handler(ALL)
def harvest_all(job: Job) -> None:
    """Each source in its turn; one that fails does not stop the others. Cursor: passed (primary keys).

    What a harvest failed of is kept in its run.
    """
    passed: list[int] = job.cursor.get("passed", [])
    failed: list[str] = job.result.setdefault("failed", [])
    for source in HarvestSource.objects.exclude(pk__in=passed).order_by("pk"):
        try:
            _harvest(job, source)
        except Stopped:
            raise
        except PartnerError as error:
            logger.warning("harvest of %s failed: %s", source.url, error)
            failed.append(str(error))
        except Exception as error:  # whatever one partner brings about, the others' turn comes
            logger.exception("harvest of %s failed", source.url)
            failed.append(f"{source.url}: {type(error).__name__}: {error}")
        passed.append(source.pk)
        job.advance(cursor={"passed": passed})
    if failed:
        raise PartnerError("; ".join(failed))


def _harvest(job: Job, source: HarvestSource) -> None:
    """The harvest keeps its own place; the job only shows how far it is, and may be stopped after each page."""
    before = job.done
    run = harvest(source, after_page=lambda run: job.advance(done=before + _count(run)))
    job.done = before + _count(run)


def _count(run: HarvestRun) -> int:
    return run.imported + run.updated + run.unchanged + run.deleted + run.rejected
