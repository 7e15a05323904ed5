"""What this installation is called for ever: ID_BASE, fixed at the first migrate and kept in the database.

It is the homePage of every actor, the stem of activity IRIs and of OAI identifiers. It stays when the site moves host
or runs on a village's own server; links, in contrast, follow BASE_URL.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.models import Identity


def id_base() -> str:
    """The IRI without a slash at its end, such as https://nhasan.example.vn."""
    return _identity()[0]


def domain() -> str:
    """The domain-shaped name for OAI identifiers, such as nhasan.example.vn."""
    return _identity()[1]


@lru_cache(maxsize=1)
def _identity() -> tuple[str, str]:
    row = Identity.objects.order_by("pk").first()
    if row is None:
        raise ImproperlyConfigured("The database has no identity yet. Run: manage.py migrate")
    return row.id_base, row.domain


def fix(**_signal: object) -> None:
    """Write the identity once (post_migrate receiver); a different ID_BASE later is reported by a system check."""
    if not Identity.objects.exists():
        base = (settings.ID_BASE or settings.BASE_URL).rstrip("/")
        Identity.objects.create(id_base=base, domain=_domain_shaped(base))
    _identity.cache_clear()


def _domain_shaped(base: str) -> str:
    """The host of the IRI; a bare name or an address (a village's own server) gets a name below .nhasan.invalid.

    Each part begins with a letter, as the scheme of OAI identifiers wants it.
    """
    host = (urlsplit(base).hostname or "nhasan").lower()
    if re.fullmatch(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]+)+", host):
        return host
    name = re.sub(r"[^a-z0-9]+", "-", host).strip("-")
    return ("" if name[:1].isalpha() else "host-") + name + ".nhasan.invalid"
