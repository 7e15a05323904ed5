"""The worker: drains the queues and does the jobs, each in a loop of its own, so that an import never stalls the index.

Every queue has its own thread, since one that waits for a search cluster must not hold up progress; so have the jobs
and Wagtail's small tasks. A database that is down is waited for.
"""

import fcntl
import gc
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b

from django.conf import settings
from django.db import close_old_connections, connection, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from core import jobs, outbox
from core.models import Job, Worker

logger = logging.getLogger(__name__)

IDLE = 0.3  # seconds between two looks at an empty queue
BEAT = 5.0  # seconds between two signs of life
LONGEST = 0.25  # seconds that a transaction may hold SQLite's write lock
LONGEST_WAIT = 30.0  # seconds between two tries when the database is away
FORGOTTEN = timedelta(days=7)  # a worker not seen for so long is forgotten

Step = Callable[[], bool]  # does a little; whether there may be more to do at once


class WorkerProcess:
    """All the loops of one worker process."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        self._lock = (settings.DATA_DIR / "worker.lock").open("w")
        self.name = self._take_name()

    def run(self) -> None:
        """Work until end() is called; returns when every loop has come to its end."""
        gc.freeze()  # what is loaded by now stays: the collector need not look at it with every batch
        gc.set_threshold(200_000)  # a batch makes many small things and hardly a cycle
        begin = _Patience(self.ending)
        while begin.call(self._begin) is None and not self.ending.is_set():
            pass
        loops: dict[str, Step] = {"jobs": self._do_job, "tasks": self._do_task}
        loops |= {queue.name: _Drain(queue, self.ending).step for queue in outbox.queues()}
        threads = [threading.Thread(target=self._loop, args=(step, IDLE), name=name) for name, step in loops.items()]
        for thread in threads:
            thread.start()
        self._loop(self._beat, BEAT)
        for thread in threads:
            thread.join()
        _Patience(self.ending).call(self._leave)
        connections.close_all()
        self._lock.close()  # the name is free for the next one

    def end(self) -> None:
        """Ask all loops to come to their end; a job stops at its next step and goes back to the queue."""
        Job.interrupt.set()
        self.ending.set()

    def _loop(self, step: Step, idle: float) -> None:
        patience = _Patience(self.ending)
        while not self.ending.is_set():
            if patience.call(step) is False:
                self.ending.wait(idle)
        connections.close_all()

    def _begin(self) -> bool:
        """Appear in the list of workers and take up what an earlier process of this name left undone."""
        now = timezone.now()
        Worker.objects.filter(heartbeat__lt=now - FORGOTTEN).delete()
        seen = {"host": socket.gethostname(), "started_at": now, "heartbeat": now}
        Worker.objects.update_or_create(name=self.name, defaults=seen)
        jobs.keep_schedules()
        resumed = jobs.take_over(self.name) + self._take_over_tasks()
        logger.info("worker %s: %d queues, %d jobs and tasks resumed", self.name, len(outbox.queues()), resumed)
        return True

    def _take_over_tasks(self) -> int:
        running = DBTaskResult.objects.filter(status="RUNNING")
        mine = [task.pk for task in running if self.name in task.worker_ids]
        return DBTaskResult.objects.filter(pk__in=mine).update(status="READY", started_at=None)

    def _beat(self) -> bool:
        Worker.objects.filter(name=self.name).update(heartbeat=timezone.now())
        jobs.beat(self.name)
        return False

    def _leave(self) -> bool:
        Worker.objects.filter(name=self.name).delete()
        return True

    def _do_job(self) -> bool:
        jobs.start_scheduled()
        return jobs.run_next(self.name) is not None

    def _do_task(self) -> bool:
        if not DBTaskResult.objects.ready().exists():
            return False
        TaskWorker(
            queue_names=["*"],
            excluded_queue_names=[],
            backend_name="default",
            worker_id=self.name,
            interval=0,
            batch=True,
            max_tasks=1,
            startup_delay=False,
        ).run()
        return True

    def _take_name(self) -> str:
        """The first worker of a machine and data directory has a lasting name, by which it knows its own remains."""
        place = f"{socket.gethostname()[:40]}/{blake2b(str(settings.DATA_DIR).encode(), digest_size=4).hexdigest()}"
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return f"{place}/{os.getpid()}"
        return place


class _Drain:
    """Empties one queue in batches that become smaller when they take long."""

    def __init__(self, queue: outbox.Queue, ending: threading.Event) -> None:
        self._queue = queue
        self._ending = ending
        self._limit = queue.batch

    def step(self) -> bool:
        """Handle one batch; on SQLite leave the write lock to the others for as long as it was held."""
        begun = time.monotonic()
        done = outbox.drain_once(self._queue, self._limit)
        took = time.monotonic() - begun
        if self._queue.one_transaction and done:
            if took > LONGEST:
                self._limit = max(1, self._limit // 2)
            elif took < LONGEST / 4:
                self._limit = min(self._queue.batch, self._limit * 2)
        if connection.vendor == "sqlite" and done:
            held = took if self._queue.one_transaction else 0.0  # an index is written without the database's lock
            self._ending.wait(min(max(held, 0.02), LONGEST))
        return bool(done)


class _Patience:
    """Calls a step; after a failure it waits longer and longer, since a database may be away for a while."""

    def __init__(self, ending: threading.Event) -> None:
        self._ending = ending
        self._failures = 0

    def call(self, step: Step) -> bool | None:
        """What the step says, or None when it failed."""
        try:
            close_old_connections()
            more = step()
        except Exception as error:
            self._failures += 1
            wait = min(0.25 * 2**self._failures, LONGEST_WAIT)
            name = threading.current_thread().name
            logger.warning(
                "%s: %s: %s; again in %.1f s", name, type(error).__name__, error, wait, exc_info=self._failures == 1
            )
            connections.close_all()
            self._ending.wait(wait)
            return None
        self._failures = 0
        return more
