"""Entering, mending, merging and erasing people in the admin."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group as Role
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from people import accounts, erasure, few_paginator, roles
from people.models import (
    AudienceMembership,
    Consent,
    ErasureRequest,
    Group,
    GroupMembership,
    Household,
    ManagerAssignment,
    Organisation,
    User,
    UserAlias,
)
from tests.people.conftest import person
from tests.people.signing_in import sign_in_staff
from tests.people.test_admin import fields, queries

pytestmark = pytest.mark.django_db
ADD = "wagtailusers_users:add"
EDIT = "wagtailusers_users:edit"
INDEX = "wagtailusers_users:index"


@pytest.fixture
def admin(client: Client) -> Client:
    return sign_in_staff(client, administrator())


def administrator() -> User:
    return accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])


@pytest.fixture
def manager(land: SimpleNamespace) -> User:
    made = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=made, unit=land.tu_le)
    return made


def audiences(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """As the rows of the form send them."""
    sent = {"audience_memberships-TOTAL_FORMS": len(rows), "audience_memberships-INITIAL_FORMS": initial}
    empty = dict.fromkeys(("id", "audience", "since", "until", "decision_number", "decision_date"), "")
    for at, row in enumerate(rows):
        sent |= {f"audience_memberships-{at}-{name}": value for name, value in {**empty, **row}.items()}
    return sent


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(map(str, found)) for name, found in response.context["form"].errors.items()}


def test_a_person_with_audiences_languages_and_sensitive_data(admin: Client, land: SimpleNamespace) -> None:
    head = {"audience": "village_heads", "since": "2026-01-01", "decision_number": "12/QĐ-UBND"}
    sent = fields(
        phone="0912345678", unit=land.tu_le.pk, birth_year=1985, gender="male", languages=["hmn", "vi"],
        ethnic_group="08", national_id="010 085 000 123", purpose="Thống kê", basis="law", document="QĐ 1087",
        **audiences(head),
    )  # fmt: skip
    response = admin.post(reverse(ADD), sent)
    assert response.status_code == 302, errors(response)
    su = User.objects.get(phone="+84912345678")
    assert (su.languages, su.ethnic_group, su.national_id) == (["hmn", "vi"], "08", "010085000123")
    assert [group.name for group in su.groups.all()] == [roles.LEARNER]
    assert not su.has_usable_password()
    assert list(AudienceMembership.objects.values_list("person", "audience", "decision_number")) == [
        (su.pk, "village_heads", "12/QĐ-UBND")
    ]
    assert list(Consent.objects.values_list("person", "purpose", "basis")) == [(su.pk, "Thống kê", "law")]
    entry = AuditEntry.objects.get(action="people.add")
    assert entry.subject == f"person:{su.uuid}"
    assert "912345678" not in str(entry.detail)


def test_sensitive_data_need_a_reason(admin: Client, land: SimpleNamespace) -> None:
    response = admin.post(reverse(ADD), fields(phone="0912345678", unit=land.tu_le.pk, ethnic_group="08"))
    assert set(errors(response)) == {"purpose", "basis"}
    response = admin.post(
        reverse(ADD),
        fields(phone="0912345678", birth_year=1986, national_id="010085000123", purpose="x", basis="law"),
    )
    assert "1985" in errors(response)["national_id"][0]
    assert User.objects.count() == 1


def test_rows_of_audiences_are_changed_and_deleted(admin: Client) -> None:
    su = person("su")
    one = AudienceMembership.objects.create(person=su, audience="village_heads", since="2026-01-01")
    two = AudienceMembership.objects.create(person=su, audience="households", since="2026-01-01")
    sent = audiences(
        {"id": one.pk, "audience": "village_heads", "since": "2026-01-01", "until": "2025-01-01"},
        {"id": two.pk, "audience": "households", "since": "2026-01-01", "DELETE": "on"},
        {},
        initial=2,
    )
    url = reverse(EDIT, args=[su.pk])
    response = admin.post(url, fields(username="su", is_active="on", **sent))
    assert response.status_code == 200
    assert AudienceMembership.objects.count() == 2
    sent["audience_memberships-0-until"] = "2026-06-30"
    response = admin.post(url, fields(username="su", is_active="on", **sent))
    assert response.status_code == 302, (errors(response), response.context["form"].audiences.errors)
    assert [(row.pk, str(row.until)) for row in AudienceMembership.objects.all()] == [(one.pk, "2026-06-30")]


def test_likely_doubles_are_shown_before_saving(admin: Client, land: SimpleNamespace) -> None:
    accounts.create(full_name="Mùa A Sử", username="su", unit=land.tu_le, birth_year=1985)
    sent = fields(full_name="Mua A Su", phone="0912345678", unit=land.tu_le.pk, birth_year=1985)
    response = admin.post(reverse(ADD), sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Có thể người này đã có" in page
    assert "cùng họ tên và xã" in page
    assert User.objects.count() == 2
    response = admin.post(reverse(ADD), {**sent, "confirmed": response.context["form"].fingerprint})
    assert response.status_code == 302
    assert User.objects.filter(name_key="mua a su").count() == 2


def test_of_somebody_elsewhere_only_that_there_is_one(client: Client, manager: User, land: SimpleNamespace) -> None:
    accounts.create(full_name="Lò Thị Xa", phone="0912345678", unit=land.moc_chau)
    sign_in_staff(client, manager)
    response = client.post(reverse(ADD), fields(phone="0912345678", unit=land.tu_le.pk))
    page = response.content.decode()
    assert "Một người ở địa bàn khác" in page
    assert "cùng số điện thoại" in page
    assert "Lò Thị Xa" not in page


def test_a_manager_enters_learners_where_they_manage_and_no_more(
    client: Client, manager: User, land: SimpleNamespace
) -> None:
    sign_in_staff(client, manager)
    response = client.post(reverse(ADD), fields(phone="0912345678", unit=land.moc_chau.pk))
    assert errors(response) == {"unit": ["Ông, bà không quản lý địa bàn này."]}
    trainer = Role.objects.get(name=roles.TRAINER)
    response = client.post(reverse(ADD), fields(phone="0912345678", unit=land.tu_le.pk, groups=[trainer.pk]))
    assert response.status_code == 302, errors(response)
    su = User.objects.get(phone="+84912345678")
    assert [group.name for group in su.groups.all()] == [roles.LEARNER]
    assert not su.is_staff
    staff = accounts.create(full_name="Giảng Viên", username="day", roles=[roles.TRAINER], unit=land.tu_le)
    for name, args in (
        (EDIT, [staff.pk]),
        ("people_merging:choose", [staff.pk]),
        ("people_erasure:person", [staff.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name


def test_trainers_enter_people_but_no_sensitive_data(client: Client, land: SimpleNamespace) -> None:
    trainer = accounts.create(full_name="Giảng Viên", username="day", roles=[roles.TRAINER], unit=land.tu_le)
    sign_in_staff(client, trainer)
    sent = fields(phone="0912345678", unit=land.tu_le.pk, ethnic_group="08", purpose="x", basis="law")
    assert set(errors(client.post(reverse(ADD), sent))) == {"ethnic_group"}
    assert client.post(reverse(ADD), {**sent, "ethnic_group": ""}).status_code == 302
    su = User.objects.get(phone="+84912345678")
    for name in (EDIT, "people_sensitive:person", "people_merging:choose", "people_erasure:person"):
        assert client.get(reverse(name, args=[su.pk])).status_code in {302, 403, 404}, name


def test_sensitive_data_are_shown_at_a_press_that_is_noted(
    client: Client, manager: User, land: SimpleNamespace
) -> None:
    su = person("su", unit=land.tu_le, ethnic_group="08")
    su.national_id = "010085000123"
    su.save()
    sign_in_staff(client, manager)
    url = reverse("people_sensitive:person", args=[su.pk])
    page = client.get(reverse(EDIT, args=[su.pk])).content.decode()
    assert 'name="ethnic_group"' not in page
    assert "000123" not in page
    assert url in page
    page = client.get(url).content.decode()
    assert "000123" not in page
    assert 'value="08"' not in page
    assert not AuditEntry.objects.filter(action="people.read_sensitive").exists()
    page = client.post(url, {"do": "show"}).content.decode()
    assert '<option value="08" selected>Mông</option>' in page
    assert "•••••••••123" in page
    assert "010085000123" not in page
    entry = AuditEntry.objects.get(action="people.read_sensitive")
    assert (entry.by, entry.subject, entry.detail) == (
        manager.uuid,
        f"person:{su.uuid}",
        {"where": "person", "count": 1},
    )
    sent = {"do": "save", "ethnic_group": "02", "national_id": "", "purpose": "", "basis": "", "document": ""}
    assert set(errors(client.post(url, sent))) == {"purpose", "basis"}
    assert client.post(url, {**sent, "purpose": "Thống kê", "basis": "law"}).status_code == 302
    su.refresh_from_db()
    assert (su.ethnic_group, su.national_id) == ("02", "010085000123")
    assert client.post(url, {**sent, "ethnic_group": "02", "forget_national_id": "on"}).status_code == 302
    su.refresh_from_db()
    assert (su.national_id, su.national_id_key) == ("", None)
    far = person("xa", unit=land.moc_chau)
    assert client.get(reverse("people_sensitive:person", args=[far.pk])).status_code == 404


def test_merge_and_undo_in_the_admin(admin: Client, land: SimpleNamespace) -> None:
    kept = accounts.create(full_name="Mùa A Sử", username="su", unit=land.tu_le, birth_year=1985)
    other = accounts.create(full_name="Mua A Su", phone="0912345678", unit=land.tu_le, birth_year=1985)
    page = admin.get(reverse("people_merging:choose", args=[kept.pk])).content.decode()
    url = reverse("people_merging:merge", args=[kept.pk, other.pk])
    assert url in page
    response = admin.post(reverse("people_merging:choose", args=[kept.pk]), {"other": other.pk})
    assert response["Location"] == url
    page = admin.get(url).content.decode()
    assert "+84912345678" in page
    assert "lấy từ tài khoản gộp vào" in page
    assert not UserAlias.objects.exists()
    assert admin.post(url).status_code == 302
    kept.refresh_from_db()
    assert kept.phone == "+84912345678"
    alias = UserAlias.objects.get()
    undo = reverse("people_merging:unmerge", args=[alias.pk])
    assert undo in admin.get(reverse(EDIT, args=[kept.pk])).content.decode()
    assert admin.get(reverse(EDIT, args=[other.pk])).status_code == 404
    assert admin.get(undo).status_code == 200
    assert admin.post(undo).status_code == 302
    assert not UserAlias.objects.exists()
    assert admin.get(reverse(EDIT, args=[other.pk])).status_code == 200


def test_a_second_press_of_merge_leads_to_the_person(admin: Client, land: SimpleNamespace) -> None:
    kept = accounts.create(full_name="Mùa A Sử", username="su", unit=land.tu_le, birth_year=1985)
    other = accounts.create(full_name="Mua A Su", phone="0912345678", unit=land.tu_le, birth_year=1985)
    url = reverse("people_merging:merge", args=[kept.pk, other.pk])
    answers = [admin.post(url) for _press in range(2)]
    assert [answer["Location"] for answer in answers] == [reverse("wagtailusers_users:edit", args=[kept.pk])] * 2


def test_a_manager_merges_only_whom_they_see(client: Client, manager: User, land: SimpleNamespace) -> None:
    near, far = person("gan", unit=land.tu_le), person("xa", unit=land.moc_chau)
    sign_in_staff(client, manager)
    assert client.post(reverse("people_merging:merge", args=[near.pk, far.pk])).status_code == 404
    assert client.post(reverse("people_merging:merge", args=[far.pk, near.pk])).status_code == 404
    assert not UserAlias.objects.exists()


def test_erase_after_typing_the_name(admin: Client, land: SimpleNamespace) -> None:
    su = accounts.create(full_name="Mùa A Sử", username="su", unit=land.tu_le)
    erasure.ask(su)
    url = reverse("people_erasure:person", args=[su.pk])
    assert url in admin.get(reverse("people_erasure_requests:index")).content.decode()
    assert url in admin.get(reverse(EDIT, args=[su.pk])).content.decode()
    assert set(errors(admin.post(url, {"do": "erase", "name": "Mùa"}))) == {"name"}
    assert set(errors(admin.post(url, {"do": "refuse", "answer": ""}))) == {"answer"}
    assert admin.post(url, {"do": "erase", "name": "mùa a sử"}).status_code == 302
    su.refresh_from_db()
    assert (su.full_name, su.unit) == ("", land.tu_le)
    assert ErasureRequest.objects.get().state == "done"
    assert admin.get(reverse(EDIT, args=[su.pk])).status_code == 404


def test_the_own_page_asks_to_be_erased(client: Client) -> None:
    su = person("su")
    client.force_login(su, backend="people.sign_in.SignInBackend")
    url = reverse("account_erasure")
    assert url in client.get(reverse("home:my")).content.decode()
    assert not ErasureRequest.objects.exists()
    assert client.get(url).status_code == 200
    assert client.post(url, {"do": "ask"}).status_code == 302
    assert "đang chờ" in client.get(url).content.decode()
    assert client.post(url, {"do": "withdraw"}).status_code == 302
    client.post(url, {"do": "ask"})
    erasure.refuse(ErasureRequest.objects.waiting().get(), by=administrator(), answer="Đang học dở lớp.")
    assert "Đang học dở lớp." in client.get(url).content.decode()
    assert list(ErasureRequest.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "refused"]


def test_filters(admin: Client, land: SimpleNamespace) -> None:
    office = Organisation.objects.create(name="UBND", kind="agency", unit=land.tu_le)
    one = person("mot", unit=land.la_pan_tan)
    person("hai", unit=land.moc_chau)
    one.organisation = office
    one.save()
    one.groups.add(Role.objects.get(name=roles.TRAINER))
    AudienceMembership.objects.create(person=one, audience="village_heads")
    AudienceMembership.objects.create(person=one, audience="households", since="2020-01-01", until="2020-12-31")
    for name, value in {
        "unit": land.pung_luong.pk,
        "audience": "village_heads",
        "group": Role.objects.get(name=roles.TRAINER).pk,
        "organisation": office.pk,
    }.items():
        found = admin.get(reverse(INDEX), {name: value}).context["page_obj"].object_list
        assert [user.username for user in found] == ["mot"], name
    assert len(admin.get(reverse(INDEX), {"audience": "households"}).context["page_obj"].object_list) == 0


def test_words_of_a_name_and_numbers(admin: Client, land: SimpleNamespace) -> None:
    accounts.create(full_name="Lò Văn Đức", phone="0912345678", email="duc.lo@example.vn", username="duc")
    for text, found in (
        ("lo", 1), ("van lo", 1), ("đức", 1), ("DUC", 1), ("0912345", 1), ("+8491", 1), ("duc.lo@ex", 1),
        ("uc", 0), ("lo thi", 0), ("'\"*()", 0), ("lo' OR 1", 0), ("!!", 0), ("\\", 0),
    ):  # fmt: skip
        assert User.objects.found_by(text).count() == found, text
    User.objects.filter(username="duc").update(search_key="vang thi my")
    assert User.objects.found_by("lo").count() == 0
    assert User.objects.found_by("thi my").count() == 1
    User.objects.filter(username="duc").delete()
    assert User.objects.found_by("thi my").count() == 0


def test_a_long_list_is_counted_no_further(
    admin: Client, land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Người {chr(97 + n)}" for n in range(12)]
    for n, name in enumerate(names):
        accounts.create(full_name=name, username=f"p{n}", unit=land.tu_le)
    url = reverse(INDEX)
    page = admin.get(url, {"q": "nguoi"})
    assert [str(user) for user in page.context["page_obj"]] == names
    few = queries(admin, f"{url}?q=nguoi")
    monkeypatch.setattr(few_paginator, "MOST", 10)
    page = admin.get(url, {"q": "nguoi"})
    assert page.context["paginator"].count == 10
    assert len(page.context["page_obj"]) == 10
    assert "Có hơn 10 người" in page.content.decode()
    assert queries(admin, f"{url}?q=nguoi") == few


def test_a_long_list_of_a_manager_is_in_order_whoever_is_seen_by_unit_or_by_group(
    land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The beginning of each part, put together: none twice, none left out."""
    manager = accounts.create(full_name="Zz Quản", username="quan", roles=[roles.MANAGER], unit=land.tu_le)
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    group = Group.objects.create(name="Lớp liên tỉnh")
    GroupMembership.objects.create(group=group, person=manager, leader=True)
    for n, letter in enumerate("hgfedcba"):
        here = n % 2 == 0
        person = accounts.create(
            full_name=f"Người {letter}", username=f"p{n}", unit=land.tu_le if here else land.moc_chau
        )
        if n % 3 or not here:  # some are seen both ways
            GroupMembership.objects.create(group=group, person=person)
    accounts.create(full_name="Người 0", username="xa", unit=land.moc_chau)
    office = sign_in_staff(Client(), manager)
    monkeypatch.setattr(few_paginator, "MOST", 6)
    assert [str(user) for user in office.get(reverse(INDEX)).context["page_obj"]] == [
        f"Người {letter}" for letter in "abcdef"
    ]
    cards = office.get(reverse("people_cards:list")).context["people"]
    assert [str(user) for user in cards] == [f"Người {letter}" for letter in "abcdefgh"]


@pytest.mark.parametrize("model", [Household, Organisation])
def test_households_and_organisations_by_words_and_no_further(
    admin: Client, land: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, model: Any
) -> None:
    url = reverse("people_households:index" if model is Household else "people_organisations:index")
    names = [f"Hộ Lò {chr(97 + n)}" for n in range(12)]
    for name in reversed(names):
        model.objects.create(name=name, unit=land.tu_le)
    page = admin.get(url, {"q": "lo ho"})
    assert [str(row) for row in page.context["page_obj"]] == names
    assert len(admin.get(url, {"q": "o"}).context["page_obj"]) == 0
    assert len(admin.get(url, {"q": "'!"}).context["page_obj"]) == 0
    asked = queries(admin, f"{url}?q=lo")
    monkeypatch.setattr(few_paginator, "MOST", 10)
    page = admin.get(url, {"q": "lo"})
    assert page.context["paginator"].count == 10
    assert "Có hơn 10 dòng" in page.content.decode()
    assert queries(admin, f"{url}?q=lo") == asked
    assert [str(row) for row in admin.get(url).context["page_obj"]] == names[:10]
    assert [str(row) for row in admin.get(url, {"ordering": "-name"}).context["page_obj"]] == names[:1:-1]
    model.objects.filter(name=names[3]).delete()
    assert [row.name for row in model.objects.found_by("d lo")] == []
    assert [row.name for row in model.objects.found_by("e lo")] == [names[4]]
