"""Where people of old units are counted, before and after somebody says where they belong."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from core import outbox
from lms.models import Course, Enrolment
from people import accounts, roles, settling
from people.models import AudienceMembership, Household, ManagerAssignment, Representation, Unit, User
from targets import attainment, decision, figures
from targets.models import Attainment, Target, TargetCourse
from tests.people.conftest import (
    land,  # noqa: F401 - a fixture
    person,
)
from tests.people.signing_in import sign_in_staff

DAY = date(2026, 6, 1)


def learned(name: str, unit: Unit, course: Course) -> User:
    """A village head who completed the course."""
    user = person(name, unit=unit)
    AudienceMembership.objects.create(person=user, audience="village_heads", since=date(2026, 1, 1))
    at = datetime(2026, 3, 10, 8, tzinfo=UTC)
    Enrolment.objects.create(
        learner=user, course=course, enrolled_at=at, enrolled_by=user.uuid, status="completed", completed_at=at
    )
    return user


@pytest.fixture
def world(land: SimpleNamespace) -> SimpleNamespace:  # noqa: F811
    """One of a merged commune, one of a split one, one known by district only; all of them trained."""
    decision.ensure_targets()
    course = Course.objects.create(key="an-toan", title="An toàn", hours=1, published=True)
    for target in Target.objects.all():
        TargetCourse.objects.create(target=target, course=course, since=date(2026, 1, 1))
    made = SimpleNamespace(
        land=land,
        merged=learned("sung.merged", land.la_pan_tan, course),
        split=learned("giang.split", land.cao_pha, course),
        district=learned("vang.district", land.mu_cang_chai, course),
    )
    attainment.refresh([str(user.uuid) for user in (made.merged, made.split, made.district)])
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    made.manager = manager
    return made


def trained(unit: Unit) -> int:
    return figures.of_unit(Target.objects.get(key="heads"), unit, DAY).outside


@pytest.mark.django_db
def test_settling_moves_what_was_attained(world: SimpleNamespace) -> None:
    land = world.land  # noqa: F811
    assert [trained(unit) for unit in (land.lao_cai, land.pung_luong, land.tu_le)] == [3, 1, 0]
    settling.settle(kind="people", keys=[world.split.pk], to=land.tu_le, by=world.manager)
    outbox.drain_all()
    assert [trained(unit) for unit in (land.lao_cai, land.pung_luong, land.tu_le)] == [3, 1, 1]
    list(settling.settle_all(kind="people", old=land.mu_cang_chai, to=land.pung_luong, by=world.manager))
    outbox.drain_all()
    assert [trained(unit) for unit in (land.lao_cai, land.pung_luong, land.tu_le)] == [3, 2, 1]


@pytest.mark.django_db
def test_a_household_takes_its_attainment_with_it(world: SimpleNamespace) -> None:
    land = world.land  # noqa: F811
    home = Household.objects.create(name="Hộ", unit=land.cao_pha, ethnic_minority=True, since=date(2026, 1, 1))
    Representation.objects.create(person=world.merged, household=home, since=date(2026, 1, 1))
    outbox.drain_all()
    of_home = Attainment.objects.filter(subject=home.uuid)
    assert of_home.get().unit == land.cao_pha
    settling.settle(kind="households", keys=[home.pk], to=land.tu_le, by=world.manager)
    outbox.drain_all()
    assert of_home.get().unit == land.tu_le


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_manager_settles_people_of_old_units(live_server: Any, browser: Any, world: SimpleNamespace) -> None:
    """On a phone: the merged commune's person counts in its successor at once; the other two wait, then are settled."""
    land = world.land  # noqa: F811
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", has_touch=True)
    session = sign_in_staff(Client(), world.manager).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.set_default_timeout(15_000)
    page = context.new_page()

    def count(unit: Unit) -> str:
        page.goto(live_server.url + reverse("targets:unit", args=[unit.code]))
        return str(page.locator(".card", has_text="Trưởng thôn").first.locator("p.soft").first.inner_text())

    assert count(land.pung_luong).startswith("1 người")
    assert count(land.tu_le).startswith("0 người")
    assert count(land.lao_cai).startswith("3 người")

    page.goto(live_server.url + reverse("people_settling:index"))
    table = page.locator("table.listing").inner_text()
    assert "Xã Cao Phạ" in table
    assert "Huyện Mù Cang Chải" in table
    assert "La Pán Tẩn" not in table
    _is_fit(page)

    page.get_by_role("link", name="Xã Cao Phạ").click()
    page.get_by_label("Nay thuộc").wait_for()
    assert page.locator("select[name=to] option").all_inner_texts() == [
        "Chọn đơn vị mới", "Xã Púng Luông, Tỉnh Lào Cai", "Xã Tú Lệ, Tỉnh Lào Cai",
    ]  # fmt: skip
    _is_fit(page)
    page.get_by_label("Giang.Split").check()
    page.get_by_label("Nay thuộc").select_option(label="Xã Tú Lệ, Tỉnh Lào Cai")
    page.get_by_role("button", name="Xếp những dòng đã đánh dấu").click()
    page.get_by_text("Đã xếp 1 dòng vào Xã Tú Lệ.").wait_for()

    page.get_by_role("link", name="Huyện Mù Cang Chải").click()
    page.get_by_label("Nay thuộc").select_option(label="Xã Púng Luông, Tỉnh Lào Cai")
    page.get_by_role("button", name="Xếp tất cả 1 dòng").click()
    page.get_by_text("Không còn ai cần xếp.").wait_for()

    outbox.drain_all()
    assert count(land.pung_luong).startswith("2 người")
    assert count(land.tu_le).startswith("1 người")
    assert count(land.lao_cai).startswith("3 người")
    context.close()


def _is_fit(page: Any) -> None:
    """Nothing wider than the screen, nothing that axe objects to in our part of the page."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    results = Axe().run(page, context="main", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert results.violations_count == 0, results.generate_report()
