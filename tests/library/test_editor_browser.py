"""The editor in Chromium: cataloguing by keyboard alone, two windows, help and problems while typing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from library import marc_lines, validation
from library.models import Record
from tests.library.test_authorities import authority
from tests.people.signing_in import sign_in_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(live_server: Any, browser: Any, librarian: Any) -> Iterator[Callable[..., Any]]:
    """Opens the editor's pages as the librarian, on a wide screen or a narrow one."""
    cookie = sign_in_staff(Client(), librarian).cookies["sessionid"].value
    contexts = []

    def open_page(name: str, *arguments: Any, width: int = 1280, query: str = "") -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="vi-VN")
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + reverse(f"library_editor:{name}", args=arguments) + query)
        page.wait_for_load_state("load")
        return page

    yield open_page
    for context in contexts:
        context.close()


def blank(page: Any, *, kept: int = 2) -> None:
    """Delete every field but the leader and the fixed fields, from the last one up, with the key for it."""
    page.wait_for_selector(".marc-row")
    page.wait_for_function("window.nhaSanMarc.rules")
    page.locator(".marc-row .marc-content").last.focus()
    while page.locator(".marc-row").count() > kept:
        page.keyboard.press("F8")


def type_field(page: Any, tag: str, indicators: str, content: str) -> None:
    """Enter makes the next line; the cursor goes on by itself from tag to indicators to content."""
    page.keyboard.press("Enter")
    page.keyboard.type(tag)
    if indicators:
        page.keyboard.type(indicators)
        assert page.evaluate("document.activeElement.value") == "$a"
        page.keyboard.press("Control+a")
    page.keyboard.type(content)


def choose(page: Any, label: str, code: str) -> None:
    """In the open table of codes: Tab until the position, then type the code."""
    for _step in range(60):
        if label in page.evaluate("document.activeElement.labels?.[0]?.textContent || ''"):
            break
        page.keyboard.press("Tab")
    else:
        pytest.fail(f"no position {label}")
    page.keyboard.type(code)


def saved(page: Any) -> Record:
    """Save with the key for it; the newest record."""
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_selector(".messages .success")
    return Record.objects.latest("changed", "pk")


def lines(record: Record) -> list[str]:
    """What was typed: without what is given when the record is saved."""
    return [line for line in marc_lines.write(record.marc).split("\n") if line[:3] not in {"001", "003", "005"}]


def test_a_book_is_catalogued_from_blank_by_keyboard_alone(window: Callable[..., Any]) -> None:
    page = window("create", "book")
    blank(page)
    page.keyboard.press("F2")  # the table of codes of 008
    choose(page, "07–10", "2021")
    page.keyboard.press("Escape")
    type_field(page, "020", "##", "$a9786046712345")
    type_field(page, "100", "1#", "$aVi Hồng$d1936-2011$etác giả")
    type_field(page, "245", "10", "$aNúi cỏ yêu thương$btiểu thuyết$cVi Hồng")
    type_field(page, "264", "#1", "$aHà Nội$bVăn hóa dân tộc$c2021")
    type_field(page, "300", "##", "$a250 tr.$c21 cm")
    type_field(page, "650", "#4", "$aVăn học Tày")
    record = saved(page)
    stamp = record.marc.control("008")[:6]
    assert lines(record) == [
        "LDR 00000nam#a2200000#i#4500",
        f"008 {stamp}s2021####vm############000#0#vie#d",
        "020 ## $a9786046712345",
        "100 1# $aVi Hồng$d1936-2011$etác giả",
        "245 10 $aNúi cỏ yêu thương$btiểu thuyết$cVi Hồng",
        "264 #1 $aHà Nội$bVăn hóa dân tộc$c2021",
        "300 ## $a250 tr.$c21 cm",
        "650 #4 $aVăn học Tày",
    ]
    assert (record.title, record.author, record.year) == ("Núi cỏ yêu thương : tiểu thuyết", "Vi Hồng", 2021)


def test_a_map_is_catalogued_from_blank_by_keyboard_alone(window: Callable[..., Any]) -> None:
    page = window("create", "map")
    blank(page, kept=3)
    type_field(page, "245", "00", "$aBản đồ các dân tộc Việt Nam$cViện Dân tộc học")
    type_field(page, "255", "##", "$aTỷ lệ 1:2.000.000$c(Đ 102°–Đ 110°/B 24°–B 8°)")
    type_field(page, "264", "#1", "$aHà Nội$bNXB Bản đồ$c2009")
    type_field(page, "300", "##", "$a1 bản đồ$bmàu$c110 x 79 cm")
    type_field(page, "651", "#4", "$aViệt Nam$vBản đồ")
    page.locator(".marc-row .marc-content").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F2")
    choose(page, "03 ", "a")  # the colour, in 007
    page.keyboard.press("Escape")
    record = saved(page)
    assert record.material == "map"
    assert lines(record)[1] == "007 aj#aanzn"
    assert lines(record)[3:] == [
        "245 00 $aBản đồ các dân tộc Việt Nam$cViện Dân tộc học",
        "255 ## $aTỷ lệ 1:2.000.000$c(Đ 102°–Đ 110°/B 24°–B 8°)",
        "264 #1 $aHà Nội$bNXB Bản đồ$c2009",
        "300 ## $a1 bản đồ$bmàu$c110 x 79 cm",
        "651 #4 $aViệt Nam$vBản đồ",
    ]


def test_an_article_is_catalogued_from_blank_by_keyboard_alone(window: Callable[..., Any]) -> None:
    page = window("create", "article")
    blank(page)
    type_field(page, "100", "1#", "$aHoàng Lương$etác giả")
    type_field(page, "245", "10", "$aLễ hội lồng tồng của người Tày$cHoàng Lương")
    type_field(page, "300", "##", "$aTr. 15-22")
    type_field(page, "653", "##", "$aLễ hội")
    page.keyboard.press("Shift+F6")  # the subfield again, to be changed
    page.keyboard.press("Shift+ArrowLeft")
    for _letter in "ễ hội":
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.type("Dân tộc Tày")
    type_field(page, "773", "0#", "$tTạp chí Dân tộc học$gSố 2 (2015)$x0866-7632")
    page.keyboard.press("Enter")
    page.keyboard.press("F8")  # a line too many
    record = saved(page)
    assert record.material == "article"
    assert lines(record)[2:] == [
        "100 1# $aHoàng Lương$etác giả",
        "245 10 $aLễ hội lồng tồng của người Tày$cHoàng Lương",
        "300 ## $aTr. 15-22",
        "653 ## $aLễ hội$aDân tộc Tày",
        "773 0# $tTạp chí Dân tộc học$gSố 2 (2015)$x0866-7632",
    ]
    assert [each.text for each in validation.errors(record.marc)] == []


def test_fields_and_subfields_are_moved_and_brought_back_by_keys(
    window: Callable[..., Any], shelve: Callable[..., Record]
) -> None:
    record = shelve(status="draft")
    page = window("edit", record.pk)
    page.wait_for_selector(".marc-row")
    content = page.locator(".marc-row .marc-content")
    content.last.focus()  # 650
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+Shift+ArrowUp")  # its $z before its $a
    page.keyboard.press("F6")
    page.keyboard.press("F8")
    page.keyboard.press("F8")
    page.keyboard.press("Alt+Backspace")
    assert lines(saved(page))[-2:] == ["650 #4 $zViệt Nam.$aVăn học dân gian", "300 ## $a359 tr. ;$c19 cm"]


def test_a_field_in_another_script_is_made_with_one_key(
    window: Callable[..., Any], shelve: Callable[..., Record]
) -> None:
    record = shelve(status="draft")
    page = window("edit", record.pk)
    page.wait_for_selector(".marc-row")  # the cursor stands in 245
    page.keyboard.press("F4")
    page.keyboard.press("Home")
    for _step in range(len("$6245-01$a")):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("布岱故事")
    after = saved(page)
    assert "245 10 $6880-01$aTruyện cổ Tày /$cHoàng Quyết sưu tầm." in lines(after)
    assert "880 10 $6245-01$a布岱故事" in lines(after)
    assert not [each for each in validation.problems(after.marc) if each.tag == "880"]


def test_help_and_problems_follow_the_cursor(window: Callable[..., Any]) -> None:
    page = window("create", "book")
    blank(page)
    type_field(page, "020", "##", "$a9786046712346")
    help_ = page.locator(".marc-help")
    help_.get_by_text("Số ISBN", exact=False).first.wait_for()
    assert "020 Số ISBN" in help_.locator("h2").inner_text()
    assert "$a Số ISBN (không lặp)" in help_.locator(".now").inner_text()
    page.get_by_text("ISBN “9786046712346” sai số kiểm tra hoặc sai độ dài.").first.wait_for()
    page.keyboard.press("Backspace")
    page.keyboard.type("5")
    page.get_by_text("ISBN “9786046712346” sai").first.wait_for(state="detached")
    type_field(page, "700", "1#", "$aX$4trl")
    help_.get_by_text("trl – Người dịch").wait_for()
    page.keyboard.press("F8")
    page.keyboard.press("F9")  # 245 is missing: said at the leader
    assert "Thiếu trường bắt buộc này." in page.locator(".marc-problems").inner_text()
    assert page.evaluate("document.activeElement.closest('.marc-row').row.isLeader")


def test_two_windows_lose_nothing(window: Callable[..., Any], shelve: Callable[..., Record]) -> None:
    record = shelve(status="draft")
    one, two = window("edit", record.pk), window("edit", record.pk)

    def change(page: Any, old: str, new: str) -> None:
        page.wait_for_selector(".marc-row")
        for row in page.locator(".marc-row .marc-content").all():
            if old in row.input_value():
                row.fill(row.input_value().replace(old, new))
                row.focus()

    change(one, "Truyện cổ Tày", "Truyện cổ Tày – Nùng")
    change(one, "359 tr.", "360 tr.")
    change(two, "Truyện cổ Tày", "Truyện cổ dân tộc Tày")
    change(two, "Văn học dân gian", "Văn học dân gian Tày")
    saved(one)
    with two.expect_navigation():
        two.keyboard.press("Control+s")
    assert "Trường cả hai cùng sửa" in two.inner_text("main")
    assert Axe().run(two, context="main").violations_count == 0
    two.get_by_label("Của tôi:").focus()
    two.keyboard.press("Space")
    with two.expect_navigation():
        two.keyboard.press("Enter")
    after = lines(Record.objects.get())
    assert "245 10 $aTruyện cổ dân tộc Tày /$cHoàng Quyết sưu tầm." in after
    assert "300 ## $a360 tr. ;$c19 cm" in after
    assert "650 #4 $aVăn học dân gian Tày$zViệt Nam." in after
    assert Record.objects.get().version == 3


def test_a_heading_is_chosen_from_the_authorities_by_keyboard_alone(window: Callable[..., Any]) -> None:
    for number, names in {"dt-12": ("Người Ê-đê", "Người Rađê"), "dt-02": ("Người Tày", "Người Thổ")}.items():
        authority(number, *names)
    page = window("create", "book")
    blank(page)
    type_field(page, "245", "00", "$aSử thi Đam San")
    type_field(page, "650", "#7", "$anguoi rad$xVăn học")
    for _step in range(len("$xVăn học")):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("e")
    page.wait_for_selector("[role=option]")
    assert page.locator("[role=option]").all_inner_texts() == ["Người Ê-đê Chủ đề · dùng cho: Người Rađê"]
    assert page.inner_text("[data-said]").startswith("Có 1 tiêu đề chuẩn.")
    found = Axe().run(page, context="main")
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    assert page.locator("[role=option]").count() == 0
    page.keyboard.press("Backspace")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "$aNgười Ê-đê$xVăn học$0(VN-NhaSan)dt-12"
    assert "Đã liên kết với tiêu đề chuẩn" in page.inner_text(".marc-help")
    type_field(page, "650", "#7", "$aNgười Tày$0(VN-NhaSan)dt-02")
    page.keyboard.press("F7")
    assert page.evaluate("document.activeElement.value") == "$aNgười Tày"
    assert lines(saved(page))[-2:] == ["650 #7 $aNgười Ê-đê$xVăn học$0(VN-NhaSan)dt-12", "650 #7 $aNgười Tày"]


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_are_accessible(window: Callable[..., Any], shelve: Callable[..., Record], width: int) -> None:
    record, other = shelve("1", "Truyện cổ Tày"), shelve("2", "Truyện cổ Tày, tập hai")
    for name, *arguments in (
        ("templates",),
        ("create", "book"),
        ("edit", record.pk),
        ("history", record.pk),
        ("merge", record.pk),
        ("batches",),
        ("new_batch",),
    ):
        page = window(name, *arguments, width=width)
        if name in {"create", "edit"}:
            page.wait_for_selector(".marc-row")
            page.locator(".marc-row .marc-content").nth(1).focus()
            page.wait_for_function("window.nhaSanMarc.rules")
            page.keyboard.press("F2")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page, context="main")
        assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    page = window("merge", record.pk, width=width, query=f"?with={other.pk}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context="main")
    assert found.violations_count == 0, found.generate_report()


def test_the_plain_form_works_without_a_script(browser: Any, live_server: Any, librarian: Any) -> None:
    cookie = sign_in_staff(Client(), librarian).cookies["sessionid"].value
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("library_editor:create", args=["book"]))
    page.get_by_label("Biểu ghi, mỗi dòng một trường").fill(
        "LDR 00000nam#a2200000#i#4500\n008 240101s2024####vm############000#0#vie#d\n"
        "245 00 $a Truyện cổ Lự $c Viện Văn học"
    )
    page.get_by_role("button", name="Lưu bản nháp").click()
    assert Record.objects.get().title == "Truyện cổ Lự"
    context.close()


def test_fields_from_elsewhere_are_pasted_as_fields(window: Callable[..., Any], shelve: Callable[..., Record]) -> None:
    record = shelve("1", "Truyện cổ")
    page = window("edit", record.pk)
    page.wait_for_selector(".marc-row")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = lines_of(page)
    content = page.locator(".marc-row .marc-content").last
    text = "=500  \\\\$aGhi chú một\n650  4 |aNgười Tày|xGiá 5$\n651 #4 $aHà Giang\n"
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    content.focus()
    page.keyboard.press("Control+v")
    added = ["500 ## $aGhi chú một", "650 #4 $aNgười Tày$xGiá 5{dollar}", "651 #4 $aHà Giang"]
    assert lines_of(page) == before + added
    page.keyboard.press("Control+c")  # the field under the cursor
    page.keyboard.press("Enter")
    page.keyboard.press("Control+v")
    assert lines_of(page) == [*before, *added, added[-1]]
    page.evaluate("text => navigator.clipboard.writeText(text)", "dòng một\ndòng hai")
    page.keyboard.press("Control+v")  # a text of several lines stays in its field
    assert lines_of(page)[-1] == "651 #4 $aHà Giangdòng một dòng hai"


def lines_of(page: Any) -> list[str]:
    """The rows as they would be sent."""
    found: list[str] = page.evaluate("[...document.querySelectorAll('.marc-row')].map((each) => each.row.text)")
    return found
