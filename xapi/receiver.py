"""Another store that statements are forwarded to: tincan's RemoteLRS over our guarded fetch.

tincan by itself connects without a time limit and to any address, knows 1.0.x only, and takes text alone as content.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Self
from uuid import UUID, uuid4

import orjson
import requests
from django.utils import timezone
from tincan import RemoteLRS
from tincan.http_request import HTTPRequest
from tincan.lrs_response import LRSResponse

from core import fetch
from xapi import outgoing
from xapi.models import Forwarding
from xapi.outgoing import Outgoing

TIMEOUT = 30.0  # seconds for one request, and for large ones a second more for each SLOWEST bytes
SLOWEST = 250_000
TRIAL = 10.0  # seconds for each request of a trial, since somebody waits for it
MAX_ANSWER = 1024 * 1024  # bytes
_REFUSING = {400, 409, 413, 422}  # the statements are to blame, or one of them


class Answer(LRSResponse):
    """An answer. status is 0 where none came whole, and data says why; retry_after is in seconds, 0 without one."""

    _props = [*LRSResponse._props, "status", "retry_after"]  # noqa: SLF001 - tincan's way to say what may be set

    status: int = 0
    retry_after: float = 0.0
    data: Any

    @property
    def said(self) -> Any:
        """The JSON in it, None where there is none."""
        try:
            return orjson.loads(self.data)
        except orjson.JSONDecodeError:
            return None

    @property
    def reason(self) -> str:
        """Status and the beginning of the answer, or why there is none."""
        return f"HTTP {self.status}: {self.data[:500]}" if self.status else self.data

    @property
    def is_passing(self) -> bool:
        """Whether the same request may get another answer later, as things are there."""
        return not self.status or self.status == 429 or self.status >= 500

    @property
    def knows_us(self) -> bool:
        """Of an answer to greet(): 404 since there is no such statement, 403 where we may only write."""
        return self.status in {200, 403, 404}


class _Request(HTTPRequest):
    """tincan's request; its content may be bytes or an open file too, since attachments are no text."""

    content: Any = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a test of the connection found: problem is empty where it works."""

    problem: str
    versions: Sequence[str] = ()


class Receiver(RemoteLRS):
    """Speaks to one store. No method raises when the other side fails; the answer says so."""

    @classmethod
    def of(cls, forwarding: Forwarding) -> Self:
        """The store of a forwarding. Raises core.encryption.InvalidToken when the secret cannot be read."""
        pair = f"{forwarding.key}:{forwarding.secret}".encode()
        auth = f"Basic {base64.b64encode(pair).decode()}"
        return cls(endpoint=forwarding.endpoint, version=forwarding.version, auth=auth)

    @property
    def version(self) -> str:
        """The version we speak."""
        return str(self._version)

    @version.setter
    def version(self, value: str | None) -> None:
        self._version = value or Forwarding.Version.V1.value

    def send(self, batch: Sequence[Outgoing]) -> Answer:
        """POST statements with their files."""
        content_type, content = outgoing.content(batch)
        try:
            return self._send_request(
                _Request(method="POST", resource="statements", headers={"Content-Type": content_type}, content=content),
                timeout=TIMEOUT + sum(each.size for each in batch) / SLOWEST,
            )
        finally:
            if not isinstance(content, bytes):
                content.close()

    def find(self, statement_id: UUID) -> Answer:
        """GET a statement by its id, as one that stands or as a voided one."""
        answer = self._get("statements", {"statementId": str(statement_id)})
        if answer.status == 404:
            return self._get("statements", {"voidedStatementId": str(statement_id)})
        return answer

    def try_out(self) -> Trial:
        """Ask what it understands, and whether it knows our key."""
        about = self._get("about", timeout=TRIAL)
        versions = about.said.get("version") if isinstance(about.said, dict) else None
        if not about.success or not isinstance(versions, list):
            return Trial(about.reason)
        found = [str(each) for each in versions]
        known = self.greet(timeout=TRIAL)
        return Trial("" if known.knows_us else known.reason, found)

    def greet(self, *, timeout: float | None = None) -> Answer:
        """Ask for a statement that cannot be there: whether it takes our key and our version."""
        return self._get("statements", {"statementId": str(uuid4())}, timeout=timeout)

    def _get(self, resource: str, parameters: dict[str, str] | None = None, *, timeout: float | None = None) -> Answer:
        request = _Request(method="GET", resource=resource, query_params=parameters or {})
        return self._send_request(request, timeout=timeout)

    def _send_request(self, request: HTTPRequest, *, timeout: float | None = None) -> Answer:
        headers = {"X-Experience-API-Version": self.version, "Authorization": self.auth, **request.headers}
        try:
            response = fetch.request(
                request.method,
                f"{self.endpoint}{request.resource}",
                params=request.query_params,
                headers=headers,
                data=request.content,
                max_bytes=MAX_ANSWER,
                timeout=timeout or TIMEOUT,
                follow=False,  # a POST that is led elsewhere becomes a GET, whose 200 says nothing
            )
        except requests.RequestException as error:
            return Answer(success=False, request=request, data=f"{type(error).__name__}: {error}"[:500])
        return Answer(
            success=200 <= response.status_code < 300,
            request=request,
            data=response.content.decode("utf-8", "replace"),
            status=response.status_code,
            retry_after=_seconds(response.headers.get("Retry-After", "").strip()),
        )


def took(answer: Answer, batch: Sequence[Outgoing]) -> bool:
    """Whether the whole batch arrived: 204, or 200 with the ids (Communication 2.1.2)."""
    ids = [str(each.statement_id) for each in batch]
    said = answer.said if answer.status == 200 else None
    return answer.status == 204 or (isinstance(said, list) and [str(each).lower() for each in said] == ids)


def refused(answer: Answer, batch: Sequence[Outgoing]) -> bool:
    """Whether statements are to blame. A 403 may be about voiding what the receiver has from somebody else."""
    return answer.status in _REFUSING or (answer.status == 403 and any(each.voids for each in batch))


def _seconds(retry_after: str) -> float:
    """What a Retry-After header asks for, given as a number or as a date."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - timezone.now()).total_seconds())
