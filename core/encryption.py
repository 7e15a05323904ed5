"""Secrets that must be read again, encrypted by SECRET_KEY (and read with those of SECRET_KEY_FALLBACKS).

What must only be found again is kept as a keyed hash.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_str

__all__ = ["InvalidToken", "cipher", "match_keys"]


def cipher(purpose: str) -> MultiFernet:
    """The cipher of one purpose, such as people.second_factor: what one has encrypted another cannot read."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in _keys(purpose)])


def match_keys(purpose: str, text: str) -> list[str]:
    """The hashes by which a text may be found: by the key of today first, which is the one to store."""
    return [hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in _keys(f"{purpose} match")]


def _keys(purpose: str) -> list[bytes]:
    secrets = [force_str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return [hashlib.sha256(f"{purpose} {secret}".encode()).digest() for secret in secrets]
