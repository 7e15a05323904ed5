"""Rate limits: counted per caller's key, exactly, also by many threads at once."""

import threading

import pytest
from django.db import DatabaseError, connections

from core import ratelimit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    """A clock that the test sets."""
    now = [1_000_000.0]
    monkeypatch.setattr(ratelimit, "time", lambda: now[0])
    return now


def test_the_limit_is_reached_exactly():
    assert [ratelimit.take("a", "x", limit=3, seconds=60) for _ in range(5)] == [True, True, True, False, False]


def test_others_and_other_scopes_are_counted_apart():
    assert ratelimit.take("verify", "class-1", limit=1, seconds=60)
    assert not ratelimit.take("verify", "class-1", limit=1, seconds=60)
    assert ratelimit.take("verify", "class-2", limit=1, seconds=60)
    assert ratelimit.take("sign-in", "class-1", limit=1, seconds=60)


def test_a_new_stretch_begins_at_nought(frozen):
    frozen[0] = 600.0
    assert [ratelimit.take("b", "x", limit=1, seconds=60) for _ in range(2)] == [True, False]
    frozen[0] = 659.9
    assert not ratelimit.take("b", "x", limit=1, seconds=60)
    frozen[0] = 660.0
    assert ratelimit.take("b", "x", limit=1, seconds=60)


def test_a_cache_that_is_down_lets_everyone_pass(monkeypatch):
    def broken(*args):
        raise DatabaseError("disk image is malformed")

    monkeypatch.setattr(ratelimit, "_count", broken)
    assert ratelimit.take("c", "x", limit=0, seconds=60) is True


@pytest.mark.django_db(transaction=True)
def test_many_threads_together_get_exactly_the_limit():
    taken = []

    def take():
        taken.extend(ratelimit.take("d", "x", limit=30, seconds=60) for _ in range(10))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), taken.count(True)) == (80, 30)
