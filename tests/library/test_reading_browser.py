"""Readers' pages of the library on a phone, in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from core import outbox
from library import copies, starter_authorities
from library.marc import DataField
from library.models import HoldingLibrary, Record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAY = DataField.of("650", " 7", [("a", "Người Tày"), ("0", "(VN-NhaSan)dt-02")])
READ = DataField.of(
    "856", "40", [("u", "https://thuvien.example.vn/mot-dia-chi-rat-dai-khong-co-cho-ngat-dong-nao-ca")]
)


@pytest.fixture
def record(shelve: Callable[..., Record]) -> Record:
    """A record with everything that its page can show."""
    starter_authorities.load()
    found = shelve(title="Truyện cổ Tày – Nùng: những chuyện kể bên bếp lửa nhà sàn", more=(TAY, READ))
    library = HoldingLibrary.objects.create(code="VN-LCTV", name="Thư viện tỉnh Lào Cai")
    copies.add(record=found, library=library, series="VN", number=2, by=None)
    outbox.drain_all()
    return found


def test_pages_fit_a_phone_and_pass_axe(live_server: Any, chromium: Any, record: Record) -> None:
    group = Record.objects.get(control_number="dt-02")
    for path in (
        f"/library/records/{record.pk}/",
        f"/library/records/{group.pk}/",
        "/library/",
        "/library/authorities/",
        "/library/collections/tieu-de-chuan-dan-toc/",
    ):
        chromium.goto(live_server.url + path)
        assert chromium.evaluate("document.documentElement.scrollWidth") == 360
        assert Axe().run(chromium).response["violations"] == []


def test_a_reference_is_copied_by_a_button(live_server: Any, chromium: Any, record: Record) -> None:
    chromium.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chromium.goto(f"{live_server.url}/library/records/{record.pk}/")
    chromium.get_by_role("button", name="Chép").first.click()
    chromium.get_by_role("button", name="Đã chép").wait_for()
    assert chromium.evaluate("navigator.clipboard.readText()").startswith("Hoàng Quyết (1974), Truyện cổ Tày")


def test_the_authority_leads_to_the_record_and_back(live_server: Any, chromium: Any, record: Record) -> None:
    chromium.goto(f"{live_server.url}/library/records/{record.pk}/")
    chromium.get_by_role("link", name="Người Tày").click()
    chromium.get_by_role("heading", name="1 tài liệu mang tiêu đề này").wait_for()
    chromium.get_by_role("link", name="Truyện cổ Tày – Nùng").click()
    chromium.get_by_role("heading", name="Nơi giữ tài liệu").wait_for()
