"""A trainer grades what only a person can judge: it counts, can be put right, and is told to the learner."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms import courses, grading, joining
from lms.enrolment import enrol
from lms.exceptions import InvalidGrading
from lms.models import Answer, Enrolment
from people import accounts, roles
from people.models import Group, GroupMembership, User
from tests.lms.classes import class_of
from tests.lms.conftest import COURSE, settle
from tests.lms.results import said, staff
from tests.people.signing_in import sign_in_staff
from xapi.models import Statement

pytestmark = pytest.mark.django_db
QUEUE = "/admin/grading/"
QUESTION = {
    "type": "question",
    "key": "bai-viet",
    "kind": "written",
    "text": "Kể lại.",
    "model": "Bài mẫu của giảng viên",
    "rubric": [{"key": "y", "title": "Đủ ý", "points": 3}, {"key": "r", "title": "Rõ ràng", "points": 1}],
}
LESSON = {"key": "bai-1", "title": "Viết", "minutes": 5, "blocks": [QUESTION]}


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    """The learner in a course with one question that a trainer grades."""
    course = courses.publish_course(**(COURSE | {"lessons": [LESSON]}))
    settle()
    return enrol(learner=learner, course=course)


@pytest.fixture
def trainer(learner: User) -> User:
    """Leads the learner's group."""
    person = accounts.create(full_name="Lò Thị Dạy", username="day", roles=[roles.TRAINER])
    group = Group.objects.create(name="Lớp")
    GroupMembership.objects.create(group=group, person=person, leader=True)
    GroupMembership.objects.create(group=group, person=learner)
    return person


@pytest.fixture
def answer(pupil: Client, enrolment: Enrolment) -> Answer:
    """What the learner handed in."""
    pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-bai-viet", "text": "Bài của tôi"})
    return Answer.objects.get()


def score(enrolment: Enrolment) -> Any:
    """The course's score as derived."""
    enrolment.refresh_from_db()
    return enrolment.score


def test_a_grade_counts_and_is_stated_with_the_trainer(answer: Answer, enrolment: Enrolment, trainer: User) -> None:
    """Another statement about the same answer, by its time."""
    assert score(enrolment) is None
    grading.grade(answer, points={"y": 2, "r": 1}, by=trainer, comment="Khá.")
    assert score(enrolment) == 75
    about = [row for row in Statement.objects.order_by("id") if row.data["object"]["id"].endswith("bai-viet")]
    first, second = about
    assert second.data["result"]["score"]["scaled"] == 0.75
    assert second.data["result"]["success"] is True
    assert second.data["context"]["instructor"]["account"]["name"] == str(trainer.uuid)
    assert second.timestamp == first.timestamp


def test_grading_again_takes_the_place_of_the_first(answer: Answer, enrolment: Enrolment, trainer: User) -> None:
    """The first statement is voided."""
    first = grading.grade(answer, points={"y": 0, "r": 0}, by=trainer)
    assert (first.success, score(enrolment)) == (False, 0)
    grading.grade(answer, points={"y": 3, "r": 1}, by=trainer)
    assert score(enrolment) == 100
    assert Statement.objects.get(statement_id=first.statement_id).voided
    answer.refresh_from_db()
    assert (answer.score, answer.success) == (1, True)


@pytest.mark.parametrize("points", [{}, {"y": 2}, {"y": 4, "r": 0}, {"y": -1, "r": 0}, {"y": 1, "r": 1, "x": 0}])
def test_points_are_given_by_the_rubric(answer: Answer, trainer: User, points: dict[str, int]) -> None:
    """Each criterion, none more than it has."""
    with pytest.raises(InvalidGrading):
        grading.grade(answer, points=points, by=trainer)
    assert not answer.gradings.exists()


def test_the_queue_and_the_form(answer: Answer, pupil: Client, trainer: User) -> None:
    """Waiting, graded, gone from the queue; the learner reads the result and the model."""
    office = sign_in_staff(Client(), trainer)
    queue = reverse("lms_grading:queue")
    path = reverse("lms_grading:grade", args=[answer.statement_id])
    assert "Giàng A Páo" in office.get(queue).content.decode()
    assert "Bài mẫu của giảng viên" not in pupil.get("/courses/an-toan/bai-1/").content.decode()
    refused = office.post(path, {"points-y": "9", "points-r": "1"})
    assert refused.status_code == 200
    assert office.post(path, {"points-y": "3", "points-r": "0", "comment": "Tốt."}).status_code == 302
    assert "Không có bài nào chờ chấm" in office.get(queue).content.decode()
    page = pupil.get("/courses/an-toan/bai-1/").content.decode()
    for words in ("Đạt, 75 % số điểm.", "Tốt.", "Bài mẫu của giảng viên"):
        assert words in page


def test_two_trainers_at_once_do_not_overwrite_unseen(answer: Answer, trainer: User) -> None:
    """The second is told by whom and how it was graded; pressing again replaces it."""
    client = sign_in_staff(Client(), trainer)
    path = f"{QUEUE}{answer.statement_id}/"
    assert '<input type="hidden" name="seen" value="0">' in client.get(path).content.decode()
    grading.grade(answer, points={"y": 3, "r": 1}, by=accounts.create(full_name="Bế Thị Hai", username="hai"))
    form = {"points-y": "1", "points-r": "0", "comment": "Thiếu ý."}
    page = client.post(path, form | {"seen": "0"}).content.decode()
    assert "Trong lúc ông, bà chấm, Bế Thị Hai đã chấm bài này (100 % số điểm)." in page
    assert "Thiếu ý." in page
    assert answer.gradings.count() == 1
    assert '<input type="hidden" name="seen" value="1">' in page
    assert client.post(path, form | {"seen": "1"}).status_code == 302
    assert [each.comment for each in answer.gradings.order_by("id")] == ["", "Thiếu ý."]


def test_a_learner_who_takes_the_ids_of_gradings_is_graded_all_the_same(
    answer: Answer, pupil: Client, enrolment: Enrolment, trainer: User
) -> None:
    """Browsers choose the ids of presses, so a learner could know them beforehand."""
    for number in (1, 2):
        pupil.post("/learn/an-toan/bai-1/next/", {"event": str(uuid5(answer.statement_id, f"grading {number}"))})
    grading.grade(answer, points={"y": 0, "r": 1}, by=trainer)
    assert score(enrolment) == 25
    grading.grade(answer, points={"y": 3, "r": 1}, by=trainer)
    assert score(enrolment) == 100


def test_what_is_handed_in_again_is_what_waits(answer: Answer, pupil: Client, trainer: User) -> None:
    """Once."""
    pupil.post("/learn/an-toan/bai-1/answer/", {"question": "an-toan-bai-viet", "text": "Bài khá hơn"})
    assert list(Answer.objects.order_by("id").values_list("attempt", "waits")) == [(1, False), (2, True)]


def test_others_neither_see_nor_grade_it(answer: Answer, client: Client) -> None:
    """A trainer of another class: an empty queue, and 404; an editor may not grade at all."""
    stranger = sign_in_staff(Client(), accounts.create(full_name="Khác", username="khac", roles=[roles.TRAINER]))
    assert "Giàng A Páo" not in stranger.get(reverse("lms_grading:queue")).content.decode()
    assert stranger.get(reverse("lms_grading:grade", args=[answer.statement_id])).status_code == 404
    editor = sign_in_staff(Client(), accounts.create(full_name="Biên", username="bien", roles=[roles.EDITOR]))
    assert "Giàng A Páo" not in editor.get(reverse("lms_grading:queue"), follow=True).content.decode()


def test_the_queue_takes_a_constant_number_of_queries(answer: Answer, trainer: User) -> None:
    """However much waits."""
    office = sign_in_staff(Client(), trainer)
    counts = []
    for size in (0, 20):
        for number in range(size):
            said(answer.enrolment, answer.lesson, answer.question, "x", attempt=number + 2, waits=True)
        office.get(QUEUE)
        with CaptureQueriesContext(connection) as seen:
            assert len(office.get(QUEUE).context["page"]) == size + 1
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_queue_is_narrowed_and_walked_one_by_one(answer: Answer, learner: User) -> None:
    """By course and by class; graded, the next that waits comes, in the same narrowing; the file has the same rows."""
    user, office = staff("cham bai", roles.TRAINER)
    mine, _trainer, (first, second, third) = class_of(answer.lesson.course, trainer=user)
    other, _trainer, _people = class_of(answer.lesson.course, name="Lớp khác", trainer=user)
    joining.add(other, [learner], by=user)
    handed_in = {}
    for minute, person in enumerate((first, second, third)):
        own = Enrolment.objects.get(learner=person)
        at = answer.answered_at + timedelta(minutes=minute - 10)
        handed_in[minute] = said(own, answer.lesson, answer.question, f"Bài {minute}", at=at, waits=True)

    def names(query: str) -> list[str]:
        return [row.enrolment.learner.full_name for row in office.get(f"{QUEUE}{query}").context["page"]]

    everyone = [first.full_name, second.full_name, third.full_name]
    assert names("") == [*everyone, "Giàng A Páo"]
    assert names(f"?cohort={mine.uuid}") == everyone
    assert names(f"?cohort={other.uuid}") == ["Giàng A Páo"]
    assert names("?course=an-toan") == [*everyone, "Giàng A Páo"]
    assert names("?course=khong-co") == []
    assert names("?cohort=abc") == []
    text = b"".join(office.get(f"{QUEUE}grading.csv?cohort={mine.uuid}").streaming_content).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))][1:] == everyone

    def path_of(minute: int) -> str:
        return f"{reverse('lms_grading:grade', args=[handed_in[minute].statement_id])}?cohort={mine.uuid}"

    page = office.get(path_of(1))
    assert (page.context["before"], page.context["after"]) == (handed_in[0], handed_in[2])
    assert f'href="{path_of(2)}"' in page.content.decode()
    points = {"points-y": "3", "points-r": "1"}
    assert office.post(path_of(1), points).headers["Location"] == path_of(2)
    assert office.post(path_of(2), points).headers["Location"] == f"{QUEUE}?cohort={mine.uuid}"
    assert names(f"?cohort={mine.uuid}") == [first.full_name]


def test_the_file_of_the_queue_is_for_who_grades(answer: Answer) -> None:
    """An auditor may look at reports, not at what waits; a trainer of another class has an empty one."""
    for role in (roles.AUDITOR, roles.TRAINER):
        _user, browser = staff(f"nguoi {role}", role)
        text = b"".join(browser.get(f"{QUEUE}grading.csv").streaming_content).decode()
        assert len(text.splitlines()) == 1, role
