"""Requests that store at the same time share one transaction on SQLite.

There one writer has its turn at a time, and each commit waits for the disk. So whoever has the turn stores what all
others wait with too, each behind a savepoint of its own: what one breaks, the others do not notice. PostgreSQL commits
for several connections together by itself.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

MOST = 32  # pieces of work in one transaction


@dataclass(slots=True, eq=False)
class Work:
    """What one request wants stored, and what came of it."""

    store: Callable[[], None]
    done: bool = False
    error: BaseException | None = None


_waiting: deque[Work] = deque()
_turn = threading.Lock()


def commit(store: Callable[[], None]) -> None:
    """Run it in a transaction, perhaps by another thread together with others'; returns after the commit.

    What it raises is raised here, and nothing of it is stored. In a transaction of the caller it is part of that.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            store()
        return
    work = Work(store)
    _waiting.append(work)
    with _turn:
        while not work.done:
            _commit([_waiting.popleft() for _ in range(min(len(_waiting), MOST))])
    if work.error is not None:
        raise work.error


def _commit(group: list[Work]) -> None:
    try:
        with transaction.atomic():
            if len(group) == 1:
                group[0].store()
            else:
                for work in group:
                    _store_apart(work)
    except BaseException as error:
        for work in group:
            work.error = work.error or error
        if not isinstance(error, Exception):
            raise
    finally:
        for work in group:
            work.done = True


def _store_apart(work: Work) -> None:
    try:
        with transaction.atomic():
            work.store()
    except Exception as error:  # noqa: BLE001 - it is raised where the work waits
        work.error = error
