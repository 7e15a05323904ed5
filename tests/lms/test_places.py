"""Where a learner stopped reading: kept as xAPI State, found by the next device and by other systems."""

import base64
import json

import pytest
from django.core.management import call_command
from django.test import Client

from lms import learning, places
from lms.models import Enrolment, LessonPage
from people.actors import actor_of
from tests.lms.conftest import lesson
from xapi.models import Document

pytestmark = pytest.mark.django_db
LESSON = "/courses/an-toan/bai-1/"


def block(number: int) -> str:
    """The id of a part of the first lesson's page."""
    return f"b-{LessonPage.objects.get(slug='bai-1').body[number].id}"


def test_the_next_device_goes_on_there(pupil: Client, enrolment: Enrolment) -> None:
    """A link at the lesson and on /my/; the beginning is no place to go on from."""
    second = block(1)
    assert pupil.post("/learn/an-toan/bai-1/place/", {"block": second}).status_code == 204
    other_device = Client()
    other_device.force_login(enrolment.learner)
    shown = other_device.get(LESSON).content.decode()
    assert f'<a class="button quiet" href="#{second}">Đọc tiếp chỗ đang dở</a>' in shown
    assert f'<div class="block" id="{second}">' in shown
    assert f'href="{LESSON}#{second}">Học tiếp: Giữ máy (Dùng điện thoại an toàn)</a>' in (
        other_device.get("/my/").content.decode()
    )
    pupil.post("/learn/an-toan/bai-1/place/", {"block": block(0)})
    assert "Đọc tiếp chỗ đang dở" not in other_device.get(LESSON).content.decode()
    assert Document.objects.count() == 1


def test_an_outside_client_reads_it(pupil: Client, enrolment: Enrolment, capsys: pytest.CaptureFixture[str]) -> None:
    """Under the lesson's activity, the learner's account and the registration, with a credential only."""
    pupil.post("/learn/an-toan/bai-1/place/", {"block": "cau-an-toan-q2"})
    call_command("lrs_credential", "other system")
    key, secret = (line.partition(": ")[2] for line in capsys.readouterr().out.splitlines()[:2])
    asked = {
        "activityId": lesson(enrolment.course, "bai-1").iri,
        "agent": json.dumps(actor_of(enrolment.learner)),
        "registration": str(enrolment.registration),
        "stateId": "place",
    }
    headers = {"X-Experience-API-Version": "1.0.3"}
    assert Client().get("/xapi/activities/state", asked, headers=headers).status_code == 401
    headers["Authorization"] = f"Basic {base64.b64encode(f'{key}:{secret}'.encode()).decode()}"
    answer = Client().get("/xapi/activities/state", asked, headers=headers)
    assert (answer["Content-Type"], answer.json()) == ("application/json", {"block": "cau-an-toan-q2"})


@pytest.mark.parametrize("odd", ["", "a b", "x" * 121, "<script>", "../..", "b-1\n"])
def test_what_is_no_place_is_refused(pupil: Client, enrolment: Enrolment, odd: str) -> None:
    assert pupil.post("/learn/an-toan/bai-1/place/", {"block": odd}).status_code == 400
    assert Document.objects.count() == 0


@pytest.mark.parametrize("odd", [b"", b"[]", b'{"block": 5}', b'{"block": "<b>"}', b"\xff"])
def test_what_another_system_wrote_there_breaks_nothing(pupil: Client, enrolment: Enrolment, odd: bytes) -> None:
    places.keep(enrolment, lesson(enrolment.course, "bai-1"), block(1))
    Document.objects.update(content=odd)
    assert "Đọc tiếp chỗ đang dở" not in pupil.get(LESSON).content.decode()
    assert "Học tiếp: Giữ máy" in pupil.get("/my/").content.decode()


def test_a_lesson_that_is_done_is_not_gone_on_with(pupil: Client, enrolment: Enrolment) -> None:
    """The next one is; one further on that was being read goes before it."""
    places.keep(enrolment, lesson(enrolment.course, "bai-1"), block(1))
    learning.go_on(enrolment, lesson(enrolment.course, "bai-1"))
    assert 'href="/courses/an-toan/bai-2/">Học tiếp: Giữ tiền' in pupil.get("/my/").content.decode()
    places.keep(enrolment, lesson(enrolment.course, "bai-3"), "cau-an-toan-q3")
    assert 'href="/courses/an-toan/bai-3/#cau-an-toan-q3">Học tiếp' in pupil.get("/my/").content.decode()
