"""The dashboard cut by how places are classed, and the form of a population, on a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.targets.test_cuts import (
    classed,  # noqa: F401 - a fixture
    sign_in_manager,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def test_anyone_cuts_the_figures_and_goes_on_in_the_cut(live_server: Any, phone: Any, classed: Any) -> None:  # noqa: F811
    """Chosen from a list; the units below keep to it; all is whole on the screen and accessible."""
    page = phone.new_page()
    page.goto(f"{live_server.url}/targets/")
    page.get_by_text("Xem theo phân loại địa bàn").click()
    page.get_by_label("Phân loại địa bàn").select_option(label="Xã khu vực III")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_text("1 trên 4 người").wait_for()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        results = Axe().run(page, context="main", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert results.violations_count == 0, results.generate_report()
    page.get_by_role("link", name="Lào Cai").click()
    page.get_by_role("link", name="Bắc Hà").wait_for()
    assert page.get_by_role("link", name="Si Ma Cai").count() == 0
    with page.expect_download() as given:
        page.get_by_role("link", name="CSV").click()
    assert given.value.suggested_filename == "chi-tieu-heads-15.csv"


def test_the_form_of_a_population_is_no_wider_than_the_phone(live_server: Any, phone: Any, classed: Any) -> None:  # noqa: F811
    """The names of targets are long."""
    client = Client()
    sign_in_manager(client, classed["15"])
    phone.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = phone.new_page()
    page.goto(f"{live_server.url}/admin/populations/new/")
    field = page.locator("#id_target").bounding_box()
    assert field["x"] + field["width"] <= 360
    page.get_by_role("button", name="Chọn địa bàn").click()
    page.get_by_role("link", name="Bắc Hà").wait_for()
    assert page.get_by_role("link", name="Kim Bôi").count() == 0
