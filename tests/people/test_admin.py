"""The admin's lists and forms of people and units."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group as Role
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import accounts, roles
from people.models import AudienceMembership, Household, ManagerAssignment, Organisation, User
from tests.people.conftest import person
from tests.people.conftest import unit as new_unit
from tests.people.signing_in import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


def fields(**changed: object) -> dict[str, object]:
    empty = dict.fromkeys(
        ("phone", "email", "username", "birth_year", "gender", "unit", "organisation", "password1", "password2"), ""
    )
    return {**empty, "full_name": "Mùa A Sử", "language": "vi", "groups": [], **changed}


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "name",
    [
        "wagtailusers_users:index", "wagtailusers_users:add", "people_units:index", "people_audiences:index",
        "people_audiences:add", "people_managers:index", "people_managers:add", "people_organisations:index",
        "people_organisations:add", "people_households:index", "people_households:add", "people_unit_chooser:choose",
        "people_person_chooser:choose",
        "people_organisation_chooser:choose", "wagtailadmin_account", "wagtailadmin_home",
    ],
)  # fmt: skip
def test_pages_open(admin: Client, land: SimpleNamespace, name: str) -> None:
    assert admin.get(reverse(name)).status_code == 200


def test_make_a_person(admin: Client, land: SimpleNamespace) -> None:
    trainer = Role.objects.get(name=roles.TRAINER)
    password = "ruộng bậc thang"
    response = admin.post(
        reverse("wagtailusers_users:add"),
        fields(phone="0912 345 678", unit=land.tu_le.pk, password1=password, password2=password, groups=[trainer.pk]),
    )
    assert response.status_code == 302, response.context["form"].errors
    user = User.objects.get(phone="+84912345678")
    assert (user.full_name, user.username, user.email, user.unit) == ("Mùa A Sử", None, None, land.tu_le)
    assert user.check_password(password)
    assert user.is_staff
    assert not user.is_superuser


def test_a_person_needs_a_name_to_sign_in_by(admin: Client) -> None:
    password = "ruộng bậc thang"
    response = admin.post(reverse("wagtailusers_users:add"), fields(password1=password, password2=password))
    assert response.status_code == 200
    assert "Cần ít nhất một trong ba" in response.content.decode()
    assert User.objects.count() == 1


def test_change_a_person(admin: Client, land: SimpleNamespace) -> None:
    user = person("su", unit=land.tu_le)
    url = reverse("wagtailusers_users:edit", args=[user.pk])
    assert "Thêm nhóm đối tượng" in admin.get(url).content.decode()
    response = admin.post(url, fields(username="su", email="Su@example.vn", is_active="on"))
    assert response.status_code == 302, response.context["form"].errors
    user.refresh_from_db()
    assert (user.full_name, user.email, user.unit, user.is_active) == ("Mùa A Sử", "su@example.vn", None, True)
    assert user.check_password("mật khẩu dài")


def test_another_spelling_of_a_taken_phone(admin: Client) -> None:
    person("su", phone="0912345678")
    url = reverse("wagtailusers_users:edit", args=[person("khac").pk])
    response = admin.post(url, fields(username="khac", phone="84912345678", is_active="on"))
    assert list(response.context["form"].errors) == ["phone"]


def test_a_form_offers_no_list_of_14000_units(admin: Client, land: SimpleNamespace) -> None:
    page = admin.get(reverse("wagtailusers_users:edit", args=[person("su").pk])).content.decode()
    assert "Chọn địa bàn" in page
    assert "Xã Púng Luông" not in page
    assert "Học viên" in page


def test_own_names_on_the_account_page(admin: Client) -> None:
    url = reverse("wagtailadmin_account")
    assert "current_time_zone" not in admin.get(url).content.decode()  # one country, one time
    form = {
        "name_email-full_name": "Quản Trị Mới",
        "name_email-phone": "0912345678",
        "name_email-email": "",
        "locale-preferred_language": "vi",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    }
    assert admin.post(url, form).status_code == 302
    assert list(User.objects.values_list("full_name", "phone", "email")) == [("Quản Trị Mới", "+84912345678", None)]


def test_audiences_on_a_person(admin: Client) -> None:
    user = person("su")
    url = f"{reverse('people_audiences:add')}?person={user.pk}"
    assert admin.get(url).context["form"]["person"].value() == str(user.pk)
    response = admin.post(
        url,
        {
            "person": user.pk,
            "audience": "village_heads",
            "since": "2026-01-01",
            "until": "",
            "decision_number": "12/QĐ-UBND",
            "decision_date": "",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    assert list(AudienceMembership.objects.values_list("person", "audience", "decision_number")) == [
        (user.pk, "village_heads", "12/QĐ-UBND")
    ]
    assert (
        "Trưởng thôn, bản, ấp, buôn" in admin.get(reverse("wagtailusers_users:edit", args=[user.pk])).content.decode()
    )


def test_units_are_looked_up_not_changed(admin: Client, land: SimpleNamespace) -> None:
    assert admin.get(reverse("people_units:inspect", args=[land.tu_le.pk])).status_code == 200
    for name, args in (("add", []), ("edit", [land.tu_le.pk]), ("delete", [land.tu_le.pk])):
        response = admin.post(reverse(f"people_units:{name}", args=args))
        assert (response.status_code, response["Location"]) == (302, "/admin/"), name
    land.tu_le.refresh_from_db()


def test_search_without_marks(admin: Client, land: SimpleNamespace) -> None:
    page = admin.get(reverse("people_units:index"), {"q": "pung luong"}).content.decode()
    assert "Xã Púng Luông" in page
    assert "Xã Tú Lệ" not in page
    person("su", phone="0912345678")
    page = admin.get(reverse("wagtailusers_users:index"), {"q": "0912345"}).content.decode()
    assert "+84912345678" in page
    page = admin.get(reverse("people_unit_chooser:choose_results"), {"q": "tu le"}).content.decode()
    assert "Xã Tú Lệ" in page
    assert "Xã Púng Luông" not in page


def test_lists_cost_the_same_however_long(admin: Client, land: SimpleNamespace) -> None:
    lists = [
        reverse(name)
        for name in (
            "wagtailusers_users:index",
            "people_units:index",
            "people_audiences:index",
            "people_organisations:index",
        )
    ]

    def grow(numbers: range) -> None:
        for number in numbers:
            user = person(f"p{number}", unit=land.tu_le)
            user.groups.add(Role.objects.get(name=roles.LEARNER))
            AudienceMembership.objects.create(person=user, audience="households")
            Organisation.objects.create(name=f"HTX {number}", kind="cooperative", unit=land.tu_le)

    grow(range(2))
    before = [queries(admin, url) for url in lists]
    grow(range(2, 14))
    assert [queries(admin, url) for url in lists] == before


def test_trainers_see_only_whom_they_may(client: Client, land: SimpleNamespace) -> None:
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.pung_luong)
    near, far = person("nguoi.gan", unit=land.la_pan_tan), person("nguoi.xa", unit=land.moc_chau)
    for user in (near, far):
        AudienceMembership.objects.create(person=user, audience="households")
    sign_in_staff(client, manager)
    page = client.get(reverse("wagtailusers_users:index")).content.decode()
    assert near.full_name in page
    assert far.full_name not in page
    page = client.get(reverse("people_audiences:index")).content.decode()
    assert near.full_name in page
    assert far.full_name not in page
    assert client.get(reverse("wagtailusers_users:edit", args=[near.pk])).status_code == 200
    assert client.get(reverse("wagtailusers_users:edit", args=[far.pk])).status_code == 404


def test_administrators_do_not_make_or_change_superusers(client: Client) -> None:
    root = User.objects.create_superuser(username="root", full_name="Root")
    sign_in_staff(client, accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR]))
    assert client.get(reverse("wagtailusers_users:edit", args=[root.pk])).status_code == 404
    user = person("su")
    url = reverse("wagtailusers_users:edit", args=[user.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, fields(username="su", is_active="on", is_superuser="on")).status_code == 302
    user.refresh_from_db()
    assert user.full_name == "Mùa A Sử"
    assert not user.is_superuser


@pytest.mark.parametrize("action", ["delete", "set_active_state", "assign_role"])
def test_there_are_no_actions_on_many_people_at_once(admin: Client, action: str) -> None:
    user = person("khac")
    url = f"/admin/bulk/people/user/{action}/?id={user.pk}"
    assert admin.get(url).status_code == 404
    assert admin.post(url).status_code == 404
    assert "bulk-action-checkbox" not in admin.get(reverse("wagtailusers_users:index")).content.decode()


@pytest.mark.parametrize("chooser", ["person", "organisation", "household"])
def test_choosers_say_nothing_of_rows_that_they_do_not_offer(
    client: Client, land: SimpleNamespace, chooser: str
) -> None:
    """Staff of any role reach the choosers: by counting keys they must not read the names of everybody."""
    rows = {
        "person": person("so.vang", unit=land.moc_chau),
        "organisation": Organisation.objects.create(name="HTX So Vang", kind="cooperative", unit=land.moc_chau),
        "household": Household.objects.create(name="So Vang", unit=land.moc_chau),
    }
    key = rows[chooser].pk
    urls = [
        reverse(f"people_{chooser}_chooser:chosen", args=[key]),
        f"{reverse(f'people_{chooser}_chooser:chosen_multiple')}?id={key}&id=x",
    ]
    cataloguer = accounts.create(full_name="Biên Mục", username="bien.muc", roles=[roles.CATALOGUER])
    sign_in_staff(client, cataloguer)
    for url in urls:
        assert "vang" not in client.get(url).content.decode().lower()
    admin = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    sign_in_staff(client, admin)
    for url in urls:
        assert "vang" in client.get(url).content.decode().lower()


@pytest.mark.parametrize(
    "page", ["wagtailusers_users:add", "wagtailusers_users:edit", "people_merging:choose", "core_admin:upload"]
)
def test_fields_that_need_a_script_have_it(admin: Client, land: SimpleNamespace, page: str) -> None:
    """Without it a field for a person, a place or a day does nothing when pressed."""
    learner = person("su", unit=land.pung_luong)
    args = {"core_admin:upload": ["units"], "wagtailusers_users:add": []}.get(page, [learner.pk])
    text = admin.get(reverse(page, args=args)).content.decode()
    scripts = {"initDateChooser(": "date-time-chooser", "new Chooser(": "chooser-widget"}
    used = [script for call, script in scripts.items() if call in text]
    assert used
    for script in used:
        assert f"wagtailadmin/js/{script}" in text


def test_two_accounts_of_one_name_are_told_apart_by_how_they_sign_in(admin: Client, land: SimpleNamespace) -> None:
    """Before they are merged, and before that is undone."""
    kept, other = (
        accounts.create(full_name="Mùa A Sử", username=name, unit=land.pung_luong) for name in ("su.1", "su.2")
    )
    url = reverse("people_merging:merge", args=[kept.pk, other.pk])
    text = admin.get(url).content.decode()
    assert "Giữ tài khoản của Mùa A Sử (su.1); tài khoản của Mùa A Sử (su.2) gộp vào" in text
    assert "Đổi lại: giữ tài khoản su.2" in text
    admin.post(url)
    alias = kept.aliases.get()
    undo = admin.get(reverse("people_merging:unmerge", args=[alias.pk])).content.decode()
    assert "gộp vào tài khoản của Mùa A Sử (su.1)" in undo


def test_the_field_of_a_filter_names_only_what_the_reader_may_see(client: Client, land: SimpleNamespace) -> None:
    """A key in the address is shown as its row's name; a hidden one, or what is no key, as nothing chosen."""
    village = new_unit("03979-001", "village", "Bản So Vàng", land.moc_chau)
    cooperative = Organisation.objects.create(name="HTX So Vàng", kind="cooperative", unit=land.moc_chau)
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai, since="2025-07-01")
    admin = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR])
    for asked, name in [({"unit": village.pk}, village.name), ({"organisation": cooperative.pk}, cooperative.name)]:
        for reader, is_named in [(manager, False), (admin, True)]:
            sign_in_staff(client, reader)
            response = client.get(reverse("wagtailusers_users:index"), asked)
            assert response.status_code == 200
            assert (name in response.content.decode()) is is_named
    for wrong in ("abc", "9" * 30, "-1", "1.5", "\x00"):
        assert client.get(reverse("wagtailusers_users:index"), {"unit": wrong}).status_code == 200


def test_a_person_gets_no_organisation_that_the_manager_may_not_see(client: Client, land: SimpleNamespace) -> None:
    """Else the saved page would say its name; the one that the person has already stays."""
    hidden = Organisation.objects.create(name="HTX So Vàng", kind="cooperative", unit=land.moc_chau)
    learner = person("su", unit=land.pung_luong)
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai, since="2025-07-01")
    sign_in_staff(client, manager)
    url = reverse("wagtailusers_users:edit", args=[learner.pk])
    sent = fields(username="su", unit=land.pung_luong.pk, organisation=hidden.pk, is_active="on")
    page = client.post(url, sent).content.decode()
    learner.refresh_from_db()
    assert learner.organisation is None
    assert "So Vàng" not in page
    learner.organisation = hidden
    learner.save()
    client.post(url, sent)
    learner.refresh_from_db()
    assert (learner.full_name, learner.organisation) == ("Mùa A Sử", hidden)


@pytest.mark.parametrize("kind", ["person", "household", "organisation"])
def test_a_form_begins_with_nobody_whom_its_reader_may_not_see(
    client: Client, land: SimpleNamespace, kind: str
) -> None:
    """The name of whom the address names stands in the form."""
    manager = accounts.create(full_name="Quản Lý", username="quan.ly", roles=[roles.MANAGER])
    ManagerAssignment.objects.create(person=manager, unit=land.lao_cai)
    sign_in_staff(client, manager)
    pages = []
    for unit in (land.moc_chau, land.pung_luong):
        rows = {
            "person": person(f"vang.{unit.code}", unit=unit),
            "organisation": Organisation.objects.create(name="HTX Vang", kind="cooperative", unit=unit),
            "household": Household.objects.create(name="Vang", unit=unit),
        }
        page = client.get(f"{reverse('people_representations:add')}?{kind}={rows[kind].pk}")
        pages.append(page.content.decode().lower())
    assert ["vang" in page for page in pages] == [False, True]
