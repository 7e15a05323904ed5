"""How many requests a minute one credential or launch token may make.

Counted in this process, in whole minutes of the clock, under a lock: that costs a microsecond. Where CACHE_URL names a
Redis server, all processes count together there (core.ratelimit). Otherwise each counts for itself, so that of several
processes each lets the limit through.
"""

import threading
from collections import Counter
from time import time

from django.conf import settings

from core import ratelimit
from xapi.exceptions import Refused

CREDENTIAL = 120_000  # requests a minute; a credential's own limit stands in its row
LAUNCH_TOKEN = 600
WRONG_SECRETS = 30  # a minute for one key; the right secret is let in all the same, being too long to be guessed
MINUTE = 60

_lock = threading.Lock()
_counted: Counter[str] = Counter()  # in the minute that is running; only known keys, so it stays small
_minute = 0


def check(who: str, *, limit: int) -> None:
    """Count one request; Refused with 429 when it is over the limit."""
    now = int(time())
    if settings.CACHE_URL:
        within = ratelimit.take("xapi", who, limit=limit, seconds=MINUTE)
    else:
        within = _count(who, now // MINUTE) <= limit
    if not within:
        wait = MINUTE - now % MINUTE
        raise Refused(429, f"more than {limit} requests in a minute; come again in {wait} s", retry_after=wait)


def _count(who: str, minute: int) -> int:
    global _minute  # noqa: PLW0603 - the process has one count
    with _lock:
        if minute != _minute:
            _counted.clear()
            _minute = minute
        _counted[who] += 1
        return _counted[who]
