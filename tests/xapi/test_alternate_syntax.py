"""The alternate request syntax of 1.0.3 (Communication 1.3), refused in 2.0."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.xapi.conftest import Store, new_id, said, statement
from xapi.models import Statement

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def send(
    store: Store, method: str, form: dict[str, Any], headers: dict[str, str] | None = None, query: str = ""
) -> Any:
    return store.client.post(
        f"/xapi/statements?method={method}{query}",
        urlencode(form),
        content_type=FORM,
        headers=store.headers if headers is None else headers,
    )


def test_put_with_everything_in_the_form(store: Store) -> None:
    wanted = new_id()
    form = {"statementId": wanted, "content": json.dumps(statement(), ensure_ascii=False), **store.headers}
    assert send(store, "PUT", form, headers={}).status_code == 204
    assert str(Statement.objects.get().statement_id) == wanted


def test_get(store: Store) -> None:
    ids = store.stored(statement(), statement())
    answer = said(send(store, "GET", {"limit": 1}))
    assert [each["id"] for each in answer["statements"]] == ids[1:]


def test_post(store: Store) -> None:
    answer = send(store, "POST", {"content": json.dumps([statement(), statement()])})
    assert (answer.status_code, Statement.objects.count()) == (200, 2)


@pytest.mark.parametrize(
    ("form", "query", "error"),
    [
        ({}, "", "the form parameter content is required"),
        ({"content": "{}"}, "&statementId=x", "the alternate request syntax has no parameter but method in its query"),
        (
            {"content": "{}", "X-Experience-API-Version": "0.8"},
            "",
            "X-Experience-API-Version: 0.8 is none of 1.0, 1.0.x, 2.0 and 2.0.x",
        ),
        ({"content": "{}", "X-Experience-API-Version": "2.0.0"}, "", "xAPI 2.0 has no alternate request syntax"),
    ],
)
def test_refusals(store: Store, form: dict[str, str], query: str, error: str) -> None:
    response = send(store, "PUT", form, query=query)
    assert (response.status_code, said(response)) == (400, {"error": error})
    assert Statement.objects.count() == 0


def test_only_as_a_post(store: Store) -> None:
    response = store.put(statement(), method="POST", statementId=new_id())
    assert (response.status_code, Statement.objects.count()) == (400, 0)


def test_a_form_that_is_none(store: Store) -> None:
    response = store.client.post("/xapi/statements?method=PUT", b"\xff\xfe", content_type=FORM, headers=store.headers)
    assert response.status_code == 400
