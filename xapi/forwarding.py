"""Sends stored statements on to other stores, each once, in the order of storing.

A forwarding walks the statements by their primary key from its cursor on, never past what is consistent, since
PostgreSQL commits out of order. So the storing path does nothing for it. The cursor is kept after each batch that
arrived: after a kill a batch is sent again, and its ids tell the receiver that it has it.

An enabled forwarding always has one row in ForwardingQueue, which every step puts there anew, due when there is more to
do, after a pause when there is not, later and later while the receiver fails.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core import outbox
from core.encryption import InvalidToken
from core.exceptions import NotNow
from core.models import Job
from xapi import clock, outgoing, receiver
from xapi.models import DeadLetter, Forwarding, ForwardingQueue, Statement
from xapi.outgoing import Outgoing
from xapi.receiver import Answer, Receiver
from xapi.selection import COLUMNS, Selection

BATCH = 100  # statements in one request
WINDOW = 1_000  # statements looked at together
LONGEST = 20.0  # seconds after which the next forwarding has its turn
PAUSE = 10.0  # seconds before looking again when everything is sent
LONGEST_WAIT = 3_600.0  # seconds between two tries, unless the receiver asks for more
LONGEST_ASKED = 86_400.0  # seconds that a receiver may ask for
COUNTED = 10_000  # statements behind are not counted further
_FORWARDING = 0x78415046  # our advisory locks' number: "xAPF"


class Unreachable(Exception):
    """Raised when the receiver takes nothing now, and no statement is to blame: it is down, or does not know us."""

    def __init__(self, reason: str, *, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Overtaken(Exception):
    """Raised when the cursor was moved by somebody else: staff chose another beginning, or another worker is at it."""


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a forwarding is behind: statements not looked at, COUNTED + 1 for more; since when the first waits."""

    count: int
    since: datetime | None

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED


def start_from(forwarding: Forwarding) -> None:
    """Set the cursor before the first statement stored from `since` on; the caller saves."""
    forwarding.cursor = clock.keys_from(forwarding.since) - 1 if forwarding.since else 0


def wake(forwarding: Forwarding) -> None:
    """Have it go on at once, in the caller's transaction."""
    rows = ForwardingQueue.objects.filter(key=str(forwarding.pk))
    if not rows.update(not_before=None, attempts=0):
        outbox.enqueue(ForwardingQueue, [str(forwarding.pk)])


def drain(keys: Sequence[str]) -> None:
    """Handler of the queue; outside a transaction."""
    for key in keys:
        forwarding = Forwarding.objects.filter(pk=int(key), enabled=True).first()
        if forwarding is not None:  # else it was paused or deleted; enabling queues it again
            with _alone(forwarding):
                _queue(key, wait=_go_on(forwarding))


def behind(forwardings: Sequence[Forwarding]) -> dict[int, Behind]:
    """How far each is behind, by primary key, in one query."""
    if not forwardings:
        return {}
    one = (
        f"(SELECT count(*) FROM (SELECT 1 FROM xapi_statement WHERE id > %s LIMIT {COUNTED + 1}) AS waiting),"  # noqa: S608 - a number
        " (SELECT min(id) FROM xapi_statement WHERE id > %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([one] * len(forwardings))}",
            [each.cursor for each in forwardings for _ in range(2)],
        )
        found = cursor.fetchone()
    return {
        each.pk: Behind(found[2 * number], clock.stored_at(first) if (first := found[2 * number + 1]) else None)
        for number, each in enumerate(forwardings)
    }


def _go_on(forwarding: Forwarding) -> float:
    """One step; returns after how many seconds the next one is due."""
    try:
        return 0.0 if _Step(forwarding).run() else PAUSE
    except Overtaken:
        return 0.0
    except InvalidToken:
        reason = "The secret cannot be read any more, since SECRET_KEY is another. Type it in again."
        return _note_failure(forwarding, Unreachable(reason))
    except Unreachable as error:
        return _note_failure(forwarding, error)


def _note_failure(forwarding: Forwarding, error: Unreachable) -> float:
    """Keep why; the wait doubles with each failure in a row, and is what the receiver asks for if that is longer."""
    mine = Forwarding.objects.filter(pk=forwarding.pk)
    mine.update(failures=F("failures") + 1, last_error=str(error)[:2000], last_error_at=timezone.now())
    wait = min(2.0 ** min(forwarding.failures + 1, 12), LONGEST_WAIT) * random.uniform(0.8, 1.2)
    return max(wait, min(error.retry_after, LONGEST_ASKED))


@transaction.atomic
def _queue(key: str, *, wait: float) -> None:
    """The row of the next step, in place of one that waits. The row of this step goes when the drain deletes it."""
    now = timezone.now()
    ForwardingQueue.objects.filter(key=key, not_before__gt=now).delete()
    ForwardingQueue.objects.create(key=key, not_before=now + timedelta(seconds=wait) if wait else None)


@contextmanager
def _alone(forwarding: Forwarding) -> Iterator[None]:
    """PostgreSQL: of several workers one is at a forwarding. On SQLite there is one worker."""
    if connection.vendor != "postgresql":
        yield
        return
    lock = [_FORWARDING, forwarding.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        if not cursor.fetchone()[0]:
            raise NotNow("another worker is at this forwarding", seconds=PAUSE)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


class _Delivered(Protocol):
    """Keeps what came of statements that were sent."""

    def arrived(self, batch: Sequence[Outgoing]) -> None: ...

    def refused(self, statement: Outgoing, answer: Answer) -> None: ...


class _Step:
    """A stretch of one forwarding's way, of about LONGEST seconds."""

    def __init__(self, forwarding: Forwarding) -> None:
        self._forwarding = forwarding
        self._receiver = Receiver.of(forwarding)
        self._is_known = False
        self._end = time.monotonic() + LONGEST
        self._most = max(1, BATCH >> min(forwarding.failures, 6))  # a receiver that is too slow for many gets fewer

    def run(self) -> bool:
        """Whether there is more to do at once."""
        return self._send_letters() or self._walk()

    @property
    def _is_over(self) -> bool:
        return time.monotonic() > self._end or Job.interrupt.is_set()

    def _send_letters(self) -> bool:
        """What was refused and staff want sent again. Each is tried once, so this comes to an end."""
        asked = DeadLetter.objects.filter(forwarding=self._forwarding, again=True)
        ids = list(asked.order_by("pk").values_list("statement_id", flat=True)[:WINDOW])
        rows = list(Statement.objects.filter(pk__in=ids).order_by("pk"))
        kept = _Letters(self._forwarding)
        return any(self._deliver(batch, kept) for batch in self._batches(rows)) or len(ids) == WINDOW

    def _walk(self) -> bool:
        """The statements behind the cursor, as far as nothing can still appear between them."""
        selection, kept = Selection(self._forwarding), _Way(self._forwarding)
        through = clock.last_complete_key()
        while True:
            rows = Statement.objects.filter(pk__gt=kept.cursor, pk__lte=through).order_by("pk").only(*COLUMNS)
            window = list(rows[:WINDOW])
            if not window:
                return False
            for batch in self._batches(selection.wanted(window)):
                if self._deliver(batch, kept):
                    return True
            kept.move(window[-1].pk)
            if self._is_over:
                return True

    def _batches(self, rows: Sequence[Statement]) -> Iterable[list[Outgoing]]:
        return outgoing.batches(outgoing.prepare(rows, version=self._forwarding.version), most=self._most)

    def _deliver(self, batch: list[Outgoing], kept: _Delivered) -> bool:
        """Send a batch, and a refused one in halves until single statements are left. Whether the time is up: then part
        of it may be left for the next step; but something always came of it.
        """
        pending = [batch]
        while pending:
            part = pending.pop()
            answer = self._receiver.send(part)
            if receiver.took(answer, part) or self._has(part, answer):
                kept.arrived(part)
            elif not receiver.refused(answer, part):
                raise Unreachable(answer.reason, retry_after=answer.retry_after)
            elif len(part) > 1:
                middle = len(part) // 2
                pending += [part[middle:], part[:middle]]
                continue
            else:
                self._must_be_known()
                kept.refused(part[0], answer)
            if self._is_over:
                return True
        return False

    def _has(self, part: Sequence[Outgoing], answer: Answer) -> bool:
        """Whether it is a single statement that conflicts since the receiver has its id already."""
        if answer.status != 409 or len(part) > 1:
            return False
        found = self._receiver.find(part[0].statement_id)
        if found.is_passing:
            raise Unreachable(found.reason, retry_after=found.retry_after)
        return found.status == 200

    def _must_be_known(self) -> None:
        """Before a statement is to blame: a receiver that refuses every request of ours refuses no statement."""
        if not self._is_known:
            known = self._receiver.greet()
            if not known.knows_us:
                raise Unreachable(known.reason, retry_after=known.retry_after)
            self._is_known = True


class _Way:
    """The cursor of a forwarding. It moves only from where this step believes it to be."""

    def __init__(self, forwarding: Forwarding) -> None:
        self._forwarding = forwarding
        self.cursor = forwarding.cursor

    def move(self, cursor: int, **changes: object) -> None:
        """To this statement."""
        if cursor == self.cursor and not changes:
            return
        mine = Forwarding.objects.filter(pk=self._forwarding.pk, cursor=self.cursor, enabled=True)
        if not mine.update(cursor=cursor, **changes):
            raise Overtaken(self._forwarding.name)
        self.cursor = cursor

    def arrived(self, batch: Sequence[Outgoing]) -> None:
        """They are there."""
        self.move(batch[-1].pk, sent=F("sent") + len(batch), last_sent_at=timezone.now(), **_WELL)

    def refused(self, statement: Outgoing, answer: Answer) -> None:
        """It becomes a dead letter, and the way goes on."""
        with transaction.atomic():
            self.move(statement.pk, **_WELL)
            DeadLetter.objects.update_or_create(
                forwarding=self._forwarding, statement_id=statement.pk, defaults=_refusal(answer)
            )


class _Letters:
    """The dead letters of a forwarding that are sent again."""

    def __init__(self, forwarding: Forwarding) -> None:
        self._forwarding = forwarding

    def arrived(self, batch: Sequence[Outgoing]) -> None:
        """They are there after all."""
        with transaction.atomic():
            self._of(batch).delete()
            mine = Forwarding.objects.filter(pk=self._forwarding.pk)
            mine.update(sent=F("sent") + len(batch), last_sent_at=timezone.now(), **_WELL)

    def refused(self, statement: Outgoing, answer: Answer) -> None:
        """It stays, with the new reason."""
        self._of([statement]).update(**_refusal(answer))

    def _of(self, batch: Sequence[Outgoing]) -> QuerySet[DeadLetter]:
        return DeadLetter.objects.filter(forwarding=self._forwarding, statement_id__in=[each.pk for each in batch])


_WELL = {"failures": 0, "last_error": "", "last_error_at": None}


def _refusal(answer: Answer) -> dict[str, object]:
    return {"status": answer.status, "answer": answer.data[:2000], "at": timezone.now(), "again": False}
