"""A client of the store, and statements to send."""

import base64
import json
from copy import deepcopy
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from xapi import activities, rate_limit
from xapi.models import Credential

ANNA = {"objectType": "Agent", "name": "Anna", "mbox": "mailto:anna@example.org"}
BINH = {"account": {"homePage": "https://lms.example.org", "name": "binh"}}
ANSWERED = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered", "vi": "đã trả lời"}}
PASSED = {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en": "passed"}}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
QUIZ = {"objectType": "Activity", "id": "https://lms.example.org/quiz"}


def statement(**changes: Any) -> dict[str, Any]:
    """A small statement; a property given as None is left out."""
    made = {"actor": ANNA, "verb": ANSWERED, "object": QUIZ} | changes
    return deepcopy({name: value for name, value in made.items() if value is not None})


def about(target: str | UUID) -> dict[str, str]:
    """A reference to a statement, as an object."""
    return {"objectType": "StatementRef", "id": str(target)}


def new_id() -> str:
    return str(uuid4())


def said(response: HttpResponseBase) -> Any:
    """The JSON of an answer."""
    return json.loads(response.getvalue())


class Store:
    """What a client of the store does, signed in with one credential."""

    def __init__(self, credential: Credential, secret: str, version: str | None = "1.0.3") -> None:
        self.credential = credential
        token = base64.b64encode(f"{credential.key}:{secret}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}"}
        if version:
            self.headers["X-Experience-API-Version"] = version
        self.client = Client()

    def speaking(self, version: str | None) -> "Store":
        """The same client, in another version of xAPI."""
        other = object.__new__(Store)
        other.credential, other.client = self.credential, self.client
        other.headers = {k: v for k, v in self.headers.items() if k != "X-Experience-API-Version"}
        if version:
            other.headers["X-Experience-API-Version"] = version
        return other

    def get(self, headers: dict[str, str] | None = None, **parameters: Any) -> HttpResponseBase:
        for name in ("agent",):
            if isinstance(parameters.get(name), dict):
                parameters[name] = json.dumps(parameters[name])
        return self.client.get("/xapi/statements", parameters, headers=self.headers | (headers or {}))

    def post(self, body: Any, content_type: str = "application/json", **parameters: Any) -> HttpResponseBase:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            "/xapi/statements", data, content_type=content_type, headers=self.headers, query_params=parameters
        )

    def put(self, body: Any, content_type: str = "application/json", **parameters: Any) -> HttpResponseBase:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.put(
            "/xapi/statements", data, content_type=content_type, headers=self.headers, query_params=parameters
        )

    def stored(self, *statements: dict[str, Any]) -> list[str]:
        """Store statements; their ids."""
        response = self.post(list(statements))
        assert response.status_code == 200, response.getvalue()
        return said(response)

    def found(self, **parameters: Any) -> list[str]:
        """The ids that a query finds."""
        response = self.get(**parameters)
        assert response.status_code == 200, response.getvalue()
        return [each["id"] for each in said(response)["statements"]]


def store_with(*scopes: str, name: str = "partner") -> Store:
    """A client with a new credential."""
    return Store(*Credential.create(name=name, scopes=list(scopes), counts=[]))


@pytest.fixture
def store(db: None) -> Store:
    """A client that may do everything."""
    return store_with("all")


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """What a process remembers of activities' definitions and of requests is of another test's database."""
    activities._known.clear()
    rate_limit._counted.clear()
