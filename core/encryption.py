"""Secrets that must be read again, encrypted by SECRET_KEY (and read with those of SECRET_KEY_FALLBACKS)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_str

__all__ = ["InvalidToken", "cipher"]


def cipher(purpose: str) -> MultiFernet:
    """The cipher of one purpose, such as people.second_factor: what one has encrypted another cannot read."""
    keys = [force_str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(f"{purpose} {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
