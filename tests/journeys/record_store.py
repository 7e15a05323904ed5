"""The record store of a site, asked over HTTP as another system would."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

import requests

from tests.site import SiteProcess


class RecordStore:
    """/xapi/ with a credential made at the shell."""

    def __init__(self, site: SiteProcess, name: str = "kiem-tra") -> None:
        self.url = f"{site.url}/xapi/statements"
        printed = site.manage("lrs_credential", name).stdout
        self.session = requests.Session()
        self.session.auth = (_printed("key", printed), _printed("secret", printed))
        self.session.headers["X-Experience-API-Version"] = "1.0.3"

    def post(self, body: Any) -> requests.Response:
        """POST to /xapi/statements."""
        return self.session.post(self.url, json=body, timeout=30)

    def statements(self, **parameters: str) -> list[dict[str, Any]]:
        """All statements that a query finds, page by page."""
        found: list[dict[str, Any]] = []
        answer = self.session.get(self.url, params=parameters, timeout=30)
        while True:
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["statements"]
            if not page.get("more"):
                return found
            answer = self.session.get(urljoin(self.url, page["more"]), timeout=30)


def verbs(statements: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many statements have each verb, by the last part of its IRI."""
    return dict(Counter(statement["verb"]["id"].rpartition("/")[2] for statement in statements))


def _printed(name: str, lines: str) -> str:
    found = re.search(rf"^{name}: (\S+)$", lines, re.MULTILINE)
    assert found, lines
    return found[1]
