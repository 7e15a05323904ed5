"""Courses from plain data: what is stored, cleaned, found again and refused."""

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.images import get_image_model

from library.models import Record
from lms import courses
from lms.enrolment import enrol
from lms.exceptions import InvalidCourse
from lms.models import Course, CoursePage, Enrolment, LessonPage, Question
from people.models import User
from tests.lms.conftest import COURSE

pytestmark = pytest.mark.django_db
OPTIONS = [{"key": "a", "text": "Một", "right": True}, {"key": "b", "text": "Hai", "right": False}]


def with_block(**block: Any) -> dict[str, Any]:
    return COURSE | {"lessons": [{"key": "bai-1", "title": "Bài", "minutes": 5, "blocks": [block]}]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A picture of 800 by 2 pixels and a text."""
    rows = b"".join(b"\x00" + b"\x20" * 800 for _row in range(2))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 800, 2, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    packed = b"".join(struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    (tmp_path / "anh.png").write_bytes(b"\x89PNG\r\n\x1a\n" + packed)
    (tmp_path / "to-roi.txt").write_text("Năm dấu hiệu", encoding="utf-8")
    return tmp_path


def test_rich_text_is_cleaned(course: Course) -> None:
    """Scripts become harmless words, what lessons allow stays."""
    assert CoursePage.objects.get().body == "<p>Biết giữ mã OTP.</p><p>alert(1)</p>"
    first = LessonPage.objects.get(lesson__key="bai-1").body[0]
    assert str(first.value.source) == "<h2>Khóa máy</h2><p>Đặt <b>mã số</b>.</p>"


def test_every_block_reaches_the_reader(
    db: None, folder: Path, handbook: Record, client: Client, learner: User
) -> None:
    """Picture in two widths with its words, document, record with a link, made before anyone reads."""
    blocks = [
        {"type": "image", "file": "anh.png", "alt": "Ngôi nhà sàn", "caption": "Nhà"},
        {"type": "document", "file": "to-roi.txt", "title": "Tờ rơi"},
        {"type": "citation", "record": "NS0001", "note": "Trang 12"},
        {"type": "callout", "text": "Nhớ một điều"},
    ]
    data = COURSE | {"lessons": [{"key": "bai-1", "title": "Bài", "minutes": 5, "blocks": blocks}], "folder": folder}
    course = courses.publish_course(**data)
    courses.publish_course(**data)
    enrol(learner=learner, course=course)
    client.force_login(learner)
    shown = client.get("/courses/an-toan/bai-1/").content.decode()
    image = get_image_model().objects.get()
    widths = sorted(image.renditions.values_list("width", flat=True))
    assert widths == [360, 720]
    assert all(rendition.url in shown for rendition in image.renditions.all())
    for words in ('alt="Ngôi nhà sàn"', "<figcaption>Nhà</figcaption>", "Tờ rơi", "Trang 12", "Nhớ một điều"):
        assert words in shown
    assert f'href="/library/records/{handbook.pk}/"' in shown
    Record.objects.update(status="draft")
    assert "Trang 12" not in client.get("/courses/an-toan/bai-1/").content.decode()


def test_changed_course_keeps_its_learners(enrolment: Enrolment) -> None:
    """A new text, a lesson less, another order: the same rows, a new version."""
    lessons = [COURSE["lessons"][2], COURSE["lessons"][0] | {"title": "Giữ máy cho tốt"}]
    courses.publish_course(**(COURSE | {"lessons": lessons}))
    enrolment.course.refresh_from_db()
    assert [row.title for row in enrolment.course.lessons.in_order()] == ["Nhận ra lừa đảo", "Giữ máy cho tốt"]
    assert (enrolment.course.version, Course.objects.count(), Question.objects.count()) == (2, 1, 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (COURSE | {"audiences": ["teachers"]}, "an-toan: unknown audience teachers; known are"),
        (with_block(type="film", file="a"), "an-toan, bai-1, block 1: unknown block type 'film'"),
        (with_block(type="text"), "an-toan, bai-1, block 1: 'html' is missing"),
        (with_block(type="image", file="anh.png", alt="Ảnh"), "an-toan, bai-1, block 1: no file anh.png in None"),
        (with_block(type="citation", record="X1"), "an-toan, bai-1, block 1: no record with control number X1"),
        (
            with_block(type="question", key="q", kind="essay", text="?", options=OPTIONS),
            "an-toan, bai-1, block 1: unknown kind of question 'essay'; known are single, multiple,",
        ),
        (with_block(type="question", key="q", kind="single", text="?", options=OPTIONS[1:] * 2), "Câu hỏi chọn một"),
    ],
)
def test_invalid_data_is_refused(db: None, data: dict[str, Any], reason: str) -> None:
    """The place and the reason are said; nothing is left behind."""
    with pytest.raises(InvalidCourse, match="an-toan") as caught:
        courses.publish_course(**data)
    assert reason in str(caught.value)
    assert (Course.objects.count(), Question.objects.count()) == (0, 0)


def test_files_outside_the_folder_are_refused(db: None, folder: Path) -> None:
    """A course file names files beside it and no others."""
    with pytest.raises(InvalidCourse, match=r"no file \.\./"):
        courses.publish_course(**with_block(type="document", file="../x.txt", title="X"), folder=folder)
