"""System checks about the starter content."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


@checks.register(checks.Tags.security)
def starter_accounts_on_public_site(**_options: object) -> list[checks.CheckMessage]:
    """Starter accounts are for a first look; on a public site everyone who read the log could sign in."""
    from home import starter_accounts

    if not starter_accounts.path().exists() or urlsplit(settings.BASE_URL).hostname in LOCAL_HOSTS:
        return []
    return [
        checks.Warning(
            f"The starter accounts still exist while BASE_URL is public ({settings.BASE_URL}).",
            hint="Make accounts of your own, then run: manage.py remove_starter_accounts",
            id="home.W001",
        )
    ]
