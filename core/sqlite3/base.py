"""Django's SQLite backend with one in-process write lock.

SQLite has one writer. Threads that wait in SQLite poll and may starve; threads that wait for a lock take turns.
Transactions are immediate (see config.environment.sqlite), so a transaction holds the lock from BEGIN to its end.
Between processes only polling is left: it is done often, since SQLite's own, ten times a second, misses the moments
between two transactions of a process that writes without a pause, such as an import.
"""

import sqlite3
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from core.sqlite3.operations import DatabaseOperations

ASK_AGAIN = 0.002  # seconds
_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_held_since: dict[str, datetime] = {}


def held_since(name: object) -> datetime | None:
    """When the thread of this process that writes to the database file began; None while none does."""
    return _held_since.get(str(name))


class Cursor(base.SQLiteCursorWrapper):
    """Asks again while another process writes, as long as its patience lasts.

    Not with executemany, which would begin again at the first row: it belongs inside a transaction.
    """

    patience = 0.0  # seconds

    def execute(self, query: str, params: Any = None) -> Any:
        until = 0.0
        while True:
            try:
                return super().execute(query, params)
            except sqlite3.OperationalError as error:
                # Inside a transaction, which has the lock, nothing is to be waited for.
                if (
                    getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY
                    or self.connection.in_transaction
                ):
                    raise
                now = time.monotonic()
                until = until or now + self.patience
                if now > until:
                    raise
            time.sleep(ASK_AGAIN)


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the process's lock for the database file while a transaction is open."""

    ops_class = DatabaseOperations
    _holds_lock = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        made: sqlite3.Connection = super().get_new_connection(conn_params)
        made.execute("PRAGMA busy_timeout=0")  # from here on Cursor waits
        return made

    def create_cursor(self, name: str | None = None) -> "Cursor":
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.patience = self._patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self._take_lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # django-stubs lacks it
        except BaseException:
            self._free_lock()
            raise

    @property
    def _patience(self) -> float:
        """Seconds to wait for another writer."""
        return float(self.settings_dict["OPTIONS"].get("timeout", 20))

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
