"""The pages of statements in a real browser, on a phone and on a desk."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core import jobs
from people import accounts
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import BINH, QUIZ, VOIDED, about, new_id, statement, store_with
from xapi import foreign_actors
from xapi.models import ForeignActor

COURSE = {
    "id": "https://lms.example.org/c",
    "definition": {
        "type": "http://adlnet.gov/expapi/activities/course",
        "name": {"vi": "An toàn thông tin " * 6},
    },
}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (360, "dark")])
def test_pages_fit_and_have_no_barrier(live_server: Any, browser: Any, width: int, scheme: str) -> None:
    """Nothing is wider than the window, and axe finds nothing."""
    context = {"registration": new_id(), "contextActivities": {"grouping": [COURSE]}}
    result = {"success": True, "score": {"raw": 8, "max": 10}, "duration": "PT1H5M"}
    ids = store_with("all", name="Phần mềm lớp học").stored(
        statement(actor={"mbox": "mailto:mot-dia-chi-rat-dai-khong-co-cho-nao-de-xuong-dong@example.org"}),
        statement(actor=BINH, context=context, result=result),
    )
    store_with("all", name="other").stored(
        statement(actor=BINH, verb={"id": "http://x.org/said"}, object=about(ids[1]))
    )
    jobs.start(foreign_actors.GATHER, {}, by=None, title="gather")
    jobs.run_all()
    boss = accounts.create(full_name="Quản Trị", username="quan.tri", is_superuser=True)
    client = sign_in_staff(Client(), boss)
    room = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN", color_scheme=scheme)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    room.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = room.new_page()
    root = reverse("xapi_admin:statements")
    for address in (
        root,
        f"{root}?who=khong-co&what=xyz",
        f"{root}?registration=x&since=2026-03-02&until=2026-03-01&what={QUIZ['id']}&verb={VOIDED['id']}",
        reverse("xapi_admin:statement", args=[ids[1]]),
        reverse("xapi_admin:actors"),
        reverse("xapi_admin:actor", args=[ForeignActor.objects.latest("last").pk]),
    ):
        page.goto(live_server.url + address)
        assert page.locator("h1").inner_text() in {"Bản ghi học tập", "Định danh ngoài"}
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, address
        assert Axe().run(page).response["violations"] == [], address
    room.close()
