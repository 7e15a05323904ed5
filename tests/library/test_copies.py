"""Copies: register numbers, where they are shown, labels and shelf lists."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from library import copies, holdings, labels, shelf_lists
from library.exceptions import BadRegisterNumber
from library.marc import DataField
from library.models import Copy, HoldingLibrary, Record
from tests.library.books import book
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db

DEWEY = DataField.of("082", "04", [("a", "398.2/095971"), ("2", "23")])


@pytest.fixture
def lao_cai() -> HoldingLibrary:
    return HoldingLibrary.objects.create(code="VN-LCTV", name="Thư viện tỉnh Lào Cai", address="Mở cửa 8 giờ")


def add(record: Record, library: HoldingLibrary, series: str = "VN", number: int = 1, **more: Any) -> list[str]:
    day = more.pop("acquired_on", date(2026, 3, 1))
    rows = copies.add(record=record, library=library, series=series, number=number, acquired_on=day, by=None, **more)
    return [row.register_number for row in rows]


def text_of(pdf: Any, tmp_path: Path) -> str:
    file = tmp_path / "x.pdf"
    file.write_bytes(pdf.read())
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout


def test_numbers_go_on_in_each_series_year_and_library(shelve: Callable[..., Record], lao_cai: HoldingLibrary) -> None:
    record = shelve()
    other = HoldingLibrary.objects.create(code="VN-YBTV", name="Yên Bái")
    assert add(record, lao_cai, number=2) == ["VN.2026.000001", "VN.2026.000002"]
    assert add(record, lao_cai) == ["VN.2026.000003"]
    assert add(record, lao_cai, "VV") == ["VV.2026.000001"]
    assert add(record, other) == ["VN.2026.000001"]
    assert add(record, lao_cai, acquired_on=date(2027, 1, 1)) == ["VN.2027.000001"]


def test_numbers_that_are_taken_are_passed_over(shelve: Callable[..., Record], lao_cai: HoldingLibrary) -> None:
    record = shelve()
    Copy.objects.create(record=record, library=lao_cai, register_number="VN.2026.000002")
    assert add(record, lao_cai, number=2) == ["VN.2026.000001", "VN.2026.000003"]


@pytest.mark.parametrize("series", ["", "vn", "VN1", "ĐC", "VNVNVNV"])
def test_what_is_no_series_is_refused(shelve: Callable[..., Record], lao_cai: HoldingLibrary, series: str) -> None:
    with pytest.raises(BadRegisterNumber):
        add(shelve(), lao_cai, series)
    assert not Copy.objects.exists()


def test_a_number_is_one_copy_of_a_library(shelve: Callable[..., Record], lao_cai: HoldingLibrary) -> None:
    record = shelve()
    add(record, lao_cai)
    with pytest.raises(IntegrityError), transaction.atomic():
        Copy.objects.create(record=record, library=lao_cai, register_number="VN.2026.000001")


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ((DEWEY,), "398.2095971"),
        ((DEWEY, DataField.of("090", "  ", [("a", "398.2"), ("b", "TR527C")])), "398.2 TR527C"),
        ((DataField.of("852", "1 ", [("a", "X"), ("h", "390"), ("i", "D100T")]), DEWEY), "390 D100T"),
        ((), ""),
    ],
)
def test_the_call_number_comes_from_the_record(fields: tuple[DataField, ...], number: str) -> None:
    assert copies.suggested_call_number(book(more=fields)) == number


def test_adding_is_in_the_log(shelve: Callable[..., Record], lao_cai: HoldingLibrary, librarian: Any) -> None:
    record = shelve()
    copies.add(record=record, library=lao_cai, series="VN", number=2, acquired_on=date(2026, 3, 1), by=librarian)
    entry = AuditEntry.objects.get(action="library.copies.add")
    assert (entry.by, entry.subject) == (librarian.uuid, f"record:{record.pk}")
    assert entry.detail == {"library": "VN-LCTV", "first": "VN.2026.000001", "number": 2}


def test_readers_see_copies_and_fields_library_by_library(
    client: Client, shelve: Callable[..., Record], lao_cai: HoldingLibrary
) -> None:
    record = shelve(
        more=(
            DataField.of("852", "  ", [("a", "VN-LCTV"), ("b", "Kho địa chí")]),
            DataField.of("866", " 0", [("a", "T.1 (1974)-T.5 (1978)")]),
            DataField.of("852", "  ", [("a", "Bảo tàng Dân tộc học"), ("j", "MS 12")]),
        )
    )
    add(record, lao_cai, number=3, location="Giá 2")
    Copy.objects.filter(register_number="VN.2026.000002").update(status="lost")
    Copy.objects.filter(register_number="VN.2026.000003").update(status="withdrawn")
    text = client.get(f"/library/records/{record.pk}/").text
    assert "<h3>Thư viện tỉnh Lào Cai</h3>" in text
    assert "Còn 1 trên 2 bản" in text
    assert "VN.2026.000003" not in text
    [first, second] = holdings.places(record.marc, list(record.copies.shown()), [lao_cai])
    assert (first.name, first.lines) == ("Thư viện tỉnh Lào Cai", ["Kho địa chí", "T.1 (1974)-T.5 (1978)"])
    assert (second.name, second.lines, second.copies) == ("Bảo tàng Dân tộc học", ["MS 12"], [])


def test_labels_hold_vietnamese_letters(shelve: Callable[..., Record], lao_cai: HoldingLibrary, tmp_path: Path) -> None:
    record = shelve(title="Lễ cấp sắc của người Dao Đỏ")
    add(record, lao_cai, number=70, call_number="394.2 Đ100")
    rows = list(Copy.objects.in_shelf_order())
    spine = text_of(labels.spine(rows, skip=60), tmp_path)
    assert (spine.count("394.2 Đ100"), spine.count("\f")) == (70, 2)
    barcodes = text_of(labels.barcodes(rows[:25]), tmp_path)
    assert "Thư viện tỉnh Lào Cai" in barcodes
    assert "Lễ cấp sắc của người Dao Đỏ" in barcodes
    assert ("VN.2026.000025" in barcodes, barcodes.count("\f")) == (True, 2)


def test_a_shelf_list_goes_by_place_and_call_number(
    shelve: Callable[..., Record], lao_cai: HoldingLibrary, tmp_path: Path
) -> None:
    add(shelve("1", "Sử thi Đam San"), lao_cai, call_number="398.2", location="Giá 1")
    add(shelve("2", "Luật tục Ê-đê"), lao_cai, call_number="340.5", location="Giá 1")
    add(shelve("3", "Bản đồ"), lao_cai, call_number="912", location="Giá 0")
    text = text_of(shelf_lists.write(Copy.objects.in_shelf_order(), title="Danh sách"), tmp_path)
    at = [text.index(each) for each in ("Giá 0", "Bản đồ", "Giá 1", "Luật tục Ê-đê", "Sử thi Đam San")]
    assert at == sorted(at)
    assert text_of(shelf_lists.write([], title="Danh sách trống"), tmp_path).startswith("Danh sách trống")


@pytest.fixture
def desk(client: Client, librarian: Any) -> Client:
    return sign_in_staff(client, librarian)


def test_the_records_shelf_in_the_admin(desk: Client, shelve: Callable[..., Record], lao_cai: HoldingLibrary) -> None:
    record = shelve(more=(DEWEY,))
    url = reverse("library_shelf:record", args=[record.pk])
    assert "Chưa có bản nào." in desk.get(url).text
    fields = {"do": "copies", "copies-library": lao_cai.pk, "copies-series": "vn", "copies-number": 2}
    fields |= {"copies-call_number": "", "copies-location": "Giá 3", "copies-status": "available"}
    assert desk.post(url, fields).status_code == 422
    assert desk.post(url, fields | {"copies-series": "VN"}).status_code == 302
    [one, _two] = Copy.objects.order_by("register_number")
    assert (one.call_number, one.location) == ("398.2095971", "Giá 3")
    change = {"library": lao_cai.pk, "register_number": "VN.CU.7", "call_number": "1", "location": "", "note": ""}
    copy_url = reverse("library_shelf:copy", args=[record.pk, one.pk])
    assert desk.post(copy_url, change | {"status": "repair", "acquired_on": ""}).status_code == 302
    one.refresh_from_db()
    assert (one.register_number, one.status) == ("VN.CU.7", "repair")


def test_a_taken_number_is_refused_where_it_is_typed(
    desk: Client, shelve: Callable[..., Record], lao_cai: HoldingLibrary
) -> None:
    record = shelve()
    add(record, lao_cai, number=2)
    one = Copy.objects.earliest("pk")
    change = {"library": lao_cai.pk, "register_number": "VN.2026.000002", "status": "available"}
    response = desk.post(reverse("library_shelf:copy", args=[record.pk, one.pk]), change)
    assert response.status_code == 422
    one.refresh_from_db()
    assert one.register_number == "VN.2026.000001"


def test_the_list_of_copies_prints_what_it_shows(
    desk: Client, shelve: Callable[..., Record], lao_cai: HoldingLibrary, tmp_path: Path
) -> None:
    add(shelve("1"), lao_cai, call_number="398.2", location="Giá 1")
    add(shelve("2"), lao_cai, call_number="912", location="Giá 2")
    response = desk.get(reverse("library_copies:index"), {"location": "Giá 2"})
    assert [copy.call_number for copy in response.context["object_list"]] == ["912"]
    for url in (reverse("library_shelf:shelf_list"), reverse("library_shelf:labels", args=["spine"])):
        printed = desk.get(url, {"location": "Giá 2"})
        assert printed["Content-Type"] == "application/pdf"
        (tmp_path / "a.pdf").write_bytes(b"".join(printed))
        text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True).stdout
        assert ("912" in text, "398.2" in text) == (True, False)
    assert desk.get(reverse("library_shelf:labels", args=["x"])).status_code == 404


def test_printing_is_for_staff(client: Client) -> None:
    assert client.get(reverse("library_shelf:shelf_list")).status_code == 302
