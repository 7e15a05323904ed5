"""Several learners on one phone: the sign-in page offers those who agreed to it; nothing else of them stays.

The phone keeps names and keys in a signed cookie, which opens nothing: the PIN is still asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from people.models import User

COOKIE = "nhasan_people"
SALT = "people.shared_phone"
AGE = 180 * 24 * 3600  # seconds since somebody was last remembered
MOST = 8


@dataclass(frozen=True)
class Remembered:
    """Somebody who signed in on this phone and agreed to be offered there."""

    key: int
    name: str


def people(request: HttpRequest) -> list[Remembered]:
    """Those remembered, the last one first."""
    try:
        rows = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
        return [Remembered(int(key), str(name)) for key, name in rows]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def find(request: HttpRequest, key: str) -> Remembered | None:
    """The one with this key, if the phone remembers them."""
    return next((each for each in people(request) if str(each.key) == key), None)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Offer this person from now on, first of all."""
    others = [each for each in people(request) if each.key != user.pk]
    _write(response, [Remembered(user.pk, user.full_name or str(user)), *others][:MOST])


def forget(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Offer this person no more."""
    _write(response, [each for each in people(request) if str(each.key) != key])


def _write(response: HttpResponse, kept: Sequence[Remembered]) -> None:
    if not kept:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    value = signing.dumps([[each.key, each.name] for each in kept], salt=SALT, compress=True)
    response.set_cookie(
        COOKIE, value, max_age=AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


class NothingLeftMiddleware:
    """What a signed-in person sees stays in no cache: the next one on the phone cannot go back to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if (
            html
            and settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
            and "Cache-Control" not in response.headers
        ):
            add_never_cache_headers(response)
        return response
