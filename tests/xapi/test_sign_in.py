"""HTTP Basic sign-in and scopes (Communication 4)."""

import base64

import pytest
from django.test import Client

from tests.xapi.conftest import Store, new_id, said, statement, store_with
from xapi.models import Credential, Statement

pytestmark = pytest.mark.django_db


def basic(text: str | bytes) -> str:
    return "Basic " + base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def test_the_secret_is_kept_as_a_hash_only() -> None:
    credential, secret = Credential.create(name="x", scopes=["all"], counts=[])
    assert len(secret) == 43
    assert secret not in str(Credential.objects.values().get())
    assert credential.fits(secret)
    assert not credential.fits(secret + "x")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Bearer abc",
        basic("no-colon"),
        basic(":"),
        basic("key:wrong"),
        basic("key\0:secret"),
        basic(b"\xff\xfe:\xff"),
        "Basic " + "A" * 10_000,
    ],
)
def test_whoever_is_not_known_gets_401(header: str | None) -> None:
    Credential.create(name="x", scopes=["all"], counts=[])
    Credential.objects.update(key="key")
    headers = {"X-Experience-API-Version": "1.0.3"} | ({"Authorization": header} if header is not None else {})
    response = Client().post("/xapi/statements", "{}", content_type="application/json", headers=headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="xAPI", charset="UTF-8"'
    assert response["X-Experience-API-Version"] == "1.0.3"
    assert set(said(response)) == {"error"}
    assert not Statement.objects.exists()


def test_a_revoked_credential_opens_nothing(store: Store) -> None:
    [sent] = store.stored(statement())
    store.credential.revoke()
    assert store.get().status_code == 401
    assert store.post(statement()).status_code == 401
    assert [str(row.statement_id) for row in Statement.objects.all()] == [sent]


@pytest.mark.parametrize(
    ("scope", "writes", "reads"),
    [
        ("all", 200, 200),
        ("all/read", 403, 200),
        ("statements/write", 200, 403),
        ("statements/read", 403, 200),
        ("statements/read/mine", 403, 200),
        ("state", 403, 403),
        ("profile", 403, 403),
        ("define", 403, 403),
    ],
)
def test_scopes(scope: str, writes: int, reads: int) -> None:
    store = store_with(scope)
    assert store.post(statement()).status_code == writes
    assert Statement.objects.count() == (1 if writes == 200 else 0)
    assert store.put(statement(), statementId=new_id()).status_code == (204 if writes == 200 else 403)
    assert store.get().status_code == reads
    assert store.get(statementId=new_id()).status_code == (404 if reads == 200 else 403)


def test_a_refusal_names_the_scopes() -> None:
    response = store_with("state").post(statement())
    assert said(response) == {"error": "the credential needs one of the scopes: all, statements/write"}
