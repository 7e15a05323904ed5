"""The admin's pages of units, of settling, and of requests to learn for somebody."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Job
from people import accounts, representing, roles, settling, unit_attributes, villages
from people.models import (
    Household,
    ManagerAssignment,
    Organisation,
    Representation,
    RepresentationRequest,
    Unit,
    UnitAttribute,
    User,
)
from tests.people.conftest import NEW, person
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture
def manager(land: SimpleNamespace) -> User:
    user = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=user, unit=land.lao_cai)
    return user


@pytest.fixture
def staff(client: Client, manager: User) -> Client:
    return sign_in_staff(client, manager)


def page(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return str(response.content.decode())


def write(client: Client, url: str, /, *args: object, **data: object) -> None:
    response = client.post(reverse(url, args=args), data)
    assert response.status_code == 302, response.context["form"].errors


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_unit_with_its_past_and_future(staff: Client, land: SimpleNamespace) -> None:
    text = page(staff, "people_units:inspect", land.pung_luong.pk)
    for shown in (
        "Trước là",
        "Xã La Pán Tẩn",
        "Xã Cao Phạ",
        "một phần",
        "Nghị quyết",
        "Chưa có thôn, bản nào.",
        "Tỉnh Lào Cai",
    ):
        assert shown in text
    text = page(staff, "people_units:inspect", land.cao_pha.pk)
    for shown in ("Sau là", "Xã Tú Lệ", "chưa xếp được", reverse("people_settling:unit", args=[land.cao_pha.pk])):
        assert shown in text
    assert "Thêm thôn, bản" not in text


def test_counts_are_of_whom_one_sees(staff: Client, land: SimpleNamespace) -> None:
    for number in range(3):
        person(f"a{number}", unit=land.pung_luong)
    person("split", unit=land.cao_pha)
    person("far", unit=land.moc_chau)
    Household.objects.create(name="Hộ", unit=land.la_pan_tan)
    text = page(staff, "people_units:inspect", land.lao_cai.pk)
    assert "<strong>4</strong> · trong đó 1 chưa xếp được xã" in text
    text = page(staff, "people_units:inspect", land.pung_luong.pk)
    assert "<dt>Người</dt><dd><strong>3</strong></dd>" in text
    assert "<dt>Hộ gia đình</dt><dd><strong>1</strong></dd>" in text
    text = page(staff, "people_units:inspect", land.moc_chau.pk)
    assert "<dt>Người</dt><dd><strong>0</strong></dd>" in text


def test_villages_in_the_admin(staff: Client, land: SimpleNamespace, manager: User) -> None:
    write(staff, "people_units:add_village", land.tu_le.pk, name="bản một", since="2026-01-01", code="")
    village = Unit.objects.get(level="village")
    assert (village.name, village.code) == ("Bản một", "04636-001")
    assert "Bản một" in page(staff, "people_units:inspect", land.tu_le.pk)
    write(staff, "people_units:rename", village.pk, name="Bản Hai", from_day="2026-02-01", document="NQ 1")
    hai = Unit.objects.current().get(level="village")
    write(staff, "people_units:move", hai.pk, commune=land.pung_luong.pk, from_day="2026-03-01", document="NQ 2")
    moved = Unit.objects.current().get(level="village")
    assert (moved.name, moved.parent) == ("Bản Hai", land.pung_luong)
    other = villages.add(commune=land.pung_luong, name="Bản Ba", since=DAY, by=None)
    write(
        staff, "people_units:merge", moved.pk, others=[other.pk], name="Bản Bốn", from_day="2026-04-01", document="NQ 3"
    )
    four = Unit.objects.current().get(level="village")
    write(staff, "people_units:end", four.pk, heirs=[], last_day="2026-04-30", document="NQ 4")
    assert not Unit.objects.current().filter(level="village").exists()
    assert "Bản Bốn" not in page(staff, "people_units:inspect", land.pung_luong.pk)


def test_what_is_not_possible_is_said_above_the_form(staff: Client, land: SimpleNamespace) -> None:
    url = reverse("people_units:add_village", args=[land.tu_le.pk])
    response = staff.post(url, {"name": "Mông", "since": "2026-01-01"})
    assert response.status_code == 200
    assert "Hãy viết đầy đủ" in response.content.decode()
    assert 'value="Mông"' in response.content.decode()
    village = villages.add(commune=land.tu_le, name="Bản Một", since=DAY, by=None)
    url = reverse("people_units:move", args=[village.pk])
    response = staff.post(url, {"commune": land.moc_chau.pk, "from_day": "2026-03-01", "document": "NQ"})
    assert "Chỉ chuyển đến xã, phường hiện nay mà ông, bà quản lý." in response.content.decode()


def test_another_province_is_404(staff: Client, land: SimpleNamespace) -> None:
    far = villages.add(commune=land.moc_chau, name="Bản Xa", since=DAY, by=None)
    near = villages.add(commune=land.tu_le, name="Bản Gần", since=DAY, by=None)
    for name, unit in (
        ("inspect", far), ("rename", far), ("move", far), ("merge", far), ("end", far),
        ("add_attribute", land.moc_chau),
        ("agency", land.moc_chau), ("add_village", land.moc_chau), ("rename", land.tu_le), ("add_village", near),
    ):  # fmt: skip
        url = reverse(f"people_units:{name}", args=[unit.pk])
        assert staff.get(url).status_code == 404, name
        assert staff.post(url, {}).status_code in {404, 405}, name
    text = page(staff, "people_units:index", level="village")
    assert "Bản Gần" in text
    assert "Bản Xa" not in text
    assert "Bản Xa" not in page(staff, "people_unit_chooser:choose_results", q="ban")


def test_an_administrator_sees_every_village(client: Client, land: SimpleNamespace) -> None:
    village = villages.add(commune=land.tu_le, name="Bản Gần", since=DAY, by=None)
    sign_in_staff(client, accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR]))
    assert "Đổi tên" in page(client, "people_units:inspect", village.pk)
    assert "Bản Gần" in page(client, "people_units:index", level="village")


def test_roles_without_the_permission(client: Client, land: SimpleNamespace) -> None:
    trainer = accounts.create(full_name="Giảng Viên", username="giang.vien", roles=[roles.TRAINER])
    ManagerAssignment.objects.create(person=trainer, unit=land.lao_cai)
    sign_in_staff(client, trainer)
    assert client.get(reverse("people_units:inspect", args=[land.tu_le.pk])).status_code == 200
    for name, args in (
        ("people_units:add_village", [land.tu_le.pk]), ("people_units:add_attribute", [land.tu_le.pk]),
        ("people_settling:index", []), ("people_settling:unit", [land.cao_pha.pk]), ("people_requests:index", []),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code in {302, 403}, name


def test_attributes_and_agency(staff: Client, land: SimpleNamespace) -> None:
    write(
        staff, "people_units:add_attribute", land.tu_le.pk, said="zone:3", since="2026-01-01", until="", document="QĐ 1"
    )
    row = UnitAttribute.objects.get()
    assert (row.kind, row.value, row.document) == ("zone", "3", "QĐ 1")
    text = page(staff, "people_units:inspect", land.tu_le.pk)
    assert "Xã khu vực III" in text
    write(staff, "people_units:end_attribute", land.tu_le.pk, row.pk, last_day="2026-12-31")
    row.refresh_from_db()
    assert row.until == date(2026, 12, 31)
    response = staff.post(
        reverse("people_units:add_attribute", args=[land.tu_le.pk]),
        {"said": "hardship:", "since": "2026-01-01", "document": "QĐ 1"},
    )
    assert "said" in response.context["form"].errors
    board = Organisation.objects.create(name="Sở Dân tộc", kind="agency", unit=land.lao_cai)
    write(staff, "people_units:agency", land.lao_cai.pk, organisation=board.pk, since="2026-01-01")
    assert "Sở Dân tộc (phụ trách Tỉnh Lào Cai)" in page(staff, "people_units:inspect", land.tu_le.pk)
    unit_attributes.give(unit=land.lao_cai, kind="region", value="north", since=NEW, document="NQ", by=None)
    assert "Tỉnh Lào Cai: Vùng kinh tế – xã hội" in page(staff, "people_units:inspect", land.tu_le.pk)
    assert "Xã Tú Lệ" in page(staff, "people_units:index", attribute="region")
    assert "Xã Mộc Châu" not in page(staff, "people_units:index", attribute="region")


def test_settling_ticked_rows(staff: Client, land: SimpleNamespace) -> None:
    first, second = person("a", unit=land.cao_pha), person("b", unit=land.cao_pha)
    assert "Xã Cao Phạ" in page(staff, "people_settling:index")
    assert "Không có đơn vị cũ nào khớp." in page(staff, "people_settling:index", q="xyz")
    text = page(staff, "people_settling:unit", land.cao_pha.pk)
    for shown in (first.full_name, "Xã Púng Luông", "Xã Tú Lệ", "Tạm tính ở Tỉnh Lào Cai."):
        assert shown in text
    url = reverse("people_settling:unit", args=[land.cao_pha.pk])
    for wrong in ({}, {"to": land.tu_le.pk}, {"row": first.pk}, {"row": first.pk, "to": land.moc_chau.pk}, {"to": "x"}):
        assert staff.post(url, {"kind": "people", **wrong}).status_code == 302
    assert settling.waiting("people", first.__class__.objects.get(username="quan.ly")).count() == 2
    assert staff.post(url, {"kind": "people", "row": first.pk, "to": land.tu_le.pk})["Location"] == f"{url}?kind=people"
    first.refresh_from_db()
    assert first.unit == land.tu_le
    response = staff.post(url, {"kind": "people", "row": second.pk, "to": land.pung_luong.pk})
    assert response["Location"] == reverse("people_settling:index")
    assert "Không còn ai cần xếp." in page(staff, "people_settling:index")
    assert staff.post(url, {"kind": "units", "to": land.tu_le.pk}).status_code == 404
    assert staff.get(url, {"kind": "units"}).status_code == 404
    assert staff.get(reverse("people_settling:unit", args=[land.tu_le.pk])).status_code == 404


def test_settling_all(staff: Client, land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        Household.objects.create(name=f"Hộ {number}", unit=land.mu_cang_chai)
    person("far", unit=land.moc_chau)
    url = reverse("people_settling:unit", args=[land.mu_cang_chai.pk])
    assert "Xếp tất cả 3 dòng" in page(staff, "people_settling:unit", land.mu_cang_chai.pk)
    monkeypatch.setattr(settling, "AT_ONCE", 2)
    staff.post(url, {"kind": "households", "all": "1", "to": land.tu_le.pk})
    assert Job.objects.get().kind == "people.settle"
    assert Household.objects.filter(unit=land.mu_cang_chai).count() == 3
    monkeypatch.setattr(settling, "AT_ONCE", 3)
    staff.post(url, {"kind": "households", "all": "1", "to": land.tu_le.pk})
    assert Household.objects.filter(unit=land.tu_le).count() == 3


def test_pages_cost_the_same_however_full(staff: Client, land: SimpleNamespace) -> None:
    urls = [
        reverse("people_units:inspect", args=[land.lao_cai.pk]),
        reverse("people_units:inspect", args=[land.tu_le.pk]),
        reverse("people_settling:index"),
        reverse("people_settling:unit", args=[land.cao_pha.pk]),
        reverse("people_requests:index"),
        reverse("people_households:index"),
        reverse("people_organisations:index"),
        reverse("people_representations:index"),
    ]

    def grow(numbers: range) -> None:
        for number in numbers:
            learner = person(f"p{number}", unit=land.cao_pha)
            person(f"q{number}", unit=land.mu_cang_chai)
            villages.add(commune=land.tu_le, name=f"Bản {number}", since=DAY, by=None)
            home = Household.objects.create(name=f"Hộ {number}", unit=land.tu_le)
            Organisation.objects.create(name=f"HTX {number}", kind="cooperative", unit=land.tu_le)
            Representation.objects.create(person=learner, household=home)
            representing.ask(person=learner, kind="household", name=f"Hộ {number}")
            since = date(2020 + number, 1, 1)
            unit_attributes.give(
                unit=land.tu_le, kind="zone", value=str(number % 3 + 1), since=since, document="", by=None
            )

    grow(range(2))
    before = [queries(staff, url) for url in urls]
    grow(range(2, 9))
    assert [queries(staff, url) for url in urls] == before


def test_households_and_organisations(staff: Client, land: SimpleNamespace) -> None:
    form = {
        "name": "Hộ Giàng A Sử", "code": "12", "unit": land.tu_le.pk, "ethnic_minority": "on", "basis": "",
        "since": "2026-01-01",
    }  # fmt: skip
    response = staff.post(reverse("people_households:add"), form)
    assert response.context["form"].errors == {"basis": ["Hãy cho biết căn cứ xác định là của người dân tộc thiểu số."]}
    response = staff.post(reverse("people_households:add"), {**form, "basis": "head", "unit": land.moc_chau.pk})
    assert response.context["form"].errors == {"unit": ["Chỉ chọn địa bàn mà ông, bà quản lý."]}
    write(staff, "people_households:add", **{**form, "basis": "head", "basis_document": "QĐ 12"})
    home = Household.objects.get()
    assert (home.basis, home.basis_document, home.code) == ("head", "QĐ 12", "12")
    assert home.name in page(staff, "people_households:index", q="giang a su")
    form = {
        "name": "HTX Chè",
        "kind": "cooperative",
        "unit": land.tu_le.pk,
        "tax_code": "0100 109 107",
        "since": "2026-01-01",
    }
    response = staff.post(reverse("people_organisations:add"), form)
    assert list(response.context["form"].errors) == ["tax_code"]
    write(staff, "people_organisations:add", **{**form, "tax_code": "0100 109 106 001"})
    assert Organisation.objects.get().tax_code == "0100109106-001"
    assert "HTX Chè" in page(staff, "people_organisations:index", q="0100109106")


def test_who_learns_for_a_household_stands_on_its_page(staff: Client, land: SimpleNamespace) -> None:
    home = Household.objects.create(name="Hộ Giàng", unit=land.tu_le)
    learner = person("giang", unit=land.tu_le)
    far = person("xa", unit=land.moc_chau)
    assert "Chưa có ai học thay." in page(staff, "people_households:edit", home.pk)
    add = f"{reverse('people_representations:add')}?household={home.pk}"
    assert add in page(staff, "people_households:edit", home.pk)
    assert staff.get(add).context["form"]["household"].value() == str(home.pk)
    response = staff.post(add, {"person": far.pk, "household": home.pk, "since": "2026-01-01"})
    assert list(response.context["form"].errors) == ["person"]
    write(staff, "people_representations:add", person=learner.pk, household=home.pk, since="2026-01-01")
    assert learner.full_name in page(staff, "people_households:edit", home.pk)


def test_answering_a_request(staff: Client, land: SimpleNamespace, manager: User) -> None:
    home = Household.objects.create(name="Hộ Giàng A Sử", unit=land.pung_luong)
    learner, far = person("giang", unit=land.la_pan_tan), person("xa", unit=land.moc_chau)
    asked = representing.ask(person=learner, kind="household", name="Giàng A Sử")
    hidden = representing.ask(person=far, kind="household", name="Lò")
    text = page(staff, "people_requests:index")
    assert "Giàng A Sử" in text
    assert "Lò" not in text
    assert staff.get(reverse("people_requests:answer", args=[hidden.pk])).status_code == 404
    assert "Hộ Giàng A Sử" in page(staff, "people_requests:answer", asked.pk)
    write(staff, "people_requests:answer", asked.pk, alike=home.pk, since="2026-02-01")
    row = Representation.objects.get()
    assert (row.person, row.household, row.since) == (learner, home, date(2026, 2, 1))
    asked.refresh_from_db()
    assert (asked.state, asked.representation) == ("confirmed", row)
    response = staff.post(reverse("people_requests:answer", args=[asked.pk]), {"alike": home.pk})
    assert "Đề nghị này đã được trả lời." in response.content.decode()


def test_a_request_for_something_new_and_one_refused(staff: Client, land: SimpleNamespace) -> None:
    learner = person("giang", unit=land.tu_le)
    asked = representing.ask(person=learner, kind="cooperative", name="HTX Chè", code="0100109106")
    url = reverse("people_requests:answer", args=[asked.pk])
    response = staff.post(url, {"unit": "", "since": "2026-01-01"})
    assert "Hãy chọn địa bàn" in response.content.decode()
    write(staff, "people_requests:answer", asked.pk, unit=land.tu_le.pk, since="2026-01-01")
    made = Organisation.objects.get()
    assert (made.name, made.kind, made.tax_code, made.ethnic_minority) == (
        "HTX Chè",
        "cooperative",
        "0100109106",
        False,
    )
    second = representing.ask(person=learner, kind="enterprise", name="Công ty", code="123")
    url = reverse("people_requests:answer", args=[second.pk])
    assert "Mã số thuế gồm" in staff.post(url, {"unit": land.tu_le.pk}).content.decode()
    assert "Hãy ghi lý do" in staff.post(url, {"refuse": "1"}).content.decode()
    write(staff, "people_requests:answer", second.pk, refuse="1", answer="Mã số thuế chưa đúng.")
    second.refresh_from_db()
    assert (second.state, second.answer) == ("refused", "Mã số thuế chưa đúng.")
    assert Representation.objects.count() == 1
    assert not RepresentationRequest.objects.waiting().exists()
