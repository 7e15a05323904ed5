"""A class from the list in Excel to the presence of its people, and what the manager of a province may see."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.core.handed_in import xlsx
from tests.journeys import rosters
from tests.journeys.cable import Cable
from tests.journeys.phone import Phone
from tests.journeys.sites import CopiedSite, Prepared
from tests.journeys.test_class import all_sent, holds, mark, presences, sign_in, unsent, wait_for

pytestmark = pytest.mark.browser
CLASS = "Trưởng thôn xã Tả Van, đợt 1"
PEOPLE = ("Giàng A Páo", "Giàng A Hoa", "Giàng A Sính", "Giàng A Chơ")
PHONES = ("0912000002", "0912000003", "0912000004", "0912000005")
SHOW_CODE = """
from lms import presence_codes
from lms.models import Session
print("code:", presence_codes.code(Session.objects.get(uuid="{session}")))
"""


@pytest.fixture
def site(prepared: Prepared, copy_of: Callable[..., CopiedSite]) -> CopiedSite:
    """A site of its own."""
    return copy_of(prepared)


def until(true: Callable[[], bool], what: str) -> None:
    """Returns when the worker has done it."""
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.2)


def downloaded(page: Any, press: Callable[[], Any]) -> bytes:
    """The file that pressing brings."""
    with page.expect_download() as coming:
        press()
    return Path(coming.value.path()).read_bytes()


def hand_in(phone: Phone, content: bytes) -> None:
    """On a page that asks for a file; ends when it is checked."""
    phone.page.locator("input[name=file]").set_input_files(
        {"name": "danh-sach.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    phone.press("Kiểm tra tệp")
    phone.page.get_by_role("heading", name="Kết quả kiểm tra").wait_for()
    phone.look()


def accept(phone: Phone, words: str) -> dict[str, str]:
    """By the button with these words; what came of the rows, by outcome."""
    phone.press(words)
    phone.page.get_by_role("heading", name="Đã ghi xong").wait_for()
    phone.look()
    counts = phone.page.locator(".nha-san-counts > div")
    return dict(text.split("\n") for text in counts.all_inner_texts())


def problems(phone: Phone) -> list[tuple[int, str, str]]:
    """Line, column and what to do, as the page lists them."""
    rows = phone.page.locator("table.listing tbody tr").all()
    cells = [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]
    return [(int(line), column, text) for line, column, _value, text in cells]


def import_people(phone: Phone, site: CopiedSite) -> None:
    """Template, file with mistakes, what is wrong, the rows to mend, mended: 300 people."""
    phone.open("/admin/imports/")
    section = phone.page.locator("section", has=phone.page.get_by_role("heading", name="Danh sách người học"))
    template = downloaded(phone.page, section.get_by_role("link", name="Tải tệp mẫu").tap)
    phone.press("Chọn tệp để nhập", inside=section, role="link")
    before = site.count("SELECT count(*) FROM people_user")
    hand_in(phone, rosters.filled_in(template, rosters.with_mistakes()))
    assert problems(phone) == [(each.line, each.column, each.said) for each in rosters.MISTAKES]
    assert site.count("SELECT count(*) FROM people_user") == before
    to_mend = downloaded(phone.page, phone.page.get_by_role("link", name="Tải các dòng cần sửa").tap)
    came = accept(phone, "Ghi 288 dòng đúng, bỏ qua các dòng lỗi")
    assert came == {"Thêm mới": "288", "Cập nhật": "0", "Không đổi": "0", "Bỏ qua vì có lỗi": "12"}
    phone.press("Nhập tệp khác", role="link")
    hand_in(phone, rosters.mended(to_mend, _mend))
    assert problems(phone) == []
    came = accept(phone, "Đồng ý, ghi 12 dòng")
    assert came == {"Thêm mới": "12", "Cập nhật": "0", "Không đổi": "0", "Bỏ qua vì có lỗi": "0"}
    assert site.count("SELECT count(*) FROM people_user") == before + 300


def _mend(number: int, row: dict[str, Any]) -> dict[str, str]:
    mistake = rosters.MISTAKES[number]
    assert row["Cần sửa"] == f"{mistake.column}: {mistake.said}"
    return {mistake.column: mistake.right}


def open_class(phone: Phone) -> str:
    """A class of today with one session, and four people by a table; its path on the phone."""
    page = phone.page
    phone.open("/admin/classes/")
    phone.press("Mở lớp", role="link")
    page.get_by_label("Khóa học").select_option(index=1)
    page.get_by_label("Tên lớp").fill(CLASS)
    page.locator("#id_until").fill(page.locator("#id_since").input_value())
    page.get_by_label("Tên lớp").focus()
    phone.press("Lưu")
    cohort = urlsplit(page.url).path.split("/")[-2]
    phone.press("Thêm buổi học", role="link")
    page.locator("#id_starts").fill("00:05")
    page.locator("#id_ends").fill("23:55")
    phone.press("Thêm buổi học")
    assert "Đã thêm 1 buổi học." in page.inner_text("main")
    phone.open(f"/admin/classes/{cohort}/")
    phone.press("Thêm từ tệp Excel", role="link")
    hand_in(phone, xlsx(["Họ và tên", "Số điện thoại"], *zip(PEOPLE, PHONES, strict=True)))
    assert accept(phone, "Đồng ý, ghi 4 dòng")["Thêm mới"] == "4"
    return f"/learn/classes/{cohort}/"


def make_card(phone: Phone, name: str) -> tuple[str, str]:
    """Path and PIN of the new card of one person of the class."""
    page = phone.page
    phone.open("/admin/people/cards/")
    page.get_by_label("Nhóm, lớp").select_option(label=CLASS)
    phone.press("Tìm", inside=page.get_by_role("search").last)
    assert [row.inner_text() for row in page.locator("td.nha-san-who label").all()] == sorted(PEOPLE)
    page.get_by_label(name, exact=True).check()
    pdf = downloaded(page, page.get_by_role("button", name="Làm thẻ mới cho người đã chọn").tap)
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    [pin] = re.findall(r"(?<!\d )\b(\d{3} \d{3})\b", text.stdout.decode())
    [url] = re.findall(rb"/URI \((http[^)]+)\)", pdf)
    return urlsplit(url.decode()).path, pin.replace(" ", "")


def enter_by_card(phone: Phone, path: str, pin: str) -> None:
    phone.open(path)
    assert phone.page.get_by_role("heading", level=1).inner_text() == f"Chào {PEOPLE[0]}"
    phone.page.locator("input[name=password]").fill(pin)
    phone.press("Vào học")
    phone.agree()
    phone.check_accessibility()


def enter_by_code(phone: Phone, code: str, number: str) -> None:
    phone.open("/accounts/login/")
    phone.press("Vào lớp bằng mã lớp", role="link")
    phone.page.get_by_role("textbox").fill(code)
    phone.press("Tiếp tục")
    phone.page.locator("input[name=phone]").fill(number)
    phone.press("Vào lớp")
    phone.agree()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext")
def test_the_day_of_a_trainer(site: CopiedSite, browser: Any) -> None:
    """From a list in Excel with twelve kinds of mistake to a class held in a room where the signal goes."""
    cable = Cable(site.port)
    trainer = Phone(browser, cable.url)
    sign_in(trainer, site.accounts["trainer"], path="/admin/imports/")
    import_people(trainer, site)
    cohort = open_class(trainer)
    [[session, code]] = site.rows(
        "SELECT lms_session.uuid, join_code FROM lms_session JOIN lms_cohort ON lms_cohort.id = cohort_id"
        " WHERE lms_cohort.name = ?",
        CLASS,
    )

    first, second = Phone(browser, site.url), Phone(browser, site.url)
    enter_by_card(first, *make_card(trainer, PEOPLE[0]))
    assert CLASS in first.page.inner_text("main")
    enter_by_code(second, code, PHONES[1])
    assert urlsplit(second.page.url).path.startswith("/courses/")

    trainer.open(cohort)
    trainer.page.evaluate("navigator.serviceWorker.ready")
    trainer.press("Điểm danh", role="link")
    roll = urlsplit(trainer.page.url).path
    wait_for(trainer, f"caches.match('{roll}').then(Boolean)")
    mark(trainer, PEOPLE[0], "Có mặt")
    all_sent(trainer)
    assert holds(site) == {PEOPLE[0]: "present"}
    said = site.manage("shell", "-v", "0", "-c", SHOW_CODE.format(session=session)).stdout
    shown = next(line for line in said.splitlines() if line.startswith("code: ")).split()[1]
    second.open(f"/learn/here/{roll.split('/')[-2]}/{shown}/")
    second.press("Tôi có mặt")
    cable.cut()
    trainer.context.set_offline(True)
    trainer.page.reload()
    mark(trainer, PEOPLE[2], "Có mặt")
    mark(trainer, PEOPLE[3], "Vắng có phép")
    unsent(trainer, "2 chưa gửi")
    cable.mend()
    trainer.context.set_offline(False)
    trainer.page.reload()
    all_sent(trainer)
    found = holds(site)
    assert found.pop(PEOPLE[1]) in {"present", "late"}  # the session began five minutes after midnight
    assert found == {PEOPLE[0]: "present", PEOPLE[2]: "present", PEOPLE[3]: "excused"}
    assert presences(site) == 3

    write_to_class(trainer, cohort)
    until(lambda: site.count("SELECT count(*) FROM lms_delivery WHERE state = 'delivered'") == 4, "the message")
    first.open("/my/")
    assert "Mai học ở nhà văn hóa" in first.page.inner_text("main")
    first.press("Đã đọc")
    tell_past_class(trainer)
    assert presences(site) == 3 + 2 + 1
    for phone in (first, second):
        phone.close()
    trainer.context.close()
    cable.close()


def write_to_class(phone: Phone, cohort: str) -> None:
    phone.open(cohort)
    phone.press("Nhắn cho lớp", role="link")
    phone.page.locator("#id_subject").fill("Mai học ở nhà văn hóa")
    phone.page.locator("#id_body").fill("Lớp bắt đầu lúc bảy giờ rưỡi.")
    phone.press("Gửi")
    assert "Tin nhắn đang được gửi." in phone.page.inner_text("main")


def tell_past_class(phone: Phone) -> None:
    """Two people of a class of March: one was there both days, one the first day only."""
    phone.open("/admin/imports/new/past_classes/")
    headings = ["Tên lớp", "Khóa học", "Ngày học", "Số giờ", "Mã địa bàn", "Số điện thoại", "Ngày có mặt"]
    of_class = ["Lớp tháng Ba", "dien-thoai-an-toan", "10/03/2026 - 11/03/2026", "12", "03037"]
    hand_in(phone, xlsx(headings, [*of_class, PHONES[0], ""], [*of_class, PHONES[2], "10/03/2026"]))
    assert problems(phone) == []
    assert accept(phone, "Đồng ý, ghi 2 dòng")["Thêm mới"] == "2"
    phone.open("/learn/classes/")
    assert "Lớp tháng Ba" in phone.page.inner_text("main")


MAKE_PROVINCES = """
from lms import cohorts
from lms.models import Course
from people import accounts
from people.models import Household, Unit
old, new = Unit.objects.exclude(valid_to=None), Unit.objects.current()
merged = old.get(name="Xã La Pán Tẩn", level="commune")
district = old.get(name="Huyện Bắc Hà", level="district")  # no commune of this province was split
far = new.get(code="00763")
places = {"whole": merged, "district": district, "far": far}
people = {key: accounts.create(full_name=f"Người {key}", username=f"nguoi-{key}", unit=place) for key, place in places.items()}
household = Household.objects.create(name="Hộ xa", unit=far)
cohort = cohorts.create(course=Course.objects.first(), name="Lớp xa", since="2026-01-01", unit=far, trainers=[], by=people["far"])
print("made:", *(people[key].pk for key in ("whole", "district", "far")), household.pk, cohort.uuid, far.pk, district.pk, merged.today_id)
"""  # noqa: E501 - one line each


def test_the_province_of_a_manager(site: CopiedSite, browser: Any) -> None:
    """People of old communes stand where they belong or in the list to settle; another province does not exist."""
    said = site.manage("shell", "-v", "0", "-c", MAKE_PROVINCES).stdout
    made = next(line for line in said.splitlines() if line.startswith("made: ")).split()[1:]
    whole, district, far, household, cohort, far_unit, old_unit, successor = made
    phone = Phone(browser, site.url)
    sign_in(phone, site.accounts["manager"], path="/admin/users/")
    names = phone.page.locator("main table tbody").first.inner_text()
    assert "Người whole" in names
    assert "Người district" in names
    assert "Người far" not in names
    phone.open(f"/admin/users/?unit={successor}")
    assert [name for name in ("whole", "district") if f"Người {name}" in phone.page.inner_text("main")] == ["whole"]
    for path, status in (
        (f"/admin/users/edit/{whole}/", 200),
        (f"/admin/users/edit/{far}/", 404),
        (f"/admin/people/cards/{far}/", 404),
        (f"/admin/people/households/edit/{household}/", 404),
        (f"/admin/classes/{cohort}/", 404),
        (f"/learn/classes/{cohort}/", 404),
        (f"/admin/people/units/{far_unit}/villages/add/", 404),
        (f"/admin/people/units/{far_unit}/attributes/add/", 404),
    ):
        assert phone.context.request.get(site.url + path).status == status, path

    phone.open("/admin/people/settling/")
    [link] = phone.page.locator(f"main a[href*='/settling/{old_unit}/']").all()
    with phone.page.expect_navigation():
        link.tap()
    phone.look()
    phone.page.get_by_label("Người district").check()
    phone.page.locator("select[name=to]").select_option(index=1)
    chosen = phone.page.locator("select[name=to]").input_value()
    phone.press("Xếp những dòng đã đánh dấu")
    assert site.rows("SELECT unit_id FROM people_user WHERE id = ?", int(district)) == [(int(chosen),)]
    phone.open("/admin/people/settling/")
    assert "Không còn ai cần xếp." in phone.page.inner_text("main")
    phone.context.close()
