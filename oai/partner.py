"""A partner's provider: sickle over our guarded fetch, with limits, retries and strict XML."""

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.utils import timezone
from lxml import etree
from sickle import Sickle
from sickle.iterator import OAIResponseIterator

from core import fetch
from oai import datestamps
from oai.exceptions import PartnerError

logger = logging.getLogger(__name__)

OAI = "{http://www.openarchives.org/OAI/2.0/}"
MAX_BYTES = 64 * 1024 * 1024  # of one page
TIMEOUT = 120.0  # seconds for one page
ANSWERABLE = {"noRecordsMatch", "badResumptionToken"}  # sickle raises them to the harvest
RETRIED = {429, 500, 502, 503, 504}
LONGEST_WAIT = 300  # seconds; who asks for more is harvested another time


@dataclass(frozen=True)
class Answer:
    """One answer of the partner, parsed once. sickle reads `xml`."""

    xml: Any
    http_response: requests.Response

    @property
    def date(self) -> datetime:
        """The responseDate, by the partner's clock."""
        text = (self.xml.findtext(f"{OAI}responseDate") or "").strip()
        moment = datestamps.of_partner(text)
        if moment is None:
            raise PartnerError(
                f"{self.http_response.url}: the responseDate {text!r} is no date of the past or of today"
            )
        return moment


class Pages(OAIResponseIterator):
    """sickle's iterator over whole answers; a token may stand between spaces, and must not come twice in a list."""

    def __init__(self, sickle: "Partner", params: dict[str, str], **options: Any) -> None:
        self._seen = {hash(params.get("resumptionToken"))}
        super().__init__(sickle, params, **options)

    def _get_resumption_token(self) -> Any:
        found = super()._get_resumption_token()
        if found is not None:
            found.token = (found.token or "").strip()
            if found.token and hash(found.token) in self._seen:
                raise PartnerError(f"{self.sickle.endpoint}: gives the token {found.token!r} again and again")
            self._seen.add(hash(found.token))
        return found


class Partner(Sickle):
    """A partner's provider. What goes wrong is a PartnerError, but for sickle's own of the two codes in ANSWERABLE."""

    def __init__(self, url: str, *, attempts: int = 5) -> None:
        super().__init__(url, iterator=Pages)
        self.attempts = attempts
        self.last: Answer | None = None

    def harvest(self, **kwargs: str) -> Answer:
        """One request; its answer is kept in `last`. Errors that no harvest can answer by itself are raised here."""
        response = self._request(kwargs)
        self.last = Answer(_parse(response), response)
        error = self.last.xml.find(f"{OAI}error")
        if error is not None and error.get("code") not in ANSWERABLE:
            raise PartnerError(f"{response.url}: {error.get('code')}: {(error.text or '').strip()}")
        return self.last

    def _request(self, kwargs: dict[str, str]) -> requests.Response:
        where = f"{self.endpoint}?{urlencode(kwargs)}"
        for attempt in range(self.attempts):
            problem, wait = "", 2.0**attempt
            try:
                response = fetch.get(
                    self.endpoint,
                    params=kwargs,
                    max_bytes=MAX_BYTES,
                    timeout=TIMEOUT,
                    headers={"From": settings.ADMIN_EMAIL},
                )
            except (fetch.Refused, fetch.TooLarge, requests.exceptions.InvalidURL) as error:
                raise PartnerError(str(error)) from error
            except requests.RequestException as error:
                problem = str(error)
            else:
                if response.status_code == 200:
                    return response
                problem = f"HTTP {response.status_code} {response.reason}"
                if response.status_code not in RETRIED:
                    break
                wait = max(wait, _retry_after(response))
            if wait > LONGEST_WAIT:
                raise PartnerError(f"{where}: {problem}, asks to come again in {wait:.0f} seconds. Harvest again then")
            if attempt + 1 < self.attempts:
                logger.warning("%s: %s; trying again in %.0f seconds", where, problem, wait)
                time.sleep(wait)
        raise PartnerError(f"{where}: {problem}")


def _retry_after(response: requests.Response) -> float:
    """The seconds that a Retry-After header asks for, given as a number or as a date; 0 without it."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - timezone.now()).total_seconds())


def _parse(response: requests.Response) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    try:
        root = etree.fromstring(response.content, parser)
    except etree.XMLSyntaxError as error:
        raise PartnerError(f"{response.url}: broken XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise PartnerError(f"{response.url}: the XML has a DOCTYPE, which OAI-PMH does not")
    if root.tag != f"{OAI}OAI-PMH":
        raise PartnerError(f"{response.url}: this is not an OAI-PMH 2.0 answer but <{etree.QName(root).localname}>")
    return root
