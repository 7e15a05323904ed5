"""The store's admin pages in Chromium: on a phone and on a wide screen, and accessible."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people import accounts, roles
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import statement
from xapi import credentials, forwarding
from xapi.models import Credential, DeadLetter, Forwarding, Statement
from xapi.statements import record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> dict[str, int]:
    """Credentials and receivers in every state, with long names."""
    long = "Phần mềm lớp học trực tuyến của Sở Dân tộc và Tôn giáo tỉnh " * 2
    used, _secret = Credential.create(name=long, scopes=["all", "state"], counts=["so", "dien-thoai"])
    used.note_use()
    gone, _secret = Credential.create(name="Cũ", scopes=["state"], counts=[])
    credentials.revoke(gone, by=None)
    record([statement() for _ in range(3)])
    made = Forwarding(name=long, endpoint="https://lrs.example.org/" + "x" * 200, key="k", last_error="HTTP 503: " * 20)
    made.last_error_at = made.last_sent_at = timezone.now()
    made.secret = "s"
    made.save()
    forwarding.wake(made)
    Forwarding.objects.create(name="Tạm dừng", endpoint="https://x.org/", key="k", sealed_secret="x", enabled=False)
    for row in Statement.objects.all():
        DeadLetter.objects.create(
            forwarding=made, statement=row, status=400, answer='{"error": "' + "no" * 400, at=timezone.now()
        )
    return {"credential": used.pk, "forwarding": made.pk}


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_are_accessible(live_server: Any, browser: Any, world: dict[str, int], width: int) -> None:
    admin = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    client = sign_in_staff(Client(), admin)
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    for name, *arguments in (
        ("credentials",),
        ("credential", world["credential"]),
        ("forwardings",),
        ("new_forwarding",),
        ("forwarding", world["forwarding"]),
        ("refused", world["forwarding"]),
    ):
        page.goto(live_server.url + reverse(f"xapi_admin:{name}", args=arguments))
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page, context="main")
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    context.close()
