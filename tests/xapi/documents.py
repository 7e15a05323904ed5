"""A client of a resource that keeps documents."""

import json
from typing import Any

from django.http.response import HttpResponseBase

from tests.xapi.conftest import ANNA, Store

COURSE = "https://lms.example.org/course"
STATE = "activities/state"
AGENT_PROFILE = "agents/profile"
ACTIVITY_PROFILE = "activities/profile"
PARAMETERS: dict[str, dict[str, Any]] = {
    STATE: {"activityId": COURSE, "agent": ANNA, "stateId": "resume"},
    AGENT_PROFILE: {"agent": ANNA, "profileId": "resume"},
    ACTIVITY_PROFILE: {"activityId": COURSE, "profileId": "resume"},
}
RESOURCES = list(PARAMETERS)
JSON = "application/json"


class Documents:
    """One document of a resource; parameters given to a call replace its own, None leaves one out."""

    def __init__(self, store: Store, resource: str = STATE, **parameters: Any) -> None:
        self.store, self.resource = store, resource
        self.parameters = PARAMETERS[resource] | parameters

    def speaking(self, version: str) -> "Documents":
        return Documents(self.store.speaking(version), self.resource, **self.parameters)

    def get(self, headers: dict[str, str] | None = None, **parameters: Any) -> HttpResponseBase:
        return self.send("get", headers=headers, **parameters)

    def put(self, body: Any, content_type: str = JSON, **options: Any) -> HttpResponseBase:
        return self.send("put", body, content_type, **options)

    def post(self, body: Any, content_type: str = JSON, **options: Any) -> HttpResponseBase:
        return self.send("post", body, content_type, **options)

    def delete(self, headers: dict[str, str] | None = None, **parameters: Any) -> HttpResponseBase:
        return self.send("delete", headers=headers, **parameters)

    def send(
        self,
        method: str,
        body: Any = b"",
        content_type: str = JSON,
        headers: dict[str, str] | None = None,
        **parameters: Any,
    ) -> HttpResponseBase:
        typed = {"Content-Type": content_type} if method in {"put", "post"} else {}
        return self.store.client.generic(
            method.upper(),
            f"/xapi/{self.resource}",
            body if isinstance(body, bytes) else json.dumps(body).encode(),
            content_type="",
            headers=self.store.headers | typed | (headers or {}),
            query_params=as_query(self.parameters | parameters),
        )

    def has(self) -> bytes | None:
        """The content, None where there is none."""
        response = self.get()
        assert response.status_code in {200, 404}
        return response.getvalue() if response.status_code == 200 else None


def as_query(parameters: dict[str, Any]) -> dict[str, str]:
    """Parameters as they stand in a query: objects in JSON."""
    return {
        name: json.dumps(value) if isinstance(value, dict) else value
        for name, value in parameters.items()
        if value is not None
    }
