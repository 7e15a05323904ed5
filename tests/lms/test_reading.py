"""Who may read a lesson, what its page weighs and costs, and what bad input gets."""

import gzip
import re
from typing import Any

import pytest
from django.test import Client

from lms.enrolment import enrol
from lms.models import Answer, Course, Enrolment, Question
from people import accounts
from people.models import User
from tests.lms.conftest import COURSE, question
from xapi.models import Statement

pytestmark = pytest.mark.django_db
LESSON = "/courses/an-toan/bai-1/"


def test_guest_reads_the_course_but_signs_in_for_a_lesson(client: Client, course: Course) -> None:
    """The way back is kept."""
    shown = client.get("/courses/an-toan/").content.decode()
    assert "/accounts/login/?next=/courses/an-toan/" in shown
    assert "Giữ tiền" in shown
    assert client.get(LESSON).headers["Location"] == f"/accounts/login/?next={LESSON}"


@pytest.mark.parametrize("what", ["next", "answer"])
def test_signed_out_post_leads_to_sign_in(client: Client, course: Course, what: str) -> None:
    """And from there back to the lesson; nothing is stored."""
    answer = client.post(f"/learn/an-toan/bai-1/{what}/", {"question": "an-toan-q1", "option": "b"})
    assert answer.headers["Location"] == f"/accounts/login/?next={LESSON}"
    assert Statement.objects.count() == 0


def test_not_enrolled_is_led_to_the_course(pupil: Client, course: Course) -> None:
    """With its button to enter."""
    assert pupil.get(LESSON).headers["Location"] == "/courses/an-toan/"
    assert 'action="/learn/an-toan/enrol/"' in pupil.get("/courses/an-toan/").content.decode()


@pytest.mark.parametrize("path", ["bai-1/next/", "bai-1/answer/"])
def test_other_learners_enrolment_is_of_no_use(pupil: Client, course: Course, path: str) -> None:
    """Someone else is enrolled, this one is not: 404, and nothing happened to either."""
    other = accounts.create(full_name="Người khác", username="khac")
    enrol(learner=other, course=course)
    assert pupil.post(f"/learn/an-toan/{path}", {"question": "an-toan-q1", "option": "b"}).status_code == 404
    assert pupil.get("/learn/an-toan/finish/").status_code == 404
    assert (Statement.objects.count(), Answer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("khong-co/bai-1/next/", {}, 404),
        ("an-toan/khong-co/next/", {}, 404),
        ("an-toan/bai-1/answer/", {}, 404),
        ("an-toan/bai-1/answer/", {"question": "khong-co", "option": "a"}, 404),
        ("an-toan/bai-2/answer/", {"question": "an-toan-q1", "option": "b"}, 404),  # a question of another lesson
        ("an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "z"}, 400),
        ("an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "\x00"}, 400),
        ("khong-co/enrol/", {}, 404),
    ],
)
def test_bad_input(pupil: Client, enrolment: Enrolment, path: str, form: dict[str, str], status: int) -> None:
    """A clear refusal; nothing is stored."""
    assert pupil.post(f"/learn/{path}", form).status_code == status
    assert (Statement.objects.count(), Answer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "more", [{"revision": "x"}, {"revision": "999999"}, {"event": "not-a-uuid"}, {"learns_for": "9"}]
)
def test_odd_hidden_fields_are_ignored(pupil: Client, enrolment: Enrolment, more: dict[str, str]) -> None:
    """The answer counts as given to the published question, under an id of ours."""
    pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "b"} | more)
    assert Answer.objects.get().success is True


def test_nothing_chosen_is_said(pupil: Client, enrolment: Enrolment) -> None:
    """The learner comes back to the open question with a word."""
    answer = pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q2"}, follow=True)
    assert "Ông, bà chưa chọn phương án nào" in answer.content.decode()
    assert Answer.objects.count() == 0


def test_question_changed_in_between(pupil: Client, enrolment: Enrolment) -> None:
    """Graded by the revision that the learner saw, and shown as it was; the new wording is asked again."""
    seen = question("q1").live_revision_id
    changed = question("q1")
    changed.text, changed.kind = "Mã nào dễ đoán?", "single"
    changed.options = [
        {"type": "option", "id": key, "value": {"text": text, "right": key == "a", "why": ""}}
        for key, text in (("a", "123456"), ("b", "Số tự nghĩ ra"))
    ]
    changed.save_revision().publish()
    pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "b", "revision": seen})
    given = Answer.objects.get()
    assert (given.success, given.revision_id) == (True, seen)
    assert "Mã nào khó đoán?" in pupil.get(LESSON).content.decode()
    assert "Mã nào dễ đoán?" in pupil.get(f"{LESSON}?again=an-toan-q1").content.decode()


def test_unpublished_question_is_not_asked(pupil: Client, enrolment: Enrolment) -> None:
    """Nor can it be answered."""
    question("q1").unpublish()
    assert "Mã nào khó đoán?" not in pupil.get(LESSON).content.decode()
    assert pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "b"}).status_code == 404


def test_lesson_weighs_little_and_calls_nobody(pupil: Client, enrolment: Enrolment) -> None:
    """The page itself, compressed; one deferred script, no inline one, no style, no address of another host in it."""
    page = pupil.get(LESSON)
    text = page.content.decode()
    assert len(gzip.compress(page.content)) < 6_000
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert re.findall("<script[^>]*>[^<]*", text) == ['<script src="/static/lesson.js" defer>']
    for stranger in (" style=", 'src="http', 'href="http'):
        assert stranger not in text


@pytest.mark.parametrize("path", ["/courses/", "/courses/an-toan/", LESSON, "/learn/an-toan/finish/"])
def test_queries_do_not_grow(
    pupil: Client, enrolment: Enrolment, path: str, django_assert_num_queries: Any, settings: Any
) -> None:
    """As many with 2 questions and 3 lessons as with 6 questions and 9 lessons, 2 courses and answers given."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    pupil.get(path)
    with CaptureQueriesContext(connection) as captured:
        pupil.get(path)
    first = len(captured)
    _grow(enrolment)
    pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-q1", "option": "b"})
    pupil.get(path)
    with django_assert_num_queries(first):
        pupil.get(path)


def _grow(enrolment: Enrolment) -> None:
    from lms.courses import publish_course

    lessons = [dict(each) for each in COURSE["lessons"]]
    asked = lessons[0]["blocks"][-2:]
    more = [each | {"key": f"{each['key']}-{copy}"} for copy in ("x", "y") for each in asked]
    lessons[0] |= {"blocks": [*lessons[0]["blocks"], *more]}
    lessons += [{"key": f"them-{n}", "title": f"Bài thêm {n}", "minutes": 5, "blocks": []} for n in range(6)]
    publish_course(**(COURSE | {"lessons": lessons}))
    publish_course(
        **(COURSE | {"key": "khac", "lessons": [{"key": "mot", "title": "Một", "minutes": 5, "blocks": []}]})
    )
    assert Question.objects.count() == 7


def test_learning_for_a_household(pupil: Client, learner: User, course: Course) -> None:
    """Who represents a household says for whom they learn; somebody else's cannot be named."""
    from datetime import date

    from people.models import Household, Representation, Unit

    unit = Unit.objects.create(
        code="15", level="province", name="Tỉnh Lào Cai", short_name="Lào Cai", valid_from=date(2025, 7, 1)
    )
    stranger = accounts.create(full_name="Người khác", username="khac")
    made = [
        Representation.objects.create(
            person=person,
            household=Household.objects.create(name=name, unit=unit, since=date(2026, 1, 1)),
            since=date(2026, 1, 1),
        )
        for person, name in ((learner, "Hộ ông Páo"), (stranger, "Hộ người khác"))
    ]
    shown = pupil.get("/courses/an-toan/").content.decode()
    assert "Hộ ông Páo" in shown
    assert "Hộ người khác" not in shown
    pupil.post("/learn/an-toan/enrol/", {"learns_for": made[0].pk})
    assert Enrolment.objects.get().learns_for == made[0]
    Enrolment.objects.get().delete()
    pupil.post("/learn/an-toan/enrol/", {"learns_for": made[1].pk})
    assert Enrolment.objects.get().learns_for is None
