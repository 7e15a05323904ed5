"""One kind indexed anew in the live index: everything of it is queued, also what the index has and should not."""

import time
from collections.abc import Callable
from itertools import chain

from core import outbox
from search import sources
from search.engines import engine
from search.models import IndexQueue

BATCH = 500
PAUSE = 0.2  # seconds, while a worker is at it


def queue(kind: str) -> int:
    """Queue what the source has and what the index has of a kind; returns how many keys that are.

    Raises IndexMissing when there is no index to refresh.
    """
    its_source = sources.source(kind)
    in_index = (each.partition(":")[2] for each in engine().ids(kind))
    had = set()
    for keys in sources.batches(chain(in_index, sources.all_keys(its_source) if its_source else ()), BATCH):
        new = [key for key in keys if key not in had]
        had.update(new)
        outbox.enqueue(IndexQueue, [f"{kind}:{key}" for key in new])
    return len(had)


def drain(kind: str, progress: Callable[[int], None]) -> int:
    """Index what is queued of a kind, together with the workers that may run; returns how many keys failed.

    Raises EngineUnavailable when the engine is away, rather than wait for it.
    """
    of_kind = IndexQueue.objects.filter(key__startswith=f"{kind}:")
    index_queue = next(each for each in outbox.queues() if each.model is IndexQueue)
    while left := of_kind.filter(attempts=0).count():
        progress(left)
        if not outbox.drain_once(index_queue):
            engine().check()
            time.sleep(PAUSE)
    return of_kind.filter(attempts__gt=0).count()
