"""Statements go on to another store: all of them, once, in order, whatever the other side does."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import outbox
from core.models import Job
from tests.xapi.conftest import ANNA, PASSED, QUIZ, VOIDED, Store, about, new_id, statement, store_with
from tests.xapi.fake_receiver import Asked, FakeReceiver, Response, say
from tests.xapi.second_store import SecondStore
from xapi import clock, forwarding, outgoing, receiver
from xapi.models import Credential, DeadLetter, Forwarding, ForwardingQueue, Statement
from xapi.older import for_1_0
from xapi.outgoing import Outgoing
from xapi.statements import record

# PostgreSQL: nothing is consistent while a transaction of the test's own is open.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
committed = pytest.mark.django_db(transaction=True)  # others look into the database meanwhile
PLAIN = st.none() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
AGENTS = [{"objectType": "contextAgent", "agent": ANNA}]


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.FETCH_ALLOW = ["127.0.0.1"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for an answer that never comes does not wait long."""
    monkeypatch.setattr(receiver, "TIMEOUT", 5.0)


@pytest.fixture
def other() -> Iterator[FakeReceiver]:
    fake = FakeReceiver()
    yield fake
    fake.close()


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[SecondStore]:
    second = SecondStore(tmp_path_factory.mktemp("second") / "data")
    yield second
    second.stop()


def forward_to(where: FakeReceiver | SecondStore, **changes: Any) -> Forwarding:
    key, secret = getattr(where, "key", "key"), getattr(where, "secret", "mật khẩu")
    made = Forwarding(name="LRS quốc gia", endpoint=where.url, key=key, **changes)
    made.secret = secret
    forwarding.start_from(made)
    made.save()
    forwarding.wake(made)
    return made


def drain(made: Forwarding) -> Forwarding:
    """Let the worker's queue go on until nothing is due; the forwarding as it is then."""
    while outbox.drain_once(queue()):
        pass
    made.refresh_from_db()
    return made


def again(made: Forwarding) -> Forwarding:
    """The same when the waiting is over."""
    forwarding.wake(made)
    return drain(made)


def queue() -> outbox.Queue:
    return next(each for each in outbox.queues() if each.name == "forwarding")


def sent(count: int, **changes: Any) -> list[str]:
    """Store statements of this site; their ids, as soon as they are consistent: on PostgreSQL a moment later."""
    ids = [str(each) for each in record([statement(**changes) for _ in range(count)])]
    newest = Statement.objects.order_by("pk").last()
    while newest is not None and clock.consistent_through() < newest.stored:
        time.sleep(0.001)
    return ids


def caught_up(made: Forwarding) -> bool:
    return made.cursor == Statement.objects.order_by("pk").last().pk


# What goes


def test_all_in_the_order_of_storing_in_batches_of_a_hundred(other: FakeReceiver) -> None:
    ids = sent(250)
    made = drain(forward_to(other))
    assert [each.ids for each in other.posts] == [ids[:100], ids[100:200], ids[200:]]
    assert (made.sent, made.failures, made.last_error) == (250, 0, "")
    assert made.last_sent_at is not None
    assert caught_up(made)


def test_the_bytes_are_those_that_are_kept(other: FakeReceiver) -> None:
    odd = b'{"actor":{"mbox":"mailto:a@x.org"},"verb":{"id":"http://x.org/v"},"object":{"id":"http://x.org/o"},'
    odd += b'"result":{"extensions":{"http://x.org/n":1.10000000000000000001e2}}}'
    store_with("all").post(odd)
    drain(forward_to(other))
    assert b"1.10000000000000000001e2" in other.posts[0].body
    assert other.posts[0].body == b"[" + bytes(Statement.objects.get().body) + b"]"


def test_key_version_and_type(other: FakeReceiver) -> None:
    sent(1)
    drain(forward_to(other, version="2.0.0"))
    headers = other.posts[0].headers
    assert other.posts[0].path == "/xapi/statements"
    assert headers["authorization"] == "Basic a2V5Om3huq10IGto4bqpdQ=="
    assert (headers["x-experience-api-version"], headers["content-type"]) == ("2.0.0", "application/json")


def test_each_goes_once(other: FakeReceiver) -> None:
    sent(3)
    made = drain(forward_to(other))
    sent(2)
    again(made)
    again(made)
    assert [len(each.ids) for each in other.posts] == [3, 2]


def test_nothing_is_sent_that_something_may_still_come_before(other: FakeReceiver, monkeypatch: Any) -> None:
    first = sent(1)
    complete = Statement.objects.get().pk
    later = sent(1)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "last_complete_key", lambda: complete)
        made = drain(forward_to(other))
    assert [each.ids for each in other.posts] == [first]
    again(made)
    assert [each.ids for each in other.posts] == [first, later]


def test_the_storing_path_does_nothing_for_it(other: FakeReceiver) -> None:
    record([statement()])
    drain(forward_to(other))
    with CaptureQueriesContext(connection) as captured:
        record([statement()])
    assert not [each for each in captured if "forwarding" in each["sql"]]


def test_from_a_moment_on(other: FakeReceiver) -> None:
    sent(1)
    time.sleep(0.005)
    since = datetime.now(UTC)
    time.sleep(0.005)
    new = sent(1)
    made = drain(forward_to(other, since=since))
    assert [each.ids for each in other.posts] == [new]
    assert made.sent == 1


@pytest.mark.parametrize(
    ("changes", "which"),
    [
        ({}, ["own", "counting", "plain"]),
        ({"senders": "own"}, ["own"]),
        ({"senders": "counting"}, ["own", "counting"]),
        ({"senders": "chosen"}, ["plain"]),
    ],
)
def test_by_sender(other: FakeReceiver, changes: dict[str, Any], which: list[str]) -> None:
    counting = Store(*Credential.create(name="counting", scopes=["all"], counts=["so"]))
    plain = store_with("all", name="plain")
    ids = {
        "own": sent(1)[0],
        "counting": counting.stored(statement())[0],
        "plain": plain.stored(statement())[0],
    }
    made = forward_to(other, **changes)
    made.credentials.set([plain.credential])
    made = drain(made)
    assert list(other.kept) == [ids[each] for each in which]
    assert caught_up(made)


@pytest.mark.parametrize(
    ("activities", "which"),
    [
        (["http://x.org/a"], ["a", "inside a"]),
        (["http://x.org/a*"], ["a", "a/1", "ab", "inside a"]),
        (["http://x.org/a/*", "http://x.org/b"], ["a/1", "b"]),
        ([], ["a", "a/1", "ab", "b", "inside a", "agent"]),
    ],
)
def test_by_activity(other: FakeReceiver, activities: list[str], which: list[str]) -> None:
    within = {"contextActivities": {"grouping": [{"id": "http://x.org/a"}], "other": [{"id": "http://x.org/b"}]}}
    ids = {name: sent(1, object={"id": f"http://x.org/{name}"})[0] for name in ("a", "a/1", "ab", "b")}
    ids |= {"inside a": sent(1, object={"id": "http://y.org"}, context=within)[0], "agent": sent(1, object=ANNA)[0]}
    drain(forward_to(other, activities=activities))
    assert list(other.kept) == [ids[each] for each in which]


def test_by_verb_and_voiding_goes_where_the_voided_went(other: FakeReceiver) -> None:
    [passed], [answered] = sent(1, verb=PASSED), sent(1)
    void_passed = sent(1, verb=VOIDED, object=about(passed))
    sent(1, verb=VOIDED, object=about(answered))
    unknown = sent(1, verb=VOIDED, object=about(new_id()))
    made = drain(forward_to(other, verbs=[PASSED["id"]]))
    assert list(other.kept) == [passed, *void_passed, *unknown]
    assert made.sent == 3


def test_this_sites_voiding_of_a_chosen_systems_statement_goes_too(other: FakeReceiver) -> None:
    plain = store_with("all")
    [theirs] = plain.stored(statement())
    [own] = sent(1)
    [void_theirs], [_void_own] = sent(1, verb=VOIDED, object=about(theirs)), sent(1, verb=VOIDED, object=about(own))
    made = forward_to(other, senders="chosen")
    made.credentials.set([plain.credential])
    drain(made)
    assert list(other.kept) == [theirs, void_theirs]


def test_a_filter_that_takes_little_walks_on_all_the_same(other: FakeReceiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(forwarding, "WINDOW", 10)
    sent(35)
    wanted = sent(1, verb=PASSED)
    sent(7)
    made = drain(forward_to(other, verbs=[PASSED["id"]]))
    assert [each.ids for each in other.posts] == [wanted]
    assert caught_up(made)


# Versions


def test_a_receiver_of_1_0_gets_2_0_without_what_is_new(other: FakeReceiver) -> None:
    inner = {"objectType": "SubStatement", **statement(context={"contextAgents": AGENTS, "language": "vi"})}
    two = store_with("all").speaking("2.0.0")
    groups = [{"objectType": "contextGroup", "group": {"objectType": "Group", "member": [ANNA]}}]
    context = {"contextAgents": AGENTS, "contextGroups": groups, "registration": new_id()}
    two.stored(statement(context=context), statement(context={"contextAgents": AGENTS}), statement(object=inner))
    drain(forward_to(other))
    first, second, third = other.posts[0].statements
    assert first["context"] == {"registration": context["registration"]}
    assert "context" not in second
    assert third["object"]["context"] == {"language": "vi"}
    assert {each["version"] for each in (first, second, third)} == {"1.0.0"}


def test_a_receiver_of_2_0_gets_it_whole(other: FakeReceiver) -> None:
    store_with("all").speaking("2.0.0").stored(statement(context={"contextAgents": AGENTS}))
    drain(forward_to(other, version="2.0.0"))
    assert other.posts[0].body == b"[" + bytes(Statement.objects.get().body) + b"]"


@given(
    st.recursive(
        st.none() | st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.lists, max_leaves=5
    )
)
def test_what_stays_for_1_0_stays_byte_for_byte(value: Any) -> None:
    kept = json.dumps({"http://x.org/e": value}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    rest = b'"actor":{"mbox":"mailto:a@x.org"},"object":{"id":"x:y"},"result":{"extensions":' + kept + b"}"
    body = b'{"version":"2.0.0","context":{"contextAgents":[],"language":"vi"},' + rest + b"}"
    try:
        kept.decode()
    except UnicodeDecodeError:
        return
    assert kept in for_1_0(body)
    assert json.loads(for_1_0(body)) == json.loads(body) | {"version": "1.0.0", "context": {"language": "vi"}}
    older = body.replace(b"2.0.0", b"1.0.3")
    assert for_1_0(older) == older


# Files


def with_file(content: bytes) -> tuple[dict[str, Any], bytes, str]:
    """A statement with an attachment, the multipart body that brings it, and its type."""
    sha2 = hashlib.sha256(content).hexdigest()
    attachment = {
        "usageType": "http://x.org/u",
        "display": {"vi": "ảnh"},
        "contentType": "image/png",
        "length": len(content),
        "sha2": sha2,
    }
    made = statement(id=new_id(), attachments=[attachment])
    body = b"--b\r\nContent-Type: application/json\r\n\r\n" + json.dumps(made).encode() + b"\r\n--b\r\n"
    body += b"Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n"
    body += f"X-Experience-API-Hash: {sha2}\r\n\r\n".encode() + content + b"\r\n--b--\r\n"
    return made, body, "multipart/mixed; boundary=b"


def test_files_go_with_their_statements(second: SecondStore) -> None:
    content = bytes(range(256)) * 5_000
    made, body, content_type = with_file(content)
    assert store_with("all").post(body, content_type).status_code == 200
    plain = sent(1)
    drain(forward_to(second))
    status, found = second.get(f"/xapi/statements?statementId={made['id']}&attachments=true")
    assert status == 200
    assert content in found
    assert second.get(f"/xapi/statements?statementId={plain[0]}")[0] == 200


def test_a_file_that_is_not_kept_is_not_sent(other: FakeReceiver) -> None:
    made, _body, _type = with_file(b"elsewhere")
    made["attachments"][0]["fileUrl"] = "https://x.org/file.png"
    sent(1, attachments=made["attachments"])
    drain(forward_to(other))
    assert other.posts[0].headers["content-type"] == "application/json"
    assert other.posts[0].statements[0]["attachments"][0]["fileUrl"] == "https://x.org/file.png"


def test_batches_stay_small_enough() -> None:
    def of(size: int, files: int = 0) -> Outgoing:
        return Outgoing(pk=size, statement_id=None, voids=False, body=b"x" * size, files=files)

    most = outgoing.MAX_BYTES
    sizes = [of(1), of(1), of(1, most), of(1, 5 * most), of(1), of(1), of(1)]
    found = [len(each) for each in outgoing.batches(sizes, most=2)]
    assert found == [2, 1, 1, 2, 1]
    assert list(outgoing.batches([], most=2)) == []


# What the receiver does


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (say(500, {"error": "broken"}), 'HTTP 500: {"error": "broken"}'),
        (say(503, {}), "HTTP 503: {}"),
        (say(401, {"error": "who?"}), 'HTTP 401: {"error": "who?"}'),
        (say(403, {}), "HTTP 403: {}"),
        (say(404, {}), "HTTP 404: {}"),
        ((302, {"Location": "/login"}, b""), "HTTP 302: "),
        ((200, {"Content-Type": "text/html"}, b"<p>Hello</p>"), "HTTP 200: <p>Hello</p>"),
        (say(200, [new_id()]), "HTTP 200: "),
        ((200, {"Content-Length": "1000"}, b'["'), "ChunkedEncodingError: "),
        (None, "ConnectionError: "),
    ],
)
def test_what_is_no_statements_fault_is_tried_again(other: FakeReceiver, answer: Response | None, said: str) -> None:
    ids = sent(3)
    other.answers = [answer]
    made = drain(forward_to(other))
    assert (made.cursor, made.sent, made.failures) == (0, 0, 1)
    assert made.last_error.startswith(said)
    assert made.last_error_at is not None
    assert len(other.posts) == 1
    made = again(made)
    assert [each.ids for each in other.posts] == [ids, ids]
    assert (made.sent, made.failures, made.last_error, made.last_error_at) == (3, 0, "", None)
    assert not DeadLetter.objects.exists()


def test_a_receiver_that_is_too_slow(other: FakeReceiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(receiver, "TIMEOUT", 0.3)
    ids = sent(1)
    other.answers = [lambda asked: time.sleep(1) or other.store(asked)]
    made = drain(forward_to(other))
    assert made.last_error.startswith("TooSlow: ")
    monkeypatch.setattr(receiver, "TIMEOUT", 5.0)
    assert (again(made).sent, list(other.kept)) == (1, ids)


def test_the_wait_doubles_and_batches_shrink_until_something_arrives(other: FakeReceiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(forwarding.random, "uniform", lambda low, high: 1.0)
    now = timezone.now()
    monkeypatch.setattr(forwarding.timezone, "now", lambda: now)
    monkeypatch.setattr(outbox.timezone, "now", lambda: now)
    sent(100)
    made = forward_to(other)
    waits, sizes = [], []
    for _ in range(4):
        other.answers = [say(500, {})]
        drain(made)
        waits.append((ForwardingQueue.objects.get().not_before - now).total_seconds())
        sizes.append(len(other.posts[-1].ids))
        forwarding.wake(made)
    assert (waits, sizes) == ([2.0, 4.0, 8.0, 16.0], [100, 50, 25, 12])
    Forwarding.objects.update(failures=50)
    other.answers = [say(500, {})]
    drain(made)
    assert (ForwardingQueue.objects.get().not_before - now).total_seconds() == 3600.0
    assert len(other.posts[-1].ids) == 1
    assert again(made).sent == 100


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("120", 120), ("9" * 30, 86_400), ("Wed, 21 Oct 2015 07:28:00 GMT", 2), ("soon", 2)]
)
def test_429_comes_again_when_it_is_told_to(
    other: FakeReceiver, monkeypatch: Any, retry_after: str, seconds: int
) -> None:
    monkeypatch.setattr(forwarding.random, "uniform", lambda low, high: 1.0)
    sent(1)
    other.answers = [say(429, {}, **{"Retry-After": retry_after})]
    made = forward_to(other)
    before = timezone.now()
    drain(made)
    waits = ForwardingQueue.objects.get().not_before - before
    assert timedelta(seconds=seconds) <= waits < timedelta(seconds=seconds + 60)


def test_the_row_of_an_idle_forwarding_waits(other: FakeReceiver) -> None:
    sent(1)
    made = drain(forward_to(other))
    row = ForwardingQueue.objects.get()
    assert row.key == str(made.pk)
    assert row.not_before > timezone.now()
    forwarding.wake(made)
    assert ForwardingQueue.objects.get().not_before is None


# What the receiver refuses


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_bad_statement_becomes_a_dead_letter_and_the_rest_goes_on(other: FakeReceiver, status: int) -> None:
    ids = sent(120)
    bad = [ids[0], ids[37], ids[119]]
    other.refuses = dict.fromkeys(bad, status)
    made = drain(forward_to(other))
    assert list(other.kept) == [each for each in ids if each not in bad]
    letters = DeadLetter.objects.select_related("statement")
    assert [str(each.statement.statement_id) for each in letters] == bad
    assert {(each.status, each.answer) for each in letters} == {(status, f'{{"error": "no {each}"}}') for each in bad}
    assert (made.sent, made.failures) == (117, 0)
    assert caught_up(made)
    assert len(again(made).dead_letters.all()) == 3
    assert len([each for each in other.posts if bad[0] in each.ids]) == 7  # 100 in halves down to one, never again


def test_a_receiver_that_refuses_every_request_makes_no_dead_letters(other: FakeReceiver) -> None:
    """It does not speak our version, say."""
    ids = sent(5)
    other.refuses = dict.fromkeys(ids, 400)
    other.reads = 400
    made = drain(forward_to(other))
    assert (made.cursor, made.failures, made.last_error) == (0, 1, 'HTTP 400: {"error": "not now"}')
    assert not DeadLetter.objects.exists()


def test_409_of_what_it_has_is_an_arrival(other: FakeReceiver) -> None:
    ids = sent(4)
    other.kept = {ids[1]: {"id": ids[1]}}
    other.voided = {ids[2]: {"id": ids[2]}}
    other.refuses = dict.fromkeys(ids[1:], 409)
    made = drain(forward_to(other))
    assert made.sent == 3
    assert [str(each.statement.statement_id) for each in DeadLetter.objects.all()] == [ids[3]]


def test_409_that_cannot_be_looked_into_waits(other: FakeReceiver) -> None:
    ids = sent(1)
    other.refuses = {ids[0]: 409}
    other.reads = 503
    made = drain(forward_to(other))
    assert (made.cursor, made.failures, DeadLetter.objects.count()) == (0, 1, 0)
    other.reads = 403  # we may only write
    made = again(made)
    assert (made.failures, DeadLetter.objects.get().status) == (0, 409)


def test_403_is_about_a_voiding_statement_where_there_is_one(other: FakeReceiver) -> None:
    [target] = sent(1)
    [voiding] = sent(1, verb=VOIDED, object=about(target))
    rest = sent(2)
    other.refuses = {voiding: 403}
    made = drain(forward_to(other))
    assert list(other.kept) == [target, *rest]
    assert str(DeadLetter.objects.get().statement.statement_id) == voiding
    assert made.failures == 0


def test_a_dead_letter_is_sent_again_when_staff_want_it(other: FakeReceiver) -> None:
    ids = sent(3)
    other.refuses = dict.fromkeys(ids, 400)
    made = drain(forward_to(other))
    assert DeadLetter.objects.count() == 3
    other.refuses = {ids[1]: 422}
    again(made)
    assert not other.kept
    DeadLetter.objects.filter(statement__statement_id__in=ids[:2]).update(again=True)
    made = again(made)
    assert list(other.kept) == [ids[0]]
    left = DeadLetter.objects.order_by("pk")
    assert [(str(each.statement.statement_id), each.status, each.again) for each in left] == [
        (ids[1], 422, False),
        (ids[2], 400, False),
    ]
    assert made.sent == 1


# Turns, pauses, kills


def test_who_is_paused_sends_nothing_and_goes_on_later(other: FakeReceiver) -> None:
    ids = sent(2)
    made = forward_to(other)
    Forwarding.objects.update(enabled=False)
    drain(made)
    assert (other.posts, ForwardingQueue.objects.count()) == ([], 0)
    Forwarding.objects.update(enabled=True)
    assert again(made).sent == 2
    assert list(other.kept) == ids


@committed
def test_paused_while_it_sends(other: FakeReceiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(forwarding, "BATCH", 1)
    sent(3)

    def pause(asked: Asked) -> Response:
        Forwarding.objects.update(enabled=False)
        connection.close()
        return other.store(asked)

    other.answers = [pause]
    made = drain(forward_to(other))
    assert (len(other.posts), made.cursor, ForwardingQueue.objects.count()) == (1, 0, 0)


@committed
def test_a_beginning_chosen_while_it_sends_holds(other: FakeReceiver) -> None:
    sent(2)
    made = forward_to(other)

    def choose(asked: Asked) -> Response:
        Forwarding.objects.update(cursor=Statement.objects.order_by("pk").first().pk)
        connection.close()
        return other.store(asked)

    other.answers = [choose]
    made = drain(made)
    assert [len(each.ids) for each in other.posts] == [2, 1]
    assert caught_up(made)


def test_others_have_their_turn_and_every_turn_gets_on(other: FakeReceiver, monkeypatch: Any) -> None:
    """However short the turns: one request, or so many halves as it takes to find one bad statement."""
    monkeypatch.setattr(forwarding, "LONGEST", -1.0)
    monkeypatch.setattr(forwarding, "BATCH", 2)
    ids = sent(5)
    other.refuses = {ids[0]: 400}
    one = forward_to(other)
    two = Forwarding(name="khác", endpoint=other.url, key="other", cursor=0, verbs=["http://x.org/none"])
    two.secret = "s"
    two.save()
    forwarding.wake(two)
    cursors = []
    for _ in range(6):
        outbox.drain_once(queue())
        cursors.append((Forwarding.objects.get(pk=one.pk).cursor, Forwarding.objects.get(pk=two.pk).cursor))
    keys = list(Statement.objects.order_by("pk").values_list("pk", flat=True))
    assert cursors[:4] == [(keys[0], 0), (keys[0], keys[4]), (keys[2], keys[4]), (keys[2], keys[4])]
    drain(one)
    assert list(other.kept) == ids[1:]


def test_a_worker_that_ends_keeps_its_place(other: FakeReceiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(forwarding, "BATCH", 1)
    ids = sent(3)

    def end(asked: Asked) -> Response:
        Job.interrupt.set()
        return other.store(asked)

    other.answers = [end]
    made = forward_to(other)
    try:
        outbox.drain_once(queue())
    finally:
        Job.interrupt.clear()
    made.refresh_from_db()
    assert (made.sent, ForwardingQueue.objects.get().not_before) == (1, None)
    assert drain(made).sent == 3
    assert [each.ids for each in other.posts] == [[each] for each in ids]


@committed
def test_writers_at_the_same_time_lose_nothing(other: FakeReceiver) -> None:
    made = forward_to(other)

    def write() -> None:
        for _ in range(15):
            sent(2)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        again(made)
    for writer in writers:
        writer.join()
    made = again(made)
    ids = [str(each) for each in Statement.objects.order_by("pk").values_list("statement_id", flat=True)]
    assert [each for post in other.posts for each in post.ids] == ids
    assert (made.sent, len(ids)) == (90, 90)


@committed
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one worker")
def test_of_two_workers_one_is_at_a_forwarding(other: FakeReceiver) -> None:
    ids = sent(1)
    made = forward_to(other)
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with forwarding._alone(made):
            taken.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    drain(made)
    assert (other.posts, ForwardingQueue.objects.get().last_error) == ([], "another worker is at this forwarding")
    done.set()
    holder.join()
    again(made)
    assert list(other.kept) == ids


def test_how_far_behind(other: FakeReceiver, monkeypatch: Any, django_assert_num_queries: Any) -> None:
    monkeypatch.setattr(forwarding, "COUNTED", 4)
    sent(3)
    one = drain(forward_to(other))
    sent(2)
    two = Forwarding(name="khác", endpoint=other.url, key="k", cursor=0)
    two.secret = "s"
    two.save()
    with django_assert_num_queries(1):
        found = forwarding.behind([one, two])
    rows = list(Statement.objects.order_by("pk"))
    assert (found[one.pk].count, found[one.pk].is_more, found[one.pk].since) == (2, False, clock.stored_at(rows[3].pk))
    assert (found[two.pk].count, found[two.pk].is_more, found[two.pk].since) == (5, True, clock.stored_at(rows[0].pk))
    assert forwarding.behind([]) == {}
    [done] = forwarding.behind([again(one)]).values()
    assert (done.count, done.since) == (0, None)


def test_the_secret_is_kept_encrypted(other: FakeReceiver, settings: Any) -> None:
    sent(1)
    made = forward_to(other)
    assert "mật khẩu" not in str(Forwarding.objects.values().get())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert Forwarding.objects.get().secret == "mật khẩu"
    settings.SECRET_KEY_FALLBACKS = []
    made = drain(made)
    assert made.last_error.startswith("The secret cannot be read any more")
    assert (made.failures, other.asked) == (1, [])


def test_private_addresses_are_not_called(other: FakeReceiver, settings: Any) -> None:
    settings.FETCH_ALLOW = []
    sent(1)
    made = drain(forward_to(other))
    assert made.last_error == "Refused: 127.0.0.1 is at a private address. If that is meant, name it in FETCH_ALLOW"
    assert other.asked == []


def test_a_trial_of_the_connection(other: FakeReceiver, second: SecondStore) -> None:
    assert receiver.Receiver.of(forward_to(other)).try_out() == receiver.Trial("", ["1.0.3", "2.0.0"])
    Forwarding.objects.all().delete()
    made = forward_to(second)
    assert receiver.Receiver.of(made).try_out().problem == ""
    made.secret = "wrong"
    trial = receiver.Receiver.of(made).try_out()
    assert trial.problem == 'HTTP 401: {"error":"unknown key or wrong secret"}'
    other.close()
    made.endpoint = other.url
    assert receiver.Receiver.of(made).try_out().problem.startswith("ConnectionError: ")


# A real store


def test_another_installation_of_ours_has_it_all(second: SecondStore) -> None:
    two = store_with("all").speaking("2.0.0")
    ids = sent(130) + two.stored(statement(context={"contextAgents": AGENTS}))
    [gone] = sent(1, verb=VOIDED, object=about(ids[5]))
    made = drain(forward_to(second, version="2.0.0"))
    assert (made.sent, made.failures, made.last_error) == (132, 0, "")
    there = {each["id"]: each for each in second.query()}
    assert set(there) >= {*ids, gone} - {ids[5]}
    assert second.get(f"/xapi/statements?voidedStatementId={ids[5]}")[0] == 200
    assert there[ids[-1]]["context"] == {"contextAgents": AGENTS}
    assert not DeadLetter.objects.exists()


def test_of_1_0_3_it_has_it_all_but_what_is_new(second: SecondStore) -> None:
    two = store_with("all").speaking("2.0.0")
    ids = sent(2) + two.stored(statement(context={"contextAgents": AGENTS, "language": "vi"}))
    assert drain(forward_to(second)).sent == 3
    there = {each["id"]: each for each in second.query()}
    assert there[ids[-1]]["context"] == {"language": "vi"}
    assert there[ids[-1]]["version"] == "1.0.0"


@committed
def test_killed_between_sending_and_keeping_its_place(second: SecondStore, other: FakeReceiver) -> None:
    """The receiver has a batch, the sender does not know it: nothing is lost, nothing is doubled."""
    activity = f"http://x.org/{new_id()}"
    ids = sent(250, object=QUIZ | {"id": activity})
    made = forward_to(other)
    killed: list[int] = []
    doomed: dict[str, subprocess.Popen[bytes]] = {}

    def pass_on(asked: Asked) -> Response:
        token = requests.auth._basic_auth_str(second.key, second.secret)
        headers = {"Authorization": token, "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
        answer = requests.post(f"{second.url}statements", asked.body, headers=headers, timeout=30)
        return answer.status_code, {}, answer.content

    def kill(asked: Asked) -> Response:
        answer = pass_on(asked)
        killed.append(len(asked.ids))
        os.kill(doomed["worker"].pid, signal.SIGKILL)
        doomed["worker"].wait()
        return answer

    for answers in ([kill], [pass_on, kill]):
        other.answers = list(answers)
        doomed["worker"] = worker(made)
        doomed["worker"].wait(60)
        other.asked.clear()
    made.refresh_from_db()
    assert killed == [100, 100]
    assert made.sent == 100  # of the 200 that are there, as far as the sender knows
    other.answers = [pass_on] * 5
    made = again(made)
    assert [each["id"] for each in second.query(activity=activity)] == ids
    assert (made.sent, caught_up(made), DeadLetter.objects.count()) == (250, True, 0)


def worker(made: Forwarding) -> subprocess.Popen[bytes]:
    """A process that drains the forwarding on this test's database."""
    code = f"import django; django.setup(); from xapi import forwarding; forwarding.drain(['{made.pk}'])"
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite://{own['NAME']}"
    else:
        url = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY, "FETCH_ALLOW": "127.0.0.1"}
    return subprocess.Popen([sys.executable, "-c", code], cwd=settings.ROOT, env=environment)
