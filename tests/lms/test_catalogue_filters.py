"""What the catalogue finds, page by page, and what a course's page says before one enters."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lms import cohorts, courses, joining, timetable
from lms.catalogue_filters import HOURS
from lms.enrolment import enrol
from lms.models import Course
from people import accounts
from tests.lms.classes import class_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(course: Course) -> None:
    """The course of the tests (1.5 hours, basic) with a longer and a harder one."""
    courses.publish_course(key="dai", title="Kế toán hợp tác xã", summary="Ghi sổ hằng ngày", hours=8, lessons=[])
    courses.publish_course(key="kho", title="Số liệu", summary="Đếm đúng", hours=2, level="advanced", lessons=[])


def found(client: Client, query: str) -> list[str]:
    """The titles in the order of the list."""
    return [card.page.title for card in client.get(f"/courses/{query}").context["cards"]]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?hours=-2", ["Dùng điện thoại an toàn"]),
        ("?hours=2-8", ["Số liệu"]),
        ("?hours=8-", ["Kế toán hợp tác xã"]),
        ("?hours=x", []),
        ("?level=advanced", ["Số liệu"]),
        ("?level=basic", ["Dùng điện thoại an toàn", "Kế toán hợp tác xã"]),
        ("?q=ke+toan", ["Kế toán hợp tác xã"]),
        ("?q=DIEN+thoai+giu", ["Dùng điện thoại an toàn"]),
        ("?q=ky+nang", ["Dùng điện thoại an toàn"]),
        ("?q=so&level=advanced", ["Số liệu"]),
        ("?q=%00%00khong+co", []),
    ],
)
def test_length_level_and_words(client: Client, three: None, query: str, titles: list[str]) -> None:
    """Words without marks find titles, summaries and topics with them; an unknown value finds nothing."""
    assert found(client, query) == titles


def test_every_length_is_in_one_span() -> None:
    """Nothing between two spans, nothing in both."""
    assert [span[2] for span in HOURS][1:] == [span[3] for span in HOURS][:-1]


def test_pages_of_24_with_the_same_queries(client: Client, course: Course, django_assert_num_queries: Any) -> None:
    """The filters go along to the next page; an odd page is the first or the last."""
    client.get("/courses/")
    with CaptureQueriesContext(connection) as one:
        client.get("/courses/")
    for number in range(25):
        courses.publish_course(key=f"khoa-{number}", title=f"Khóa {number:02}", topic="Thử", lessons=[])
    with django_assert_num_queries(len(one)):
        page = client.get("/courses/")
    assert len(page.context["cards"]) == 24
    assert found(client, "?page=2") == ["Khóa 23", "Khóa 24"]
    assert found(client, "?topic=Thử&page=2") == ["Khóa 24"]
    assert 'href="?topic=Th%E1%BB%AD&amp;page=2"' in client.get("/courses/?topic=Thử").content.decode()
    assert found(client, "?page=x") == found(client, "")
    assert found(client, "?page=99") == found(client, "?page=2")


def test_programmes_say_how_long_they_are_and_how_far_one_is(pupil: Client, three: None) -> None:
    courses.publish_programme(key="ct", title="Cho bản làng", courses=["an-toan", "dai"], summary="Hai khóa.")
    page = pupil.get("/courses/").content.decode()
    assert "2 khóa học · 9 giờ 30 phút" in page
    assert "Cho bản làng" not in pupil.get("/courses/?level=basic").content.decode()


def test_the_next_class_that_has_room(client: Client, course: Course) -> None:
    """Not one that is full, closed, over, or has no session ahead; nobody who is in one is asked to join another."""
    today = timezone.localdate()
    soon = today + timedelta(days=3)
    trainer = accounts.create(full_name="Vừ Thị Mai", username="mai")
    last = {"until": today + timedelta(days=30), "trainers": [trainer], "course": course}
    for name, fields in {
        "Lớp còn chỗ": {"since": today, "seats": 2, "place": "Nhà văn hóa"},
        "Lớp đã đóng": {"since": soon, "join_open": False},
        "Lớp không còn buổi": {"since": today - timedelta(days=9)},
        "Lớp tháng sau": {"since": today + timedelta(days=25)},
    }.items():
        made = cohorts.create(name=name, **(last | fields))
        if name == "Lớp còn chỗ":
            timetable.add(made, day=soon, starts=time(8), ends=time(11), by=None)
            open_class = made
    class_of(course, name="Lớp xong rồi", until=today - timedelta(days=1))
    shown = client.get("/courses/an-toan/")
    assert [(each.cohort.name, each.begins, each.places_left) for each in shown.context["classes"]] == [
        ("Lớp còn chỗ", soon, 2),
        ("Lớp tháng sau", today + timedelta(days=25), None),
    ]
    assert open_class.join_code not in shown.content.decode()
    people = [accounts.create(full_name=f"Người {n}", username=f"n{n}") for n in range(2)]
    joining.add(open_class, people, by=trainer)
    assert [each.cohort.name for each in client.get("/courses/an-toan/").context["classes"]] == ["Lớp tháng sau"]
    client.force_login(people[0])
    assert client.get("/courses/an-toan/").context["classes"] == []


def test_a_course_is_shared_by_its_address(client: Client, course: Course) -> None:
    page = client.get("/courses/an-toan/").content.decode()
    assert '<a href="http://testserver/courses/an-toan/">http://testserver/courses/an-toan/</a>' in page
    assert 'class="qr"' in page


def test_the_course_page_makes_the_same_queries_with_more_classes(
    client: Client, course: Course, django_assert_num_queries: Any
) -> None:
    class_of(course, until=timezone.localdate() + timedelta(days=3))
    client.get("/courses/an-toan/")
    with CaptureQueriesContext(connection) as one:
        client.get("/courses/an-toan/")
    for number in range(3):
        class_of(course, name=f"Lớp {number}", since=timezone.localdate(), until=timezone.localdate())
    enrol(learner=accounts.create(full_name="x", username="x"), course=course)
    with django_assert_num_queries(len(one)):
        client.get("/courses/an-toan/")
