"""What a learner keeps at a lesson, and what a learner asks there: by forms, own, limited, taken out and erased."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import jobs
from lms import inquiries, joining, notes
from lms.enrolment import enrol
from lms.models import Bookmark, Course, Delivery, Enrolment, Inquiry, Message, Note
from people import accounts, erasure, roles
from people.models import User
from tests.lms.classes import class_of
from tests.lms.conftest import lesson
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
LESSON, LEARN = "/courses/an-toan/bai-1/", "/learn/an-toan/bai-1"


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Who asked how often in another test."""
    cache.clear()


def page(browser: Client, path: str = LESSON) -> str:
    return browser.get(path).content.decode()


@pytest.fixture
def administrator(db: None) -> User:
    return accounts.create(full_name="Quản trị", username="quan.tri", roles=(roles.ADMINISTRATOR,))


def test_a_note_is_kept_changed_and_thrown_away(pupil: Client, enrolment: Enrolment) -> None:
    """By the form under the lesson, which leads back to itself."""
    answer = pupil.post(f"{LEARN}/note/", {"text": "Đổi mã số\r\ntrước Tết", "seen": ""})
    assert answer["Location"] == f"{LESSON}#ghi-chu"
    assert Note.objects.get().text == "Đổi mã số\ntrước Tết"
    assert "Đổi mã số\ntrước Tết</textarea>" in page(pupil)
    assert "Đổi mã số<br>trước Tết" in page(pupil, "/my/notes/")
    pupil.post(f"{LEARN}/note/", {"text": "Đã đổi", "seen": "Đổi mã số\r\ntrước Tết"})
    assert Note.objects.get().text == "Đã đổi"
    pupil.post(f"{LEARN}/note/", {"text": "  ", "seen": "Đã đổi"})
    assert Note.objects.count() == 0


def test_two_devices_lose_nothing(enrolment: Enrolment) -> None:
    """What another device wrote meanwhile stands above what this one writes; the same again changes nothing."""
    first = lesson(enrolment.course, "bai-1")
    notes.write(enrolment, first, "Từ điện thoại", seen="")
    notes.write(enrolment, first, "Từ máy tính", seen="")
    assert Note.objects.get().text == "Từ điện thoại\n\nTừ máy tính"
    notes.write(enrolment, first, "Từ điện thoại\n\nTừ máy tính", seen="")
    assert Note.objects.get().text == "Từ điện thoại\n\nTừ máy tính"


@pytest.mark.parametrize(("what", "most"), [("note", 4000), ("ask", 1000)])
def test_too_long_is_said_and_the_words_are_not_lost(pupil: Client, enrolment: Enrolment, what: str, most: int) -> None:
    answer = pupil.post(f"{LEARN}/{what}/", {"text": "ấ" * (most + 1), "seen": ""})
    assert answer.status_code == 400
    assert f"dài quá {most} ký tự" in answer.content.decode()
    assert "ấ" * (most + 1) in answer.content.decode()
    assert (Note.objects.count(), Inquiry.objects.count()) == (0, 0)


def test_a_lesson_is_marked_and_unmarked(pupil: Client, enrolment: Enrolment) -> None:
    """Twice is once; the notebook leads to it."""
    for _press in range(2):
        pupil.post(f"{LEARN}/bookmark/", {"on": "1"})
    assert Bookmark.objects.count() == 1
    assert "Đã đánh dấu, bấm để bỏ" in page(pupil)
    assert f'<a href="{LESSON}">Giữ máy</a>' in page(pupil, "/my/notes/")
    pupil.post(f"{LEARN}/bookmark/", {"on": "0"})
    assert Bookmark.objects.count() == 0


@pytest.mark.parametrize("what", ["note", "bookmark", "ask", "place"])
def test_others_can_keep_nothing_there(client: Client, enrolment: Enrolment, what: str) -> None:
    """Who is not enrolled gets 404, who is signed out sign-in; a GET changes nothing."""
    sent = {"text": "x", "on": "1", "block": "b-1"}
    assert client.post(f"{LEARN}/{what}/", sent)["Location"].startswith("/accounts/login/")
    client.force_login(accounts.create(full_name="Người khác", username="khac"))
    assert client.post(f"{LEARN}/{what}/", sent).status_code == 404
    assert (Note.objects.count(), Bookmark.objects.count(), Inquiry.objects.count()) == (0, 0, 0)
    client.force_login(enrolment.learner)
    assert client.get(f"{LEARN}/{what}/")["Location"] == LESSON


def test_nobody_else_reads_notes(enrolment: Enrolment, administrator: User) -> None:
    """No role does; the learner takes them out; with the person they are erased."""
    first = lesson(enrolment.course, "bai-1")
    notes.write(enrolment, first, "Của riêng tôi")
    notes.bookmark(enrolment, first, on=True)
    inquiries.ask(enrolment, first, "Làm sao?")
    for model in (Note, Bookmark):
        assert model.objects.visible_to(administrator).count() == 0
        assert model.objects.visible_to(enrolment.learner).count() == 1
    browser = Client()
    browser.force_login(enrolment.learner)
    data = json.loads(b"".join(browser.get("/my/data.json").streaming_content))
    assert [(row["lesson__title"], row["text"]) for row in data["notes"]] == [("Giữ máy", "Của riêng tôi")]
    assert [row["lesson__title"] for row in data["bookmarks"]] == ["Giữ máy"]
    assert [row["text"] for row in data["questions_to_trainers"]] == ["Làm sao?"]
    erasure.erase(enrolment.learner, by=administrator)
    assert [model.objects.count() for model in (Note, Bookmark, Inquiry)] == [0, 0, 0]


def test_a_question_goes_to_the_trainer_and_the_answer_comes_back(course: Course) -> None:
    """By the class in which the learner takes the course; at the lesson, on the own page and by e-mail."""
    cohort, trainer, (asker, *_others) = class_of(course, until=timezone.localdate() + timedelta(days=7))
    trainer.groups.add(*accounts.create(full_name="x", username="x", roles=(roles.TRAINER,)).groups.all())
    _other, other_trainer, _people = class_of(course, name="Lớp khác", until=timezone.localdate())
    other_trainer.groups.add(*trainer.groups.all())
    User.objects.filter(pk=asker.pk).update(email="hoi@nhasan.example")
    browser = Client()
    browser.force_login(asker)
    event = str(uuid4())
    for _press in range(2):
        answer = browser.post(f"{LEARN}/ask/", {"text": "Quên mã số thì sao?", "event": event})
        assert answer["Location"] == f"{LESSON}#hoi"
    asked = Inquiry.objects.get()
    assert (asked.cohort, asked.text) == (cohort, "Quên mã số thì sao?")
    assert "chưa có trả lời" in page(browser)
    office = sign_in_staff(Client(), trainer)
    assert "Quên mã số thì sao?" in page(office, "/admin/inquiries/")
    assert asker.full_name in page(office, f"/admin/inquiries/class/{cohort.uuid}/")
    elsewhere = sign_in_staff(Client(), other_trainer)
    assert "Quên mã số" not in page(elsewhere, "/admin/inquiries/")
    assert elsewhere.post(f"/admin/inquiries/{asked.uuid}/", {"answer": "x"}).status_code == 404
    office.post(f"/admin/inquiries/{asked.uuid}/", {"answer": "Ra cửa hàng của nhà mạng."})
    jobs.run_all()
    assert "Ra cửa hàng của nhà mạng." in page(browser)
    assert "Ra cửa hàng của nhà mạng." in page(browser, "/my/notes/")
    assert "Trả lời câu hỏi ở bài “Giữ máy”" in page(browser, "/my/")
    [letter] = mail.outbox
    assert letter.to == ["hoi@nhasan.example"]
    assert "Trả lời câu hỏi của ông, bà trong khóa học Dùng điện thoại an toàn" in letter.body
    assert "Quên mã số" not in page(office, "/admin/inquiries/")
    assert "Quên mã số" in page(office, "/admin/inquiries/answered/")
    assert "Trả lời câu hỏi" not in page(office, f"/learn/classes/{cohort.uuid}/messages/")


def test_outside_classes_the_editors_answer_without_seeing_whose_question_it_is(
    pupil: Client, enrolment: Enrolment
) -> None:
    """A learner reaches nothing of it; a message comes on the page though there is no class."""
    pupil.post(f"{LEARN}/ask/", {"text": "Có bản giấy không?"})
    asked = Inquiry.objects.get()
    assert asked.cohort is None
    assert pupil.get("/admin/inquiries/").status_code in {302, 403}
    editor = accounts.create(full_name="Biên soạn", username="bien.soan", roles=(roles.EDITOR,))
    office = sign_in_staff(Client(), editor)
    listed = page(office, "/admin/inquiries/")
    assert "Có bản giấy không?" in listed
    assert "Một học viên" in listed
    assert enrolment.learner.full_name not in listed
    office.post(f"/admin/inquiries/{asked.uuid}/", {"answer": "Có, ở nút Bản in."})
    jobs.run_all()
    assert Delivery.objects.get().person == enrolment.learner
    shown = page(pupil, "/my/")
    assert "Có, ở nút Bản in." in shown
    assert "Dùng điện thoại an toàn ·" in shown
    office.post(f"/admin/inquiries/{asked.uuid}/", {"answer": "Có, ở nút Bản in."})
    assert Message.objects.count() == 1


def test_ten_questions_an_hour(pupil: Client, enrolment: Enrolment) -> None:
    """The eleventh waits, and its words stay in the form; an empty one is no question."""
    pupil.post(f"{LEARN}/ask/", {"text": " "})
    for number in range(10):
        pupil.post(f"{LEARN}/ask/", {"text": f"Câu {number}"})
    answer = pupil.post(f"{LEARN}/ask/", {"text": "Câu thứ mười một"})
    assert answer.status_code == 429
    assert "Câu thứ mười một" in answer.content.decode()
    assert Inquiry.objects.count() == 10


@pytest.mark.parametrize("path", ["/my/notes/", "/admin/inquiries/"])
def test_lists_make_as_many_queries_for_many_as_for_one(
    pupil: Client, enrolment: Enrolment, administrator: User, path: str, django_assert_num_queries: Any
) -> None:
    browser = sign_in_staff(Client(), administrator) if path.startswith("/admin") else pupil
    keep(enrolment)
    browser.get(path)
    with CaptureQueriesContext(connection) as one:
        browser.get(path)
    for number in range(4):
        other = accounts.create(full_name=f"Người {number}", username=f"n{number}")
        keep(enrol(learner=other, course=enrolment.course))
    for key in ("bai-2", "bai-3"):
        keep(enrolment, key)
    with django_assert_num_queries(len(one)):
        browser.get(path)


def keep(enrolment: Enrolment, key: str = "bai-1") -> None:
    where = lesson(enrolment.course, key)
    notes.write(enrolment, where, "Ghi chú")
    notes.bookmark(enrolment, where, on=True)
    inquiries.ask(enrolment, where, "Hỏi")


def test_a_class_that_one_left_gets_no_question(course: Course) -> None:
    """It is the class of that day."""
    cohort, trainer, (asker, *_others) = class_of(course, until=timezone.localdate() + timedelta(days=7))
    joining.leave(cohort, asker, by=trainer)
    own = Enrolment.objects.get(learner=asker)
    asked = inquiries.ask(own, lesson(course, "bai-1"), "Tôi đã ra khỏi lớp")
    assert asked is not None
    assert asked.cohort is None
