"""The times of storing: unique, in order, and up to when nothing more will come."""

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.db import connection

from core.sqlite3.base import held_since

NANOSECONDS_A_MILLISECOND = 1_000_000
SLOWEST_WRITE = timedelta(seconds=2)  # of another process than the web server's; those store little at once
_STORING = 0x78415049  # our advisory lock's number: "xAPI"

_lock = threading.Lock()
_last = 0
_consistent = (-1.0, datetime.min.replace(tzinfo=UTC))  # when it was asked for, and the answer


def take(count: int, *, alone: bool) -> int:
    """The first of `count` keys in a row for statements. Taken inside the transaction that stores them.

    alone: no other statement is being stored until the transaction ends, which SQLite always grants.
    """
    global _last  # noqa: PLW0603 - the process has one clock
    now = _database_now(alone=alone) if connection.vendor == "postgresql" else _behind_the_newest()
    with _lock:
        first = max(now, _last + 1)
        _last = first + count - 1
    return first


def stored_at(key: int) -> datetime:
    """The time in a statement's key, in whole milliseconds: what clients see and ask by."""
    return _at_millisecond(key // NANOSECONDS_A_MILLISECOND)


@lru_cache(maxsize=64)
def _at_millisecond(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)


def keys_from(stored: datetime) -> int:
    """The first key of the millisecond."""
    whole = int(stored.replace(microsecond=0).timestamp())
    return (whole * 1000 + stored.microsecond // 1000) * NANOSECONDS_A_MILLISECOND


def consistent_through() -> datetime:
    """Every statement stored until then can be seen now (Communication 2.1.3)."""
    global _consistent  # noqa: PLW0603 - what was true once stays true
    through = _quiet_since() if connection.vendor == "postgresql" else _committed_or_old()
    through = through.replace(microsecond=through.microsecond // 1000 * 1000) - timedelta(milliseconds=1)
    _consistent = (time.monotonic(), through)
    return through


def last_complete_key() -> int:
    """No statement can still appear with this key or an earlier one, whatever process stores it."""
    if connection.vendor == "postgresql":
        return keys_from(consistent_through()) + NANOSECONDS_A_MILLISECOND - 1
    return _newest_key()  # a transaction has its milliseconds for itself


def lately_consistent_through() -> datetime:
    """The same as it was less than a second ago: enough for who only writes."""
    asked, through = _consistent
    return through if time.monotonic() - asked < 1 else consistent_through()


def _behind_the_newest() -> int:
    """SQLite: now in nanoseconds since 1970, in a millisecond that no other transaction has used.

    So who sees the newest statement of a millisecond sees all of it, whatever process wrote: see `_committed_or_old`.
    """
    begins = (_newest_key() // NANOSECONDS_A_MILLISECOND + 1) * NANOSECONDS_A_MILLISECOND
    wait = begins - time.time_ns()
    if 0 < wait <= NANOSECONDS_A_MILLISECOND:
        time.sleep(wait / 1e9)
    return max(time.time_ns(), begins)  # the clock may have been set back


def _database_now(*, alone: bool) -> int:
    """PostgreSQL's clock in nanoseconds since 1970, since several machines may write.

    Asking for a transaction id first makes the transaction one of those that `_quiet_since` waits for.
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    first = f"SELECT pg_current_xact_id(), {lock}({_STORING})"
    with connection.cursor() as cursor:  # two commands in one message: the clock is read after the first
        cursor.execute(f"{first}; SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000")  # noqa: S608
        cursor.nextset()
        return cursor.fetchone()[0]


def _quiet_since() -> datetime:
    """PostgreSQL: the start of the oldest writing transaction that is still open, else now.

    Its own servants, such as autovacuum, hold transactions for long but store no statements.
    Now is read before asking: who begins to write after the question has later times.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(); SELECT min(xact_start) FROM pg_stat_activity"
            " WHERE backend_xid IS NOT NULL AND datname = current_database() AND backend_type = 'client backend'"
        )
        now = cursor.fetchone()[0]
        cursor.nextset()
        return min(now, cursor.fetchone()[0] or now)


def _committed_or_old() -> datetime:
    """SQLite: one transaction writes at a time, and the next takes a later millisecond.

    So what has the millisecond of the newest seen, or an earlier one, is there. So is what is old: than any write of
    another process, and than the one that this process is at.
    """
    old = datetime.now(UTC) - SLOWEST_WRITE
    old = min(old, held_since(connection.settings_dict["NAME"]) or old)
    newest = _newest_key()
    return max(old, stored_at(newest) + timedelta(milliseconds=1)) if newest else old


def _newest_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM xapi_statement")
        return cursor.fetchone()[0] or 0
