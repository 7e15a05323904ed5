"""How often a name may be tried with a wrong password or PIN.

Never by the address alone for passwords: a whole class sits behind one. Success gives the try back. Strangers' failures
do not lock people out where they have signed in before. What limits hold is decided by what was typed, six digits or
not, and never by the account: so nobody learns from a lock which names exist and who has a PIN.
"""

from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from core import addresses
from people import pins
from people.models import User


class TooMany(Exception):
    """Raised when a name may not be tried any more for a while."""


def count(request: HttpRequest, name: str, secret: str) -> ratelimit.RateLimitUsage:
    """Count one try as if it failed; the caller rolls the result back when it did not. Raises TooMany."""
    used: list[ratelimit.SingleRateLimitUsage] = []
    for action, key in _keys(request, name, secret).items():
        usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
        if not usage:
            raise TooMany
        used += usage.usage
    return ratelimit.RateLimitUsage(usage=used)


def _keys(request: HttpRequest, name: str, secret: str) -> dict[str, str]:
    """Limits of settings.ACCOUNT_RATE_LIMITS, and what each counts by."""
    account, address = _account(name), ratelimit.get_ip(request)
    known = _signed_in_before(name, addresses.of(request))
    if pins.read(secret) is None:
        keys = {"login_failed": f"{account} {address}"}
        return keys if known else keys | {"login_failed_anywhere": account}
    keys = {"pin_failed": f"{account} {address}"}
    if known:
        return keys | {"pin_failed_at_home": f"{account} {address}"}
    return keys | {"pin_failed_anywhere": account, "pin_failed_from": address}


def _account(name: str) -> str:
    """One key for an account, whichever of its names is typed."""
    user = User.objects.named(name).only("pk").first()
    return f"user {user.pk}" if user else f"name {name.strip().lower()}"


def _signed_in_before(name: str, address: str) -> bool:
    """Whether the account has a session that began at this address."""
    return UserSession.objects.filter(user__in=User.objects.named(name), ip=address).exists()
