"""Khmer in Chromium: its font is fetched where its letters stand, and nowhere else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from wagtail.models import Page, Site

from lms import courses
from lms.models import Course, Enrolment
from people.models import User
from tests.lms.conftest import COURSE, settle
from tests.lms.translating import into_khmer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def course(transactional_db: None) -> Course:
    """The course below a front page, which the test before took along with everything."""
    if Page.get_first_root_node() is None:
        root = Page.add_root(instance=Page(title="Root", slug="root"))
        home = root.add_child(instance=Page(title="Trang chủ", slug="home"))
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    made = courses.publish_course(**COURSE)
    settle()
    return made


@pytest.fixture
def window(live_server: Any, browser: Any, learner: User) -> Iterator[Callable[..., Any]]:
    """Opens a page as the learner; page.fetched has the addresses that the page asked for."""
    client = Client()
    client.force_login(learner)
    contexts = []

    def open_page(path: str, width: int) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
        contexts.append(context)
        context.set_default_timeout(20_000)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url.removeprefix(live_server.url)))
        page.goto(live_server.url + path)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
        return page, fetched

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_khmer_lesson(
    window: Callable[..., Any], course: Course, enrolment: Enrolment, width: int, tmp_path: Path
) -> None:
    """Read and answered; nothing wider than the screen, nothing that axe refuses."""
    into_khmer(course)
    page, fetched = window("/km/courses/an-toan/bai-1/", width)
    assert "/static/fonts/noto-sans-khmer.woff2" in fetched
    assert page.evaluate("document.fonts.check('18px \"Noto Sans Khmer\"', 'ក')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=tmp_path / f"khmer-{width}.png", full_page=True)
    broken = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in broken] == []
    page.get_by_label("លេខដែលគិតឡើងដោយខ្លួនឯង").check()
    page.get_by_role("button", name="Trả lời").first.click()
    page.wait_for_url("**/km/courses/an-toan/bai-1/#cau-an-toan-q1")
    page.get_by_text("ពិបាកទាយជាងគេ។").wait_for()
    page.get_by_role("button", name="Bài tiếp theo").click()
    page.wait_for_url("**/km/courses/an-toan/bai-2/")
    assert page.get_by_text("Bài này chưa có bản tiếng Khmer, xin đọc bản tiếng Việt.").is_visible()
    page.screenshot(path=tmp_path / f"fallback-{width}.png", full_page=True)
    for name, path in (("course", "/km/courses/an-toan/"), ("catalogue", "/km/courses/")):
        page.goto(page.url.partition("/km/")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("path", ["/courses/", "/courses/an-toan/", "/courses/an-toan/bai-1/", "/my/"])
def test_vietnamese_pages_fetch_no_other_font(
    window: Callable[..., Any], course: Course, enrolment: Enrolment, path: str
) -> None:
    """Though they name the other languages in their own writing."""
    into_khmer(course)
    _page, fetched = window(path, 360)
    assert [each for each in fetched if "noto" in each or "khmer" in each] == []
