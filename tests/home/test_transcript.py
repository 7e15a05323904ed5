"""All that a person learned, on the page, as CSV and on paper; hours, and what is due on /my/."""

import shutil
import subprocess
from datetime import time, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from core import outbox
from home import transcript, transcript_pdf
from lms import cohorts, joining, learning, timetable
from lms.courses import publish_course
from lms.enrolment import enrol
from lms.models import Course, Lesson
from people import accounts
from people.models import User
from tests.lms.classes import say

pytestmark = pytest.mark.django_db
BLANK: dict[str, Any] = {"minutes": 5, "blocks": []}


def asked_by(person: User) -> HttpRequest:
    """The person asks for the transcript."""
    request = RequestFactory().get("/my/transcript/")
    request.user = person
    return request


@pytest.fixture
def learner() -> User:
    """Has finished one course of 2.5 hours, begun a second, and was in a class for three hours."""
    person = accounts.create(full_name="Y Hơ̆k Niê Kđăm", username="hok", birth_year=1980)
    first = publish_course(key="mot", title="=Khóa một", hours=2.5, lessons=[BLANK | {"key": "a", "title": "A"}])
    lessons = [BLANK | {"key": key, "title": f"Bài {key}"} for key in ("x", "y")]
    second = publish_course(key="hai", title="Khóa hai", hours=4, lessons=lessons)
    outbox.drain_all()
    own = enrol(learner=person, course=first, at=timezone.now() - timedelta(days=2))
    learning.go_on(own, first.lessons.get())
    learning.go_on(enrol(learner=person, course=second), second.lessons.get(key="x"))
    outbox.drain_all()
    today = timezone.localdate()
    trainer = accounts.create(full_name="Vừ Thị Mai", username="mai")
    cohort = cohorts.create(
        course=second, name="Lớp hai", since=today, until=today + timedelta(days=9), trainers=[trainer]
    )
    joining.add(cohort, [person], by=trainer)
    held = timetable.add(cohort, day=today, starts=time(1), ends=time(4), hours=3, by=None)[0]
    say(held, person, "late", by=trainer)
    timetable.add(cohort, day=today + timedelta(days=2), starts=time(8), ends=time(11), hours=3, by=None)
    return person


@pytest.fixture
def browser(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


def test_the_table(browser: Client) -> None:
    """In the order of enrolment; a text that begins like a formula is none; hours count when a course is finished."""
    today = timezone.localdate()
    answer = browser.get("/my/transcript.csv")
    assert answer["Cache-Control"] == "no-store"
    lines = b"".join(answer.streaming_content).decode().removeprefix("\ufeff").splitlines()
    [certificate] = [line.split(",")[-1] for line in lines[1:2]]
    assert lines == [
        "Khóa học,Ngày ghi danh,Tình trạng,Bài đã học,Điểm (%),Hoàn thành,Số giờ,Số vào sổ giấy chứng nhận",
        f"'=Khóa một,{today - timedelta(days=2):%d/%m/%Y},Đã học xong,1/1,,{today:%d/%m/%Y},2.5,{certificate}",
        f"Khóa hai,{today:%d/%m/%Y},Đang học,1/2,,,,",
    ]
    assert certificate.startswith("NS-")
    page = browser.get("/my/transcript/").content.decode()
    assert "1 khóa học đã hoàn thành · 2 giờ 30 phút · 3 giờ có mặt ở lớp" in page


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext: apt-get install poppler-utils")
def test_the_paper(browser: Client, learner: User) -> None:
    """The layout of administrative papers, every letter of the name, each course, the sums."""
    answer = browser.get("/my/transcript.pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    data = b"".join(answer.streaming_content)
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập – Tự do – Hạnh phúc",
        "BẢNG KẾT QUẢ HỌC TẬP",
        "Họ và tên: Y Hơ̆k Niê Kđăm",
        "Năm sinh: 1980",
        "=Khóa một",
        "Khóa hai",
        "Số khóa học đã hoàn thành: 1",
        "Tổng số giờ của các khóa đã hoàn thành: 2,5 giờ",
        "Số giờ có mặt ở các buổi học của lớp: 3 giờ",
    ):
        assert said in text
    assert transcript.of(asked_by(learner)).finished == 1


def test_nothing_learned_is_a_paper_too(client: Client) -> None:
    person = accounts.create(full_name="Người mới", username="moi")
    assert transcript_pdf.render(person, transcript.of(asked_by(person))).read(5) == b"%PDF-"
    client.force_login(person)
    assert "Chưa ghi danh khóa học nào." in client.get("/my/transcript/").content.decode()


def test_what_is_due(browser: Client, learner: User) -> None:
    """Sessions, the end of the class, lessons that open; the earliest first, what is past or far away not."""
    today = timezone.localdate()
    later = timezone.now() + timedelta(days=5)
    Lesson.objects.filter(key="y").update(opens_at=later)
    due = browser.get("/my/").context["due"]
    assert [(each.on, each.what) for each in due] == [
        (today, "Buổi học 01:00 của Lớp hai"),
        (timezone.localdate(later), "Mở bài “Bài y” (Khóa hai)"),
        (today + timedelta(days=9), "Lớp hai kết thúc"),
    ]
    Lesson.objects.filter(key="y").update(opens_at=timezone.now() + timedelta(days=90))
    assert len(browser.get("/my/").context["due"]) == 2


@pytest.mark.parametrize("path", ["/my/notes/", "/my/transcript/", "/my/transcript.pdf", "/my/transcript.csv"])
def test_nobody_is_sent_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


def test_a_course_that_changed_counts_as_its_certificate_says(learner: User) -> None:
    """Two papers of one person do not contradict each other."""
    Course.objects.filter(key="mot").update(title="Khóa một, bản mới", hours=9)
    Course.objects.filter(key="hai").update(title="Khóa hai, bản mới")
    table = transcript.of(asked_by(learner))
    assert [row[0] for row in map(transcript.row, table.courses)] == ["=Khóa một", "Khóa hai, bản mới"]
    assert (transcript.row(table.courses[0])[6], str(table.hours)) == ("2,5", "2.5")
