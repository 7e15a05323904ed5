"""A trainer with a phone runs a class: attendance, once for a day without signal, synced once; a second device."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys.cable import Cable
from tests.journeys.phone import Phone
from tests.journeys.sites import CopiedSite, Prepared
from tests.site import Account

pytestmark = pytest.mark.browser
LEARNERS = ("Giàng A Páo", "Lò Thị Hoa", "Vừ Mí Sính")
MAKE_CLASS = """
from datetime import time
from django.utils import timezone
from lms import cohorts, joining, timetable
from lms.models import Course
from people import accounts
from people.models import User
today = timezone.localdate()
trainer = User.objects.get(username="{trainer}")
cohort = cohorts.create(course=Course.objects.first(), name="Lớp Hua Tạt", since=today, trainers=[trainer], by=trainer)
made = enumerate({names})
people = [accounts.create(full_name=name, username=f"hoc-{{n}}", password="mat-khau-cua-toi") for n, name in made]
joining.add(cohort, people, by=trainer)
session = timetable.add(cohort, day=today, starts=time(0, 5), ends=time(23, 55), by=trainer)[0]
print("class:", cohort.uuid, session.uuid)
"""


@pytest.fixture
def site(prepared: Prepared, copy_of: Callable[..., CopiedSite]) -> CopiedSite:
    """A site of its own."""
    return copy_of(prepared)


@pytest.fixture
def paths(site: CopiedSite) -> tuple[str, str]:
    """The class's page and its attendance of today."""
    code = MAKE_CLASS.format(trainer=site.accounts["trainer"].username, names=LEARNERS)
    said = site.manage("shell", "-v", "0", "-c", code).stdout
    cohort, session = next(line for line in said.splitlines() if line.startswith("class: ")).split()[1:]
    return f"/learn/classes/{cohort}/", f"/learn/classes/{cohort}/sessions/{session}/"


def sign_in(phone: Phone, account: Account, *, path: str) -> None:
    """By password and code; ends at the path."""
    phone.open(path)
    page = phone.page
    if path.startswith("/learn/here/"):  # the page offers two ways in
        phone.press("Đăng nhập", inside=page.get_by_role("main"), role="link")
    page.get_by_label("Số điện thoại, e-mail hoặc tên đăng nhập").fill(account.username)
    page.get_by_label("Mật khẩu hoặc mã PIN", exact=True).fill(account.password)
    phone.press("Đăng nhập", inside=page.get_by_role("main"))
    if account.totp:
        code = format_hotp_value(hotp_value(account.totp, int(time.time()) // 30))
        page.locator("input[name=code]").fill(code)
        with page.expect_navigation():
            page.locator("input[name=code]").press("Enter")
    phone.agree()
    assert urlsplit(page.url).path == path


def mark(phone: Phone, name: str, state: str) -> None:
    phone.page.get_by_role("group", name=name).get_by_role("radio", name=state, exact=True).tap()


def chosen(phone: Phone, name: str) -> str:
    return phone.page.get_by_role("group", name=name).locator("input:checked").get_attribute("value") or ""


def unsent(phone: Phone, text: str) -> None:
    phone.page.locator("#unsent", has_text=text).wait_for(state="visible")


def wait_for(phone: Phone, expression: str) -> None:
    """Until it is true in the page; the policy of our pages forbids what wait_for_function does."""
    deadline = time.monotonic() + 60
    while not phone.page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        time.sleep(0.2)


def all_sent(phone: Phone) -> None:
    wait_for(phone, "!Object.keys(localStorage).some(key => key.startsWith('mark:'))")


def marks(site: CopiedSite) -> list[tuple[Any, ...]]:
    """Learner and state of every mark kept, in order of their time."""
    return site.rows(
        "SELECT people_user.full_name, lms_mark.state FROM lms_mark"
        " JOIN people_user ON people_user.id = lms_mark.learner_id ORDER BY lms_mark.at"
    )


def holds(site: CopiedSite) -> dict[str, str]:
    return dict(
        site.rows(
            "SELECT people_user.full_name, lms_attendance.state FROM lms_attendance"
            " JOIN people_user ON people_user.id = lms_attendance.learner_id"
        )
    )


def presences(site: CopiedSite) -> int:
    return site.count("SELECT count(*) FROM xapi_statement WHERE verb LIKE '%/attended' AND NOT voided")


def kept_pages(phone: Phone) -> int:
    """How many pages of classes the phone keeps."""
    return phone.page.evaluate(
        "caches.has('classes-pages').then(has => has ? caches.open('classes-pages') : null)"
        ".then(cache => cache ? cache.keys() : []).then(keys => keys.length)"
    )


def test_a_day_without_signal(site: CopiedSite, paths: tuple[str, str], browser: Any) -> None:
    """Marked and reloaded offline, nothing lost; a second device meanwhile; sent once when the signal is back."""
    cohort, roll = paths
    cable = Cable(site.port)
    phone = Phone(browser, cable.url)
    sign_in(phone, site.accounts["trainer"], path=cohort)
    phone.check_accessibility()
    phone.page.evaluate("navigator.serviceWorker.ready")
    wait_for(phone, f"caches.match('{roll}').then(Boolean)")
    phone.open(roll)
    phone.check_accessibility()

    cable.cut()
    phone.context.set_offline(True)
    phone.page.reload()
    mark(phone, LEARNERS[0], "Có mặt")
    mark(phone, LEARNERS[1], "Vắng không phép")
    unsent(phone, "2 chưa gửi")
    phone.page.reload()
    unsent(phone, "2 chưa gửi")
    assert [chosen(phone, LEARNERS[n]) for n in (0, 1)] == ["present", "absent"]
    phone.page.goto(cable.url + cohort)  # the class's page is kept too
    unsent(phone, "2 chưa gửi")
    assert marks(site) == []

    second = Phone(browser, site.url)
    time.sleep(30 - time.time() % 30 + 0.5)  # a code works once
    sign_in(second, site.accounts["trainer"], path=roll)
    mark(second, LEARNERS[1], "Đến muộn")  # she came in: later than what the first phone says
    all_sent(second)
    assert holds(site) == {LEARNERS[1]: "late"}

    cable.mend()
    phone.context.set_offline(False)
    phone.page.goto(cable.url + roll)
    all_sent(phone)
    assert marks(site) == [(LEARNERS[0], "present"), (LEARNERS[1], "absent"), (LEARNERS[1], "late")]
    assert holds(site) == {LEARNERS[0]: "present", LEARNERS[1]: "late"}
    assert presences(site) == 2
    phone.page.reload()
    assert chosen(phone, LEARNERS[1]) == "late"
    assert presences(site) == 2
    second.close()

    assert kept_pages(phone) > 0
    phone.press("Đăng xuất")
    assert kept_pages(phone) == 0
    cable.cut()
    with pytest.raises(Exception, match="ERR_"):
        phone.page.goto(cable.url + roll)
    phone.context.close()
    cable.close()


def test_sign_in_that_ended_meanwhile_loses_nothing(site: CopiedSite, paths: tuple[str, str], browser: Any) -> None:
    """The phone says so, keeps the marks, and sends them after the trainer signed in again."""
    _cohort, roll = paths
    phone = Phone(browser, site.url)
    sign_in(phone, site.accounts["trainer"], path=roll)
    phone.page.evaluate("navigator.serviceWorker.ready")
    wait_for(phone, f"caches.match('{roll}').then(Boolean)")
    phone.context.clear_cookies(name="sessionid")
    mark(phone, LEARNERS[2], "Có mặt")
    unsent(phone, "Đã hết phiên đăng nhập. 1 chưa gửi")
    assert marks(site) == []
    time.sleep(30 - time.time() % 30 + 0.5)  # a code works once
    with phone.page.expect_navigation():
        phone.page.get_by_role("link", name="Đăng nhập lại").tap()
    account = site.accounts["trainer"]
    phone.page.get_by_label("Số điện thoại, e-mail hoặc tên đăng nhập").fill(account.username)
    phone.page.get_by_label("Mật khẩu hoặc mã PIN", exact=True).fill(account.password)
    phone.press("Đăng nhập", inside=phone.page.get_by_role("main"))
    phone.page.locator("input[name=code]").fill(format_hotp_value(hotp_value(account.totp, int(time.time()) // 30)))
    with phone.page.expect_navigation():
        phone.page.locator("input[name=code]").press("Enter")
    phone.agree()
    all_sent(phone)
    assert marks(site) == [(LEARNERS[2], "present")]
    assert urlsplit(phone.page.url).path == roll
    phone.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_screen_whose_code_changes(site: CopiedSite, paths: tuple[str, str], browser: Any, scripts: bool) -> None:
    """Another picture after its stretch; a learner who is not signed in reads it, signs in and is there."""
    _cohort, roll = paths
    wide = Phone(browser, site.url, scripts=scripts)
    sign_in(wide, site.accounts["trainer"], path=f"{roll}screen/")
    picture = wide.page.locator(".qr-box").inner_html()
    deadline = time.monotonic() + 60
    while wide.page.locator(".qr-box").inner_html() == picture:
        assert time.monotonic() < deadline, "the picture has not changed in a minute"
        time.sleep(0.5)
    code = (
        "from lms import presence_codes; from lms.models import Session;"
        f"print('code:', presence_codes.code(Session.objects.get(uuid='{roll.split('/')[-2]}')))"
    )
    said = site.manage("shell", "-v", "0", "-c", code).stdout
    shown = next(line for line in said.splitlines() if line.startswith("code: ")).split()[1]
    phone = Phone(browser, site.url, scripts=scripts)
    path = f"/learn/here/{roll.split('/')[-2]}/{shown}/"
    sign_in(phone, Account("hoc-0", "mat-khau-cua-toi"), path=path)
    phone.press("Tôi có mặt")
    assert "Đã ghi: Có mặt" in phone.page.inner_text("main") or "Đã ghi: Đến muộn" in phone.page.inner_text("main")
    assert presences(site) == 1
    phone.close()
    wide.context.close()
