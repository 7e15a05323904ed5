"""Counts how often someone does something in a stretch of time.

The caller says who: a user name tried, an LRS key, a certificate code. An address alone should be given a limit that a
whole class behind it does not reach. Counts lie in the cache, so they cost the site's own database nothing.
"""

import logging
from hashlib import blake2b
from time import time

from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, transaction
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def take(scope: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one use; False when this one is over the limit for the current stretch of so many seconds."""
    stretch = int(time()) // seconds
    key = "take:" + blake2b(f"{scope}\n{who}\n{stretch}".encode(), digest_size=16).hexdigest()
    try:
        return _count(key, seconds) <= limit
    except (DatabaseError, RedisError) as error:  # a cache that is down must not close the site
        logger.warning("rate limit %s not counted: %s", scope, error)
        return True


def _count(key: str, seconds: int) -> int:
    """Add one, atomically among threads, processes and machines that share the cache."""
    if isinstance(caches["default"], DatabaseCache):
        with transaction.atomic(using="cache"):  # immediate: holds the write lock over reading and writing
            count = cache.get(key, 0) + 1
            cache.set(key, count, seconds)
        return int(count)
    cache.add(key, 0, seconds)
    return int(cache.incr(key))
