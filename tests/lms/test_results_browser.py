"""The pages of results in Chromium: whole on a phone and on a wide screen, accessible, names always in sight."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from wagtail.models import Locale, Page

from lms import courses, joining
from lms.models import Cohort, Course, Question
from people import roles
from people.models import Unit
from tests.lms.all_kinds import LESSON
from tests.lms.classes import class_of
from tests.lms.conftest import COURSE, settle
from tests.lms.results import learner_in, said, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> tuple[Course, Cohort, Any]:
    """A course of nine lessons with a class of thirty-six that answered many ways; a trainer's browser."""
    Locale.objects.get_or_create(language_code="vi")  # the test before this one may have left an empty database
    if not Page.objects.exists():
        Page.add_root(title="Gốc", slug="goc")
    lessons = [
        {"key": f"bai-{n}", "title": f"Nhận ra và xử lý tình huống lừa đảo số {n}", "minutes": 10, "blocks": []}
        for n in range(8)
    ]
    course = courses.publish_course(**(COURSE | {"lessons": [LESSON, *lessons]}))
    settle()
    user, office = staff("vu thi mai", roles.TRAINER)
    cohort, _trainer, _people = class_of(course, trainer=user, names=0)
    unit = Unit.objects.create(
        code="90", level="province", name="Xã Nậm Búng", short_name="Nậm Búng", valid_from="2025-07-01"
    )
    rows, asked = list(course.lessons.in_order()), {row.kind: row for row in Question.objects.all()}
    people = []
    for number in range(36):
        done = rows[: number % 10]
        own = learner_in(
            course,
            f"Hoàng Thị Phương {chr(65 + number % 26)}{number}",
            done=done,
            score=100 * len(done) / 9,
            active=timedelta(days=number) if number else None,
            finished=len(done) == 9,
            unit=unit,
        )
        people.append(own.learner)
        choice = asked["single"].answer[0].value["options"].bound_blocks[0 if number % 3 else 1].id
        said(own, rows[0], asked["single"], [choice])
        said(own, rows[0], asked["fill_in"], "Phú Thọ" if number % 4 else f"Tỉnh Lào Cai {number % 5}")
        said(own, rows[0], asked["scale"], str(1 + number % 5))
        said(own, rows[0], asked["written"], "Không đưa mã cho ai." * 9, waits=True)
    joining.add(cohort, people, by=user)
    return course, cohort, office


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_are_accessible(live_server: Any, browser: Any, world: Any, width: int) -> None:
    """The list of courses, the grid, the questions, one question, the queue, one answer."""
    _course, cohort, office = world
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
    cookie = office.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page, own = context.new_page(), f"?cohort={cohort.uuid}"
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    waiting = cohort.course.lessons.get(key="du-loai").answers.filter(waits=True).first()
    for name, path in {
        "courses": "",
        "grid": f"an-toan/{own}",
        "behind": f"an-toan/{own}&status=behind",
        "questions": f"an-toan/questions/{own}",
        "question": f"an-toan/questions/du-loai/an-toan-single/{own}",
        "text": f"an-toan/questions/du-loai/an-toan-fill-in/{own}",
        "queue": f"../grading/{own}",
        "grade": f"../grading/{waiting.statement_id}/{own}",
    }.items():
        page.goto(f"{live_server.url}/admin/progress/{path}")
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page, context="main")
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    assert errors == []
    context.close()


def test_names_and_headings_stay_in_sight(live_server: Any, chromium: Any, world: Any) -> None:
    """On a phone the grid is scrolled inside itself, both ways; by keyboard too, since it takes the focus."""
    _course, cohort, office = world
    cookie = office.cookies["sessionid"].value
    chromium.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    chromium.goto(f"{live_server.url}/admin/progress/an-toan/?cohort={cohort.uuid}")
    chromium.wait_for_load_state("load")
    grid = chromium.locator(".nha-san-grid")
    assert grid.get_attribute("tabindex") == "0"
    grid.evaluate("element => element.scrollTo(400, 700)")
    box = grid.bounding_box()
    corner = grid.locator("thead th").first.bounding_box()
    assert abs(corner["x"] - box["x"]) < 3
    assert abs(corner["y"] - box["y"]) < 3
    name = grid.locator("tbody th").nth(20).bounding_box()
    assert abs(name["x"] - box["x"]) < 3
    assert name["width"] <= box["width"] / 2
