"""A trainer writes a course from blank through the admin, an editor approves it, a learner on a phone finishes it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.desk import Desk
from tests.journeys.phone import Phone
from tests.journeys.sites import CopiedSite, Prepared
from tests.journeys.test_class import sign_in

pytestmark = pytest.mark.browser
COURSE = "Trồng lúa nước trên ruộng bậc thang"
LESSON = "Giữ nước cho ruộng"
QUESTION = "Cây lúa cần nước nhất vào lúc nào?"


@pytest.fixture
def site(prepared: Prepared, copy_of: Callable[..., CopiedSite]) -> CopiedSite:
    """A site of its own."""
    return copy_of(prepared)


def write_question(desk: Desk) -> None:
    """A question with two options in the bank."""
    desk.open("/admin/snippets/lms/question/add/")
    desk.settle()
    desk.fill(text=QUESTION)
    answer = desk.block("answer", "Chọn một")
    options = "answer-0-value-options"
    answer.locator(".c-sf-add-button").last.click()
    desk.page.locator(f"[name='{options}-1-value-text']").wait_for()
    for number, (text, why) in enumerate([("Khi mới cấy", "Cần ít thôi."), ("Khi trổ bông", "Thiếu nước lúa lép.")]):
        desk.page.locator(f"[name='{options}-{number}-value-text']").fill(text)
        desk.page.locator(f"[name='{options}-{number}-value-why']").fill(why)
    desk.page.locator(f"[name='{options}-1-value-right']").check()
    desk.send("action-publish")


def write_course(desk: Desk) -> None:
    """The course, a section, and in it a lesson that asks the question; drafts only."""
    desk.below()
    desk.add("coursepage")
    desk.fill(title=COURSE, summary="Giữ nước, giữ đất, được mùa.", topic="Nông nghiệp", hours="2", pass_mark="100")
    desk.page.locator("input[name='audiences'][value='households']").check()
    desk.send("action-submit")
    desk.below(COURSE)
    desk.add("sectionpage")
    desk.fill(title="Nước")
    desk.send("action-submit")
    desk.below(COURSE, "Nước")
    desk.add("lessonpage")
    desk.fill(title=LESSON, minutes="8")
    desk.page.locator("[name='completion']").select_option("passed")
    desk.write(desk.block("body", "Đoạn văn"), "Đắp bờ cho kín, tháo nước từ ruộng trên xuống ruộng dưới.")
    asked = desk.block("body", "Câu hỏi")
    asked.get_by_role("button", name="Chọn").first.click()
    with desk.page.expect_response(lambda response: "/chosen/" in response.url):
        desk.page.get_by_role("dialog").get_by_role("link", name=QUESTION).click()


def approve(desk: Desk, *titles: str) -> None:
    """The editor finds each on the first page of the admin, and approves it."""
    for title in titles:
        desk.open("/admin/")
        desk.page.get_by_role("link", name=title, exact=True).first.click()
        desk.settle()
        desk.press_at_foot("button[data-workflow-action-name='approve']")


def take(phone: Phone) -> None:
    """Find and enter the course, answer wrong, then right, and go on to the end."""
    phone.open("/courses/")
    phone.press(COURSE, role="link")
    phone.press("Vào học")
    page = phone.page
    assert page.get_by_text("Đắp bờ cho kín").is_visible()
    for option, said in (("Khi mới cấy", "Chưa đúng."), ("Khi trổ bông", "Đúng rồi.")):
        page.get_by_label(option).check()
        phone.press("Trả lời")
        assert page.get_by_role("status").filter(has_text=said).is_visible()
        if said == "Chưa đúng.":
            phone.press("Làm lại câu này", role="link")
    phone.check_accessibility()
    phone.press("Học xong, xem kết quả")
    assert page.get_by_role("heading", name="Chúc mừng ông, bà đã học xong khóa học").is_visible()


def test_from_blank_to_finished(site: CopiedSite, browser: Any) -> None:
    """Written, previewed, submitted, approved, taken: the course is done only when the question is right."""
    desk = Desk(browser, site.url)
    sign_in(desk, site.accounts["trainer"], path="/admin/")
    write_question(desk)
    write_course(desk)
    desk.send("action-submit")
    desk.close()
    editor = Desk(browser, site.url)
    sign_in(editor, site.accounts["admin"], path="/admin/")
    approve(editor, COURSE, "Nước", LESSON)
    editor.close()
    site.wait_until_drained()
    phone = Phone(browser, site.url)
    sign_in(phone, site.accounts["learner"], path="/my/")
    take(phone)
    phone.close()
    stored = site.rows("SELECT status, score FROM lms_enrolment ORDER BY id DESC LIMIT 1")
    assert [(status, float(score)) for status, score in stored] == [("passed", 100.0)]
