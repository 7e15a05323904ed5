"""Marks that a phone kept: each answered for itself, twice is once, clocks set right, nothing of others' taken."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms import marks
from lms.models import Attendance, Mark
from tests.lms.classes import class_of, meeting

PATH = "/learn/classes/marks/"


@pytest.fixture
def run(course):
    cohort, trainer, people = class_of(course, until=timezone.localdate() + timedelta(days=7))
    browser = Client()
    browser.force_login(trainer)
    return cohort, trainer, people, meeting(cohort, timezone.localdate()), browser


def item(session, learner, state="present", *, at=None, **other):
    at = at or timezone.now()
    return {
        "event": str(uuid4()),
        "session": str(session.uuid),
        "learner": str(learner.uuid),
        "state": state,
        "note": "",
        "at": at.isoformat(),
    } | other


def send(browser, items, *, sent_at=None):
    body = {"sent_at": (sent_at or timezone.now()).isoformat(), "marks": items}
    return browser.post(PATH, json.dumps(body), content_type="application/json")


def results(answer):
    return [each["result"] for each in answer.json()["answers"]]


def test_each_mark_is_answered_and_twice_is_once(run):
    """A phone that got no answer sends all again and is told the same."""
    _cohort, _trainer, (one, two, _three), session, browser = run
    items = [item(session, one), item(session, two, "absent", note="Ốm")]
    for _time in range(2):
        assert results(send(browser, items)) == ["kept", "kept"]
    assert list(Mark.objects.order_by("at").values_list("learner", "state", "note", "how")) == [
        (one.pk, "present", "", "list"),
        (two.pk, "absent", "Ốm", "list"),
    ]


def test_wrong_ones_are_refused_with_a_reason_and_the_others_kept(run, course, learner):
    """Another's session, a stranger, before the day, unreadable: one bad mark holds up no other."""
    cohort, _trainer, (one, two, _three), session, browser = run
    other_cohort, _other, (theirs, *_rest) = class_of(course, name="Lớp khác")
    items = [
        item(meeting(other_cohort), theirs),
        item(session, learner),
        item(session, one, at=timezone.now() - timedelta(days=1, hours=1)),
        item(session, one, "nowhere"),
        item(session, two),
    ]
    answers = send(browser, items).json()["answers"]
    said = {each["event"]: each["reason"] for each in answers}
    assert [said[each["event"]] for each in items] == [
        "Buổi học này không còn do ông, bà phụ trách.",
        "Người này không có trong danh sách của buổi học.",
        "Lượt điểm danh được ghi trước ngày học. Hãy xem lại đồng hồ của điện thoại.",
        "Lượt điểm danh này không đọc được.",
        "",
    ]
    assert list(Mark.objects.values_list("learner", flat=True)) == [two.pk]
    assert cohort.sessions.count() == 1


def test_clock_of_the_phone_is_set_right(run):
    """A phone that is two days slow says so by the time at which it sends."""
    _cohort, _trainer, (one, *_rest), session, browser = run
    slow = timedelta(days=2)
    said = timezone.now() - timedelta(seconds=30)
    assert results(send(browser, [item(session, one, at=said - slow)], sent_at=timezone.now() - slow)) == ["kept"]
    assert abs(Mark.objects.get().at - said) < timedelta(seconds=5)


def test_mark_of_the_future_is_of_now(run):
    """Nothing may win for ever over what is said later."""
    _cohort, _trainer, (one, *_rest), session, browser = run
    send(browser, [item(session, one, "absent", at=timezone.now() + timedelta(days=30))])
    assert Mark.objects.get().at <= timezone.now()
    send(browser, [item(session, one, "present")])
    assert Attendance.objects.get().state == "present"


def test_signed_out_phone_is_told_where_to_sign_in(run):
    """401; nothing is stored, and nothing of a learner who is signed in."""
    _cohort, _trainer, (one, *_rest), session, _browser = run
    answer = send(Client(), [item(session, one)])
    assert (answer.status_code, answer.json()) == (401, {"sign_in": "/accounts/login/"})
    learner = Client()
    learner.force_login(one)
    assert results(send(learner, [item(session, one)])) == ["refused"]
    assert not Mark.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"marks": 1}', '{"marks": [' + ",".join(["1"] * 201) + "]}", "null"])
def test_what_is_no_sending_is_a_bad_request(run, body):
    """400, never a 500."""
    *_rest, browser = run
    assert browser.post(PATH, body, content_type="application/json").status_code == 400


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["event", "session", "learner", "state", "note", "at"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_item_breaks_reading(value):
    """It is a mark or unreadable."""
    now = timezone.now()
    read = marks._read(value, timedelta(0), now)
    assert read is None or read.at <= now
