"""HTTP Basic sign-in with a credential or a launch token (Communication 4.0)."""

import base64
import binascii
from typing import Any

from django.db import connection

from xapi import launch, rate_limit
from xapi.exceptions import Refused
from xapi.models import Credential, LaunchToken

_ROW = (
    "SELECT id, name, secret_hash, scopes, counts, requests_a_minute, last_used_on FROM xapi_credential"
    " WHERE key = %s AND revoked_at IS NULL"
)
_KNOWN_AT_MOST = 1_000
_known: dict[str, tuple[tuple[Any, ...], Credential]] = {}  # by key: the row as it was read, and what it says


def sign_in(header: str | None) -> tuple[Credential, LaunchToken | None]:
    """Who an Authorization header names and proves; Refused with 401 otherwise, with 429 who asks too often.

    One query, and one fast hash. A launch token comes with the credential whose authority it speaks with.
    """
    key, secret = _key_and_secret(header)
    if key == launch.KEY:
        token = launch.find(secret)
        if token is None:
            raise Refused(401, "the launch token is unknown, revoked or has expired")
        rate_limit.check(f"launch token {token.pk}", limit=rate_limit.LAUNCH_TOKEN)
        return launch.voice_of(token), token
    found = _credential(key)
    if found is None:
        raise Refused(401, "unknown key or wrong secret")
    if not found.fits(secret):
        rate_limit.check(f"wrong secret {found.pk}", limit=rate_limit.WRONG_SECRETS)
        raise Refused(401, "unknown key or wrong secret")
    rate_limit.check(f"credential {found.pk}", limit=found.requests_a_minute or rate_limit.CREDENTIAL)
    found.note_use()
    return found, None


def _credential(key: str) -> Credential | None:
    """The credential that is in force. Its row is read each time, and made an object where it is not the known one."""
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [key])
        row = cursor.fetchone()
    if row is None:
        return None
    known = _known.get(key)
    if known is not None and known[0] == row:
        return known[1]
    found = Credential.objects.filter(key=key, revoked_at=None).first()
    if found is not None:
        if len(_known) >= _KNOWN_AT_MOST:
            _known.clear()
        _known[key] = (row, found)
    return found


def _key_and_secret(header: str | None) -> tuple[str, str]:
    kind, _, encoded = (header or "").partition(" ")
    if kind.lower() != "basic":
        raise Refused(401, "sign in with HTTP Basic: the key and secret of a credential")
    try:
        key, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused(401, "the Authorization header cannot be read") from None
    if not colon or "\0" in key:
        raise Refused(401, "the Authorization header cannot be read")
    return key, secret
