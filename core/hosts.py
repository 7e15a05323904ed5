"""Tells the open internet from what is at home."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

NAT64 = ipaddress.ip_network("64:ff9b::/96")
LOCAL_NAMES = ("localhost", "local", "test", "testserver", "internal", "lan", "home.arpa", "invalid")


def is_public_address(address: str) -> bool:
    """Whether an IP address is one of the open internet, also when an IPv4 address is hidden in an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        hidden = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            hidden = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if hidden is not None:
            return is_public_address(str(hidden))
    return ip.is_global and not ip.is_multicast


def is_public_host(host: str) -> bool:
    """Whether a host's name or address, as written, can be meant for everyone."""
    try:
        return is_public_address(host)
    except ValueError:
        return "." in host and not any(host == name or host.endswith(f".{name}") for name in LOCAL_NAMES)


def site_is_public() -> bool:
    """Whether BASE_URL is an address for everyone: then the checks are strict."""
    return is_public_host(urlsplit(settings.BASE_URL).hostname or "")
