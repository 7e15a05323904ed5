"""Up to which moment a list by time is complete."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import horizon
from core.models import Identity

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: set TEST_DATABASE_URL")
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
MOMENT = timedelta(milliseconds=200)  # what a query may take


@pytest.fixture
def writer(transactional_db: None) -> Iterator[threading.Event]:
    """Another connection with an open transaction that has written; set the event to commit it."""
    started, end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Identity.objects.create(id_base="https://other.example.vn", domain="other.example.vn")
            started.set()
            end.wait(10)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    started.wait(10)
    yield end
    end.set()
    thread.join()


@sqlite
def test_sqlite_allows_for_the_longest_transaction(db):
    now = timezone.now()
    assert timedelta() <= horizon.settled() - (now - timedelta(seconds=1)) < MOMENT
    assert timedelta() <= horizon.visible() - now < MOMENT


@postgresql
def test_postgresql_without_writers_is_now(transactional_db):
    now = timezone.now()
    assert abs(horizon.settled() - now) < MOMENT
    assert abs(horizon.visible() - now) < MOMENT


@postgresql
def test_postgresql_waits_for_the_oldest_writer(writer):
    started = timezone.now()
    threading.Event().wait(0.5)
    assert horizon.settled() < started
    assert horizon.visible() < started
    writer.set()
    threading.Event().wait(0.2)
    assert timezone.now() - horizon.settled() < MOMENT
