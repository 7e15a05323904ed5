"""Django's SQLite backend with one in-process write lock.

SQLite has one writer. Threads that wait in SQLite poll and may starve; threads that wait for a lock take turns.
Transactions are immediate (see config.environment.sqlite), so a transaction holds the lock from BEGIN to its end.
Between processes only polling is left: it is done often, since SQLite's own, ten times a second, misses the moments
between two transactions of a process that writes without a pause, such as an import.
"""

import threading
import time
from collections import defaultdict
from datetime import UTC, datetime

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from core.sqlite3.operations import DatabaseOperations

ASK_AGAIN = 0.002  # seconds
_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_held_since: dict[str, datetime] = {}


def held_since(name: object) -> datetime | None:
    """When the thread of this process that writes to the database file began; None while none does."""
    return _held_since.get(str(name))


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the process's lock for the database file while a transaction is open."""

    ops_class = DatabaseOperations
    _holds_lock = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_lock()
        try:
            self._begin(until=time.monotonic() + self._patience)
        except BaseException:
            self._free_lock()
            raise

    @property
    def _patience(self) -> float:
        """Seconds to wait for another writer."""
        return float(self.settings_dict["OPTIONS"].get("timeout", 20))

    def _begin(self, *, until: float) -> None:
        """Begin as soon as no other process writes; raises OperationalError when it is too late."""
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    return super()._start_transaction_under_autocommit()  # type: ignore[misc] # django-stubs lacks it
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > until:
                        raise
                time.sleep(ASK_AGAIN)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={int(self._patience * 1000)}")

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc] # django-stubs lacks it; on an error Django rolls back, which frees the lock
        self._free_lock()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # django-stubs lacks it
        finally:
            self._free_lock()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # django-stubs lacks it
        finally:
            self._free_lock()

    def _take_lock(self) -> None:
        if self._holds_lock:
            return
        if not _locks[str(self.settings_dict["NAME"])].acquire(timeout=self._patience):
            raise OperationalError("database is locked: another thread held the write lock too long")
        self._holds_lock = True
        _held_since[str(self.settings_dict["NAME"])] = datetime.now(UTC)

    def _free_lock(self) -> None:
        if self._holds_lock:
            self._holds_lock = False
            _held_since.pop(str(self.settings_dict["NAME"]), None)
            _locks[str(self.settings_dict["NAME"])].release()
