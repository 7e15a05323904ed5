"""An attempt from its start to its conclusion: what is drawn, kept, graded, said and counted."""

from datetime import timedelta
from typing import Any
from uuid import uuid4, uuid5

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import outbox
from lms import quiz_attempts
from lms.exceptions import AttemptOver, EmptyQuiz, InvalidAnswer, NoAttemptLeft
from lms.models import Answer, Enrolment, Question, QuizAttempt, QuizQueue
from people.models import User
from tests.lms.conftest import settle, told, void
from tests.lms.quizzes import enrolled, filled, publish, single, the_quiz
from tests.lms.test_taken_ids import own, take
from xapi.models import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    return enrolled(learner)


def form(fields: dict[str, Any]) -> QueryDict:
    post = QueryDict(mutable=True)
    for name, value in fields.items():
        post.setlist(name, value if isinstance(value, list) else [value])
    return post


def take_quiz(enrolment: Enrolment, *, right: int) -> QuizAttempt:
    """One attempt, the first so many answers right."""
    attempt = quiz_attempts.start(enrolment, the_quiz())
    quiz_attempts.keep(attempt, form(filled(attempt, right=right)))
    return quiz_attempts.hand_in(attempt)


def keys(attempt: QuizAttempt) -> list[str]:
    return [key for key, _revision in attempt.drawn]


def late(attempt: QuizAttempt, minutes: int = 60) -> QuizAttempt:
    """As if it had started so much earlier."""
    attempt.started_at -= timedelta(minutes=minutes)
    attempt.deadline -= timedelta(minutes=minutes)
    attempt.save()
    QuizQueue.objects.update(not_before=attempt.deadline + quiz_attempts.GRACE)
    return attempt


def test_an_attempt_asks_the_fixed_and_the_drawn(enrolment: Enrolment) -> None:
    """Each once, with the published revision."""
    attempt = quiz_attempts.start(enrolment, the_quiz())
    assert len(keys(attempt)) == len(set(keys(attempt))) == 4
    assert {"an-toan-dau", "an-toan-so"} < set(keys(attempt))
    published = dict(Question.objects.values_list("key", "live_revision"))
    assert all(published[key] == revision for key, revision in attempt.drawn)
    assert (attempt.number, attempt.pass_mark, attempt.deadline) == (1, 75, None)


def test_the_same_press_and_a_second_device_find_the_open_attempt(enrolment: Enrolment) -> None:
    event = uuid4()
    first = quiz_attempts.start(enrolment, the_quiz(), event=event)
    assert quiz_attempts.start(enrolment, the_quiz(), event=event) == first
    assert quiz_attempts.start(enrolment, the_quiz(), event=uuid4()) == first
    assert QuizAttempt.objects.count() == 1
    assert told(enrolment) == [("initialized", "kiem-tra/quiz")]


def test_the_seed_decides(enrolment: Enrolment) -> None:
    """The same registration and attempt draw and order the same, whenever."""
    first = quiz_attempts.start(enrolment, the_quiz())
    drawn = first.drawn
    first.delete()
    assert quiz_attempts.start(enrolment, the_quiz()).drawn == drawn


def test_the_second_attempt_prefers_what_was_not_seen(enrolment: Enrolment) -> None:
    first = take_quiz(enrolment, right=0)
    second = quiz_attempts.start(enrolment, the_quiz())
    unseen = {f"an-toan-kho-{letter}" for letter in "abc"} - set(keys(first))
    assert len(unseen) == 1
    assert unseen < set(keys(second))


def test_passed_is_said_and_counted(enrolment: Enrolment) -> None:
    """Three of four are the 75 percent asked for; the quiz passed, the lesson is done and the course scored."""
    attempt = take_quiz(enrolment, right=3)
    enrolment.refresh_from_db()
    assert (str(attempt.score), attempt.success) == ("0.7500", True)
    assert told(enrolment)[0] == ("initialized", "kiem-tra/quiz")
    assert [verb for verb, _object in told(enrolment)] == ["initialized", *["answered"] * 4, "passed"]
    assert (str(enrolment.score), enrolment.lessons_done) == ("75.00", 1)


def test_failed_is_said(enrolment: Enrolment) -> None:
    attempt = take_quiz(enrolment, right=2)
    enrolment.refresh_from_db()
    assert (str(attempt.score), attempt.success) == ("0.5000", False)
    assert told(enrolment)[-1] == ("failed", "kiem-tra/quiz")
    assert (str(enrolment.score), enrolment.lessons_done) == ("50.00", 0)


def test_no_mark_is_completed(learner: User) -> None:
    """And the lesson is done all the same."""
    enrolment = enrolled(learner, pass_mark=0)
    attempt = take_quiz(enrolment, right=1)
    enrolment.refresh_from_db()
    assert (str(attempt.score), attempt.success) == ("0.2500", None)
    assert told(enrolment)[-1] == ("completed", "kiem-tra/quiz")
    assert (str(enrolment.score), enrolment.lessons_done) == ("25.00", 1)


def test_the_best_attempt_counts(enrolment: Enrolment) -> None:
    take_quiz(enrolment, right=3)
    take_quiz(enrolment, right=1)
    enrolment.refresh_from_db()
    assert (str(enrolment.score), enrolment.lessons_done) == ("75.00", 1)
    assert list(QuizAttempt.objects.values_list("number", "success")) == [(1, True), (2, False)]


def test_statements_in_full(enrolment: Enrolment) -> None:
    """The conclusion on the quiz under the lesson; answers under the quiz, activities of their own."""
    attempt = take_quiz(enrolment, right=4)
    lesson = the_quiz().lesson
    said = Statement.objects.get(statement_id=attempt.statement_id).data
    assert said["id"] == str(uuid5(attempt.event, "concluded"))
    assert said["object"]["id"] == f"{lesson.iri}/quiz"
    assert said["object"]["definition"]["type"] == "http://adlnet.gov/expapi/activities/assessment"
    assert (said["result"]["completion"], said["result"]["success"]) == (True, True)
    assert said["result"]["score"] == {"scaled": 1}
    assert said["result"]["duration"].startswith("PT")
    context = said["context"]["contextActivities"]
    assert [each["id"] for each in context["parent"]] == [lesson.iri]
    assert [each["id"] for each in context["grouping"]] == [lesson.course.iri]
    answer = Answer.objects.get(question__key="an-toan-so")
    said = Statement.objects.get(statement_id=answer.statement_id).data
    assert said["object"]["id"] == f"{lesson.iri}/quiz/questions/an-toan-so"
    assert (said["result"]["response"], said["result"]["success"]) == ("540", True)
    context = said["context"]["contextActivities"]
    assert [each["id"] for each in context["parent"]] == [f"{lesson.iri}/quiz"]
    assert [each["id"] for each in context["grouping"]] == [lesson.iri, lesson.course.iri]


def test_handing_in_asks_the_database_the_same_however_many_questions(learner: User) -> None:
    counts = []
    enrolment = enrolled(learner, draws=[], questions=[single(f"q{n}", f"Câu {n}?") for n in range(3)])
    for more in (3, 20):
        publish(draws=[], questions=[single(f"q{n}", f"Câu {n}?") for n in range(more)])
        attempt = quiz_attempts.start(enrolment, the_quiz())
        quiz_attempts.keep(attempt, form(filled(attempt, right=0)))
        with CaptureQueriesContext(connection) as captured:
            quiz_attempts.hand_in(attempt)
        counts.append(len(captured))
        assert attempt.answers.count() == more
    assert counts[0] == counts[1]


def test_handed_in_twice_is_stored_once(enrolment: Enrolment) -> None:
    attempt = take_quiz(enrolment, right=4)
    again = quiz_attempts.hand_in(attempt)
    assert (again.submitted_at, Answer.objects.count()) == (attempt.submitted_at, 4)
    assert [verb for verb, _object in told(enrolment)].count("passed") == 1


def test_what_was_not_answered_is_wrong(enrolment: Enrolment) -> None:
    """Half given is not given."""
    attempt = quiz_attempts.start(enrolment, the_quiz())
    quiz_attempts.keep(attempt, form({"has": keys(attempt), "an-toan-dau:option": "b", "an-toan-so:text": "năm trăm"}))
    attempt = quiz_attempts.hand_in(attempt)
    assert list(attempt.answers.values_list("question__key", flat=True)) == ["an-toan-dau"]
    assert str(attempt.score) == "0.2500"


def test_keeping_touches_only_the_questions_of_the_form(enrolment: Enrolment) -> None:
    """Another device that knows fewer answers takes none back; a box unticked there is unticked."""
    attempt = quiz_attempts.start(enrolment, the_quiz())
    quiz_attempts.keep(attempt, form({"has": ["an-toan-dau"], "an-toan-dau:option": "a"}))
    quiz_attempts.keep(attempt, form({"has": ["an-toan-so"], "an-toan-so:text": "5\x0040", "stranger:option": "x"}))
    attempt = quiz_attempts.keep(attempt, form({"has": ["an-toan-dau"]}))
    assert attempt.drafts == {"an-toan-dau": {}, "an-toan-so": {"text": ["540"]}}


def test_a_tampered_answer_is_refused_whole(enrolment: Enrolment) -> None:
    attempt = quiz_attempts.start(enrolment, the_quiz())
    with pytest.raises(InvalidAnswer):
        quiz_attempts.keep(attempt, form({"has": keys(attempt), "an-toan-dau:option": "z", "an-toan-so:text": "1"}))
    attempt.refresh_from_db()
    assert attempt.drafts == {}


def test_no_attempt_beyond_those_allowed(learner: User) -> None:
    """A voided one is none."""
    enrolment = enrolled(learner, attempts=1)
    attempt = take_quiz(enrolment, right=0)
    with pytest.raises(NoAttemptLeft):
        quiz_attempts.start(enrolment, the_quiz())
    assert attempt.statement_id
    void(attempt.statement_id)
    assert quiz_attempts.start(enrolment, the_quiz()).number == 2


def test_a_quiz_without_published_questions_cannot_start(enrolment: Enrolment) -> None:
    for question in Question.objects.all():
        question.unpublish()
    settle()
    with pytest.raises(EmptyQuiz):
        quiz_attempts.start(enrolment, the_quiz())
    assert QuizAttempt.objects.count() == 0


def test_questions_and_quiz_changed_meanwhile_leave_the_attempt_valid(enrolment: Enrolment) -> None:
    """Graded by the revision that was seen and the mark of its start; withdrawn questions too."""
    attempt = quiz_attempts.start(enrolment, the_quiz())
    changed = Question.objects.get(key="an-toan-so")
    answer = changed.answer.get_prep_value()
    answer[0]["value"]["number"] = "999"
    changed.answer = answer
    changed.save_revision().publish()
    Question.objects.get(key="an-toan-dau").unpublish()
    publish(pass_mark=100, draws=[])
    quiz_attempts.keep(attempt, form(filled(attempt, right=3)))
    attempt = quiz_attempts.hand_in(attempt)
    assert (str(attempt.score), attempt.success) == ("0.7500", True)


def test_a_quiz_that_went_lets_its_attempt_be_handed_in(enrolment: Enrolment) -> None:
    from lms.models import LessonPage

    attempt = quiz_attempts.start(enrolment, the_quiz())
    LessonPage.objects.get(lesson__key="kiem-tra").unpublish()
    settle()
    quiz_attempts.keep(attempt, form(filled(attempt, right=4)))
    assert quiz_attempts.hand_in(attempt).success is True


def test_time_is_over(learner: User) -> None:
    """What was kept is handed in by the worker, as of the deadline; late answers are not taken."""
    enrolment = enrolled(learner, minutes=15)
    attempt = quiz_attempts.start(enrolment, the_quiz())
    assert attempt.deadline == attempt.started_at + timedelta(minutes=15)
    quiz_attempts.keep(attempt, form(filled(attempt, right=4)))
    outbox.drain_all()
    attempt.refresh_from_db()
    assert attempt.is_open
    late(attempt)
    with pytest.raises(AttemptOver):
        quiz_attempts.keep(attempt, form(filled(attempt, right=0)))
    outbox.drain_all()
    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.success) == (attempt.deadline, True)
    said = Statement.objects.get(statement_id=attempt.statement_id)
    assert (said.timestamp, said.data["result"]["duration"]) == (attempt.deadline, "PT15M00S")
    assert QuizQueue.objects.count() == 0


def test_a_little_grace(learner: User) -> None:
    """What was on its way when the time ended is taken."""
    attempt = quiz_attempts.start(enrolled(learner, minutes=15), the_quiz())
    late(attempt, minutes=15)
    attempt.deadline = timezone.now() - timedelta(seconds=5)
    attempt.save()
    quiz_attempts.keep(attempt, form(filled(attempt, right=4)))
    attempt = quiz_attempts.hand_in(attempt)
    assert (attempt.submitted_at, attempt.success) == (attempt.deadline, True)


def test_starting_after_the_time_hands_in_the_old_one(learner: User) -> None:
    enrolment = enrolled(learner, minutes=15)
    old = late(quiz_attempts.start(enrolment, the_quiz()))
    assert quiz_attempts.start(enrolment, the_quiz()).number == 2
    old.refresh_from_db()
    assert (old.is_open, old.success) == (False, False)


def test_ids_taken_by_others_hide_nothing(enrolment: Enrolment) -> None:
    """The conclusion and an answer get the next id."""
    attempt = quiz_attempts.start(enrolment, the_quiz())
    for name in ("concluded", "answer an-toan-so"):
        take(enrolment, uuid5(attempt.event, name))
    quiz_attempts.keep(attempt, form(filled(attempt, right=4)))
    attempt = quiz_attempts.hand_in(attempt)
    assert attempt.statement_id == uuid5(enrolment.registration, str(uuid5(attempt.event, "concluded")))
    assert own(attempt.statement_id)
    enrolment.refresh_from_db()
    assert str(enrolment.score) == "100.00"


def test_two_learners_may_send_the_same_event(enrolment: Enrolment, learner: User) -> None:
    """The event comes from a browser; one learner's says nothing about another's."""
    from lms.enrolment import enrol
    from people import accounts

    other = enrol(learner=accounts.create(full_name="Khác", username="khac"), course=enrolment.course)
    event = uuid4()
    for each in (enrolment, other):
        attempt = quiz_attempts.start(each, the_quiz(), event=event)
        quiz_attempts.keep(attempt, form(filled(attempt, right=4)))
        quiz_attempts.hand_in(attempt)
    for each in (enrolment, other):
        each.refresh_from_db()
        assert str(each.score) == "100.00"
