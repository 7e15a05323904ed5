"""Outbox queues: exactly the rows read go, a bad key holds up nobody, a kill loses and doubles nothing."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from core import outbox
from core.exceptions import NotNow
from core.models import Schedule
from lms.models import ProgressQueue as Rows


def queue(handle, **options):
    return outbox.Queue(name="test", model=Rows, handle=handle, **options)


def keys():
    return list(Rows.objects.order_by("id").values_list("key", flat=True))


def derive(key):
    """Derived work that shows in the database how often it was done."""
    Schedule.objects.create(name=key, kind="x", every_seconds=1, next_at=timezone.now())


@pytest.mark.django_db
def test_rows_of_one_key_fold_into_one_and_all_of_them_go():
    handled = []
    for batch in (["a", "b", "a"], ["a"]):
        outbox.enqueue(Rows, batch)
    assert keys() == ["a", "b", "a"]

    assert outbox.drain_once(queue(handled.append)) == 3
    assert (handled, keys()) == ([["a", "b"]], [])


@pytest.mark.django_db
@pytest.mark.parametrize("one_transaction", [True, False])
def test_a_row_that_comes_while_its_key_is_handled_stays(one_transaction):
    outbox.enqueue(Rows, ["a"])

    outbox.drain_once(queue(lambda _: outbox.enqueue(Rows, ["a", "c"]), one_transaction=one_transaction))
    assert keys() == ["a", "c"]


@pytest.mark.django_db
def test_a_batch_is_as_large_as_asked():
    handled = []
    outbox.enqueue(Rows, "abcde")
    assert outbox.drain_once(queue(handled.append, batch=3)) == 3
    assert outbox.drain_once(queue(handled.append, batch=3), 1) == 1
    assert (handled, keys()) == ([["a", "b", "c"], ["d"]], ["e"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("one_transaction", [True, False])
def test_a_poisonous_key_is_put_off_and_the_others_are_done(one_transaction):
    def handle(batch):
        for key in batch:
            if key == "bad":
                raise ValueError("không đọc được")
            derive(key)

    outbox.enqueue(Rows, ["a", "bad", "b"])
    before = timezone.now()
    if one_transaction:
        assert outbox.drain_once(queue(handle)) == 2
        assert list(Schedule.objects.values_list("name", flat=True).order_by("name")) == ["a", "b"]
    else:  # the handler's own store must bear being told twice
        seen = set()
        assert (
            outbox.drain_once(
                queue(
                    lambda batch: seen.update(batch) if batch != ["bad"] and "bad" not in batch else 1 / 0,
                    one_transaction=False,
                )
            )
            == 2
        )
        assert seen == {"a", "b"}

    row = Rows.objects.get()
    assert (row.key, row.attempts) == ("bad", 1)
    assert row.last_error in {"ValueError: không đọc được", "ZeroDivisionError: division by zero"}
    assert timedelta(seconds=1.5) < row.not_before - before < timedelta(seconds=3.5)
    assert outbox.drain_once(queue(handle)) == 0


@pytest.mark.django_db(transaction=True)
def test_a_key_that_failed_is_tried_again_when_its_time_has_come():
    outbox.enqueue(Rows, ["a"])
    outbox.drain_once(queue(lambda _: 1 / 0))
    Rows.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    outbox.drain_once(queue(lambda _: 1 / 0))
    assert Rows.objects.get().attempts == 2

    Rows.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert outbox.drain_once(queue(lambda batch: None)) == 1
    assert keys() == []


@pytest.mark.django_db(transaction=True)
def test_when_all_fail_only_three_keys_are_tried_one_by_one():
    tried = []

    def handle(batch):
        tried.append(batch)
        raise OperationalError("the search server is down")

    outbox.enqueue(Rows, [f"{n:02}" for n in range(50)])
    assert outbox.drain_once(queue(handle)) == 0
    assert [len(batch) for batch in tried] == [50, 1, 1, 1]
    assert Rows.objects.filter(attempts=1).count() == 3


@pytest.mark.django_db
def test_a_handler_that_cannot_work_now_blames_no_key():
    def handle(batch):
        raise NotNow("another writer holds the index", seconds=30)

    outbox.enqueue(Rows, ["a", "b"])
    assert outbox.drain_once(queue(handle)) == 0
    assert list(Rows.objects.values_list("attempts", flat=True)) == [0, 0]
    assert Rows.objects.filter(not_before__gt=timezone.now() + timedelta(seconds=20)).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_leaves_the_rows_and_no_half_work():
    """SystemExit stands for the kill: nobody catches it, the transaction ends as a lost connection ends it."""

    def handle(batch):
        derive(batch[0])
        raise SystemExit

    outbox.enqueue(Rows, ["a", "b"])
    with pytest.raises(SystemExit):
        outbox.drain_once(queue(handle))
    assert (keys(), Schedule.objects.count()) == (["a", "b"], 0)

    assert outbox.drain_once(queue(lambda batch: [derive(key) for key in batch])) == 2
    assert (keys(), Schedule.objects.count()) == ([], 2)


@pytest.mark.django_db(transaction=True)
def test_work_is_queued_with_its_cause_or_not_at_all():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue(Rows, ["a"])
        raise ZeroDivisionError
    assert keys() == []


def as_they_come(handle, **options):
    return queue(handle, one_transaction=False, as_they_come=True, **options)


@pytest.mark.django_db
def test_rows_that_come_meanwhile_are_taken_along_and_a_key_touched_again_comes_again():
    handled = []

    def handle(coming):
        for key in coming:
            handled.append(key)
            if handled == ["a", "b"]:
                outbox.enqueue(Rows, ["c", "a"])

    outbox.enqueue(Rows, ["a", "b"])
    assert outbox.drain_once(as_they_come(handle)) == 4
    assert (handled, keys()) == (["a", "b", "c", "a"], [])


@pytest.mark.django_db
def test_what_comes_when_the_batch_is_full_is_left_to_the_next():
    handled = []

    def handle(coming):
        for key in coming:
            handled.append(key)
            outbox.enqueue(Rows, [key + "x"])

    outbox.enqueue(Rows, ["a", "b"])
    assert outbox.drain_once(as_they_come(handle, batch=3)) == 3
    assert (handled, keys()) == (["a", "b", "ax"], ["bx", "axx"])


@pytest.mark.django_db
def test_one_that_came_and_is_bad_is_found_among_all_that_were_taken():
    seen = []

    def handle(coming):
        for key in coming:
            if key == "a" and "a" not in seen:
                outbox.enqueue(Rows, ["bad", "c"])
            if key == "bad":
                raise ValueError("không đọc được")
            seen.append(key)

    outbox.enqueue(Rows, ["a"])
    assert outbox.drain_once(as_they_come(handle)) == 2
    assert (seen, keys()) == (["a", "a", "c"], ["bad"])
    assert Rows.objects.get().attempts == 1
