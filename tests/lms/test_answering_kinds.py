"""A learner answers every kind of question on the lesson's page, wrong and right, without JavaScript."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lms import courses
from lms.enrolment import enrol
from lms.models import Answer, Course, Enrolment
from people import accounts
from people.models import User
from tests.lms.all_kinds import LESSON, OPEN, QUESTIONS, RIGHT, WRONG, told
from tests.lms.conftest import COURSE, settle
from xapi.models import Statement

pytestmark = pytest.mark.django_db
PAGE = "/courses/an-toan/du-loai/"


@pytest.fixture
def taken(learner: User) -> Enrolment:
    """The learner in a course whose only lesson asks every kind."""
    course = courses.publish_course(**(COURSE | {"lessons": [LESSON]}))
    settle()
    return enrol(learner=learner, course=course)


def key(kind: str) -> str:
    """The question's key."""
    return f"an-toan-{kind.replace('_', '-')}"


def send(client: Client, kind: str, form: dict[str, Any]) -> str:
    """Press “Trả lời”; the card that is shown then, as text."""
    answer = client.post("/learn/an-toan/du-loai/answer/", {"question": key(kind), **form}, follow=True)
    assert answer.status_code == 200
    return card(answer.content.decode(), kind)


def card(page: str, kind: str) -> str:
    """One question's card, without its marks."""
    found = re.search(rf'<section class="card" id="cau-{key(kind)}".*?</section>', page, re.DOTALL)
    assert found
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def result(kind: str) -> dict[str, Any]:
    """Of the latest statement about the question."""
    rows = [row.data for row in Statement.objects.order_by("id") if row.data["object"]["id"].endswith(key(kind))]
    return rows[-1]["result"]


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_then_right(pupil: Client, taken: Enrolment, kind: str) -> None:
    """The first is explained and may be done again; the second is praised; both are stated."""
    shown = send(pupil, kind, WRONG[kind])
    assert "Chưa đúng." in shown
    assert "Làm lại câu này" in shown
    assert (result(kind)["success"], result(kind)["score"]["scaled"]) == (False, 0)
    again = pupil.get(f"{PAGE}?again={key(kind)}").content.decode()
    assert "Trả lời" in card(again, kind)
    assert "Đúng rồi." in send(pupil, kind, RIGHT[kind])
    assert (result(kind)["success"], result(kind)["score"]["scaled"]) == (True, 1)
    assert list(Answer.objects.values_list("attempt", "success")) == [(1, False), (2, True)]


def test_half_right_says_how_much(pupil: Client, taken: Enrolment) -> None:
    """And counts so."""
    assert "Đúng một phần (50 %)" in send(pupil, "multiple", {"option": ["a"]})
    assert result("multiple")["score"]["scaled"] == 0.5


@pytest.mark.parametrize("kind", OPEN)
def test_answers_that_are_not_judged(pupil: Client, taken: Enrolment, kind: str) -> None:
    """Thanks, or a word that the trainer will."""
    shown = send(pupil, kind, OPEN[kind])
    assert "Cảm ơn" in shown or "Giảng viên sẽ chấm" in shown
    assert not {"success", "score"} & set(result(kind))


def test_a_file_is_kept_for_the_learner_and_the_trainer_only(pupil: Client, taken: Enrolment) -> None:
    """As a download; strangers and guests get 404."""
    picture = SimpleUploadedFile("mật ong.jpg", b"\xff\xd8picture", content_type="image/jpeg")
    assert "Đã nộp: mật ong.jpg" in send(pupil, "upload", {"file": picture})
    path = f"/learn/answers/{Answer.objects.get().statement_id}/"
    answer = pupil.get(path)
    assert b"".join(answer.streaming_content) == b"\xff\xd8picture"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    stranger = Client()
    assert stranger.get(path).status_code == 404
    stranger.force_login(accounts.create(full_name="Người khác", username="khac"))
    assert stranger.get(path).status_code == 404


def test_the_page_never_tells_the_key_before_the_answer(pupil: Client, taken: Enrolment) -> None:
    """No explanation, no accepted word, no number, no tolerance, and steps in another order."""
    page = pupil.get(PAGE).content.decode()
    secrets = ("Ai cũng thử trước", "Phú Thọ", "540", "Không bao giờ", "Không đưa mã OTP cho ai", "data-right")
    assert told(page, secrets) == []
    steps = re.findall(r"<label for=\"cau-an-toan-ordering-[^>]*>([^<]*)", page)
    assert steps != QUESTIONS[4]["steps"]
    assert sorted(steps) == sorted(QUESTIONS[4]["steps"])


def test_what_is_not_judged_is_no_part_of_the_score(taken: Enrolment) -> None:
    """The scale; what a trainer grades is."""
    course = Course.objects.get()
    asked = [key(each["kind"]) for each in QUESTIONS if each["kind"] != "scale"]
    assert course.rule["lessons"] == [{"key": "du-loai", "questions": asked}]


def test_an_incomplete_answer_stores_nothing_and_says_what_is_missing(pupil: Client, taken: Enrolment) -> None:
    """On the same page, above the lesson."""
    answer = pupil.post(
        "/learn/an-toan/du-loai/answer/", {"question": key("matching"), "left-a": "a"}, follow=True
    ).content.decode()
    assert "Ông, bà chưa ghép hết các cặp." in answer
    assert not Answer.objects.exists()
