"""Lessons in Chromium: slides, what players tell, what is kept without a network, how it looks."""

import base64
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from wagtail.models import Collection, Locale, Page, Site

from core import outbox
from lms import courses
from lms.enrolment import enrol
from lms.models import Course, CoursePage, Enrolment, LessonMedia, LessonPage
from people import accounts, roles
from people.models import User
from tests.lms import every_block
from tests.lms.translating import translate
from tests.people.signing_in import sign_in_staff
from xapi.models import Statement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LESSON = "/courses/moi-khoi/bai-1/"
RECORDED = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 64; canvas.height = 48;
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const done = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  for (let n = 0; n < 12; n++) {
    pen.fillStyle = n % 2 ? "#2c3180" : "#d99a1c";
    pen.fillRect(0, 0, 64, 48);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  recorder.stop();
  await done;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""


@pytest.fixture
def page_tree(db: None) -> None:
    """What the first migrate makes and a test with real transactions empties."""
    Locale.objects.get_or_create(language_code="vi")
    if Page.get_first_root_node() is None:
        root = Page.add_root(instance=Page(title="Gốc", slug="root"))
        front = root.add_child(instance=Page(title="Nhà Sàn", slug="nha-san"))
        Site.objects.create(hostname="localhost", root_page=front, is_default_site=True)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Gốc")


@pytest.fixture
def lesson(page_tree: None, tmp_path: Path, settings: Any, browser: Any) -> Course:
    """Published with every block; the film was recorded by this browser."""
    settings.MEDIA_ROOT = tmp_path / "stored"
    cache.clear()
    (tmp_path / "files").mkdir()
    every_block.files(tmp_path / "files")
    page = browser.new_page()
    (tmp_path / "files" / "phim.webm").write_bytes(base64.b64decode(page.evaluate(RECORDED)))
    page.close()
    course = courses.publish_course(**every_block.course(), folder=tmp_path / "files")
    LessonMedia.objects.filter(type="video").update(duration=1)  # such a film does not say how long it is
    outbox.drain_all()
    return course


@pytest.fixture
def learner(db: None) -> User:
    return accounts.create(full_name="Giàng A Páo", username="pao")


@pytest.fixture
def opened(lesson: Course, learner: User, live_server: Any, browser: Any) -> Any:
    """Opens the lesson as the enrolled learner; opened(width=…, scripts=…) is the page."""
    enrol(learner=learner, course=lesson)
    contexts = []

    def make(width: int = 360, *, scripts: bool = True, person: User = learner, dark: bool = False) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            locale="vi-VN",
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(15_000)
        sign_in(context, live_server.url, person)
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + LESSON)
        return page

    yield make
    for context in contexts:
        context.close()


def sign_in(context: Any, url: str, person: User) -> None:
    """With a session of Django's; the sign-in page has tests of its own."""
    client = Client()
    client.force_login(person)
    name = site_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def told() -> list[str]:
    """The verbs of the learner's statements in the order of their times."""
    rows = Statement.objects.filter(registration=Enrolment.objects.get().registration).order_by("timestamp", "id")
    return [row.verb.rsplit("/", 1)[1] for row in rows]


def wait_until(page: Tab, true: Callable[[], bool]) -> None:
    for _ in range(100):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError(told())


def kept(page: Tab) -> list[Any]:
    """What the device has not sent yet."""
    return page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('events:'))) ?? '[]')"
    )


def play(page: Tab, what: str) -> None:
    """To its end, without sound."""
    page.evaluate(
        """async (what) => {
          const player = document.querySelector(what);
          player.muted = true;
          const ended = new Promise((resolve) => player.addEventListener("ended", resolve));
          await player.play();
          await ended;
        }""",
        what,
    )


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, False), (360, True)])
def test_every_block_fits_and_passes_axe(opened: Any, live_server: Any, width: int, dark: bool) -> None:
    """The lesson with everything opened, and the list of terms."""
    page = opened(width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).response["violations"] == []
    page.goto(f"{live_server.url}/courses/glossary/")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).response["violations"] == []


def test_slides_one_at_a_time(opened: Any) -> None:
    """By buttons and by arrow keys, from the first to the last and no further."""
    page = opened()
    slides = page.locator(".slides")
    back, on = (slides.get_by_role("button", name=name) for name in ("Trang trước", "Trang sau"))
    expect(slides.locator("li:visible img")).to_have_attribute("alt", "Trang 1 trên 3: Trang so 1")
    expect(back).to_be_disabled()
    on.click()
    expect(slides.get_by_role("status")).to_have_text("Trang 2 trên 3")
    on.press("ArrowRight")
    expect(slides.locator("li:visible img")).to_have_attribute("alt", "Trang 3 trên 3: Trang so 3")
    expect(on).to_be_disabled()
    back.press("ArrowLeft")
    expect(slides.get_by_role("status")).to_have_text("Trang 2 trên 3")


def test_slides_without_scripts_are_a_list(opened: Any) -> None:
    """All pages, and no button that does nothing."""
    page = opened(scripts=False)
    slides = page.locator(".slides")
    assert slides.locator("li:visible").count() == 3
    assert slides.get_by_role("button").count() == 0
    assert page.get_by_text("Kính chào ông, bà.").count() == 1


@pytest.mark.parametrize(("player", "kind"), [("audio", "audio"), ("video", "video")])
def test_what_is_played_is_told(opened: Any, player: str, kind: str) -> None:
    """Played, paused at the end, completed; nothing of it finishes the lesson."""
    page = opened()
    play(page, player)
    wait_until(page, lambda: len(told()) == 3)
    assert told() == ["played", "paused", "completed"]
    said = Statement.objects.get(verb__endswith="/completed").data
    assert said["object"]["definition"]["type"].endswith(kind)
    assert said["result"]["extensions"]["https://w3id.org/xapi/video/extensions/progress"] > 0.95
    wait_until(page, lambda: kept(page) == [])
    outbox.drain_all()
    assert Enrolment.objects.get().lessons_done == 0


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1280, True)])
def test_narration_is_heard_above_the_words(
    opened: Any, lesson: Course, tmp_path: Path, width: int, dark: bool
) -> None:
    """With the player's own controls and the words to read along; it is told, and the device's voice not offered."""
    said = {"file": "loi.wav", "title": "Bài 1, đọc", "transcript": "Kính chào ông, bà."}
    [narrated] = every_block.course()["lessons"]
    narrated |= {"narration": said, "blocks": [{"type": "text", "html": "<p>Máy giữ nhiều thứ quý.</p>"}]}
    courses.publish_course(key="moi-khoi", title="Mọi kiểu khối", lessons=[narrated], folder=tmp_path / "files")
    page = opened(width, dark=dark)
    player = page.get_by_label("Bài 1, đọc")
    box = player.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["height"] >= 40
    assert box["y"] < page.get_by_text("Máy giữ nhiều thứ quý.").bounding_box()["y"]
    assert player.evaluate("(each) => [each.controls, each.readyState]") == [True, 0]  # nothing is loaded yet
    assert page.locator("#listen").count() == 0
    page.get_by_text("Lời đọc").click()
    expect(page.get_by_text("Kính chào ông, bà.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(page).response["violations"] == []
    play(page, "audio")
    wait_until(page, lambda: told() == ["played", "paused", "completed"])


def test_narration_needs_no_script(opened: Any, lesson: Course, tmp_path: Path) -> None:
    page = LessonPage.objects.get(lesson__key="bai-1")
    page.narration = LessonMedia.objects.get(type="audio")
    page.save_revision().publish()
    player = opened(scripts=False).locator(".narration audio")
    expect(player).to_be_visible()
    assert player.get_attribute("controls") == ""


def test_narration_of_a_translation_is_chosen(lesson: Course, live_server: Any, browser: Any) -> None:
    """From the editor of the translation, with the chooser of recordings."""
    Locale.objects.get_or_create(language_code="km")
    translated = translate(LessonPage.objects.get(), "km", {})
    editor = accounts.create(full_name="Cán bộ", username="bs", roles=[roles.EDITOR])
    recording = LessonMedia.objects.get(type="audio")
    client = sign_in_staff(Client(), editor)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    context.set_default_timeout(20_000)
    name = site_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[translated.pk]))
    page.get_by_role("link", name="Thêm bản đọc cho bản dịch này").click()
    page.get_by_role("button", name="Chọn âm thanh").click()
    page.locator(".modal").get_by_text(recording.title).click()
    expect(page.locator(".media-chooser")).to_contain_text(recording.title)
    page.get_by_role("button", name="Lưu bản đọc").click()
    expect(page.get_by_role("link", name="Đổi bản đọc của bản dịch này")).to_be_visible()
    context.close()
    translated.refresh_from_db()
    assert translated.narration == recording


def test_seeking_is_told_and_does_not_count_as_played(opened: Any) -> None:
    """Who jumps to the end has not heard it all."""
    page = opened()
    page.evaluate(
        """async () => {
          const player = document.querySelector("audio");
          player.muted = true;
          await player.play();
          const sought = new Promise((resolve) => player.addEventListener("seeked", resolve));
          player.currentTime = 1.8;
          await sought;
          await new Promise((resolve) => player.addEventListener("ended", resolve));
        }"""
    )
    wait_until(page, lambda: len(told()) == 3)
    assert told() == ["played", "seeked", "paused"]
    to = Statement.objects.get(verb__endswith="/seeked").data["result"]["extensions"]
    assert round(to["https://w3id.org/xapi/video/extensions/time-to"], 2) == 1.8


def test_without_a_network_events_are_kept_and_sent_once_later(opened: Any) -> None:
    """Even when the answer to a sending is lost and it is sent again."""
    page = opened()
    page.evaluate("document.querySelector('audio').load()")
    page.wait_for_function("() => document.querySelector('audio').readyState > 3")
    page.context.set_offline(True)
    play(page, "audio")
    wait_until(page, lambda: [each["event"]["verb"] for each in kept(page)] == ["played", "paused", "completed"])
    assert told() == []
    lost = []

    def lose_the_answer(route: Any) -> None:
        lost.append(route.fetch())
        route.abort()

    page.route("**/event/", lose_the_answer)
    page.context.set_offline(False)
    wait_until(page, lambda: bool(lost) and len(told()) == 3)
    assert len(kept(page)) == 3  # the site has them, the phone does not know
    page.unroute("**/event/")
    page.reload()
    wait_until(page, lambda: kept(page) == [])
    assert [verb for verb in told() if verb != "terminated"] == ["played", "paused", "completed"]


def test_what_one_learner_kept_is_not_sent_by_another(opened: Any, live_server: Any, lesson: Course) -> None:
    """Two learners of one phone."""
    page = opened()
    page.context.set_offline(True)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('learned', { detail: { verb: 'played', time: 0, length: 2,"
        " media: document.querySelector('audio').dataset.media, session: crypto.randomUUID() } }))"
    )
    other = accounts.create(full_name="Vàng Thị Mỷ", username="my")
    theirs = enrol(learner=other, course=lesson)
    sign_in(page.context, live_server.url, other)
    page.context.set_offline(False)
    page.goto(live_server.url + LESSON)
    page.wait_for_timeout(1500)
    assert [row.verb for row in Statement.objects.filter(registration=theirs.registration)] == []
    sign_in(page.context, live_server.url, User.objects.get(username="pao"))
    page.goto(live_server.url + LESSON)
    own = Enrolment.objects.get(learner__username="pao").registration
    wait_until(page, lambda: Statement.objects.filter(registration=own, verb__endswith="/played").count() == 1)


def test_leaving_is_told_once_with_the_time_read(opened: Any, live_server: Any) -> None:
    """Reloading goes on reading; leaving ends it; coming back begins anew."""
    begun = time.monotonic()
    page = opened()
    page.wait_for_timeout(1200)
    page.goto(f"{live_server.url}/courses/")
    wait_until(page, lambda: told() == ["terminated"])
    took = math.ceil(time.monotonic() - begun)
    seconds = Statement.objects.get().data["result"]["duration"]
    assert seconds in {f"PT{number:02}S" for number in range(1, took + 1)}
    page.goto(live_server.url + LESSON)
    page.wait_for_timeout(1200)
    page.goto(f"{live_server.url}/courses/")
    wait_until(page, lambda: len(told()) == 2)
    assert told() == ["terminated", "terminated"]


def test_cells_of_excel_are_pasted_into_a_table(lesson: Course, live_server: Any, browser: Any, tmp_path: Path) -> None:
    """A trainer who copies cells in Excel has them in the lesson, saved as a draft."""
    trainer = accounts.create(full_name="Cán bộ", username="gv", roles=[roles.ADMINISTRATOR])
    client = sign_in_staff(Client(), trainer)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(20_000)
    name = site_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    parent = CoursePage.objects.get()
    page.goto(live_server.url + reverse("wagtailadmin_pages:add", args=["lms", "lessonpage", parent.pk]))
    page.locator("#id_title").fill("Bảng giá")
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Bảng").click()
    cell = page.locator(".handsontable td").first
    cell.click()
    page.evaluate("navigator.clipboard.writeText('Hàng\\tGiá\\nMăng\\t40.000\\nNấm\\t90.000\\nMật ong\\t150.000')")
    page.keyboard.press("Control+V")
    expect(page.locator(".handsontable td", has_text="150.000").first).to_be_attached()
    page.locator("select[name$='table-header-choice']").select_option("row")
    page.get_by_role("button", name="Lưu nháp").or_(page.locator("button.action-save")).first.click()
    page.wait_for_url("**/edit/**")
    saved = LessonPage.objects.get(title="Bảng giá").get_latest_revision_as_object()
    [block] = saved.body
    assert block.value["data"] == [
        ["Hàng", "Giá"],
        ["Măng", "40.000"],
        ["Nấm", "90.000"],
        ["Mật ong", "150.000"],
    ]
    page.goto(live_server.url + reverse("wagtailmedia:add", args=["video"]))
    page.locator("#id_file").set_input_files(tmp_path / "files" / "loi.wav")
    expect(page.locator("#id_duration")).to_have_value("2")
    context.close()
