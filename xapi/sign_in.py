"""HTTP Basic sign-in with a credential (Communication 4.0)."""

import base64
import binascii

from xapi.exceptions import Refused
from xapi.models import Credential


def credential_of(header: str | None) -> Credential:
    """The credential that an Authorization header names and proves; Refused with 401 otherwise."""
    kind, _, encoded = (header or "").partition(" ")
    if kind.lower() != "basic":
        raise Refused(401, "sign in with HTTP Basic: the key and secret of a credential")
    try:
        key, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused(401, "the Authorization header cannot be read") from None
    if not colon or "\0" in key:
        raise Refused(401, "the Authorization header cannot be read")
    found = Credential.objects.filter(key=key, revoked_at=None).first()
    if found is None or not found.fits(secret):
        raise Refused(401, "unknown key or wrong secret")
    return found
