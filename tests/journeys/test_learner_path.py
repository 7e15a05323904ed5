"""A village head with a phone: sign in, learn, finish, take the certificate, be counted."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.journeys import dashboard, starter_course
from tests.journeys.phone import Phone
from tests.journeys.record_store import RecordStore, verbs
from tests.journeys.sites import CopiedSite, Prepared
from tests.journeys.starter_course import Asked

LAO_CAI = "15"
NAME = "Lò Văn Thử"
FIRST_VISIT = 60 * 1024  # bytes on the wire, without media
LATER_VISIT = 15 * 1024

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_course_to_its_end(
    scripts: bool, prepared: Prepared, copy_of: Callable[..., CopiedSite], browser: Any, tmp_path: Path
) -> None:
    """The page says it, the dashboard counts it, the record store has each step once."""
    site = copy_of(prepared)
    before = dashboard.attained(site.url, LAO_CAI, dashboard.HEADS)
    phone = Phone(browser, site.url, scripts=scripts)
    sign_in(phone, site)
    enter_course(phone)
    answered = go_through(phone)
    finish(phone)
    code = take_certificate(phone, tmp_path)
    phone.close()
    verify_as_anyone(browser, site, code)
    attained, population = wait_for_count(site, before[0] + 1)
    assert (attained, population) == (before[0] + 1, before[1])
    check_statements(site, answered)


def sign_in(phone: Phone, site: CopiedSite) -> None:
    account = site.accounts["learner"]
    phone.open("/")
    check(phone)
    phone.press("Đăng nhập", inside=phone.page.get_by_role("navigation", name="Chính"), role="link")
    check(phone)
    phone.page.get_by_label("Số điện thoại, e-mail hoặc tên đăng nhập").fill(account.username)
    phone.page.get_by_label("Mật khẩu hoặc mã PIN").fill(account.password)
    phone.press("Đăng nhập", inside=phone.page.get_by_role("main"))
    check(phone)
    phone.agree()
    assert urlsplit(phone.page.url).path == "/my/"
    assert f"Chào {NAME}" in phone.page.inner_text("h1")
    check(phone)


def enter_course(phone: Phone) -> None:
    phone.open("/courses/")
    check(phone)
    phone.press(starter_course.title(), role="link", inside=phone.page.locator("h3"))
    check(phone)
    phone.press("Vào học")
    assert urlsplit(phone.page.url).path == lesson_path(starter_course.lessons()[0].key)


def go_through(phone: Phone) -> int:
    """Every lesson, every question; the first one wrong at first. Returns how many answers were given."""
    answered = 0
    lessons = starter_course.lessons()
    check(phone)
    for number, lesson in enumerate(lessons, start=1):
        assert urlsplit(phone.page.url).path == lesson_path(lesson.key)
        for asked in lesson.questions:
            if not answered:
                answer(phone, asked, asked.wrong[:1])
                answered += 1
                assert "Chưa đúng. Hãy đọc phần giải thích rồi làm lại." in card(phone, asked).inner_text()
                check(phone)
                phone.press("Làm lại câu này", role="link", inside=card(phone, asked))
            answer(phone, asked, asked.right)
            answered += 1
            assert "Đúng rồi." in card(phone, asked).inner_text()
        if number == 1:
            check(phone)
        phone.press("Bài tiếp theo" if number < len(lessons) else "Học xong, xem kết quả")
    return answered


def answer(phone: Phone, asked: Asked, chosen: tuple[str, ...]) -> None:
    """Choose options by their words."""
    form = phone.page.locator("form").filter(has=phone.page.get_by_role("group", name=asked.text, exact=True))
    for text in chosen:
        form.get_by_label(text, exact=True).check()
    phone.press("Trả lời", inside=form)


def card(phone: Phone, asked: Asked) -> Any:
    """The question on the page."""
    return phone.page.locator("section.card").filter(has_text=asked.text)


def finish(phone: Phone) -> None:
    assert phone.page.inner_text("h1") == "Chúc mừng ông, bà đã học xong khóa học"
    assert re.search(r"\b100(,0)?\s%", phone.page.inner_text("main"))
    check(phone)
    phone.press("Lấy giấy chứng nhận", role="link")


def take_certificate(phone: Phone, folder: Path) -> str:
    """Reload /my/ until it is there, download it; the code."""
    link = phone.page.get_by_role("link", name="Tải giấy chứng nhận")
    deadline = time.monotonic() + 60
    while not link.count():
        assert time.monotonic() < deadline, phone.page.inner_text("main")
        time.sleep(0.5)
        phone.page.reload()
    phone.look()
    check(phone)
    code = urlsplit(link.get_attribute("href")).path.removeprefix("/certificates/").removesuffix(".pdf")
    with phone.page.expect_download() as coming:
        link.tap()
    file = folder / "giay-chung-nhan.pdf"
    coming.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")
    words = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert NAME in words
    assert starter_course.title() in words
    assert code in words
    return code


def verify_as_anyone(browser: Any, site: CopiedSite, code: str) -> None:
    """Someone else, not signed in, types the code in small letters."""
    phone = Phone(browser, site.url)
    phone.open("/certificates/")
    check(phone)
    phone.page.get_by_label("Mã in trên giấy chứng nhận").fill(f"{code[:4]} {code[4:8]} {code[8:]}".lower())
    phone.press("Xác minh")
    assert urlsplit(phone.page.url).path == f"/certificates/{code}/"
    said = phone.page.inner_text("main")
    assert "Giấy chứng nhận này có thật và đang có hiệu lực." in said
    assert NAME in said
    assert starter_course.title() in said
    check(phone)
    for path in ("/targets/", f"/targets/{LAO_CAI}/", "/search/?q=dan+toc", "/library/"):
        phone.open(path)
        check(phone)
    phone.open("/search/?q=cong+tac+dan+toc&kind=record")
    with phone.page.expect_navigation():
        phone.page.locator(".hit h3 a").first.tap()
    phone.look()
    assert urlsplit(phone.page.url).path.startswith("/library/records/")
    check(phone)
    phone.close()


def wait_for_count(site: CopiedSite, wanted: int) -> tuple[int, int]:
    """The count once every queue is empty; by then it has settled."""
    site.wait_until_drained()
    deadline = time.monotonic() + 30
    while (count := dashboard.attained(site.url, LAO_CAI, dashboard.HEADS))[0] != wanted:
        assert time.monotonic() < deadline, count
        time.sleep(0.5)
    return count


def check_statements(site: CopiedSite, answered: int) -> None:
    """Each step is one statement, of this registration, of an actor without personal data."""
    store = RecordStore(site)
    base = site.environment["ID_BASE"]
    course = f"{base}/activities/courses/{starter_course.KEY}"
    completed = "http://adlnet.gov/expapi/verbs/completed"
    newest = store.statements(verb=completed, activity=course, limit="1")[0]
    registration = newest["context"]["registration"]
    statements = store.statements(registration=registration)
    assert {verb: number for verb, number in verbs(statements).items() if verb != "terminated"} == {
        "initialized": 1,
        "answered": answered,
        "experienced": len(starter_course.lessons()),
        "completed": 1,
        "passed": 1,
    }
    assert len({each["id"] for each in statements}) == len(statements)
    assert {each["context"]["registration"] for each in statements} == {registration}
    [uuid] = {each["actor"]["account"]["name"] for each in statements}
    actor = {"objectType": "Agent", "account": {"homePage": base, "name": uuid}}
    assert all(each["actor"] == actor for each in statements)
    assert site.rows("SELECT full_name FROM people_user WHERE uuid = ?", uuid.replace("-", "")) == [(NAME,)] or (
        site.rows("SELECT full_name FROM people_user WHERE uuid = ?", uuid) == [(NAME,)]
    )


def test_weight_of_lessons(running: CopiedSite, browser: Any) -> None:
    """At most 60 KB on the wire at the first visit without media, 15 KB later; counted for every lesson."""
    phone = Phone(browser, running.url)
    sign_in(phone, running)
    enter_course(phone)
    first, later = {}, {}
    for lesson in starter_course.lessons():
        phone.wire.forget_cache()
        first[lesson.key] = phone.wire.weigh(phone.page, running.url + lesson_path(lesson.key))
    for lesson in starter_course.lessons():
        later[lesson.key] = phone.wire.weigh(phone.page, running.url + lesson_path(lesson.key))
    phone.close()
    print(f"first visit: {max(first.values())} bytes at most; later: {max(later.values())}")
    assert {key: size for key, size in first.items() if not 2000 < size <= FIRST_VISIT} == {}
    assert {key: size for key, size in later.items() if not 1000 < size <= LATER_VISIT} == {}


def test_pages_without_sign_in(running: CopiedSite) -> None:
    """A lesson is for who is enrolled: sign-in comes first, and leads back."""
    path = lesson_path(starter_course.lessons()[0].key)
    answer = requests.get(running.url + path, allow_redirects=False, timeout=30)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={path}")


def check(phone: Phone) -> None:
    """Accessibility, once, where scripts run: axe is one."""
    if phone.scripts:
        phone.check_accessibility()


def lesson_path(key: str) -> str:
    return f"/courses/{starter_course.KEY}/{key}/"
