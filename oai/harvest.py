"""A harvest of one partner: page by page, each kept with the token of the next one, so that a kill costs no work.

What is asked for begins where the last complete list began, by the partner's own clock, and a little before: some
providers stamp a change earlier than they show it. What comes again by that is recognised and counted nowhere.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from lxml import etree
from sickle import oaiexceptions

from core.exceptions import Stopped
from library import records
from library.exceptions import Unreadable
from library.marcxml import from_element
from library.models import Record
from library.reading import Read, Refused
from oai import datestamps
from oai.exceptions import Overtaken, PartnerError
from oai.formats import MARC21
from oai.models import HarvestRun, HarvestSource
from oai.partner import OAI, Answer, Partner
from oai.sources import allow

logger = logging.getLogger(__name__)

OVERLAP = {
    HarvestSource.Granularity.SECOND: timedelta(minutes=5),
    HarvestSource.Granularity.DAY: timedelta(days=1),  # some providers write the local day
}
BATCH = 50  # records in one transaction, whatever the size of the partner's pages
LONGEST_IDENTIFIER = 500  # characters; see Record.source_identifier
REASONS = 20  # reasons of rejected records kept with a run


@dataclass(frozen=True)
class Arrived:
    """One record of a partner's page: deleted there, or read, or refused."""

    identifier: str
    datestamp: datetime | None
    deleted: bool = False
    read: Read | None = None
    refused: Refused | None = None


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
    """All pages of the list, from the token in progress or from the start; starts once more when the token has expired."""
    allow(source.url)
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
        except oaiexceptions.OAIError as error:
            raise PartnerError(f"{source.url}: {type(error).__name__}: {error}") from error
        return


def _pages(source: HarvestSource, run: HarvestRun, partner: Partner) -> Iterator[None]:
    arguments = {"resumptionToken": source.token} if source.token else _arguments(source)
    pages = partner.ListRecords(**arguments)
    for answer in pages:
        source.list_date = source.list_date or answer.date
        token = pages.resumption_token.token if pages.resumption_token else ""
        _keep(source, run, list(_arrived(answer)), token)
        yield


def _arguments(source: HarvestSource) -> dict[str, str]:
    arguments = {"metadataPrefix": source.prefix}
    if source.until:
        since = source.until - OVERLAP[HarvestSource.Granularity(source.granularity)]
        arguments["from"] = datestamps.write(since, source.granularity)
    if source.set_spec:
        arguments["set"] = source.set_spec
    return arguments


def _arrived(answer: Answer) -> Iterator[Arrived]:
    """The records of a page; the last one counts where an identifier comes twice."""
    found = [_one(element) for element in answer.xml.iterfind(f"{OAI}ListRecords/{OAI}record")]
    yield from {each.identifier or number: each for number, each in enumerate(found)}.values()


def _one(element: Any) -> Arrived:
    identifier = (element.findtext(f"{OAI}header/{OAI}identifier") or "").strip()
    datestamp = _moment((element.findtext(f"{OAI}header/{OAI}datestamp") or "").strip())
    reason = ""
    if not identifier or len(identifier) > LONGEST_IDENTIFIER:
        reason = f"the OAI identifier has {len(identifier)} characters"
    elif element.find(f"{OAI}header").get("status") == "deleted":
        return Arrived(identifier, datestamp, deleted=True)
    elif (marc := element.find(f"{OAI}metadata//{{{MARC21.namespace}}}record")) is None:
        reason = "there is no MARC record in it"
    else:
        try:
            return Arrived(identifier, datestamp, read=from_element(_alone(marc)))
        except Unreadable as error:
            reason = str(error)
    return Arrived(identifier[:LONGEST_IDENTIFIER], datestamp, refused=Refused(etree.tostring(element), reason))


def _alone(element: Any) -> Any:
    """The element without what it inherits from the answer around it, so that the kept bytes are the record's own."""
    return etree.fromstring(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _keep(source: HarvestSource, run: HarvestRun, page: Sequence[Arrived], token: str) -> None:
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


def _advance(source: HarvestSource, page: Sequence[Arrived], token: str) -> None:
    stamps = [each.datestamp for each in page if each.datestamp]
    source.list_newest = max(filter(None, [source.list_newest, *stamps]), default=None)
    source.token = token
    source.pages += 1
    if not token:  # the end of the list
        source.until = source.list_date
        source.newest = max(filter(None, [source.newest, source.list_newest]), default=None)
        source.list_date = source.list_newest = None
    source.save()


def _store(source: HarvestSource, run: HarvestRun, piece: Sequence[Arrived]) -> None:
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


def _came_again(source: HarvestSource, each: Arrived) -> bool:
    """Whether the partner only repeats what it has told us before, since we asked with an overlap."""
    known = max(filter(None, [source.until, source.newest]), default=None)
    return bool(known and each.datestamp and each.datestamp <= known)


def _reject(source: HarvestSource, run: HarvestRun, each: Arrived, refused: Refused) -> None:
    run.rejected += 1
    if run.rejected <= REASONS:
        run.error += f"{each.identifier or 'no identifier'}: {refused.reason}\n"
    records.reject(refused, file=f"{source.source.key}: {each.identifier}", position=1)
