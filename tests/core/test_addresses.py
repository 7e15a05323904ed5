"""Whose address counts, with no proxy in front and with some."""

import pytest

from core import addresses


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.1", "10.0.0.1"),
        (1, "198.51.100.1, 203.0.113.1", "203.0.113.1"),
        (2, "6.6.6.6, 198.51.100.1, 203.0.113.1", "198.51.100.1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (2, "203.0.113.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "unknown", "10.0.0.1"),
    ],
)
def test_the_address_that_the_outermost_trusted_proxy_saw(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert addresses.of(rf.get("/", REMOTE_ADDR="10.0.0.1", headers=headers)) == expected


def test_a_unix_socket(rf):
    assert addresses.of(rf.get("/", REMOTE_ADDR="")) == "127.0.0.1"
