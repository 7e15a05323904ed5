"""A learner's way through a course, with a browser that has no JavaScript."""

import re

import pytest
from django.test import Client

from core.identity import id_base
from lms.models import Answer, Course, Enrolment, LessonDone
from people.models import User
from tests.lms.conftest import told
from xapi.models import Statement

pytestmark = pytest.mark.django_db


def answer(client: Client, lesson: str, question: str, *options: str) -> object:
    return client.post(f"/learn/an-toan/{lesson}/answer/", {"question": f"an-toan-{question}", "option": options})


def test_whole_course_with_retake(pupil: Client, learner: User, course: Course) -> None:
    """Each step is a statement; the third answer is wrong, so the course ends only after the retake."""
    assert pupil.post("/learn/an-toan/enrol/").headers["Location"] == "/courses/an-toan/bai-1/"
    enrolment = Enrolment.objects.get(learner=learner, course=course)
    assert answer(pupil, "bai-1", "q1", "b").headers["Location"] == "/courses/an-toan/bai-1/#cau-an-toan-q1"
    answer(pupil, "bai-1", "q2", "c", "a")
    assert pupil.post("/learn/an-toan/bai-1/next/").headers["Location"] == "/courses/an-toan/bai-2/"
    pupil.post("/learn/an-toan/bai-2/next/")
    answer(pupil, "bai-3", "q3", "a")
    assert pupil.post("/learn/an-toan/bai-3/next/").headers["Location"] == "/learn/an-toan/finish/"

    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.lessons_done, str(enrolment.score)) == ("in_progress", 3, "66.66")
    unfinished = pupil.get("/learn/an-toan/finish/").content.decode()
    assert "66,7" in unfinished
    assert "1 câu trả lời chưa đúng" in unfinished
    assert 'href="/courses/an-toan/bai-3/"' in unfinished

    answer(pupil, "bai-3", "q3", "b")
    enrolment.refresh_from_db()
    assert (enrolment.status, str(enrolment.score), enrolment.completed_at) == ("passed", "100.00", enrolment.passed_at)
    assert "Chúc mừng" in pupil.get("/learn/an-toan/finish/").content.decode()
    assert told(enrolment) == [
        ("initialized", "courses/an-toan"),
        ("answered", "questions/an-toan-q1"),
        ("answered", "questions/an-toan-q2"),
        ("experienced", "lessons/bai-1"),
        ("experienced", "lessons/bai-2"),
        ("answered", "questions/an-toan-q3"),
        ("experienced", "lessons/bai-3"),
        ("answered", "questions/an-toan-q3"),
        ("completed", "courses/an-toan"),
        ("passed", "courses/an-toan"),
    ]
    assert list(Answer.objects.values_list("question__key", "attempt", "success")) == [
        ("an-toan-q1", 1, True),
        ("an-toan-q2", 1, True),
        ("an-toan-q3", 1, False),
        ("an-toan-q3", 2, True),
    ]


def test_answered_statement_in_full(pupil: Client, learner: User, course: Course) -> None:
    """Actor without personal data, the interaction with its key, the graded result, the context."""
    pupil.post("/learn/an-toan/enrol/")
    answer(pupil, "bai-1", "q2", "b", "a")
    enrolment = Enrolment.objects.get(learner=learner)
    said = Statement.objects.get(verb="http://adlnet.gov/expapi/verbs/answered").data
    base = f"{id_base()}/activities/courses/an-toan"
    assert said["id"] == str(Answer.objects.get().statement_id)
    assert said["actor"] == {"objectType": "Agent", "account": {"homePage": id_base(), "name": str(learner.uuid)}}
    assert said["object"] == {
        "objectType": "Activity",
        "id": f"{base}/lessons/bai-1/questions/an-toan-q2",
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "description": {"vi": "Mất máy thì làm gì?"},
            "interactionType": "choice",
            "correctResponsesPattern": ["a[,]c"],
            "choices": [
                {"id": "a", "description": {"vi": "Khóa sim"}},
                {"id": "b", "description": {"vi": "Chờ vài ngày"}},
                {"id": "c", "description": {"vi": "Khóa tài khoản"}},
            ],
        },
    }
    assert said["result"] == {
        "response": "a[,]b",
        "success": False,
        "score": {"scaled": 0, "raw": 0, "min": 0, "max": 1},
    }
    context = said["context"]
    assert context["registration"] == str(enrolment.registration)
    assert (context["platform"], context["language"]) == ("Nhà Sàn", "vi")
    assert [each["id"] for each in context["contextActivities"]["parent"]] == [f"{base}/lessons/bai-1"]
    assert [each["id"] for each in context["contextActivities"]["grouping"]] == [base]


def test_conclusion_cites_version_and_rule(pupil: Client, learner: User, course: Course) -> None:
    """What decided stands in the statement, so that it can be understood after the course changed."""
    pupil.post("/learn/an-toan/enrol/")
    for lesson, key, options in (("bai-1", "q1", "b"), ("bai-1", "q2", "ac"), ("bai-3", "q3", "b")):
        answer(pupil, lesson, key, *options)
    for lesson in ("bai-1", "bai-2", "bai-3"):
        pupil.post(f"/learn/an-toan/{lesson}/next/")
    said = Statement.objects.get(verb="http://adlnet.gov/expapi/verbs/passed").data
    assert said["context"]["revision"] == "1"
    assert said["context"]["extensions"] == {
        f"{id_base()}/extensions/course-version": 1,
        f"{id_base()}/extensions/course-rule": {
            "lessons": [
                {"key": "bai-1", "questions": ["an-toan-q1", "an-toan-q2"]},
                {"key": "bai-2", "questions": []},
                {"key": "bai-3", "questions": ["an-toan-q3"]},
            ],
            "pass_mark": 70,
        },
    }
    assert said["result"] == {"completion": True, "success": True, "score": {"scaled": 1}}


def test_key_is_not_in_the_page_before_the_answer(pupil: Client, course: Course) -> None:
    """Neither the feedback nor which option is right; after the answer both."""
    pupil.post("/learn/an-toan/enrol/")
    before = pupil.get("/courses/an-toan/bai-1/").content.decode()
    for secret in ("Khó đoán nhất", "Ai cũng thử trước", "Chặn mã OTP", 'class="choice right"', "checked"):
        assert secret not in before
    answer(pupil, "bai-1", "q1", "a")
    after = pupil.get("/courses/an-toan/bai-1/").content.decode()
    assert "Ai cũng thử trước" in after
    assert "Khó đoán nhất" in after
    assert "Chặn mã OTP" not in after  # the other question is still open
    again = pupil.get("/courses/an-toan/bai-1/?again=an-toan-q1").content.decode()
    assert "Khó đoán nhất" not in again


def test_get_writes_nothing(pupil: Client, course: Course) -> None:
    """Reading, reloading what was posted, and coming back from sign-in store no statement and no row."""
    pupil.post("/learn/an-toan/enrol/")
    before = _counts()
    for path in ("/courses/", "/courses/an-toan/", "/courses/an-toan/bai-1/", "/learn/an-toan/finish/"):
        assert pupil.get(path).status_code == 200
    assert pupil.get("/learn/an-toan/bai-1/next/").headers["Location"] == "/courses/an-toan/bai-1/"
    assert pupil.get("/learn/an-toan/bai-1/answer/").headers["Location"] == "/courses/an-toan/bai-1/"
    assert pupil.get("/learn/an-toan/enrol/").headers["Location"] == "/courses/an-toan/"
    assert _counts() == before


def test_double_press_counts_once(pupil: Client, course: Course) -> None:
    """The form's event id makes a resent press the same event; another answer under it is a new one."""
    pupil.post("/learn/an-toan/enrol/")
    page = pupil.get("/courses/an-toan/bai-1/").content.decode()
    event = re.findall(r'name="event" value="([^"]+)"', page)
    form = {"question": "an-toan-q1", "option": "a", "event": event[0]}
    for _press in range(2):
        pupil.post("/learn/an-toan/bai-1/answer/", form)
        pupil.post("/learn/an-toan/bai-1/next/", {"event": event[-1]})
    assert [str(each) for each in Answer.objects.values_list("statement_id", flat=True)] == [event[0]]
    assert Statement.objects.count() == 3
    pupil.post("/learn/an-toan/bai-1/answer/", form | {"option": "b"})
    assert list(Answer.objects.values_list("attempt", "success")) == [(1, False), (2, True)]
    assert Statement.objects.count() == 4


def test_enrolling_twice_is_once(pupil: Client, learner: User, course: Course) -> None:
    """One enrolment, one entry; the second press leads to the first lesson not done."""
    pupil.post("/learn/an-toan/enrol/")
    pupil.post("/learn/an-toan/bai-1/next/")
    assert pupil.post("/learn/an-toan/enrol/").headers["Location"] == "/courses/an-toan/bai-2/"
    assert told(Enrolment.objects.get()) == [("initialized", "courses/an-toan"), ("experienced", "lessons/bai-1")]


def _counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Statement, Enrolment, Answer, LessonDone))


@pytest.mark.parametrize("digits", [19, 5_000])
def test_a_number_of_any_length_is_no_error(pupil: Client, learner: User, course: Course, digits: int) -> None:
    """It is no row's key: learns for nobody, saw the published question."""
    assert pupil.post("/learn/an-toan/enrol/", {"learns_for": "9" * digits}).status_code == 302
    assert Enrolment.objects.get(learner=learner).learns_for is None
    form = {"question": "an-toan-q1", "option": ["b"], "revision": "1" * digits}
    assert pupil.post("/learn/an-toan/bai-1/answer/", form).status_code == 302
    assert list(Answer.objects.values_list("success", flat=True)) == [True]
