"""Another store that answers as a test tells it to, over real HTTP."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Response = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def ids(self) -> list[str]:
        """Of the statements in the body, be it JSON or multipart."""
        return [each["id"] for each in self.statements]

    @property
    def statements(self) -> list[dict[str, Any]]:
        body = self.body
        if self.headers["content-type"].startswith("multipart/mixed"):
            body = body.partition(b"\r\n\r\n")[2].partition(b"\r\n--")[0]
        return json.loads(body)


@dataclass
class FakeReceiver:
    """Keeps what it was sent. `answers` are given to POSTs one after the other, then it behaves like a store.

    An answer is a status, headers and a body, or a function that makes one; None breaks the connection.
    """

    answers: list[Response | Callable[[Asked], Response | None] | None] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)  # by id of a statement, the status for its batch
    asked: list[Asked] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    voided: dict[str, dict[str, Any]] = field(default_factory=dict)
    reads: int = 0  # instead of what GET would answer, a status

    def __post_init__(self) -> None:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
                fake.asked.append(asked)
                answer = fake._answer(asked)
                if answer is None:
                    self.connection.close()
                    return
                status, extra, said = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(said)), **extra}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/xapi/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def posts(self) -> list[Asked]:
        return [each for each in self.asked if each.method == "POST"]

    def _answer(self, asked: Asked) -> Response | None:
        if asked.method == "GET":
            return self._read(asked)
        if self.answers:
            answer = self.answers.pop(0)
            return answer(asked) if callable(answer) else answer
        return self.store(asked)

    def store(self, asked: Asked) -> Response:
        """What a store does: all of a batch or nothing; what it has it keeps as it is."""
        for statement_id in asked.ids:
            if status := self.refuses.get(statement_id):
                return say(status, {"error": f"no {statement_id}"})
        for each in asked.statements:
            self.kept.setdefault(each["id"], each)
        return say(200, asked.ids)

    def _read(self, asked: Asked) -> Response:
        if self.reads:
            return say(self.reads, {"error": "not now"})
        if asked.path.endswith("about"):
            return say(200, {"version": ["1.0.3", "2.0.0"]})
        name, where = (
            ("statementId", self.kept) if "statementId" in asked.parameters else ("voidedStatementId", self.voided)
        )
        found = where.get(asked.parameters[name])
        return say(200, found) if found else say(404, {"error": "no such statement"})


def say(status: int, value: Any, **headers: str) -> Response:
    """An answer in JSON."""
    return status, {"Content-Type": "application/json"} | headers, json.dumps(value).encode()
