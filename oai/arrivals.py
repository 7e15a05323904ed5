"""What a partner's page of records holds, read from its XML."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from library.exceptions import Unreadable
from library.marcxml import from_element
from library.reading import Read, Refused
from oai import datestamps
from oai.formats import MARC21
from oai.partner import OAI, Answer

LONGEST_IDENTIFIER = 500  # characters; see Record.source_identifier


@dataclass(frozen=True)
class Arrival:
    """One record of a partner's page: deleted there, or read, or refused."""

    identifier: str
    datestamp: datetime | None
    deleted: bool = False
    read: Read | None = None
    refused: Refused | None = None


def read(answer: Answer) -> list[Arrival]:
    """The records of a page; the last one counts where an identifier comes twice."""
    found = [_one(element) for element in answer.xml.iterfind(f"{OAI}ListRecords/{OAI}record")]
    return list({each.identifier or number: each for number, each in enumerate(found)}.values())


def _one(element: Any) -> Arrival:
    identifier = (element.findtext(f"{OAI}header/{OAI}identifier") or "").strip()
    datestamp = datestamps.of_partner((element.findtext(f"{OAI}header/{OAI}datestamp") or "").strip())
    reason = ""
    if not identifier or len(identifier) > LONGEST_IDENTIFIER:
        reason = f"the OAI identifier has {len(identifier)} characters"
    elif element.find(f"{OAI}header").get("status") == "deleted":
        return Arrival(identifier, datestamp, deleted=True)
    elif (marc := element.find(f"{OAI}metadata//{{{MARC21.namespace}}}record")) is None:
        reason = "there is no MARC record in it"
    else:
        try:
            return Arrival(identifier, datestamp, read=from_element(_alone(marc)))
        except Unreadable as error:
            reason = str(error)
    return Arrival(identifier[:LONGEST_IDENTIFIER], datestamp, refused=Refused(etree.tostring(element), reason))


def _alone(element: Any) -> Any:
    """The element without what it inherits from the answer around it, so that the kept bytes are the record's own."""
    return etree.fromstring(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))
