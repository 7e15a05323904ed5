"""Staff read statements in words, and make and revoke credentials."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from people import accounts, roles
from people.actors import actor_of
from people.models import User
from tests.people.signing_in import sign_in_staff
from tests.xapi.conftest import ANNA, PASSED, QUIZ, Store, new_id, statement, store_with
from xapi.models import Credential, Statement
from xapi.statements import record

pytestmark = pytest.mark.django_db
LESSON = QUIZ | {"definition": {"name": {"en": "Lesson 3", "vi": "Bài 3"}}}


@pytest.fixture
def learner() -> User:
    return accounts.create(full_name="Giàng Thị Mỷ", username="my")


@pytest.fixture
def admin(client: Client) -> Client:
    user = accounts.create(full_name="Quản Trị", username="quan.tri", roles=[roles.ADMINISTRATOR], is_superuser=True)
    return sign_in_staff(client, user)


def page(client: Client, name: str = "statements", **parameters: Any) -> str:
    response = client.get(reverse(f"xapi_admin:{name}"), parameters)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_an_empty_list_says_what_will_be_there(admin: Client) -> None:
    assert "Chưa có bản ghi học tập nào." in page(admin)


def test_who_did_what_when(admin: Client, learner: User) -> None:
    record([statement(actor=actor_of(learner), verb=PASSED, object=LESSON, timestamp="2026-03-12T08:30:00+07:00")])
    found = page(admin)
    assert "<td>Giàng Thị Mỷ</td> <td>đã đạt</td> <td>Bài 3</td> <td>12/03/2026 08:30</td> <td>Nhà Sàn</td>" in found


def test_who_may_not_see_the_person_sees_no_name(client: Client, learner: User) -> None:
    auditor = sign_in_staff(client, accounts.create(full_name="Kiểm Tra", username="kiem", roles=[roles.AUDITOR]))
    record([statement(actor=actor_of(learner))])
    found = page(auditor)
    assert "Giàng Thị Mỷ" not in found
    assert str(learner.uuid) in found


def test_statements_of_others_in_words(admin: Client) -> None:
    store = store_with("all", name="Phần mềm <b>lớp</b>")
    nested = {"objectType": "SubStatement", **statement()}
    store.stored(statement(verb={"id": "http://x.org/verbs/climbed"}), statement(object=nested))
    found = page(admin)
    assert "<td>anna@example.org</td> <td>climbed</td>" in found
    assert f"anna@example.org đã trả lời {QUIZ['id']}" in found
    assert "Phần mềm &lt;b&gt;lớp&lt;/b&gt;" in found


def test_pages_go_on_by_key_with_the_same_queries(admin: Client, learner: User) -> None:
    def counted(**parameters: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(admin, **parameters)
        return len(captured)

    record([statement(actor=actor_of(learner), object=LESSON) for _ in range(3)])
    page(admin)
    few = counted()
    record([statement(actor=actor_of(learner), object=LESSON) for _ in range(60)])
    assert counted() == few
    below = re.search(r"below=(\d+)", page(admin))
    assert below
    found = page(admin, below=below[1])
    assert found.count("Giàng Thị Mỷ") == 13
    assert "Cũ hơn" not in found


def test_the_statements_of_a_registration(admin: Client) -> None:
    registration = new_id()
    record([statement(context={"registration": registration}), statement(actor={"mbox": "mailto:khac@example.org"})])
    found = page(admin, registration=registration)
    assert ("anna@example.org" in found, "khac@example.org" in found) == (True, False)


@pytest.mark.parametrize("parameters", [{"registration": "x"}, {"below": "x"}, {"below": "9" * 30}])
def test_parameters_that_make_no_sense_answer_404(admin: Client, parameters: dict[str, str]) -> None:
    assert admin.get(reverse("xapi_admin:statements"), parameters).status_code == 404


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
