"""Where a person is signed in, by allauth.usersessions, and ending it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from people import devices
from people.models import User

SEEN = "people_seen"
EVERY = 3600  # seconds between two notes that a session was in use: a page costs no write


@dataclass(frozen=True)
class Place:
    """One session that is alive."""

    key: int
    device: str
    address: str
    began: datetime
    seen: datetime
    current: bool


def of(user: User, request: HttpRequest) -> list[Place]:
    """The user's sessions that are alive, this one first, then the last seen."""
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at")[:100])
    alive = _alive(user, [row.session_key for row in rows])
    found = [
        Place(
            row.pk,
            devices.describe(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            current=row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda place: not place.current)


def end(user: User, key: int) -> None:
    """End one of the user's sessions."""
    _end(UserSession.objects.filter(user=user, pk=key))


def end_others(user: User, request: HttpRequest) -> None:
    """End all but this one."""
    _end(UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key))


@transaction.atomic
def _end(rows: QuerySet[UserSession]) -> None:
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    rows.delete()


def _alive(user: User, keys: list[str]) -> set[str]:
    """Those that have not expired and still open the account: a new password or PIN ends the old ones."""
    good = user.get_session_auth_hash()
    return {
        session.session_key
        for session in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        if (data := session.get_decoded()).get(HASH_SESSION_KEY) == good and data.get(SESSION_KEY) == str(user.pk)
    }


class LastSeenMiddleware:
    """Notes about once an hour that a session is in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = getattr(request, "session", None)
        if session is None or not session.accessed or SESSION_KEY not in session or not session.session_key:
            return response
        if time.time() - session.get(SEEN, 0) > EVERY:
            session[SEEN] = int(time.time())
            UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
        return response
