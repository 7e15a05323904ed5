"""A lesson on a phone in Chromium: listening, the place that is kept, paper, comfort, accessibility."""

import shutil
import subprocess
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from core import outbox
from lms import courses, places
from lms.enrolment import enrol
from lms.models import Enrolment, LessonPage
from people import accounts
from people.models import User
from tests.lms.conftest import COURSE, plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LESSON = "/courses/an-toan/bai-1/"
# A device with these voices, which says a sentence as soon as it is told to; what it said stands in `said`.
VOICES = """
window.said = [];
const voices = LANGUAGES.map((lang) => ({ lang, name: lang, localService: true }));
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices, addEventListener() {}, cancel() {},
  speak(words) {
    said.push([words.voice.lang, words.text]);
    if (said.length < MOST) setTimeout(() => words.onend(), 5);
  },
} });
"""


@pytest.fixture
def enrolment(transactional_db: None) -> Enrolment:
    """The learner in the course whose first lesson is long enough to scroll."""
    plant()
    lessons = [dict(each) for each in COURSE["lessons"]]
    words = "Giữ điện thoại như giữ chìa khóa nhà. " * 12
    more = [{"type": "text", "html": f"<p>Đoạn {n}. {words}</p>"} for n in range(6)]
    lessons[0]["blocks"] = [*lessons[0]["blocks"][:2], *more, *lessons[0]["blocks"][2:]]
    made = courses.publish_course(**(COURSE | {"lessons": lessons}))
    outbox.drain_all()
    learner = accounts.create(full_name="Giàng A Páo", username="pao", password="mat-khau-cua-pao")
    return enrol(learner=learner, course=made)


@pytest.fixture
def phone(chromium: Any, live_server: Any, enrolment: Enrolment) -> Any:
    """The learner is signed in on it."""
    sign_in(chromium, live_server.url, enrolment.learner)
    return chromium


def sign_in(page: Any, url: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


def voices(page: Any, *languages: str, most: int = 1000) -> None:
    page.add_init_script(VOICES.replace("LANGUAGES", str(list(languages))).replace("MOST", str(most)))


@pytest.mark.parametrize("languages", [(), ("en-US",), ("zh-CN", "en_GB")])
def test_no_voice_for_the_language_no_button(phone: Any, live_server: Any, languages: tuple[str, ...]) -> None:
    voices(phone, *languages)
    phone.goto(live_server.url + LESSON)
    phone.get_by_role("heading", name="Giữ máy").wait_for()
    assert phone.get_by_role("button", name="Nghe bài").count() == 0


def test_the_lesson_is_read_aloud_in_order(phone: Any, live_server: Any) -> None:
    """By the voice of its language, text by text, questions left out; then the button is as before."""
    voices(phone, "en-US", "vi_VN")
    phone.goto(live_server.url + LESSON)
    phone.get_by_role("button", name="Nghe bài").click()
    phone.wait_for_function("() => said.length >= 6 + 6 * 12")
    phone.get_by_role("button", name="Nghe bài").wait_for()
    said = phone.evaluate("said")
    assert {language for language, _text in said} == {"vi_VN"}
    assert [text for _language, text in said[:6]] == [
        "Khóa máy",
        "Đặt mã số.",
        "Điều cần nhớ",
        "Khóa màn hình trước đã.",
        "Đoạn 0.",
        "Giữ điện thoại như giữ chìa khóa nhà.",
    ]
    assert not any("Mã nào khó đoán" in text for _language, text in said)
    assert phone.locator(".speaking").count() == 0


def test_listening_is_paused_gone_on_with_and_stopped(phone: Any, live_server: Any) -> None:
    """The part that is being said is marked; going on begins its sentence anew."""
    voices(phone, "vi-VN", most=2)
    phone.goto(live_server.url + LESSON)
    phone.get_by_role("button", name="Nghe bài").click()
    phone.wait_for_function("() => said.length == 2")
    assert phone.locator(".speaking").inner_text().startswith("Khóa máy")
    phone.get_by_role("button", name="Tạm dừng").click()
    phone.get_by_role("button", name="Nghe tiếp").click()
    phone.wait_for_function("() => said.length == 3")
    assert [text for _language, text in phone.evaluate("said")] == ["Khóa máy", "Đặt mã số.", "Đặt mã số."]
    phone.get_by_role("button", name="Dừng", exact=True).click()
    phone.get_by_role("button", name="Nghe bài").wait_for()
    assert phone.locator(".speaking").count() == 0


def test_leaving_keeps_the_place(phone: Any, live_server: Any, enrolment: Enrolment) -> None:
    """By the script, without any credential in the page; the next visit offers it."""
    blocks = [f"b-{block.id}" for block in LessonPage.objects.get(slug="bai-1").body]
    phone.goto(live_server.url + LESSON)
    phone.evaluate(f"document.getElementById('{blocks[4]}').scrollIntoView({{behavior: 'instant'}})")
    with phone.expect_response("**/place/") as kept:
        phone.wait_for_timeout(50)
        phone.evaluate("dispatchEvent(new Event('pagehide'))")
    assert kept.value.status == 204
    lesson = enrolment.course.lessons.get(key="bai-1")
    place = places.find(enrolment, lesson)
    assert place in blocks[4:6]
    phone.goto(live_server.url + LESSON)
    phone.get_by_role("link", name="Đọc tiếp chỗ đang dở").click()
    assert phone.url.endswith(f"#{place}")
    phone.wait_for_function(f"() => Math.abs(document.getElementById('{place}').getBoundingClientRect().top) < 40")


def test_pages_fit_a_phone_and_pass_axe(phone: Any, live_server: Any) -> None:
    """In the usual look, and with the largest text in each colour."""
    paths = (
        "/courses/",
        "/courses/an-toan/",
        LESSON,
        f"{LESSON}?print",
        "/my/",
        "/my/notes/",
        "/my/transcript/",
        "/display/",
    )
    looks = ("..", "larger.dark.", "larger.contrast.less")
    for look in looks:
        phone.context.add_cookies([{"name": "nhasan_comfort", "value": look, "url": live_server.url}])
        for path in paths:
            phone.goto(live_server.url + path)
            assert phone.evaluate("document.documentElement.scrollWidth") == 360, (look, path)
            found = Axe().run(phone)
            assert found.violations_count == 0, f"{look} {path}\n{found.generate_report()}"


def test_everything_by_keyboard_alone(phone: Any, live_server: Any) -> None:
    """Skip link first, then the page in its order, each with a ring around it; a note is written and sent."""
    phone.goto(live_server.url + LESSON)
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    phone.keyboard.press("Enter")
    for _press in range(60):
        phone.keyboard.press("Tab")
        style = phone.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
        words = phone.evaluate("document.activeElement.textContent")
        if words == "Ghi chú của tôi":
            break
    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    phone.keyboard.type("Bàn phím")
    phone.keyboard.press("Tab")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.locator("#note").input_value() == "Bàn phím"


def test_less_movement_where_the_reader_or_the_device_wants_it(phone: Any, live_server: Any) -> None:
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    phone.goto(live_server.url + "/display/")
    assert phone.evaluate(behaviour) == "smooth"
    phone.get_by_label("Bớt chuyển động trên màn hình").check()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Dùng như vậy trên máy này").click()
    assert phone.evaluate(behaviour) == "auto"
    phone.context.clear_cookies(name="nhasan_comfort")
    phone.emulate_media(reduced_motion="reduce")
    phone.goto(live_server.url + "/display/")
    assert phone.evaluate(behaviour) == "auto"
    phone.emulate_media(contrast="more")
    assert phone.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext: apt-get install poppler-utils")
def test_on_paper(phone: Any, live_server: Any) -> None:
    """Every word of the lesson and its address, no menu, no button."""
    phone.goto(f"{live_server.url}{LESSON}?print")
    data = phone.pdf(format="A4")
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    for said in ("Giữ máy", "Bài 1 trên 3", "Khóa màn hình trước đã.", "Đoạn 5.", "Mã nào khó đoán?", "Số tự nghĩ ra"):
        assert said in text
    assert f"{live_server.url}{LESSON}" in text.replace("\n", "")
    for absent in ("Đăng xuất", "Trả lời", "Bài tiếp theo", "Thư viện", "Ai cũng thử trước", "Bản để in"):
        assert absent not in text
