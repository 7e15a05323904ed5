"""A trainer grades what only a person can judge: it counts, can be put right, and is told to the learner."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms import courses, grading
from lms.enrolment import enrol
from lms.exceptions import InvalidGrading
from lms.models import Answer, Enrolment
from people import accounts, roles
from people.models import Group, GroupMembership, User
from tests.lms.conftest import COURSE, settle
from tests.people.signing_in import sign_in_staff
from xapi.models import Statement

pytestmark = pytest.mark.django_db
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


def test_the_queue_takes_a_constant_number_of_queries(
    answer: Answer, enrolment: Enrolment, trainer: User, django_assert_max_num_queries: Any
) -> None:
    """However much waits."""
    office = sign_in_staff(Client(), trainer)
    for number in range(20):
        Answer.objects.create(
            enrolment=enrolment,
            lesson=answer.lesson,
            question=answer.question,
            revision=answer.revision,
            attempt=number + 2,
            response="x",
            answered_at=answer.answered_at,
            waits=True,
        )
    office.get(reverse("lms_grading:queue"))
    with django_assert_max_num_queries(20):
        office.get(reverse("lms_grading:queue"))
