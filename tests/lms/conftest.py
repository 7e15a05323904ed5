"""A small course with three lessons and three questions, a learner, and the site around them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pymarc
import pytest
from django.test import Client
from wagtail.models import Collection, Locale, Page, Site

from core import outbox
from core.identity import id_base
from home.models import HomePage
from library import iso2709, records
from library.models import Record
from lms import courses, learning
from lms.enrolment import enrol
from lms.models import Course, Enrolment, Lesson, Question
from people import accounts
from people.models import User
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record

COURSE: dict[str, Any] = {
    "key": "an-toan",
    "title": "Dùng điện thoại an toàn",
    "summary": "Giữ máy, giữ tiền.",
    "body": "<p>Biết giữ mã OTP.</p><script>alert(1)</script>",
    "topic": "Kỹ năng số",
    "audiences": ["village_heads"],
    "hours": 1.5,
    "pass_mark": 70,
    "lessons": [
        {
            "key": "bai-1",
            "title": "Giữ máy",
            "minutes": 10,
            "blocks": [
                {"type": "text", "html": "<h2>Khóa máy</h2><p>Đặt <b>mã số</b>.</p>"},
                {"type": "callout", "text": "Khóa màn hình trước đã."},
                {
                    "type": "question",
                    "key": "q1",
                    "kind": "single",
                    "text": "Mã nào khó đoán?",
                    "options": [
                        {"key": "a", "text": "123456", "right": False, "why": "Ai cũng thử trước."},
                        {"key": "b", "text": "Số tự nghĩ ra", "right": True, "why": "Khó đoán nhất."},
                    ],
                },
                {
                    "type": "question",
                    "key": "q2",
                    "kind": "multiple",
                    "text": "Mất máy thì làm gì?",
                    "options": [
                        {"key": "a", "text": "Khóa sim", "right": True, "why": "Chặn mã OTP."},
                        {"key": "b", "text": "Chờ vài ngày", "right": False, "why": "Chậm là mất tiền."},
                        {"key": "c", "text": "Khóa tài khoản", "right": True, "why": "Giữ được tiền."},
                    ],
                },
            ],
        },
        {
            "key": "bai-2",
            "title": "Giữ tiền",
            "minutes": 12,
            "blocks": [{"type": "text", "html": "<p>Không đưa mã.</p>"}],
        },
        {
            "key": "bai-3",
            "title": "Nhận ra lừa đảo",
            "minutes": 8,
            "blocks": [
                {
                    "type": "question",
                    "key": "q3",
                    "kind": "single",
                    "text": "Có người xin mã OTP?",
                    "options": [
                        {"key": "a", "text": "Đọc cho họ", "right": False, "why": "Là đưa chìa khóa nhà."},
                        {"key": "b", "text": "Cúp máy", "right": True, "why": "Không ai được hỏi mã."},
                    ],
                }
            ],
        },
    ],
}


@pytest.fixture(autouse=True)
def _cache_in_memory(settings: Any) -> None:
    """So that counted queries are the database's own."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def course(db: None) -> Course:
    """The published course; pass mark 70, so two of three right answers are not enough."""
    made = courses.publish_course(**COURSE)
    outbox.drain_all()
    made.refresh_from_db()
    return made


@pytest.fixture
def learner(db: None) -> User:
    """A village head."""
    return accounts.create(full_name="Giàng A Páo", username="pao", password="mat-khau-cua-pao")


@pytest.fixture
def pupil(client: Client, learner: User) -> Client:
    """The learner's browser."""
    client.force_login(learner)
    return client


@pytest.fixture
def enrolment(course: Course, learner: User) -> Enrolment:
    """The learner in the course, not yet entered."""
    return enrol(learner=learner, course=course)


def plant() -> None:
    """The first page of the tree, which an earlier test with real transactions may have thrown away."""
    Locale.objects.get_or_create(language_code="vi")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home = HomePage.objects.first() or root.add_child(instance=HomePage(title="Nhà Sàn", slug="nha-san"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": home})


def lesson(course: Course, key: str) -> Lesson:
    """A lesson of the course."""
    return course.lessons.get(key=key)


def question(key: str) -> Question:
    """A question of the course, as it was written."""
    return Question.objects.get(key=f"an-toan-{key}", locale__language_code="vi")


def told(enrolment: Enrolment) -> list[tuple[str, str]]:
    """What the statements of the enrolment say in their order: the verb's last word, the object's last two."""
    rows = Statement.objects.filter(registration=enrolment.registration).order_by("id")
    return [(row.verb.rsplit("/", 1)[1], "/".join(row.data["object"]["id"].split("/")[-2:])) for row in rows]


def settle() -> None:
    """Let the worker do what is queued for lms."""
    queues = [queue for queue in outbox.queues() if queue.name in {"outlines", "progress"}]
    while any(outbox.drain_once(queue) for queue in queues):
        pass


def void(statement_id: UUID) -> None:
    """This site voids a statement."""
    actor = {"account": {"homePage": id_base(), "name": "nha-san"}}
    target = {"objectType": "StatementRef", "id": str(statement_id)}
    record([{"actor": actor, "verb": verbs.VOIDED.as_data(), "object": target}])


def finish_course(enrolment: Enrolment, *, at: datetime | None = None) -> None:
    """Every answer right, every lesson gone through."""
    start = at or datetime(2026, 3, 1, 8, tzinfo=UTC)
    steps = iter(range(100))
    learning.begin(enrolment, at=start)
    for rule in enrolment.course.rule["lessons"]:
        row = enrolment.course.lessons.get(key=rule["key"])
        for each in rule["questions"]:
            found = Question.objects.get(key=each)
            right = [option.id for option in found.answer[0].value["options"].bound_blocks if option.value["right"]]
            learning.answer(enrolment, row, found, right, at=start + timedelta(minutes=next(steps)))
        learning.go_on(enrolment, row, at=start + timedelta(minutes=next(steps)))


@pytest.fixture
def handbook(db: None) -> Record:
    """A library record."""
    marc = pymarc.Record(force_utf8=True, leader="00000nam a2200000 a 4500")
    marc.add_field(pymarc.Field(tag="001", data="NS0001"))
    title = [pymarc.Subfield("a", "Sổ tay an toàn thông tin")]
    marc.add_field(pymarc.Field(tag="245", indicators=pymarc.Indicators("1", "0"), subfields=title))
    raw = marc.as_marc()
    return records.save(marc=iso2709.parse(raw)[0], raw=raw, raw_format="iso2709")[0]
