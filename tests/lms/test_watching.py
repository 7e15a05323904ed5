"""What a browser tells of a lesson becomes statements, once, by the video profile, and finishes nothing."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.identity import id_base
from lms import courses, progress, watching
from lms.enrolment import enrol
from lms.models import Enrolment, LessonMedia
from people import accounts
from people.models import User
from tests.lms import every_block
from tests.lms.conftest import settle
from xapi.models import Statement

pytestmark = pytest.mark.django_db
URL = "/learn/nghe/bai-1/event/"
VIDEO = "https://w3id.org/xapi/video"
SESSION = "9b2e5c1e-0000-4000-8000-000000000001"


@pytest.fixture
def listening(tmp_path: Path, learner: User, settings: Any) -> Enrolment:
    """The learner in a course with a recording of 2 seconds and a film of 100."""
    settings.MEDIA_ROOT = tmp_path / "stored"
    every_block.files(tmp_path)
    shown = [block for block in every_block.blocks() if block["type"] in {"audio", "video"}]
    lesson = {"key": "bai-1", "title": "Nghe", "minutes": 5, "blocks": shown}
    course = courses.publish_course(key="nghe", title="Nghe", lessons=[lesson], folder=tmp_path)
    LessonMedia.objects.filter(type="video").update(duration=100)
    return enrol(learner=learner, course=course)


def medium(kind: str) -> str:
    return str(LessonMedia.objects.get(type=kind).uuid)


def event(verb: str, kind: str = "video", **more: Any) -> dict[str, Any]:
    said = {"event": str(uuid4()), "at": timezone.now().isoformat(), "verb": verb, "media": medium(kind)}
    return said | {"session": SESSION, "length": 2, "time": 1.5} | more


def send(client: Client, *events: Any, **more: Any) -> Any:
    return client.post(URL, json.dumps({"events": events} | more), content_type="application/json")


def answers(response: Any) -> list[tuple[str, str]]:
    return [(each["result"], each["reason"]) for each in response.json()["answers"]]


def test_the_four_verbs_of_the_video_profile(pupil: Client, listening: Enrolment) -> None:
    """Progress is counted from what was played; the extensions and the category are the profile's."""
    halves = [[0, 60], [50, 70.5], [90, 300]]
    sent = [
        event("played", time=0),
        event("seeked", **{"from": 10, "to": 50.25}),
        event("paused", time=70.5, segments=halves),
        event("completed", time=100, segments=[[0, 99]]),
    ]
    assert answers(send(pupil, *sent)) == [("kept", "")] * 4
    rows = list(Statement.objects.filter(registration=listening.registration).order_by("id"))
    assert [row.verb for row in rows] == [
        f"{VIDEO}/verbs/played",
        f"{VIDEO}/verbs/seeked",
        f"{VIDEO}/verbs/paused",
        "http://adlnet.gov/expapi/verbs/completed",
    ]
    said = [row.data["result"].get("extensions") for row in rows]
    e = f"{VIDEO}/extensions/"
    assert said == [
        {f"{e}time": 0.0},
        {f"{e}time-from": 10.0, f"{e}time-to": 50.25},
        {f"{e}time": 70.5, f"{e}progress": 0.805, f"{e}played-segments": "0[.]70.5[,]90[.]100"},
        {f"{e}time": 100.0, f"{e}progress": 0.99, f"{e}played-segments": "0[.]99"},
    ]
    assert rows[3].data["result"] | {"extensions": None} == {
        "completion": True,
        "duration": "PT01M39S",
        "extensions": None,
    }
    context = rows[3].data["context"]
    assert context["extensions"] == {f"{e}session-id": SESSION, f"{e}length": 100.0, f"{e}completion-threshold": 0.95}
    activities = context["contextActivities"]
    base = f"{id_base()}/activities/courses/nghe"
    assert [each["id"] for each in activities["category"]] == [VIDEO]
    assert [each["id"] for each in activities["parent"]] == [f"{base}/lessons/bai-1"]
    assert [each["id"] for each in activities["grouping"]] == [base]
    assert rows[0].data["object"]["id"] == f"{base}/lessons/bai-1/media/{medium('video')}"
    assert rows[0].data["object"]["definition"]["type"] == f"{VIDEO}/activity-type/video"
    assert rows[0].data["actor"]["account"]["name"] == str(listening.learner.uuid)


def test_a_recording_is_no_film(pupil: Client, listening: Enrolment) -> None:
    """The same verbs about an audio activity, without the video profile's category."""
    send(pupil, event("played", "audio"))
    said = Statement.objects.get(registration=listening.registration).data
    assert said["object"]["definition"]["type"] == "http://activitystrea.ms/schema/1.0/audio"
    assert "category" not in said["context"]["contextActivities"]


def test_sent_twice_is_stored_once(pupil: Client, listening: Enrolment) -> None:
    """In one sending, in two, and as the form that a page sends when it is left."""
    one = event("played")
    assert answers(send(pupil, one, one)) == [("kept", "")]
    assert answers(send(pupil, one)) == [("kept", "")]
    form = pupil.post(URL, {"batch": json.dumps({"events": [one]})})
    assert answers(form) == [("kept", "")]
    kept = Statement.objects.get(registration=listening.registration)
    assert kept.statement_id == uuid5(listening.registration, one["event"])


def test_nothing_is_finished_by_it(pupil: Client, listening: Enrolment) -> None:
    """Neither the lesson nor the course, live and by replay."""
    send(
        pupil, event("completed", segments=[[0, 100]], time=100), event("completed", "audio", segments=[[0, 2]], time=2)
    )
    send(pupil, {"event": str(uuid4()), "at": timezone.now().isoformat(), "verb": "terminated", "seconds": 600})
    settle()
    listening.refresh_from_db()
    assert (listening.status, listening.lessons_done, listening.completed_at) == ("in_progress", 0, None)
    assert Statement.objects.filter(registration=listening.registration).count() == 3
    progress.refresh([listening.registration])
    listening.refresh_from_db()
    assert (listening.status, listening.lessons_done) == ("in_progress", 0)


def test_the_lesson_was_left(pupil: Client, listening: Enrolment) -> None:
    """terminated, with the seconds of reading."""
    at = timezone.now() - timedelta(hours=3)
    send(pupil, {"event": str(uuid4()), "at": at.isoformat(), "verb": "terminated", "seconds": 74})
    row = Statement.objects.get(registration=listening.registration)
    assert (row.verb, row.data["result"]) == ("http://adlnet.gov/expapi/verbs/terminated", {"duration": "PT01M14S"})
    assert row.data["object"]["id"].endswith("/courses/nghe/lessons/bai-1")
    assert row.timestamp == at


def test_a_phone_with_a_wrong_clock(pupil: Client, listening: Enrolment) -> None:
    """What it says of the time of sending sets its events right; none is later than now."""
    phone = datetime(2020, 1, 1, 8, tzinfo=UTC)
    send(
        pupil,
        event("played", at=phone.isoformat()),
        event("paused", at=(phone + timedelta(hours=9)).isoformat(), segments=[]),
        sent_at=(phone + timedelta(minutes=10)).isoformat(),
    )
    now = timezone.now()
    played, paused = Statement.objects.filter(registration=listening.registration).order_by("timestamp")
    assert timedelta(minutes=9) < now - played.timestamp < timedelta(minutes=11)
    assert now - timedelta(minutes=1) < paused.timestamp <= now


def test_bad_events_are_refused_and_good_ones_kept(pupil: Client, listening: Enrolment) -> None:
    """Each with its reason."""
    unread = ("refused", "Sự kiện này không đọc được.")
    foreign = ("refused", "Bài học này không có bản ghi âm, phim hay việc như vậy.")
    sent = [
        (event("played"), ("kept", "")),
        ("x", unread),
        (event("passed"), foreign),
        (event("played", media=str(uuid4())), foreign),
        (event("played", event="7"), ("refused", "Sự kiện này không có mã riêng.")),
        (event("played", at="hôm qua"), ("refused", "Sự kiện này không có thời gian.")),
        (event("played", time=-1), unread),
        (event("played", time=True), unread),
        (event("paused", segments=[[0]]), unread),
        (event("paused", segments=[[0, "1"]]), unread),
        (event("completed", segments=[[0, 94]]), ("refused", "Chưa nghe, xem đủ để tính là đến hết.")),
    ]
    for each, expected in sent:
        assert answers(send(pupil, each)) == [expected]
    assert Statement.objects.filter(registration=listening.registration).count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"events": 1}', json.dumps({"events": [{}] * 201})])
def test_what_is_no_batch_is_a_bad_request(pupil: Client, listening: Enrolment, body: str) -> None:
    assert pupil.post(URL, body, content_type="application/json").status_code == 400


def test_who_may_send(client: Client, listening: Enrolment) -> None:
    """Only who is enrolled; signed out 401, so that the browser keeps what it has; without a token 403."""
    one = event("played")
    assert send(client, one).status_code == 401
    other = accounts.create(full_name="Người khác", username="khac")
    client.force_login(other)
    assert send(client, one).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(listening.learner)
    assert send(strict, one).status_code == 403
    assert client.get(URL).status_code == 405
    client.force_login(listening.learner)
    assert send(client, one, learner=str(other.uuid)).status_code == 403
    assert Statement.objects.filter(registration=listening.registration).count() == 0


def test_too_many_sendings_wait(pupil: Client, listening: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    """429 with the time to wait."""
    from lms import views

    monkeypatch.setattr(views, "SENDINGS", 0)
    answer = send(pupil, event("played"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert Statement.objects.filter(registration=listening.registration).count() == 0


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.dictionaries(
        st.sampled_from(["event", "at", "verb", "media", "session", "time", "length", "segments"]), JSON
    )
)
def test_any_event_is_kept_or_refused(listening: Enrolment, changes: dict[str, Any]) -> None:
    """Never another exception, whatever JSON stands in it."""
    lesson = listening.course.lessons.get()
    sent = {"events": [event("paused", segments=[[0, 1]]) | changes]}
    assert len(watching.receive(json.dumps(sent), listening, lesson, by=listening.learner)) == 1


@given(spans=st.lists(st.tuples(st.floats(0, 120), st.floats(0, 120)), max_size=30))
def test_played_stretches_are_joined(spans: list[tuple[float, float]]) -> None:
    """In order, apart from each other, within the length, covering what was played."""
    joined = watching._segments({"segments": [list(span) for span in spans]}, 100.0)
    assert joined == sorted(joined)
    assert all(before[1] < after[0] for before, after in pairwise(joined))
    assert all(0 <= start < end <= 100 for start, end in joined)
    played = [(round(start, 3), min(round(end, 3), 100.0)) for start, end in spans]
    assert all(any(a <= start and end <= b for a, b in joined) for start, end in played if start < end)
