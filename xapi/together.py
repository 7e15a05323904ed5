"""Requests that store at the same time share one transaction.

There each commit waits for the disk, and on SQLite one writer has its turn at a time. So whoever has the turn stores
what all others wait with too, as if one had sent it all. Where that fails each is stored in its own transaction, so
that what one breaks the others do not notice.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import OperationalError, connection, transaction

MOST = 1_000  # statements in one transaction, unless one request has more

Item = TypeVar("Item")


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class Work(Generic[Item]):
    """What one request wants stored, how much that is, and what came of it."""

    item: Item
    size: int
    store: Callable[[Sequence[Item]], None]
    done: bool = False
    error: BaseException | None = None
    wake: threading.Lock = field(default_factory=_closed)


_lock = threading.Lock()  # of the two below
_waiting: deque[Work] = deque()
_busy = False  # somebody has the turn


def commit(item: Item, store: Callable[[Sequence[Item]], None], *, size: int) -> None:
    """Store it in a transaction, perhaps by another thread together with others' items; returns after the commit.

    `store` is called with one item or several; where it fails with several they are stored one by one. What it raises
    for an item is raised here, and nothing of that is stored. In a transaction of the caller it is part of that.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            store([item])
        return
    work = Work(item, size, store)
    if not _has_turn(work):
        try:
            work.wake.acquire()  # by whoever stored it, or passes the turn on
        except BaseException:
            _leave(work)
            raise
    if not work.done:
        try:
            _commit(_next_group())
        finally:
            _pass_on()
    if work.error is not None:
        raise work.error


def _has_turn(work: Work) -> bool:
    global _busy
    with _lock:
        _waiting.append(work)
        mine, _busy = not _busy, True
    return mine


def _next_group() -> list[Work]:
    """Who waits, in order; whoever has the turn is the first."""
    with _lock:
        group = [_waiting.popleft()]
        size = group[0].size
        while _waiting and (size := size + _waiting[0].size) <= MOST:
            group.append(_waiting.popleft())
    return group


def _pass_on() -> None:
    """The turn goes to the first who waits."""
    global _busy  # noqa: PLW0603 - the process has one turn
    with _lock:
        _busy = bool(_waiting)
        if _waiting:
            _waiting[0].wake.release()


def _leave(work: Work) -> None:
    """Who waits is interrupted: it must not be given the turn, nor keep it."""
    with _lock:
        waits = work in _waiting
        if waits:
            _waiting.remove(work)
        has_turn = waits and not work.wake.locked()
    if has_turn:
        _pass_on()


def _commit(group: list[Work]) -> None:
    try:
        if len(group) == 1 or not _store_as_one(group):
            for work in group:
                _store_apart(work)
    except BaseException:
        for work in group:
            work.error = work.error or OperationalError("storing was interrupted")
        raise
    finally:
        for work in group:
            work.done = True
        for work in group[1:]:
            work.wake.release()


def _store_as_one(group: list[Work]) -> bool:
    try:
        with transaction.atomic():
            group[0].store([work.item for work in group])
    except Exception:  # noqa: BLE001 - it comes again where it belongs, when each is stored for itself
        return False
    return True


def _store_apart(work: Work) -> None:
    try:
        with transaction.atomic():
            work.store([work.item])
    except Exception as error:  # noqa: BLE001 - it is raised where the work waits
        work.error = error
