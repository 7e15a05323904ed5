"""A learner takes a quiz with a browser that has no JavaScript: card, form, keeping, handing in, result, review."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lms import quiz_attempts
from lms.enrolment import enrol
from lms.models import Answer, Enrolment, LessonPage, Question, QuizAttempt
from people import accounts
from people.models import User
from tests.lms.all_kinds import told
from tests.lms.conftest import settle
from tests.lms.quizzes import LESSON_URL, SECRETS, START, enrolled, filled, publish, single, the_quiz
from tests.lms.translating import translate
from xapi import verbs
from xapi.models import Statement

pytestmark = pytest.mark.django_db
FIRST = f"{START}1/"


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    return enrolled(learner)


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def begin(pupil: Client) -> QuizAttempt:
    """Press “Bắt đầu làm bài”."""
    event = re.search(
        r'action="/learn/an-toan/kiem-tra/quiz/".*?name="event" value="([^"]+)"', text(pupil.get(LESSON_URL))
    )
    assert event
    pupil.post(START, {"event": event[1]})
    return QuizAttempt.objects.order_by("-pk")[0]


def take(pupil: Client, *, right: int) -> str:
    """One whole attempt; the page shown then."""
    attempt = begin(pupil)
    form = filled(attempt, right=right) | {"do": "hand-in"}
    return text(pupil.post(f"{START}{attempt.number}/", form, follow=True))


def test_the_card_says_what_is_asked_and_by_which_rules(pupil: Client, learner: User) -> None:
    enrolled(learner, minutes=90, attempts=2, answers_shown="last")
    shown = text(pupil.get(LESSON_URL))
    for words in (
        "Làm thử xem sao.",
        "4 câu hỏi.",
        "Làm trong 1 giờ 30 phút.",
        "Đạt khi có từ 75 % số điểm trở lên.",
        "Được làm 2 lần",
        "Xem được đáp án khi đã đạt hoặc đã hết lượt làm.",
        "Bắt đầu làm bài",
    ):
        assert words in shown
    assert "Mã nào khó đoán?" not in shown
    assert QuizAttempt.objects.count() == 0


def test_whole_way(pupil: Client, enrolment: Enrolment) -> None:
    """Start, keep, come back on another device, hand in with one left, again, pass."""
    assert pupil.post(START).headers["Location"] == FIRST
    attempt = QuizAttempt.objects.get()
    form = filled(attempt, right=4)
    last = attempt.drawn[-1][0]
    partly = {name: value for name, value in form.items() if not name.startswith(f"{last}:")}
    assert "Đã lưu lúc" in text(pupil.post(FIRST, partly | {"do": "keep"}, follow=True))
    assert "Làm tiếp" in text(pupil.get(LESSON_URL))

    elsewhere = Client()
    elsewhere.force_login(enrolment.learner)
    page = text(elsewhere.get(FIRST))
    assert page.count(" checked") + page.count('value="540"') == 3
    answer = elsewhere.post(FIRST, partly | {"do": "hand-in"})
    assert answer.headers["Location"] == f"{FIRST}?unanswered=1#unanswered"
    page = text(elsewhere.get(answer.headers["Location"]))
    assert "Còn 1 câu chưa trả lời xong" in page
    assert 'name="sure"' in page
    assert QuizAttempt.objects.get().is_open

    page = text(elsewhere.post(FIRST, partly | {"do": "hand-in", "sure": "1"}, follow=True))
    assert "Ông, bà đã đạt" in page
    assert "75" in page
    assert "Ông, bà chưa trả lời câu này." in page
    shown = text(pupil.get(LESSON_URL))
    assert "Kết quả cao nhất:" in shown
    assert "Làm lại bài kiểm tra" in shown


def test_second_attempt_and_history(pupil: Client, learner: User) -> None:
    """Attempts with their results, what is left, and none beyond."""
    enrolled(learner, attempts=2)
    assert "Lần này ông, bà chưa đạt" in take(pupil, right=1)
    assert "Còn 1 lần làm." in text(pupil.get(LESSON_URL))
    assert "Ông, bà đã đạt" in take(pupil, right=4)
    shown = text(pupil.get(LESSON_URL))
    assert "Xem lại lần 1" in shown
    assert "Xem lại lần 2" in shown
    assert "Bắt đầu" not in shown
    refused = pupil.post(START, follow=True)
    assert "đã dùng hết số lần làm" in text(refused)
    assert QuizAttempt.objects.count() == 2


def test_review_explains(pupil: Client, enrolment: Enrolment) -> None:
    """Each option with its word, the number with the way to it, the question's own word."""
    page = take(pupil, right=0)
    for words in SECRETS[:3]:
        assert words in page
    assert "Vì mất sim là mất tiền" in page
    assert page.count("Chưa đúng.") == 4


@pytest.mark.parametrize("rule", ["each", "last", "never"])
def test_the_key_reaches_no_page_before_its_time(pupil: Client, learner: User, rule: str) -> None:
    """Neither the lesson, nor the form, nor what is answered to keeping; and after, as the rule says."""
    enrolled(learner, answers_shown=rule, attempts=2)
    bodies = [text(pupil.get(LESSON_URL))]
    attempt = begin(pupil)
    bodies += [text(pupil.get(FIRST)), text(pupil.get(LESSON_URL))]
    form = filled(attempt, right=0)
    bodies.append(text(pupil.post(FIRST, form | {"do": "keep"}, follow=True)))
    bodies.append(text(pupil.post(FIRST, form | {"do": "draft"})))
    assert told("".join(bodies), SECRETS) == []
    result = text(pupil.post(FIRST, form | {"do": "hand-in"}, follow=True))
    again = text(pupil.get(LESSON_URL)) + text(pupil.get("/learn/an-toan/finish/"))
    assert told(again, SECRETS) == []
    assert ("Ai cũng thử trước" in result) is (rule == "each")
    after = take(pupil, right=0) + text(pupil.get(FIRST))
    assert ("Ai cũng thử trước" in after) is (rule != "never")


def test_practice_and_quiz_of_one_question_are_two(pupil: Client, learner: User) -> None:
    """What is answered in the quiz shows no key in the lesson, and the other way round counts nothing."""
    course = publish(draws=[], questions=[single("chung", "Câu chung?")])
    page = LessonPage.objects.get(lesson__key="kiem-tra")
    asked = Question.objects.get(key="an-toan-chung")
    page.body = [*page.body.get_prep_value(), {"type": "question", "value": asked.pk}]
    page.save_revision().publish()
    settle()
    enrolment = enrol(learner=learner, course=course)
    begin(pupil)
    pupil.post(FIRST, {"has": asked.key, f"{asked.key}:option": "b", "do": "hand-in"})
    shown = text(pupil.get(LESSON_URL))
    assert "Đúng là số này" not in shown
    enrolment.refresh_from_db()
    assert str(enrolment.score) == "50.00"
    pupil.post("/learn/an-toan/kiem-tra/answer/", {"question": asked.key, "option": "b"})
    enrolment.refresh_from_db()
    assert (str(enrolment.score), enrolment.lessons_done) == ("100.00", 1)


def test_a_question_of_the_quiz_cannot_be_answered_in_the_lesson(pupil: Client, enrolment: Enrolment) -> None:
    """That would tell its key."""
    answer = pupil.post("/learn/an-toan/kiem-tra/answer/", {"question": "an-toan-dau", "option": "a"})
    assert (answer.status_code, Answer.objects.count()) == (404, 0)


def test_getting_writes_nothing(pupil: Client, enrolment: Enrolment) -> None:
    assert pupil.get(START).headers["Location"] == LESSON_URL
    attempt = begin(pupil)
    QuizAttempt.objects.update(deadline=timezone.now() - timedelta(hours=1))
    before = (Statement.objects.count(), list(QuizAttempt.objects.values()))
    page = text(pupil.get(f"{START}{attempt.number}/"))
    assert "Đã hết giờ làm bài" in page
    assert "Mã nào khó đoán?" not in page
    assert (Statement.objects.count(), list(QuizAttempt.objects.values())) == before


def test_late_answers_are_refused_kindly(pupil: Client, enrolment: Enrolment) -> None:
    """What was kept in time is handed in; the script is told where to go."""
    attempt = begin(pupil)
    pupil.post(FIRST, filled(attempt, right=4) | {"do": "keep"})
    QuizAttempt.objects.update(deadline=timezone.now() - timedelta(hours=1))
    told = pupil.post(FIRST, filled(attempt, right=0) | {"do": "draft"})
    late = {"reason": "Lần làm này đã nộp rồi nên câu trả lời còn giữ trên máy này không được nhận."}
    assert (told.status_code, told.json()) == (410, late)
    attempt.refresh_from_db()
    assert attempt.success is True
    again = pupil.post(FIRST, filled(attempt, right=4) | {"do": "draft"})  # came in time, the device does not know
    assert (again.status_code, again.json()) == (410, {})
    unreadable = pupil.post(FIRST, {"has": "an-toan-dau", "an-toan-dau:option": "z", "do": "draft"})
    assert (unreadable.status_code, unreadable.json()) == (410, late)
    page = text(pupil.post(FIRST, filled(attempt, right=0) | {"do": "keep"}, follow=True))
    assert "Lần làm này đã nộp rồi." in page
    assert Answer.objects.filter(success=True).count() == 4


def test_a_page_opened_before_takes_back_nothing_that_another_device_saved(pupil: Client, enrolment: Enrolment) -> None:
    """Handing in there changes only what was changed there."""
    attempt = begin(pupil)
    before = text(pupil.get(FIRST))
    stale = {"has": re.findall(r'name="has" value="([^"]+)"', before)}
    stale |= dict(re.findall(r'name="([^"]+:was)" value="([^"]+)"', before))
    pupil.post(FIRST, filled(attempt, right=4) | {"do": "keep"})
    (first, *_others) = [key for key, _revision in attempt.drawn if key != "an-toan-so"]
    pupil.post(FIRST, stale | {f"{first}:option": "a", "do": "hand-in"})
    attempt.refresh_from_db()
    assert (attempt.score, attempt.drafts[first]) == (Decimal("0.75"), {"option": ["a"]})
    assert attempt.drafts["an-toan-so"] == {"text": ["540"]}


def test_drafts_of_another_person_are_not_taken(pupil: Client, enrolment: Enrolment) -> None:
    """Who signed in on the phone meanwhile has an attempt of the same number."""
    attempt = begin(pupil)
    sent = pupil.post(FIRST, filled(attempt, right=4) | {"do": "draft", "by": str(uuid4())})
    attempt.refresh_from_db()
    assert (sent.status_code, attempt.drafts) == (409, {})


def test_handing_in_after_the_time(pupil: Client, enrolment: Enrolment) -> None:
    """By the button of the page that says so, and by the form of who came too late."""
    attempt = begin(pupil)
    QuizAttempt.objects.update(deadline=timezone.now() - timedelta(hours=1))
    page = text(pupil.post(FIRST, filled(attempt, right=4) | {"do": "hand-in"}, follow=True))
    assert "Đã hết giờ làm bài nên câu trả lời gửi sau giờ không được nhận." in page
    assert Answer.objects.count() == 0
    begin(pupil)
    QuizAttempt.objects.filter(number=2).update(deadline=timezone.now() - timedelta(hours=1))
    page = text(pupil.post(f"{START}2/", {"late": "1", "do": "hand-in"}, follow=True))
    assert "gửi sau giờ không được nhận" not in page
    assert "Lần này ông, bà chưa đạt" in page


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        (f"{START}9/", {}, 404),
        (f"{START}99999999999999999999/", {}, 404),
        ("/learn/an-toan/doc/quiz/", {}, 404),
        (FIRST, {"has": "an-toan-dau", "an-toan-dau:option": "z"}, 400),
        (FIRST, {"has": "khong-co", "khong-co:option": "a"}, 302),
        (FIRST, {"do": "hand-in"}, 302),
    ],
)
def test_bad_input(pupil: Client, enrolment: Enrolment, path: str, form: dict[str, str], status: int) -> None:
    """A clear refusal; the attempt stands as it was."""
    begin(pupil)
    assert pupil.post(path, form).status_code == status
    attempt = QuizAttempt.objects.get()
    assert (attempt.is_open, attempt.drafts) == (True, {})


def test_only_ones_own_and_only_when_enrolled(pupil: Client, enrolment: Enrolment) -> None:
    begin(pupil)
    stranger = Client()
    assert stranger.post(START).headers["Location"] == f"/accounts/login/?next={LESSON_URL}"
    stranger.force_login(accounts.create(full_name="Người khác", username="khac"))
    assert (stranger.post(START).status_code, stranger.get(FIRST).status_code) == (404, 404)
    other = accounts.create(full_name="Người thứ ba", username="ba")
    enrol(learner=other, course=enrolment.course)
    stranger.force_login(other)
    assert (stranger.get(FIRST).status_code, stranger.post(FIRST, {"do": "hand-in"}).status_code) == (404, 404)
    assert QuizAttempt.objects.get().is_open


def test_a_closed_lesson_is_not_entered_by_its_quiz(pupil: Client, enrolment: Enrolment) -> None:
    LessonPage.objects.filter(lesson__key="kiem-tra").update(opens_after=9)
    enrolment.course.lessons.filter(key="kiem-tra").update(opens_after=9)
    assert pupil.post(START).headers["Location"] == LESSON_URL
    assert QuizAttempt.objects.count() == 0
    assert "Bài này mở lúc" in text(pupil.get(LESSON_URL))


def test_the_end_of_the_course_speaks_of_the_quiz(pupil: Client, enrolment: Enrolment) -> None:
    """Not taken, failed; passed, it is not there any more."""
    pupil.post("/learn/an-toan/doc/next/")
    end = "/learn/an-toan/finish/"
    assert "Chưa làm bài kiểm tra." in text(pupil.get(end))
    take(pupil, right=1)
    assert "Chưa đạt bài kiểm tra." in text(pupil.get(end))
    take(pupil, right=4)
    assert "Chúc mừng" in text(pupil.get(end))
    enrolment.refresh_from_db()
    assert (enrolment.status, str(enrolment.score)) == ("passed", "100.00")


def test_the_end_of_the_course_says_when_a_lesson_opens(pupil: Client, enrolment: Enrolment) -> None:
    """Nobody is told to read what is still closed."""
    enrolment.course.lessons.filter(key="doc").update(opens_after=9)
    shown = text(pupil.get("/learn/an-toan/finish/"))
    assert shown.count("Bài này mở lúc") == 1
    assert "đọc xong rồi bấm" not in shown


def test_a_quiz_passed_below_the_mark_of_the_course_is_named_at_the_end(pupil: Client, learner: User) -> None:
    """Else nothing would be left to do and the course not passed."""
    enrolled(learner, pass_mark=50)
    pupil.post("/learn/an-toan/doc/next/")
    take(pupil, right=2)
    shown = text(pupil.get("/learn/an-toan/finish/"))
    assert "Bài kiểm tra còn thấp hơn điểm đạt của khóa học" in shown
    take(pupil, right=3)
    assert "Chúc mừng" in text(pupil.get("/learn/an-toan/finish/"))


def test_queries_do_not_grow(pupil: Client, enrolment: Enrolment, django_assert_num_queries: Any) -> None:
    """With more attempts and more questions: lesson, form and review."""
    take(pupil, right=1)
    begin(pupil)
    pages = (LESSON_URL, FIRST, f"{START}2/")
    counts = []
    for path in pages:
        pupil.get(path)
        with CaptureQueriesContext(connection) as captured:
            pupil.get(path)
        counts.append(len(captured))
    QuizAttempt.objects.filter(number=2).update(submitted_at=timezone.now())
    more = [single(f"them-{n}", f"Câu thêm {n}?") for n in range(12)]
    publish(questions=more)
    for _n in range(3):
        take(pupil, right=1)
    begin(pupil)
    for path, expected in zip((LESSON_URL, f"{START}4/", f"{START}6/"), counts, strict=True):
        with django_assert_num_queries(expected):
            pupil.get(path)
    assert the_quiz().asks == 14


def test_attempts_belong_to_the_learners_data(pupil: Client, enrolment: Enrolment) -> None:
    """With what was answered."""
    take(pupil, right=4)
    data = json.loads(b"".join(pupil.get("/my/data.json").streaming_content))
    (row,) = data["quiz_attempts"]
    assert (row["lesson__title"], row["number"], row["score"], row["success"]) == (
        "Kiểm tra cuối khóa",
        1,
        "1.0000",
        True,
    )
    assert row["drafts"]["an-toan-so"] == {"text": ["540"]}


@pytest.mark.parametrize(
    ("rule", "after"), [("each", [True, True]), ("last", [False, True]), ("never", [False, False])]
)
def test_the_key_is_not_in_the_learners_data_before_its_time(
    pupil: Client, learner: User, rule: str, after: list[bool]
) -> None:
    """Nor whether an answer was right; what was answered always is."""
    enrolled(learner, answers_shown=rule, attempts=2)
    for has_key in after:
        take(pupil, right=0)
        data = json.loads(b"".join(pupil.get("/my/data.json").streaming_content))
        answered = [each for each in data["statements"] if each["verb"]["id"] == verbs.ANSWERED.id]
        assert all(each["result"]["response"] for each in answered)
        assert {"correctResponsesPattern" in each["object"]["definition"] for each in answered} == {has_key}
        assert {"success" in each["result"] for each in answered} == {has_key}
        assert {"score" in each["result"] for each in answered} == {has_key}


def test_a_lesson_taken_back_for_a_while_shows_no_key(pupil: Client, learner: User) -> None:
    """Its rule is gone with it."""
    enrolled(learner, answers_shown="never")
    take(pupil, right=0)
    LessonPage.objects.get(slug="kiem-tra").unpublish()
    settle()
    assert told(text(pupil.get(FIRST)), SECRETS) == []
    data = b"".join(pupil.get("/my/data.json").streaming_content)
    assert b"correctResponsesPattern" not in data


def test_the_quiz_asks_in_the_language_of_the_learner(pupil: Client, enrolment: Enrolment, learner: User) -> None:
    """What is translated and published; the rest as its source says. The answer is one to the source."""
    words = {"Mã nào khó đoán?": "លេខណាពិបាកទាយ?", "Đúng dau": "ត្រូវ"}
    source = Question.objects.get(key="an-toan-dau")
    translate(source, "km", words)
    translate(Question.objects.get(key="an-toan-so"), "km", {}, publish=False)
    attempt = quiz_attempts.start(enrolment, the_quiz(), language="km")
    page = text(pupil.get(FIRST))
    assert '<legend lang="km">លេខណាពិបាកទាយ?</legend>' in page
    assert '<legend lang="vi">12 kg, mỗi kg 45 nghìn?</legend>' in page
    assert "fonts/khmer" in page
    pupil.post(FIRST, filled(attempt, right=4) | {"do": "hand-in"})
    assert '<h3 lang="km">លេខណាពិបាកទាយ?</h3>' in text(pupil.get(FIRST))
    answer = Answer.objects.get(question=source)
    assert answer.success
    said = Statement.objects.get(statement_id=answer.statement_id).data
    assert said["object"]["definition"]["description"] == {"km": "លេខណាពិបាកទាយ?"}
    assert QuizAttempt.objects.get().success


def test_the_press_says_in_which_language_the_lesson_is_read(pupil: Client, enrolment: Enrolment) -> None:
    """And it is the person's from then on."""
    translate(Question.objects.get(key="an-toan-dau"), "km", {"Mã nào khó đoán?": "លេខណាពិបាកទាយ?"})
    page = text(pupil.get(f"/km{LESSON_URL}"))
    assert '<input type="hidden" name="language" value="km">' in page.partition(f'action="{START}"')[2][:400]
    pupil.post(START, {"language": "km"})
    assert "លេខណាពិបាកទាយ?" in text(pupil.get(FIRST))
