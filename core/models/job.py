"""Long work and what starts it by the clock."""

import threading
import time
from typing import Any, ClassVar

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.exceptions import Interrupted, Overtaken, Stopped

PAUSE = 0.02  # seconds that SQLite's one write lock is left to the others after each step


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of jobs."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """One's own; all of them, the site's own too, for who may change anybody's. Titles may name people."""
        return self if user.has_perm("core.change_job") else self.filter(started_by=user.uuid)

    def worth_a_look(self) -> "JobQuerySet":
        """Without those that the site does by the clock and that went well."""
        return self.exclude(started_by=None, state=Job.State.DONE)


class Job(models.Model):
    """One piece of long work, done by the worker in steps that survive a kill."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ")
        RUNNING = "running", _("Đang chạy")
        DONE = "done", _("Xong")
        FAILED = "failed", _("Không thành công")
        STOPPED = "stopped", _("Đã dừng")

    kind = models.CharField(max_length=100, help_text="which handler does it, such as library.import_marc")
    title = models.CharField(max_length=255)
    arguments = models.JSONField(
        default=dict, blank=True, help_text="version 1: the keyword arguments of the handler's own kind"
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    cursor = models.JSONField(
        default=dict, blank=True, help_text="where to go on; the handler's own shape; empty at the start"
    )
    done = models.PositiveBigIntegerField(default=0, help_text="steps done, in the handler's own unit")
    total = models.PositiveBigIntegerField(null=True, blank=True, help_text="steps in all, where known")
    result = models.JSONField(default=dict, blank=True, help_text="what came of it; the handler's own shape")
    error = models.TextField(blank=True)
    started_by = models.UUIDField(null=True, blank=True, help_text="the person's uuid; empty: the site itself")
    worker = models.CharField(max_length=64, blank=True, help_text="who runs it now")
    heartbeat = models.DateTimeField(null=True, blank=True)
    stop_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    interrupt: ClassVar[threading.Event] = threading.Event()  # set when this process shuts down

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="core_job_state")]
        verbose_name = _("việc chạy nền")
        verbose_name_plural = _("việc chạy nền")

    def __str__(self) -> str:
        return self.title

    @property
    def is_going(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None where nobody knows how much there is to do."""
        return min(100, 100 * self.done // self.total) if self.total else None

    def advance(
        self, *, cursor: dict[str, Any] | None = None, done: int | None = None, total: int | None = None
    ) -> None:
        """Keep how far the work has come; call it after each step, best in the step's own transaction.

        Also keeps result. Raises Stopped when the job must end; inside a transaction that undoes the step and its
        cursor together, outside both are kept, so the work can go on from the cursor either way.
        """
        if cursor is not None:
            self.cursor = cursor
        if done is not None:
            self.done = done
        if total is not None:
            self.total = total
        self.heartbeat = timezone.now()
        mine = Job.objects.filter(pk=self.pk, worker=self.worker, state=Job.State.RUNNING)
        kept = mine.update(
            cursor=self.cursor, done=self.done, total=self.total, result=self.result, heartbeat=self.heartbeat
        )
        if not kept:
            raise Overtaken(self.title)
        if mine.filter(stop_requested=True).exists():
            raise Stopped(self.title)
        if Job.interrupt.is_set():
            raise Interrupted(self.title)
        if connection.vendor == "sqlite":
            transaction.on_commit(lambda: time.sleep(PAUSE))


class Schedule(models.Model):
    """A job that the worker starts again and again."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict, blank=True)
    every_seconds = models.PositiveIntegerField(help_text="in seconds")
    next_at = models.DateTimeField()
    last_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A worker process that has been seen alive; for /healthz and for taking over the work of a dead one."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    started_at = models.DateTimeField()
    heartbeat = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
