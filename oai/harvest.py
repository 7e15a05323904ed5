"""A harvest of one partner: page by page, each kept with the token of the next one, so that a kill costs no work.

What is asked for begins where the last complete list began, by the partner's own clock, and a little before: some
providers stamp a change earlier than they show it. What comes again by that is recognised and counted nowhere.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from sickle import oaiexceptions

from core import fetch
from core.exceptions import Stopped
from library import records
from library.models import Record
from library.reading import Refused
from oai import arrivals, datestamps
from oai.arrivals import Arrival
from oai.exceptions import Overtaken, PartnerError
from oai.models import HarvestRun, HarvestSource
from oai.partner import Partner

logger = logging.getLogger(__name__)

OVERLAP = {
    HarvestSource.Granularity.SECOND: timedelta(minutes=5),
    HarvestSource.Granularity.DAY: timedelta(days=1),  # some providers write the local day
}
BATCH = 50  # records in one transaction, whatever the size of the partner's pages
REASONS = 20  # reasons of rejected records kept with a run


def harvest(source: HarvestSource, *, after_page: Callable[[HarvestRun], None] | None = None) -> HarvestRun:
    """Take what changed since the last harvest, or go on with one that was cut off. Raises PartnerError."""
    source.refresh_from_db()
    with transaction.atomic():
        source.runs.filter(state=HarvestRun.State.RUNNING).update(state=HarvestRun.State.INTERRUPTED)
        run = source.runs.create()
    try:
        for _page in _take(source, run):
            if after_page:
                after_page(run)
    except (Stopped, KeyboardInterrupt):
        _end(run, HarvestRun.State.INTERRUPTED)
        raise
    except BaseException as error:
        _end(run, HarvestRun.State.FAILED, str(error))
        raise
    _end(run, HarvestRun.State.DONE)
    return run


def _end(run: HarvestRun, state: HarvestRun.State, error: str = "") -> None:
    run.state, run.finished_at = state, timezone.now()
    run.error = "\n".join(filter(None, [error, run.error]))
    run.save(update_fields=["state", "finished_at", "error"])


def _take(source: HarvestSource, run: HarvestRun) -> Iterator[None]:
    """All pages of the list, from the token in progress or from its start; once more from there when it has expired."""
    if source.private:
        fetch.allow_address(source.url)
    partner = Partner(source.url)
    while True:
        resumed = bool(source.token)
        try:
            yield from _pages(source, run, partner)
        except oaiexceptions.NoRecordsMatch:
            if partner.last and not source.list_date:
                source.list_date = partner.last.date
            _keep(source, run, [], "")
        except oaiexceptions.BadResumptionToken as error:
            if not resumed:
                raise PartnerError(f"{source.url}: refuses its own token ({error}). Harvest again") from error
            logger.warning("%s: the token of the interrupted harvest has expired, starting the list again", source.url)
            source.token, source.list_date, source.list_newest = "", None, None
            continue
        return


def _pages(source: HarvestSource, run: HarvestRun, partner: Partner) -> Iterator[None]:
    arguments = {"resumptionToken": source.token} if source.token else _arguments(source)
    pages = partner.ListRecords(**arguments)
    for answer in pages:
        source.list_date = source.list_date or answer.date
        token = pages.resumption_token.token if pages.resumption_token else ""
        _keep(source, run, arrivals.read(answer), token)
        yield


def _arguments(source: HarvestSource) -> dict[str, str]:
    arguments = {"metadataPrefix": source.prefix}
    if source.until:
        since = source.until - OVERLAP[HarvestSource.Granularity(source.granularity)]
        arguments["from"] = datestamps.write(since, source.granularity)
    if source.set_spec:
        arguments["set"] = source.set_spec
    return arguments


def _keep(source: HarvestSource, run: HarvestRun, page: Sequence[Arrival], token: str) -> None:
    """Store a page in transactions of BATCH records; the last of them also keeps the token, or the end of the list."""
    pieces = [page[at : at + BATCH] for at in range(0, len(page), BATCH)] or [page]
    for number, piece in enumerate(pieces, start=1):
        with transaction.atomic():
            _check_alone(source)
            _store(source, run, piece)
            if number == len(pieces):
                _advance(source, page, token)
            run.save()


def _check_alone(source: HarvestSource) -> None:
    pages = HarvestSource.objects.select_for_update().values_list("pages", flat=True).get(pk=source.pk)
    if pages != source.pages:
        raise Overtaken(f"{source.url}: another process harvests this source too; left it to that one")


def _advance(source: HarvestSource, page: Sequence[Arrival], token: str) -> None:
    stamps = [each.datestamp for each in page if each.datestamp]
    source.list_newest = max(filter(None, [source.list_newest, *stamps]), default=None)
    source.token = token
    source.pages += 1
    if not token:  # the end of the list
        source.until = source.list_date
        source.newest = max(filter(None, [source.newest, source.list_newest]), default=None)
        source.list_date = source.list_newest = None
    source.save()


def _store(source: HarvestSource, run: HarvestRun, piece: Sequence[Arrival]) -> None:
    """Save, delete and refuse the records of one batch, and count."""
    reads = [(each, each.read) for each in piece if each.read]
    saved = records.save_many(
        [records.Incoming.of(read, identifier=each.identifier) for each, read in reads], source=source.source
    )
    for (each, _read), (_key, outcome) in zip(reads, saved, strict=True):
        if outcome != "unchanged" or not _came_again(source, each):
            setattr(run, outcome, getattr(run, outcome) + 1)
    gone = [each.identifier for each in piece if each.deleted]
    if gone:
        of_source = Record.objects.filter(source=source.source, source_identifier__in=gone)
        run.deleted += len(records.delete_many(list(of_source.values_list("pk", flat=True))))
    for each in piece:
        if each.refused:
            _reject(source, run, each, each.refused)


def _came_again(source: HarvestSource, each: Arrival) -> bool:
    """Whether the partner only repeats what it has told us before, since we asked with an overlap."""
    known = max(filter(None, [source.until, source.newest]), default=None)
    return bool(known and each.datestamp and each.datestamp <= known)


def _reject(source: HarvestSource, run: HarvestRun, each: Arrival, refused: Refused) -> None:
    run.rejected += 1
    if run.rejected <= REASONS:
        run.error += f"{each.identifier or 'no identifier'}: {refused.reason}\n"
    records.reject(refused, file=f"{source.source.key}: {each.identifier}", position=1)
