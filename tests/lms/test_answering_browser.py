"""Learners on a phone answer every kind of question, wrong and right, with JavaScript and without, in Chromium."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client
from wagtail.models import Locale, Page, Site

from lms import courses
from lms.enrolment import enrol
from lms.models import Answer, Enrolment
from people import accounts
from people.models import User
from tests.lms.all_kinds import LESSON, QUESTIONS, RIGHT, WRONG, told
from tests.lms.conftest import COURSE, settle
from xapi.models import Statement

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('kept:'))"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/courses/an-toan/du-loai/"
SECRETS = (
    "Ai cũng thử trước",
    "Khó đoán nhất",
    "Chặn mã OTP",
    "Phú Thọ",
    "540",
    "Không bao giờ",
    "Không đưa mã OTP cho ai",
)


@pytest.fixture
def taken(learner: User) -> Enrolment:
    """The learner in a course whose only lesson asks every kind."""
    grow_tree()
    course = courses.publish_course(**(COURSE | {"lessons": [LESSON]}))
    settle()
    return enrol(learner=learner, course=course)


def grow_tree() -> None:
    """The pages that migrations make: a test with real transactions before this one left none."""
    cache.clear()
    ContentType.objects.clear_cache()
    if Page.objects.exists():
        return
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.add_root(instance=Page(title="Root", slug="root"))
    front = root.add_child(instance=Page(title="Nhà Sàn", slug="home"))
    Site.objects.create(hostname="localhost", root_page=front, is_default_site=True)


def signed_in(context: Any, url: str, person: User) -> None:
    """The person's own browser."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def phone(browser: Any, *, script: bool = True) -> Any:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="vi-VN",
        has_touch=True,
        is_mobile=True,
        java_script_enabled=script,
    )
    context.set_default_timeout(20_000)
    context.route("**/favicon.ico", lambda route: route.abort())  # its late answer would bring an old session back
    return context


@pytest.fixture
def page(browser: Any, live_server: Any, taken: Enrolment) -> Iterator[Any]:
    """The lesson on the learner's phone."""
    context = phone(browser)
    signed_in(context, live_server.url, taken.learner)
    opened = context.new_page()
    opened.goto(live_server.url + PATH)
    yield opened
    context.close()


def kept_here(page: Any) -> int:
    """How many answers the device keeps."""
    return int(page.evaluate(f"{KEPT}.length"))


def wait_until_sent(page: Any) -> None:
    """The policy of our pages forbids what wait_for_function does."""
    for _try in range(100):
        if not kept_here(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError("never sent")


def card(page: Any, kind: str) -> Any:
    """One question."""
    return page.locator(f"#cau-an-toan-{kind.replace('_', '-')}")


def fill(page: Any, kind: str, form: dict[str, Any], *, by_keyboard: bool) -> None:
    """Answer by touch, or by the keyboard where the kind is not typed anyway."""
    box = card(page, kind)
    for name, said in form.items():
        values = said if isinstance(said, list) else [said]
        for value in values:
            if name == "text":
                box.locator("[name=text]").fill(value)
            elif name == "option":
                choice = box.locator(f"[name=option][value='{value}']")
                if by_keyboard:
                    choice.press("Space")
                else:
                    box.locator("label.choice", has=page.locator(f"[value='{value}']")).tap()
            elif by_keyboard:
                select = box.locator(f"[name='{name}']")
                for _press in range(
                    select.locator("option").evaluate_all("(all, v) => all.findIndex(o => o.value === v)", value)
                ):
                    select.press("ArrowDown")
            else:
                box.locator(f"[name='{name}']").select_option(value)


def answer(page: Any, kind: str, form: dict[str, Any], *, by_keyboard: bool) -> str:
    """Fill in, press, and what the card says then."""
    fill(page, kind, form, by_keyboard=by_keyboard)
    send(page, kind, by_keyboard=by_keyboard)
    return card(page, kind).inner_text()


def send(page: Any, kind: str, *, by_keyboard: bool = False) -> None:
    """Press “Trả lời” and wait for the answered card."""
    button = card(page, kind).get_by_role("button", name="Trả lời")
    if by_keyboard:
        button.press("Enter")
    else:
        button.tap()
    card(page, kind).locator("p.note[role=status]:not([data-kept-note])").wait_for()
    page.wait_for_load_state()  # Chromium takes the focus away once more when it goes to the part behind #


def stated(kind: str) -> dict[str, Any]:
    """The result of the latest statement about the question."""
    rows = [
        row.data
        for row in Statement.objects.order_by("id")
        if row.data["object"]["id"].endswith(kind.replace("_", "-"))
    ]
    return rows[-1]["result"]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_every_kind_wrong_and_right(
    browser: Any, live_server: Any, taken: Enrolment, tmp_path: Path, script: bool
) -> None:
    """What the page says, what is stored and what is stated; no response tells a key before its answer."""
    context = phone(browser, script=script)
    signed_in(context, live_server.url, taken.learner)
    page = context.new_page()
    bodies: list[str] = []
    page.on(
        "response", lambda found: bodies.append(found.text()) if found.request.resource_type == "document" else None
    )
    page.goto(live_server.url + PATH)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert len(bodies) == 1
    assert told(bodies[0], SECRETS) == []
    for kind, wrong in WRONG.items():
        said = answer(page, kind, wrong, by_keyboard=script)
        assert "Chưa đúng." in said
        assert (stated(kind)["success"], stated(kind)["score"]["scaled"]) == (False, 0)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        card(page, kind).get_by_role("link", name="Làm lại câu này").tap()
        card(page, kind).get_by_role("button", name="Trả lời").wait_for()
        said = answer(page, kind, RIGHT[kind], by_keyboard=False)
        assert "Đúng rồi." in said
        assert (stated(kind)["success"], stated(kind)["score"]["scaled"]) == (True, 1)
        given = Answer.objects.filter(question__kind=kind).order_by("attempt")
        assert list(given.values_list("score", "success")) == [(0, False), (1, True)]
    assert "Ông, bà đã chọn mức 4 trên 5." in answer(page, "scale", {"option": "4"}, by_keyboard=script)
    assert stated("scale") == {"response": "step-4"}
    assert "Giảng viên sẽ chấm" in answer(page, "written", {"text": "Không đưa mã."}, by_keyboard=script)
    assert stated("written") == {"response": "Không đưa mã."}
    picture = tmp_path / "mật ong.jpg"
    picture.write_bytes(b"\xff\xd8picture")
    card(page, "upload").locator("[type=file]").set_input_files(picture)
    send(page, "upload")
    assert "mật ong.jpg" in card(page, "upload").inner_text()
    assert stated("upload") == {"response": "mật ong.jpg"}
    assert Answer.objects.get(question__kind="upload").waits
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not page.locator("form[action$='/answer/']").count()
    context.close()


def test_open_and_answered_cards_have_no_barrier(page: Any, live_server: Any) -> None:
    """By axe, before and after."""
    assert Axe().run(page).response["violations"] == []
    for kind in ("single", "matching", "ordering"):
        answer(page, kind, WRONG[kind], by_keyboard=False)
    page.wait_for_load_state()
    assert Axe().run(page).response["violations"] == []


def test_answers_without_network_are_kept_and_sent_once_in_order(page: Any, live_server: Any, taken: Enrolment) -> None:
    """Each with its own time; the page says so, and shows the graded result when the network is back."""
    context = page.context
    context.set_offline(True)
    for kind in ("fill_in", "single"):
        fill(page, kind, RIGHT[kind], by_keyboard=False)
        card(page, kind).get_by_role("button", name="Trả lời").tap()
        kept = card(page, kind).locator("[data-kept-note]")
        kept.wait_for()
        assert kept.inner_text() == "Chưa có mạng. Câu trả lời đã giữ trong máy, sẽ gửi khi có mạng."
        assert card(page, kind).get_by_role("button", name="Trả lời").is_disabled()
    assert page.locator("#kept").inner_text() == "Còn 2 câu trả lời giữ trong máy này, sẽ gửi khi có mạng."
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not Answer.objects.exists()
    said = page.evaluate(f"{KEPT}.map(key => JSON.parse(localStorage.getItem(key)))")
    by_event = {item["event"]: item["at"] for item in said}
    context.set_offline(False)
    card(page, "single").get_by_text("Đúng rồi.").wait_for()
    assert "Đúng rồi." in card(page, "fill_in").inner_text()
    assert page.locator("#kept").is_hidden()
    given = list(Answer.objects.order_by("id"))
    assert [each.question.kind for each in given] == ["fill_in", "single"]
    assert {str(each.statement_id) for each in given} == set(by_event)
    for each in given:
        off = abs(
            each.answered_at.timestamp()
            - page.evaluate("at => Date.parse(at) / 1000", by_event[str(each.statement_id)])
        )
        assert off < 1
        assert Statement.objects.get(statement_id=each.statement_id).timestamp == each.answered_at
    assert kept_here(page) == 0


def test_files_are_not_kept_and_say_so(page: Any, tmp_path: Path) -> None:
    """The form stays filled in; pressed again with a network it is sent."""
    picture = tmp_path / "ong.jpg"
    picture.write_bytes(b"\xff\xd8picture")
    card(page, "upload").locator("[type=file]").set_input_files(picture)
    page.context.set_offline(True)
    card(page, "upload").get_by_role("button", name="Trả lời").tap()
    card(page, "upload").get_by_text("tệp thì không giữ trong máy được").wait_for()
    assert kept_here(page) == 0
    page.context.set_offline(False)
    send(page, "upload")
    assert Answer.objects.get().response["name"] == "ong.jpg"


def test_another_person_on_the_phone_neither_sees_nor_sends_them(page: Any, live_server: Any, taken: Enrolment) -> None:
    """The owner's next visit sends them."""
    fill(page, "single", RIGHT["single"], by_keyboard=False)
    page.context.route("**/answer/", lambda route: route.abort())  # a page that is left offline is online for a moment
    card(page, "single").get_by_role("button", name="Trả lời").tap()
    card(page, "single").locator("[data-kept-note]").wait_for()
    page.goto("about:blank")
    other = accounts.create(full_name="Giàng Thị Mỷ", username="my")
    enrol(learner=other, course=taken.course)
    signed_in(page.context, live_server.url, other)
    page.context.unroute("**/answer/")
    page.goto(live_server.url + PATH)
    assert page.locator("script[data-person]").get_attribute("data-person") == str(other.uuid)
    assert page.locator("#kept").is_hidden()
    assert card(page, "single").get_by_role("button", name="Trả lời").is_enabled()
    page.goto(f"{live_server.url}/my/")
    page.wait_for_load_state("networkidle")
    assert list(Answer.objects.values_list("enrolment__learner__username", flat=True)) == []
    signed_in(page.context, live_server.url, taken.learner)
    with page.expect_response(lambda found: found.url.endswith("/answer/")):
        page.goto(f"{live_server.url}/my/")
    wait_until_sent(page)
    assert Answer.objects.get().enrolment == taken


def test_sign_out_sends_what_is_kept_first(page: Any, live_server: Any) -> None:
    """Nothing stays on a shared phone."""
    fill(page, "single", RIGHT["single"], by_keyboard=False)
    page.context.set_offline(True)
    card(page, "single").get_by_role("button", name="Trả lời").tap()
    card(page, "single").locator("[data-kept-note]").wait_for()
    page.get_by_role("button", name="Đăng xuất").tap()
    page.get_by_text("Bấm Đăng xuất lần nữa thì các câu này bị bỏ.").wait_for()
    assert kept_here(page) == 1
    page.context.set_offline(False)
    card(page, "single").get_by_text("Đúng rồi.").wait_for()
    page.wait_for_load_state("networkidle")
    with page.expect_response(lambda found: found.url.endswith("/logout/")):
        page.get_by_role("button", name="Đăng xuất").tap()
    page.wait_for_url(lambda url: "/courses/" not in url)
    assert Answer.objects.get().success
    assert kept_here(page) == 0


def test_a_session_that_ended_asks_to_sign_in(page: Any, live_server: Any, taken: Enrolment) -> None:
    """And the answer waits for it."""
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    fill(page, "single", RIGHT["single"], by_keyboard=False)
    card(page, "single").get_by_role("button", name="Trả lời").tap()
    page.get_by_text("Còn 1 câu trả lời giữ trong máy này. Hãy đăng nhập lại để gửi.").wait_for()
    assert not Answer.objects.exists()
    signed_in(page.context, live_server.url, taken.learner)
    page.goto(live_server.url + PATH)
    card(page, "single").get_by_text("Đúng rồi.").wait_for()
    assert Answer.objects.count() == 1


def test_questions_are_ten(page: Any) -> None:
    """One card for each kind."""
    assert page.locator("section.card[id^=cau-]").count() == len(QUESTIONS) == 10
