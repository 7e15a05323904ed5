"""Who may read statements in the admin; staff make and revoke credentials."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from people import accounts, roles
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import ANNA, QUIZ, Store, new_id, statement, store_with
from xapi.models import Credential, Statement
from xapi.statements import record

pytestmark = pytest.mark.django_db
LESSON = QUIZ | {"definition": {"name": {"en": "Lesson 3", "vi": "Bài 3"}}}


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


def page(client: Client, name: str = "statements", **parameters: Any) -> str:
    response = client.get(reverse(f"xapi_admin:{name}"), parameters)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_one_statement_as_it_is_kept(admin: Client) -> None:
    [statement_id] = record([statement(result={"response": "<script>"})])
    response = admin.get(reverse("xapi_admin:statement", args=[statement_id]))
    assert "&quot;response&quot;: &quot;&lt;script&gt;&quot;" in response.content.decode()
    assert admin.get(reverse("xapi_admin:statement", args=[new_id()])).status_code == 404


@pytest.mark.parametrize("name", ["statements", "credentials"])
def test_only_those_with_the_permission(client: Client, name: str) -> None:
    address = reverse(f"xapi_admin:{name}")
    assert client.get(address).status_code == 302
    trainer = sign_in_staff(client, accounts.create(full_name="Cô Giáo", username="co", roles=[roles.TRAINER]))
    assert trainer.get(address).status_code in {302, 403}
    assert "xapi" not in trainer.get(reverse("wagtailadmin_home")).content.decode()


def test_make_a_credential_and_see_its_secret_once(admin: Client) -> None:
    sent = {"name": "Phần mềm lớp học", "scopes": ["statements/write"], "counts": "so, dien-thoai"}
    response = admin.post(reverse("xapi_admin:credentials"), sent)
    made = Credential.objects.get()
    codes = re.findall(r"<code>([\w-]+)</code>", response.content.decode())
    assert codes[0] == made.key
    assert made.fits(codes[1])
    assert (made.scopes, made.counts) == (["statements/write"], ["so", "dien-thoai"])
    assert "no-store" in response["Cache-Control"]
    assert codes[1] not in page(admin, "credentials")
    assert AuditEntry.objects.filter(action="xapi.credential.create", subject=f"credential:{made.key}").count() == 1


def test_a_name_twice_is_refused(admin: Client) -> None:
    Credential.create(name="x", scopes=["all"], counts=[])
    response = admin.post(reverse("xapi_admin:credentials"), {"name": "x", "scopes": ["all"]})
    assert "Đã có khóa truy cập với tên này." in response.content.decode()
    assert Credential.objects.count() == 1


def test_revoke(admin: Client) -> None:
    store = store_with("all")
    address = reverse("xapi_admin:revoke", args=[store.credential.pk])
    assert admin.get(address).status_code == 405
    assert store.get().status_code == 200
    assert admin.post(address).status_code == 302
    assert store.get().status_code == 401
    assert "Đã thu hồi" in page(admin, "credentials")
    assert admin.post(address).status_code == 404
    assert AuditEntry.objects.filter(action="xapi.credential.revoke").count() == 1


def test_looking_changes_nothing(admin: Client, store: Store) -> None:
    store.stored(statement(actor=ANNA))
    before = list(Statement.objects.values())
    page(admin)
    assert list(Statement.objects.values()) == before
