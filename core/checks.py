"""System checks: each names the failure that would otherwise come silently."""

import os
import stat
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice
from django.db import DatabaseError, connection
from django.utils import timezone

from core.hosts import is_public_host, site_is_public

SEARCH_SCHEMES = {"embedded", "elasticsearch", "opensearch"}
ALIVE = timedelta(minutes=5)
Apps = Sequence[AppConfig] | None


@register(Tags.security)
def debug_in_public(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise every error shows settings and data to whoever caused it."""
    if not (settings.DEBUG and site_is_public()):
        return []
    return [
        Error(
            f"DEBUG is on while BASE_URL is public ({settings.BASE_URL}).",
            hint="Unset DEBUG: error pages would show settings and data to everyone.",
            id="core.E001",
        )
    ]


@register(Tags.security)
def short_secret_key(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise sessions and password links can be forged by trying keys."""
    if len(settings.SECRET_KEY) >= 32:
        return []
    return [
        Error(
            f"SECRET_KEY has {len(settings.SECRET_KEY)} characters.",
            hint="Give it at least 32 random ones, or unset it: one is then made and kept in DATA_DIR.",
            id="core.E002",
        )
    ]


@register()
def allowed_hosts_lack_base_url(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise the site answers 400 at its own address."""
    from django.http.request import validate_host

    host = urlsplit(settings.BASE_URL).hostname or ""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"ALLOWED_HOSTS lacks {host}, the host of BASE_URL.",
            hint=f"Add {host}, or unset ALLOWED_HOSTS: every page would be answered with 400.",
            id="core.E003",
        )
    ]


@register()
def data_dir_not_writable(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise the first upload or sign-in fails."""
    if os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"DATA_DIR {settings.DATA_DIR} cannot be written.",
            hint="Give it to the user that runs the site: uploads, the index and the cache are kept there.",
            id="core.E004",
        )
    ]


@register(Tags.security)
def data_dir_readable_by_others(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise every account of the machine reads people's data, statements and keys."""
    try:
        mode = stat.S_IMODE(Path(settings.DATA_DIR).stat().st_mode)
    except OSError:  # core.E004 tells
        return []
    if not mode & 0o055:
        return []
    return [
        Advice(
            f"DATA_DIR {settings.DATA_DIR} is open to other accounts of this machine (mode {mode:o}).",
            hint=f"chmod 700 {settings.DATA_DIR}: the database and uploaded files are in it.",
            id="core.W010",
        )
    ]


@register()
def unknown_search_url(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise the first search fails, and until then nothing is indexed."""
    scheme = urlsplit(settings.SEARCH_URL).scheme
    if scheme in SEARCH_SCHEMES:
        return []
    return [
        Error(
            f"SEARCH_URL={settings.SEARCH_URL}: no engine is called {scheme or 'so'}.",
            hint="Write embedded: or elasticsearch://HOST:PORT or opensearch://HOST:PORT.",
            id="core.E005",
        )
    ]


@register()
def identity_differs(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise the operator believes in a new ID_BASE, while statements go on under the old one."""
    from core.models import Identity

    if not settings.ID_BASE:
        return []
    try:
        kept = Identity.objects.order_by("pk").first()
    except DatabaseError:  # before the first migrate, or the database is down
        return []
    if kept is None or kept.id_base == settings.ID_BASE.rstrip("/"):
        return []
    return [
        Error(
            f"ID_BASE={settings.ID_BASE}, but this database was begun as {kept.id_base}.",
            hint=f"Unset ID_BASE or set it to {kept.id_base}: actors and identifiers given out must stay the same.",
            id="core.E006",
        )
    ]


@register()
def embedded_engine_is_for_one_machine(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise each machine finds only what was indexed on itself."""
    if urlsplit(settings.SEARCH_URL).scheme != "embedded" or connection.vendor == "sqlite":
        return []
    hint = "Set SEARCH_URL to a search cluster: with two machines each would find only what it indexed itself."
    if len(hosts := _worker_hosts()) > 1:
        text = f"Workers on {len(hosts)} machines ({', '.join(hosts)}) use the embedded search engine."
        return [Error(text, hint=hint, id="core.E007")]
    text = "The embedded search engine with a database that several machines can share works on one machine only."
    return [Advice(text, hint=hint, id="core.W007")]


@register(Tags.security)
def plain_http_in_public(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise passwords can be read on the way."""
    if settings.SECURE or not site_is_public():
        return []
    return [
        Advice(
            f"BASE_URL is public and not encrypted ({settings.BASE_URL}).",
            hint="Put a TLS proxy in front and set BASE_URL=https://…: passwords and cookies travel readable.",
            id="core.W008",
        )
    ]


@register()
def admin_email_nowhere(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    """Otherwise nobody gets the site's mail, and strict harvesters refuse us."""
    domain = settings.ADMIN_EMAIL.rpartition("@")[2]
    nowhere = not is_public_host(domain) or domain.endswith(".example") or domain.startswith("example.")
    if not nowhere or not site_is_public():
        return []
    return [
        Advice(
            f"ADMIN_EMAIL={settings.ADMIN_EMAIL} reaches nobody.",
            hint="Set a mailbox that is read: it stands on the contact page and in OAI-PMH's Identify.",
            id="core.W009",
        )
    ]


def _worker_hosts() -> list[str]:
    from core.models import Worker

    try:
        alive = Worker.objects.filter(heartbeat__gt=timezone.now() - ALIVE)
        return sorted(alive.values_list("host", flat=True).distinct())
    except DatabaseError:
        return []
