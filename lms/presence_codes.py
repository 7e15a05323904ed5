"""The QR on the trainer's screen that changes: whoever reads it is in the room.

A code says the session and a stretch of time, signed. A photograph of it sent to somebody else is worth nothing after
the grace; whoever read it in time and must sign in first carries a ticket in a signed cookie of that very browser.
"""

import base64
import hmac
from time import time
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from lms.exceptions import UnknownPresenceCode
from lms.models import Session

STRETCH = 20  # seconds that one code is shown
GRACE = 2  # earlier codes that are still taken: the picture may be read at its end, and networks are slow
TICKET = "presence"
TICKET_SECONDS = 15 * 60  # to sign in after reading the code
SALT = "lms.presence_codes"


def code(session: Session, at: float | None = None) -> str:
    """The code to show now."""
    return _code(session.uuid, int(time() if at is None else at) // STRETCH)


def seconds_left(at: float | None = None) -> int:
    """Until the next code, 1 to STRETCH."""
    return STRETCH - int(time() if at is None else at) % STRETCH


def check(session: UUID, shown: str, at: float | None = None) -> None:
    """Raises UnknownPresenceCode when the code is none of this session, or too old."""
    now = int(time() if at is None else at) // STRETCH
    typed = shown.encode()  # anything may stand in an address, and text is compared only where it is ASCII
    if not any(hmac.compare_digest(_code(session, now - back).encode(), typed) for back in range(GRACE + 1)):
        raise UnknownPresenceCode(shown)


def give_ticket(response: HttpResponse, session: Session, request: HttpRequest) -> None:
    """This browser has read the code in time."""
    response.set_signed_cookie(
        TICKET,
        str(session.uuid),
        salt=SALT,
        max_age=TICKET_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def has_ticket(request: HttpRequest, session: Session) -> bool:
    """Whether this browser read the session's code a short while ago."""
    return session_of_ticket(request) == session.uuid


def session_of_ticket(request: HttpRequest) -> UUID | None:
    """The session whose code this browser read a short while ago."""
    try:
        return UUID(request.get_signed_cookie(TICKET, salt=SALT, max_age=TICKET_SECONDS))
    except (KeyError, signing.BadSignature):
        return None


def _code(session: UUID, stretch: int) -> str:
    digest = salted_hmac(SALT, f"{session} {stretch}", algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode()
