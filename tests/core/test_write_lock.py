"""Many threads and processes writing at once: each succeeds, none starves."""

import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from core import audit, outbox
from core.models import AuditEntry, Schedule
from library.models import ShelfQueue

BUSY_WRITER = """
import sqlite3, sys, time
file = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
for turn in range(40):
    file.execute("BEGIN IMMEDIATE")
    if not turn:
        print("begun", flush=True)
    time.sleep(0.1)
    file.execute("COMMIT")
    time.sleep(0.01)
"""

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, WRITES = 8, 25


def together(work):
    """Run work(number) in eight threads; the longest time one of them took, and their errors."""
    errors, times = [], []

    def run(number):
        begun = time.monotonic()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        times.append(time.monotonic() - begun)
        connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(times), errors


def test_transactions_of_many_threads_all_commit():
    def write(number):
        for turn in range(WRITES):
            with transaction.atomic():
                assert AuditEntry.objects.filter(subject=f"{number}").count() == turn
                audit.record(by=None, action="test", subject=f"{number}")

    longest, errors = together(write)
    assert (errors, AuditEntry.objects.count()) == ([], THREADS * WRITES)
    assert longest < 20


def test_single_statements_of_many_threads_all_succeed():
    longest, errors = together(lambda n: [audit.record(by=None, action="test", subject=f"{n}") for _ in range(WRITES)])
    assert (errors, AuditEntry.objects.count()) == ([], THREADS * WRITES)
    assert longest < 20


def test_a_count_read_and_written_in_a_transaction_loses_nothing():
    Schedule.objects.create(name="count", kind="x", every_seconds=0, next_at=timezone.now())

    def add(number):
        for _ in range(WRITES):
            with transaction.atomic():
                row = Schedule.objects.select_for_update().get()
                row.every_seconds += 1
                row.save()

    assert together(add)[1] == []
    assert Schedule.objects.get().every_seconds == THREADS * WRITES


def test_the_lock_is_free_again_after_an_error():
    def fail(number):
        with transaction.atomic():
            audit.record(by=None, action="test", subject="x")
            raise ValueError(number)

    assert len(together(fail)[1]) == THREADS
    with transaction.atomic():
        audit.record(by=None, action="test", subject="y")
    assert AuditEntry.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
def test_the_settings_of_the_connection():
    with connection.cursor() as cursor:
        values = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert values == ["wal", 2]


def in_a_transaction():
    with transaction.atomic():
        audit.record(by=None, action="test", subject="x")


def in_one_statement():
    Schedule.objects.filter(name="none").update(kind="x")


def in_many_rows():
    outbox.enqueue(ShelfQueue, ["1", "2"])


WAYS = [in_a_transaction, in_one_statement, in_many_rows]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
@pytest.mark.parametrize("write", WAYS)
def test_a_process_that_writes_nearly_without_a_pause_lets_others_in(write):
    """Between its 40 transactions are 10 milliseconds: SQLite's own polling, every 100, misses most of them."""
    name = str(connection.settings_dict["NAME"])
    with subprocess.Popen([sys.executable, "-c", BUSY_WRITER, name], stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        turns = 0
        while writer.poll() is None:
            write()
            turns += 1
            time.sleep(0.02)
    assert writer.returncode == 0
    assert turns >= 25


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
@pytest.mark.parametrize("write", WAYS)
def test_waiting_for_another_process_comes_to_an_end(monkeypatch, write):
    """With an error that says so, and the next write is possible again."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.2)
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        write()
    assert (AuditEntry.objects.count(), ShelfQueue.objects.count()) == (0, 0)
    other.execute("COMMIT")
    other.close()
    in_a_transaction()
    assert AuditEntry.objects.count() == 1
