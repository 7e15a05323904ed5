"""Protocols for machines go past what only pages need."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_protocol_has_no_session_no_language_and_no_policy_for_browsers(client: Client) -> None:
    answer = client.get("/xapi/about", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.cookies == {}
    assert {"Vary", "Content-Language", "Content-Security-Policy", "X-Frame-Options"} & set(answer.headers) == set()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(len(answer.content))


def test_a_page_has_them(client: Client) -> None:
    answer = client.get("/accounts/login/")
    assert {"Content-Language", "Content-Security-Policy", "X-Frame-Options"} <= set(answer.headers)


@pytest.mark.parametrize("path", ["/xapi/about", "/accounts/login/"])
def test_a_host_that_is_not_allowed_is_refused(client: Client, settings: Any, path: str) -> None:
    settings.ALLOWED_HOSTS = ["nhasan.example.vn"]
    assert client.get(path, headers={"host": "evil.example.org"}).status_code == 400


@pytest.mark.parametrize("rest", ["", "nothing", "statements/", "a//b"])
def test_what_does_not_exist_below_a_protocol_is_said_in_its_own_form(client: Client, rest: str) -> None:
    answer = client.get(f"/xapi/{rest}")
    assert answer.status_code == 404
    assert answer.json() == {"error": "no such resource; see about, statements, activities, agents"}
