"""Quizzes on a phone of 360 pixels, with Chromium: with JavaScript and without."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Locale, Page, Site

from lms.enrolment import enrol
from lms.models import Enrolment, QuizAttempt, QuizQueue
from people import accounts
from tests.lms.all_kinds import QUESTIONS, told
from tests.lms.quizzes import LESSON_URL, SECRETS, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KINDS = [
    each | {"key": each["kind"].replace("_", "-")} for each in QUESTIONS if each["kind"] not in {"written", "upload"}
]
Open = Callable[..., Any]


@pytest.fixture
def enrolled(transactional_db: None) -> Callable[..., Enrolment]:
    """A learner in a course with a quiz of these rules."""

    if not Page.objects.exists():  # tests with real transactions before this one left no pages
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        home = Page.add_root(title="Root", slug="root").add_child(instance=Page(title="Nhà Sàn", slug="nha-san"))
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)

    def make(**rules: Any) -> Enrolment:
        person = accounts.create(full_name="Giàng A Páo", username="pao")
        return enrol(learner=person, course=publish(**rules))

    return make


@pytest.fixture
def device(live_server: Any, browser: Any) -> Iterator[Open]:
    """Opens the lesson as the learner, on a device of its own."""
    contexts = []

    def open_lesson(enrolment: Enrolment, *, scripts: bool = True, width: int = 360) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 740}, locale="vi-VN", java_script_enabled=scripts
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        sign_in(context, live_server.url, enrolment)
        page = context.new_page()
        page.goto(live_server.url + LESSON_URL)
        return page

    yield open_lesson
    for context in contexts:
        context.close()


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def card(page: Any, text: str) -> Any:
    return page.locator("section.card").filter(has_text=text)


def kept(what: Callable[[dict[str, Any]], bool]) -> bool:
    return what(QuizAttempt.objects.get().drafts)


def on_device(page: Any) -> list[dict[str, Any]]:
    """What the device keeps, the earliest first."""
    return page.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith("kept:"))
          .map((key) => JSON.parse(localStorage.getItem(key))).sort((one, other) => one.at < other.at ? -1 : 1)"""
    )


def is_draft(route: Any) -> bool:
    return "do=draft" in (route.request.post_data or "")


def sign_in(context: Any, url: str, enrolment: Enrolment) -> None:
    client = Client()
    client.force_login(enrolment.learner)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


def wait_until(page: Any, holds: Callable[[], bool]) -> None:
    """Give the browser's own work its time."""
    for _step in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("scripts", [True, False])
def test_every_kind_is_taken_kept_resumed_and_reviewed(
    enrolled: Callable[..., Enrolment], device: Open, scripts: bool
) -> None:
    """Wrong at first; on another device the rest; the second attempt is right."""
    enrolment = enrolled(questions=KINDS, draws=[], shuffle=False)
    page = device(enrolment, scripts=scripts)
    press(page, "Bắt đầu làm bài")
    card(page, "Mã nào khó đoán?").get_by_label("123456").check()
    card(page, "Tỉnh Hòa Bình").get_by_role("textbox").fill("phú thọ")
    press(page, "Lưu lại")
    assert page.get_by_text("Đã lưu lúc").is_visible()

    other = device(enrolment, scripts=scripts)
    with other.expect_navigation():
        other.get_by_role("link", name="Làm tiếp").click()
    assert card(other, "Mã nào khó đoán?").get_by_label("123456").is_checked()
    assert card(other, "Tỉnh Hòa Bình").get_by_role("textbox").input_value() == "phú thọ"
    card(other, "Ngân hàng có thể hỏi").get_by_label("Sai", exact=True).check()
    press(other, "Nộp bài")
    assert other.get_by_text("Còn 5 câu chưa trả lời xong").is_visible()
    assert other.locator("#unanswered a").all_inner_texts() == ["câu 2", "câu 4", "câu 5", "câu 7", "câu 8"]
    press(other, "Nộp bài")
    assert other.get_by_role("heading", name="Lần này ông, bà chưa đạt").is_visible()
    assert other.get_by_text("Ai cũng thử trước.").is_visible()
    assert other.get_by_text("Đúng rồi.").count() == 2

    press(other, "Làm lại bài kiểm tra")
    fill_all_right(other)
    press(other, "Nộp bài")
    assert other.get_by_role("heading", name="Ông, bà đã đạt").is_visible()
    assert other.get_by_text("Đúng rồi.").count() == 7
    with other.expect_navigation():
        other.get_by_role("link", name="Về bài học").click()
    assert other.get_by_role("link", name="Xem lại lần 1").is_visible()
    assert [str(score) for score in QuizAttempt.objects.values_list("score", flat=True)] == ["0.2857", "1.0000"]


def fill_all_right(page: Any) -> None:
    card(page, "Mã nào khó đoán?").get_by_label("Số tự nghĩ ra").check()
    card(page, "Mất máy thì làm gì?").get_by_label("Khóa sim").check()
    card(page, "Mất máy thì làm gì?").get_by_label("Khóa tài khoản").check()
    card(page, "Ngân hàng có thể hỏi").get_by_label("Sai", exact=True).check()
    for left, right in (("Mông", "khèn"), ("Chăm", "trống ghi-năng"), ("Tày", "đàn tính")):
        card(page, "Nhạc cụ nào").get_by_label(left).select_option(label=right)
    steps = ["Chụp ảnh nơi đủ sáng", "Ghi giá và nơi giao", "Đăng lên", "Trả lời người hỏi mua"]
    for place, step in enumerate(steps, start=1):
        card(page, "Bán một món hàng").get_by_label(step).select_option(str(place))
    card(page, "Tỉnh Hòa Bình").get_by_role("textbox").fill("Phú Thọ")
    card(page, "Bán 12 kg miến").get_by_role("textbox").fill("540,0")
    card(page, "Bài học này dễ hiểu").get_by_label("4", exact=True).check()


def test_answers_are_saved_as_they_are_given(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """Without a press; and none of the answers told to the script is a key."""
    page = device(enrolled(draws=[], shuffle=False))
    bodies: list[str] = []
    page.on("response", lambda response: bodies.append(response.text()) if response.status < 300 else None)
    press(page, "Bắt đầu làm bài")
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Các câu trả lời đã được lưu.").wait_for()
    assert kept(lambda drafts: drafts == {"an-toan-dau": {"option": ["b"]}})
    card(page, "12 kg").get_by_role("textbox").fill("54")
    wait_until(page, lambda: kept(lambda drafts: drafts.get("an-toan-so") == {"text": ["54"]}))
    assert bodies
    assert told("".join(bodies), SECRETS) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_two_devices_at_one_attempt_take_nothing_from_each_other(
    enrolled: Callable[..., Enrolment], device: Open, *, scripts: bool
) -> None:
    """The phone's page is from before the computer's answers; what was changed back on it is changed back."""
    own = enrolled(draws=[], shuffle=False)
    phone, computer = device(own, scripts=scripts), device(own, scripts=scripts, width=1280)
    press(phone, "Bắt đầu làm bài")
    card(phone, "Mã nào khó đoán?").get_by_label("Sai dau").check()
    press(phone, "Lưu lại")
    press(computer, "Bắt đầu làm bài")
    card(computer, "12 kg").get_by_role("textbox").fill("540")
    press(computer, "Lưu lại")
    for option in ("Đúng dau", "Sai dau"):
        card(phone, "Mã nào khó đoán?").get_by_label(option).check()
    press(phone, "Nộp bài")
    assert kept(lambda drafts: drafts == {"an-toan-dau": {"option": ["a"]}, "an-toan-so": {"text": ["540"]}})
    assert phone.get_by_role("heading", name="Ông, bà chưa đạt").is_visible()


def test_without_network_answers_wait_on_the_device(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """Handing in is put off with a word; the answers go by themselves when there is network again."""
    page = device(enrolled(draws=[], shuffle=False))
    press(page, "Bắt đầu làm bài")
    page.context.set_offline(True)
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Chưa có mạng: câu trả lời đang được giữ").wait_for()
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_text("Chưa có mạng nên chưa nộp được.").wait_for()
    assert kept(lambda drafts: drafts == {})
    page.context.set_offline(False)
    page.get_by_text("Các câu trả lời đã được lưu.").wait_for()
    assert kept(lambda drafts: drafts == {"an-toan-dau": {"option": ["b"]}})
    card(page, "12 kg").get_by_role("textbox").fill("540")
    press(page, "Nộp bài")
    assert page.get_by_role("heading", name="Ông, bà đã đạt").is_visible()
    wait_until(page, lambda: on_device(page) == [])


def test_answers_kept_on_the_device_outlive_a_reload(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """The site was away; the page opened again shows what was chosen, and sends it."""
    page = device(enrolled(draws=[], shuffle=False))
    press(page, "Bắt đầu làm bài")
    page.route("**/quiz/1/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    card(page, "Mã nào khó đoán?").get_by_label("Sai dau").check()
    page.get_by_text("Chưa có mạng: câu trả lời đang được giữ").wait_for()
    page.reload()
    assert card(page, "Mã nào khó đoán?").get_by_label("Sai dau").is_checked()
    page.unroute("**/quiz/1/")
    page.reload()
    page.get_by_text("Các câu trả lời đã được lưu.").wait_for()
    assert kept(lambda drafts: drafts == {"an-toan-dau": {"option": ["a"]}})


def test_answers_kept_on_the_device_are_sent_once_after_a_restart(
    enrolled: Callable[..., Enrolment], device: Open, live_server: Any
) -> None:
    """From any page; only the last answer to each question, with an event and a time of its own."""
    page = device(enrolled(draws=[], shuffle=False))
    context = page.context
    press(page, "Bắt đầu làm bài")
    context.route("**/quiz/1/", lambda route: route.abort() if is_draft(route) else route.continue_())
    card(page, "Mã nào khó đoán?").get_by_label("Sai dau").check()
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    card(page, "12 kg").get_by_role("textbox").fill("540")
    wait_until(page, lambda: len(on_device(page)) == 2)
    said = on_device(page)
    page.close()
    context.unroute("**/quiz/1/")
    page = context.new_page()
    sent = []
    page.on("request", lambda found: sent.append(parse_qs(found.post_data)) if found.url.endswith("/quiz/1/") else None)
    page.goto(f"{live_server.url}/my/")
    wait_until(page, lambda: on_device(page) == [])
    assert kept(lambda drafts: drafts == {"an-toan-dau": {"option": ["b"]}, "an-toan-so": {"text": ["540"]}})
    assert [each["event"] + each["at"] for each in sent] == [[item["event"], item["at"]] for item in said]
    page.goto(live_server.url + LESSON_URL)
    page.wait_for_load_state("networkidle")
    assert len(sent) == 2


def test_a_lost_answer_to_a_draft_changes_nothing(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """The site has it, the device does not know: it is sent again and is the same, also after handing in."""
    page = device(enrolled(draws=[], shuffle=False))
    press(page, "Bắt đầu làm bài")
    lost = []

    def lose_the_answer(route: Any) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/quiz/1/", lambda route: lose_the_answer(route) if is_draft(route) else route.continue_())
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Chưa có mạng: câu trả lời đang được giữ").wait_for()
    assert lost == [200]
    assert kept(lambda drafts: drafts == {"an-toan-dau": {"option": ["b"]}})
    press(page, "Nộp bài")
    press(page, "Nộp bài")
    assert len(on_device(page)) == 1
    page.unroute("**/quiz/1/")
    page.reload()
    wait_until(page, lambda: on_device(page) == [])
    assert page.locator("#kept").is_hidden()


def test_the_time_passes_without_network(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """What came in time counts; what did not is named and stays on the device until the learner drops it."""
    page = device(enrolled(draws=[], shuffle=False, minutes=15))
    press(page, "Bắt đầu làm bài")
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Các câu trả lời đã được lưu.").wait_for()
    page.context.set_offline(True)
    card(page, "12 kg").get_by_role("textbox").fill("540")
    wait_until(page, lambda: len(on_device(page)) == 1)
    QuizAttempt.objects.update(deadline=timezone.now() - timedelta(minutes=5))
    page.context.set_offline(False)
    page.get_by_role("heading", name="Lần này ông, bà chưa đạt").wait_for()
    told = "Lần làm này đã nộp rồi nên câu trả lời còn giữ trên máy này không được nhận. Câu 2 trên 2"
    expect(page.locator("#kept").get_by_text(told)).to_be_in_viewport()
    assert str(QuizAttempt.objects.get().score) == "0.5000"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert ["an-toan-so:text", "540"] in on_device(page)[0]["body"]
    page.get_by_role("button", name="Bỏ các câu trả lời không được nhận").click()
    wait_until(page, lambda: on_device(page) == [])


def test_another_person_on_the_phone_neither_sees_nor_sends_them(
    enrolled: Callable[..., Enrolment], device: Open, live_server: Any
) -> None:
    """Who takes the same quiz on the same phone; the owner's next visit sends them."""
    enrolment = enrolled(draws=[], shuffle=False)
    page = device(enrolment)
    press(page, "Bắt đầu làm bài")
    page.context.route("**/quiz/1/", lambda route: route.abort() if is_draft(route) else route.continue_())
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Chưa có mạng: câu trả lời đang được giữ").wait_for()
    page.goto("about:blank")
    other = enrol(learner=accounts.create(full_name="Giàng Thị Mỷ", username="my"), course=enrolment.course)
    sign_in(page.context, live_server.url, other)
    page.context.unroute("**/quiz/1/")
    page.goto(live_server.url + LESSON_URL)
    press(page, "Bắt đầu làm bài")
    assert not card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").is_checked()
    page.wait_for_load_state("networkidle")
    assert list(QuizAttempt.objects.values_list("drafts", flat=True)) == [{}, {}]
    page.goto("about:blank")
    sign_in(page.context, live_server.url, enrolment)
    page.goto(f"{live_server.url}/my/")
    wait_until(page, lambda: on_device(page) == [])
    assert QuizAttempt.objects.get(enrolment=enrolment).drafts == {"an-toan-dau": {"option": ["b"]}}
    assert QuizAttempt.objects.get(enrolment=other).drafts == {}


def test_the_time_left_is_shown_and_ends_the_attempt(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """The last seconds: what was kept is handed in without a press."""
    page = device(enrolled(draws=[], shuffle=False, minutes=15))
    press(page, "Bắt đầu làm bài")
    assert page.locator("#clock").inner_text() == "Còn 15 phút."
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Các câu trả lời đã được lưu.").wait_for()
    now = timezone.now()
    QuizAttempt.objects.update(started_at=now - timedelta(minutes=15), deadline=now + timedelta(seconds=3))
    page.reload()
    page.get_by_role("heading", name="Lần này ông, bà chưa đạt").wait_for()
    attempt = QuizAttempt.objects.get()
    assert (str(attempt.score), attempt.submitted_at) == ("0.5000", attempt.deadline)


def test_a_phone_that_slept_shows_the_time_that_is_left(enrolled: Callable[..., Enrolment], device: Open) -> None:
    page = device(enrolled(draws=[], shuffle=False, minutes=15))
    press(page, "Bắt đầu làm bài")
    assert page.locator("#clock").inner_text() == "Còn 15 phút."
    now = timezone.now()
    QuizAttempt.objects.update(started_at=now - timedelta(minutes=13), deadline=now + timedelta(seconds=130))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#clock")).to_have_text("Còn 3 phút.")


def test_the_time_ends_without_network(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """Nothing more can be answered, the page says why, and hands in when the network is back."""
    page = device(enrolled(draws=[], shuffle=False, minutes=15))
    press(page, "Bắt đầu làm bài")
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    page.get_by_text("Các câu trả lời đã được lưu.").wait_for()
    now = timezone.now()
    QuizAttempt.objects.update(started_at=now - timedelta(minutes=15), deadline=now + timedelta(seconds=4))
    page.reload()
    page.context.set_offline(True)
    expect(page.locator("#keeping")).to_contain_text("Đã hết giờ làm bài mà chưa có mạng.")
    assert card(page, "Mã nào khó đoán?").evaluate("(each) => each.inert")
    assert QuizAttempt.objects.get().is_open
    page.context.set_offline(False)
    page.get_by_role("heading", name="Lần này ông, bà chưa đạt").wait_for()
    assert str(QuizAttempt.objects.get().score) == "0.5000"


def test_late_without_scripts(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """A kind word and a button; what was kept counts."""
    page = device(enrolled(draws=[], shuffle=False, minutes=15), scripts=False)
    press(page, "Bắt đầu làm bài")
    assert page.get_by_text("Nộp bài trước").is_visible()
    card(page, "Mã nào khó đoán?").get_by_label("Đúng dau").check()
    press(page, "Lưu lại")
    QuizAttempt.objects.update(deadline=timezone.now() - timedelta(minutes=5))
    QuizQueue.objects.all().delete()
    card(page, "12 kg").get_by_role("textbox").fill("540")
    press(page, "Nộp bài")
    assert page.get_by_text("câu trả lời gửi sau giờ không được nhận").is_visible()
    assert str(QuizAttempt.objects.get().score) == "0.5000"


def test_pages_pass_axe(enrolled: Callable[..., Enrolment], device: Open) -> None:
    """The card, the form with what is missing, the result with its review, the history."""
    page = device(enrolled(questions=KINDS, draws=[], shuffle=False, minutes=30, attempts=3))
    found = [Axe().run(page).response["violations"]]
    press(page, "Bắt đầu làm bài")
    press(page, "Nộp bài")
    found.append(Axe().run(page).response["violations"])
    press(page, "Nộp bài")
    found.append(Axe().run(page).response["violations"])
    with page.expect_navigation():
        page.get_by_role("link", name="Về bài học").click()
    found.append(Axe().run(page).response["violations"])
    assert found == [[], [], [], []]
