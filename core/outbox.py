"""Outbox queues: derived work is queued in the transaction of its cause and done by the worker's drain.

A queue row says only what was touched. The handler derives everything anew from the truth, so rows of one key fold
into one, order does not matter, and doing it twice does no harm. A process killed at any moment loses nothing.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from core import insertion
from core.exceptions import NotNow
from core.models import QueueRow

logger = logging.getLogger(__name__)
Due = tuple[int, str]  # primary key and key of a row
MANY = 200  # rows that say that more are on their way
GATHER = 0.2  # seconds to let them come
LONGEST_GATHERING = 4.0  # seconds after which a batch takes no more rows: readers wait for what it holds


@dataclass(frozen=True)
class Queue:
    """A table of queue rows with what to do for their keys.

    handle gets distinct keys. With one_transaction the rows are deleted in the transaction the handler ran in (derived
    rows in this database); without, they are deleted after it returned (an index that commits by itself).

    With as_they_come handle gets an iterable that goes on, up to the size of a batch, with the keys of rows that come
    while it works: a commit of an index costs nearly as much for few as for many. A key that is touched again comes
    again.
    """

    name: str
    model: type[QueueRow]
    handle: Callable[[Sequence[str]], None]
    one_transaction: bool = True
    batch: int = 100
    as_they_come: bool = False


_queues: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    """Make a queue known to the worker; called in AppConfig.ready()."""
    _queues[queue.name] = queue


def queues() -> list[Queue]:
    """All registered queues, in the order of their registration."""
    return list(_queues.values())


def enqueue(model: type[QueueRow], keys: Iterable[str]) -> None:
    """Queue keys inside the caller's transaction."""
    insertion.insert(model, [{"key": key} for key in dict.fromkeys(keys)])


def drain_once(queue: Queue, limit: int | None = None) -> int:
    """Handle one batch of due rows; returns how many rows went.

    A batch that fails is retried key by key, unless the handler said NotNow: then all of it waits.
    """
    rows = _due(queue, min(limit or queue.batch, queue.batch))
    if not rows:
        return 0
    try:
        return _drain_coming(queue, rows) if queue.as_they_come else _drain(queue, rows)
    except NotNow as reason:
        _wait(queue, rows, reason)
        return 0
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the key that caused it is to be found
        logger.warning("queue %s: a batch of %d failed (%s), trying its keys one by one", queue.name, len(rows), error)
    return _one_by_one(queue, rows)


def drain_all(limit: int = 10_000) -> int:
    """Drain every queue until it is empty of due rows (tests, commands, `run` at its end)."""
    total = 0
    while total < limit:
        done = sum(drain_once(queue) for queue in queues())
        if not done:
            break
        total += done
    return total


def _due(queue: Queue, limit: int, *, after: int = 0) -> list[Due]:
    now = timezone.now()
    rows = queue.model._default_manager.filter(Q(not_before=None) | Q(not_before__lte=now), pk__gt=after)
    return list(rows.order_by("id").values_list("pk", "key")[:limit])


def _one_by_one(queue: Queue, rows: Sequence[Due]) -> int:
    """Find the keys that fail and put them off. After three in a row it is not the keys: the rest stays as it is."""
    by_key: dict[str, list[Due]] = {}
    for row in rows:
        by_key.setdefault(row[1], []).append(row)
    done = failed_in_a_row = 0
    for key, its_rows in by_key.items():
        try:
            done += _drain(queue, its_rows)
            failed_in_a_row = 0
        except NotNow as reason:
            _wait(queue, its_rows, reason)
            break
        except Exception as error:
            logger.exception("queue %s: %s failed", queue.name, key)
            _put_off(queue, its_rows, error)
            failed_in_a_row += 1
        if failed_in_a_row == 3:
            break
    return done


def _drain(queue: Queue, rows: Sequence[Due]) -> int:
    """Handle the rows' keys and delete exactly these rows. Rows that another worker took meanwhile are left to it."""
    if not queue.one_transaction:
        queue.handle(list(dict.fromkeys(key for _pk, key in rows)))
        return _rows(queue, rows).delete()[0]
    with transaction.atomic():
        held = _rows(queue, rows).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            held = held.select_for_update(skip_locked=True)
        keys = dict(held.values_list("pk", "key"))
        if keys:
            queue.handle(list(dict.fromkeys(keys.values())))
            queue.model._default_manager.filter(pk__in=list(keys)).delete()
    return len(keys)


def _drain_coming(queue: Queue, rows: list[Due]) -> int:
    """Handle the rows' keys and those of rows that come meanwhile, which are added to the list; delete them all."""
    handle = cast(Callable[[Iterable[str]], None], queue.handle)
    handle(_coming(queue, rows))
    return _rows(queue, rows).delete()[0]


def _coming(queue: Queue, rows: list[Due]) -> Iterator[str]:
    """The keys of these rows, then of further ones until none comes, the batch is full or takes long."""
    stop = time.monotonic() + LONGEST_GATHERING
    news = rows[:]
    while news:
        yield from dict.fromkeys(key for _pk, key in news)
        news = _further(queue, rows) if time.monotonic() < stop else []
        rows += news


def _further(queue: Queue, rows: Sequence[Due]) -> list[Due]:
    """Rows that came since; after many it waits for more."""
    left = queue.batch - len(rows)
    news = _due(queue, left, after=rows[-1][0])
    if not news and len(rows) >= MANY and left:
        time.sleep(GATHER)
        news = _due(queue, left, after=rows[-1][0])
    return news


def _rows(queue: Queue, rows: Sequence[Due]) -> Any:
    """The rows themselves, as far as they are still there."""
    return queue.model._default_manager.filter(pk__in=[pk for pk, _key in rows])


def _wait(queue: Queue, rows: Sequence[Due], reason: NotNow) -> None:
    """Put all the rows off together; that is no attempt of theirs."""
    logger.warning("queue %s: %d rows wait %.0f s: %s", queue.name, len(rows), reason.seconds, reason)
    _rows(queue, rows).update(
        not_before=timezone.now() + timedelta(seconds=reason.seconds), last_error=str(reason)[:2000]
    )


def _put_off(queue: Queue, rows: Sequence[Due], error: Exception) -> None:
    """Wait 2, 4, 8 … seconds, at most an hour, so that one bad row never holds up the rest."""
    for row in _rows(queue, rows):
        row.attempts = min(row.attempts + 1, 1000)
        wait = min(2 ** min(row.attempts, 12), 3600) * random.uniform(0.8, 1.2)
        row.not_before = timezone.now() + timedelta(seconds=wait)
        row.last_error = f"{type(error).__name__}: {error}"[:2000]
        row.save(update_fields=["attempts", "not_before", "last_error"])
