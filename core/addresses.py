"""Who asks: the client's address, also behind proxies. Limits and logs take it from here only."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str:
    """The address that the outermost of the TRUSTED_PROXIES saw; what stands left of it anybody can write."""
    peer = request.META.get("REMOTE_ADDR") or "127.0.0.1"  # a Unix socket has none
    count: int = settings.TRUSTED_PROXIES
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    if count == 0 or len(seen) < count:
        return str(peer)
    try:
        return str(ip_address(seen[-count].strip()))
    except ValueError:  # "unknown", or with a port
        return str(peer)
