"""5,000 broken requests over the whole way: each is refused with a reason, none is an error of ours, nothing is stored.

A mutation takes a request that is accepted and breaks one thing in it. The few that happen to leave it valid are
counted apart. The same seed makes the same requests at every run.
"""

import base64
import gzip
import hashlib
import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from django.test import Client

from tests.xapi.conftest import ANNA, QUIZ, Store, said
from tests.xapi.index_entries import entries
from tests.xapi.test_attachments import BOUNDARY, TEXT, TYPE, attachment, multipart, part
from tests.xapi.test_fuzz import FULL, places
from xapi.models import Attachment, AttachmentChunk, Statement, StatementAttachment

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
TABLES = (Statement, Attachment, AttachmentChunk, StatementAttachment)

Chance = random.Random
Data = dict[str, Any]


@dataclass
class Sent:
    """A request, before it is broken."""

    method: str
    query: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)  # as in WSGI
    length: str | None = None  # what it says; None: the truth

    def through(self, client: Client, signed_in: dict[str, str]) -> Any:
        environ = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": "/xapi/statements",
            "QUERY_STRING": self.query,
            "CONTENT_LENGTH": str(len(self.body)) if self.length is None else self.length,
            "wsgi.input": BytesIO(self.body),
        }
        headers = {name: value for name, value in (signed_in | self.headers).items() if value != ""}
        return client.request(**environ, **headers)


def fresh_id(chance: Chance) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def full(chance: Chance) -> Data:
    """The statement with nearly everything, its file and an id of its own."""
    return deepcopy(FULL) | {"id": fresh_id(chance), "attachments": [attachment(TEXT, fileUrl="http://x.org/f")]}


def as_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")


# The ways in which a statement's JSON can come.


def posted(body: bytes, data: Data) -> Sent:
    return Sent("POST", body=body, headers={"CONTENT_TYPE": "application/json"})


def in_a_batch(body: bytes, data: Data) -> Sent:
    return posted(b"[" + as_json({"actor": ANNA, "verb": data["verb"], "object": QUIZ}) + b"," + body + b"]", data)


def put(body: bytes, data: Data) -> Sent:
    return Sent("PUT", f"statementId={data['id']}", body, {"CONTENT_TYPE": "application/json"})


def with_a_file(body: bytes, data: Data) -> Sent:
    whole = multipart(b"Content-Type: application/json\r\n\r\n" + body, part(TEXT))
    return Sent("POST", body=whole, headers={"CONTENT_TYPE": TYPE})


def in_a_form(body: bytes, data: Data) -> Sent:
    form = urlencode({"statementId": data["id"], "content": body}).encode()
    return Sent("POST", "method=PUT", form, {"CONTENT_TYPE": FORM})


CARRIERS = [posted, in_a_batch, put, with_a_file, in_a_form]


# What can be wrong with the JSON. Each gives the bytes of a statement.

OTHER_TYPES: list[Any] = [None, True, 7, 1.5, "x", "", [], [7], [None], {}, {"x": 1}, "\x00", " ", 10**30, -1]
UNTOUCHED = {"extensions"}  # under which everything is allowed


def spots(data: Data) -> list[tuple[Any, ...]]:
    return [path for path in places(data) if not UNTOUCHED & set(path)]


def holder_of(data: Data, path: tuple[Any, ...]) -> Any:
    for name in path[:-1]:
        data = data[name]
    return data


def another_type(chance: Chance, data: Data) -> bytes:
    path = chance.choice(spots(data))
    holder = holder_of(data, path)
    kind = type(holder[path[-1]])
    same = {int, float} if kind in {int, float} else {kind}
    holder[path[-1]] = chance.choice([each for each in OTHER_TYPES if type(each) not in same])
    return as_json(data)


def a_property_missing(chance: Chance, data: Data) -> bytes:
    needed = [("actor",), ("verb",), ("object",), ("verb", "id"), ("object", "actor"), ("object", "object", "id")]
    path = chance.choice([*needed, ("attachments", 0, "sha2"), ("attachments", 0, "length")])
    del holder_of(data, path)[path[-1]]
    return as_json(data)


def a_property_too_many(chance: Chance, data: Data) -> bytes:
    dicts = [path for path in [(), *spots(data)] if isinstance(holder_of(data, (*path, "")), dict)]
    holder_of(data, (*chance.choice(dicts), ""))[chance.choice(["x", "ID", "Actor", "\x00", "  ", ""])] = 1
    return as_json(data)


def a_property_twice(chance: Chance, data: Data) -> bytes:
    text = as_json(data).decode()
    keys = sorted({path[-1] for path in places(data) if isinstance(path[-1], str)})
    key = json.dumps(chance.choice(keys))
    return text.replace(
        f"{key}:", f"{key}:{chance.choice(['1', 'null', '{}'])},{key}{chance.choice(['', ' '])}:", 1
    ).encode()


def a_wrong_format(chance: Chance, data: Data) -> bytes:
    path, values = chance.choice(
        [
            (("id",), ["x", data["id"][:-1], "{" + data["id"] + "}", data["id"].replace("-", ""), "é" * 36]),
            (("actor", "member", 0, "mbox"), ["x", "mailto:", "mailto:x", "mailto:a@b@c", "MAILTO:\x00@x"]),
            (("verb", "id"), ["x", "/relative", "http:", "ht tp://x", "http://x y", "http://x\x00"]),
            (("timestamp",), ["now", "2026-02-30T00:00:00Z", "2026-01-01", "1768-13-01T00:00:00Z", "9" * 5_000]),
            (("result", "duration"), ["P", "PT", "5S", "P1.5Y2M", "PT-5S", "P" + "9" * 3_000]),
            (("context", "language"), ["Vietnamese language", "v", "", "vi_VN", "\U0001f600"]),
            (("context", "registration"), ["x", "0", data["id"] + "0"]),
            (("version",), ["2.0.0.0", "0.95", "1", "1.0.x", "٣"]),
            (("attachments", 0, "sha2"), ["x", "g" * 64, "a" * 65, "é" * 64]),
            (("attachments", 0, "contentType"), ["x", "/", "text plain", ""]),
            (("result", "score", "scaled"), [1.1, -2, 1e308, 10**30]),
            (("result", "score", "raw"), [-1, 11, 10**300]),
            (("attachments", 0, "length"), [-1, 1.5, "7"]),
        ]
    )
    holder_of(data, path)[path[-1]] = chance.choice(values)
    return as_json(data)


def no_json_number(chance: Chance, data: Data) -> bytes:
    data["result"]["score"]["raw"] = "@"
    token = chance.choice(["NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x10", "1e", "1e999", "9" * 5_000])
    return as_json(data).replace(b'"@"', token.encode())


def a_lone_surrogate(chance: Chance, data: Data) -> bytes:
    strings = [path for path in spots(data) if isinstance(holder_of(data, path)[path[-1]], str)]
    path = chance.choice(strings)
    holder_of(data, path)[path[-1]] += chance.choice(["\ud800", "\udfff", "\ude00\ud83d"])
    if chance.random() < 0.5:
        return json.dumps(data).encode()
    return as_json(data)


def another_encoding(chance: Chance, data: Data) -> bytes:
    text = json.dumps(data, ensure_ascii=False)
    return chance.choice(
        [
            text.encode("utf-16"),
            text.encode("utf-16-le"),
            text.encode("utf-32"),
            b"\xef\xbb\xbf" + text.encode(),
            text.encode("cp1258", "replace").replace(b"?", b"\xff"),
            text.encode("utf-7"),
            base64.b64encode(text.encode()),
            gzip.compress(text.encode(), mtime=0),
        ]
    )


def bytes_broken(chance: Chance, data: Data) -> bytes:
    """A byte of the structure changed, or one that stands in no UTF-8 put in."""
    body = as_json(data)
    if chance.random() < 0.5:
        at = chance.choice([number for number, byte in enumerate(body) if byte in b"{}[]:,"])
        other = chance.choice([byte for byte in b"{}[];\x00\xff" if byte != body[at]])
        return body[:at] + bytes([other]) + body[at + 1 :]
    at = chance.randrange(len(body))
    return body[:at] + chance.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x00", b"\xf5", b"\x80"]) + body[at:]


def cut_off(chance: Chance, data: Data) -> bytes:
    body = as_json(data)
    return body[: chance.randrange(len(body))]


def something_behind(chance: Chance, data: Data) -> bytes:
    return as_json(data) + chance.choice([b"{}", b"]", b"x", b"\x00", b",", b"//", b"\xff"])


def nested_deeply(chance: Chance, data: Data) -> bytes:
    depth = chance.choice([1_100, 5_000, 100_000])
    opening, closing = chance.choice([("[", "]"), ('{"x":', "}")])
    data["context"]["extensions"] = {"http://x.org/deep": "@"}
    return as_json(data).replace(b'"@"', f"{opening * depth}1{closing * depth}".encode())


def no_statement(chance: Chance, data: Data) -> bytes:
    return chance.choice([b"", b"null", b"1", b'"x"', b"[[]]", b"[null]", b"{}", b"[{}]", b"   ", b"\x00", b"true"])


def two_with_one_id(chance: Chance, data: Data) -> bytes:
    return b"[" + as_json(data) + b"," + as_json(data) + b"]"


JSON_KINDS = [
    another_type,
    another_type,
    another_type,
    a_property_missing,
    a_property_too_many,
    a_property_twice,
    a_wrong_format,
    a_wrong_format,
    no_json_number,
    a_lone_surrogate,
    another_encoding,
    bytes_broken,
    bytes_broken,
    cut_off,
    something_behind,
    nested_deeply,
    no_statement,
    two_with_one_id,
]


# What can be wrong around the JSON. Each gets a request that is right.


def a_broken_header(chance: Chance, sent: Sent) -> Sent:
    bad = chance.choice(
        [
            {"HTTP_X_EXPERIENCE_API_VERSION": ""},
            {
                "HTTP_X_EXPERIENCE_API_VERSION": chance.choice(
                    ["0.9", "3.0", "x", "1.0.3.1", "\x00", "é", "1.0.3,1.0.3"]
                )
            },
            {"HTTP_AUTHORIZATION": ""},
            {
                "HTTP_AUTHORIZATION": chance.choice(
                    ["Basic", "Basic =", "Basic x", "Bearer x", "é", "\x00", "Basic " * 900]
                )
            },
            {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(chance.randbytes(chance.randrange(60))).decode()},
            {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"key\x00:secret").decode()},
            {"HTTP_CONTENT_ENCODING": chance.choice(["gzip", "br", "deflate", "gzip, identity", "\xff"])},
            {
                "CONTENT_TYPE": chance.choice(
                    ["", "text/plain", "application/jso", "application/xml", "json", "\x00", "é/é"]
                )
            },
            {
                "CONTENT_TYPE": chance.choice(
                    ["multipart/mixed", "multipart/form-data; boundary=x", "multipart/mixed; boundary="]
                )
            },
        ]
    )
    if "CONTENT_TYPE" in bad and sent.headers.get("CONTENT_TYPE") == FORM:
        bad = {"HTTP_CONTENT_ENCODING": "gzip"}  # the form says the type of its content itself
    return replace(sent, headers=sent.headers | bad)


def compressed(chance: Chance, sent: Sent) -> Sent:
    return replace(
        sent, body=gzip.compress(sent.body, mtime=0), headers=sent.headers | {"HTTP_CONTENT_ENCODING": "gzip"}
    )


def a_lying_length(chance: Chance, sent: Sent) -> Sent:
    size = len(sent.body)
    lies = [size + 1, size + 10**6, 10**12, size // 2, 1, -1, "", "x", f"{size},{size}", "0x10", "٣", "1e3"]
    return replace(sent, length=str(chance.choice(lies)))


def a_parameter_that_is_none(chance: Chance, sent: Sent) -> Sent:
    extra = chance.choice(
        ["x=1", "statementid=x", "limit=1", "%00=1", "=", "a=" + "1" * 5_000, "&".join(["x=1"] * 200)]
    )
    return replace(sent, query=f"{sent.query}&{extra}".strip("&"))


def another_method(chance: Chance, sent: Sent) -> Sent:
    return replace(sent, method=chance.choice(["DELETE", "PATCH", "TRACE", "CONNECT", "FOO", "POSTS"]))


AROUND_KINDS = [a_broken_header, a_broken_header, compressed, a_lying_length, a_parameter_that_is_none, another_method]


# What can be wrong with the parts of a multipart body.

HASH = hashlib.sha256(TEXT).hexdigest().encode()
CONTENT = b"\r\n\r\n" + TEXT


def swapped(old: bytes, *new: bytes) -> Callable[[Chance, bytes], bytes]:
    return lambda chance, body: body.replace(old, chance.choice(new), 1)


def parts_cut_off(chance: Chance, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) - 4)]


def boundaries_broken(chance: Chance, body: bytes) -> bytes:
    """One character of one boundary."""
    at = chance.choice([at for at in range(len(body)) if body.startswith(b"--" + BOUNDARY, at)])
    at += chance.randrange(len(BOUNDARY) + 2)
    return body[:at] + b"#" + body[at + 1 :]


def content_broken(chance: Chance, body: bytes) -> bytes:
    at = body.index(CONTENT) + 4 + chance.randrange(len(TEXT))
    return body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]


def parts_of_another_kind(chance: Chance, body: bytes) -> bytes:
    extra = chance.choice([part(b"more"), part(TEXT, X_Experience_API_Hash="a" * 64), b"\r\n", b"\r\n{}", b"x", b""])
    return body.removesuffix(b"--\r\n") + b"\r\n" + extra + b"\r\n--" + BOUNDARY + b"--\r\n"


MULTIPART_KINDS: list[Callable[[Chance, bytes], bytes]] = [
    parts_cut_off,
    boundaries_broken,
    content_broken,
    parts_of_another_kind,
    swapped(
        b"Content-Type: application/json", b"", b"Content-Type: text/html", b"X: y", b"Content-Type", b"\xff" * 9_000
    ),
    swapped(b"X-Experience-API-Hash: " + HASH, b"X-Hash: y", b"X-Experience-API-Hash:", b"X-Experience-API-Hash: md5"),
    swapped(HASH + CONTENT, b"a" * 64 + CONTENT, HASH[:-1] + CONTENT, HASH + b"\x00" + CONTENT, HASH + b"\r\n" + TEXT),
    swapped(b"Encoding: binary", b"Encoding: base64", b"Encoding: 8bit", b"Encoding: quoted-printable", b"Encoding:"),
    swapped(b"Content-Type: text/plain", b"Content-Type: x", b"Content-Type: image/png", b"Content-Type: a/b;\nX: y"),
    swapped(
        CONTENT,
        b"\r\nContent-Length: 7" + CONTENT,
        b"\n\n" + TEXT,
        b"\r\nno colon" + CONTENT,
        b"\r\n:" * 99 + b"\x01" + CONTENT,
    ),
    lambda chance, body: body.replace(b"\r\n", chance.choice([b"\n", b"\r", b"\r\r\n", b""])),
]


# What can be wrong with a question.

AGENT = json.dumps(ANNA)
QUESTIONS: dict[str, list[str | bytes]] = {
    "statementId": ["", "x", "%", "\x00", "0" * 36, b"\xff\xfe"],
    "voidedStatementId": ["", "x", "\ud7ff", b"\xc3"],
    "agent": [
        *["", "x", "{}", "[]", "null", "1", '{"mbox":"x"}', '{"mbox":1}', AGENT[:-1], AGENT * 2, "[" * 3_000, "\x00"],
        '{"mbox":"mailto:a@b","mbox":"mailto:a@b"}',
        '{"name":"\\ud800","mbox":"mailto:a@b"}',
        b"\xff" + AGENT.encode(),
    ],
    "verb": ["", "x", "/x", "http://x y", "http://x\x00", b"http://x/\xff", "http://x/\n"],
    "activity": ["", "x", "é", "\x00", "http:", b"http://x/\xc3("],
    "registration": ["", "x", "0", "\x00", "{" + fresh_id(random.Random(0)) + "}", b"\x80"],
    "since": [
        "",
        "now",
        "2026",
        "2026-02-30T00:00:00Z",
        "2026-01-01T00:00:00-00:00",
        "0000-01-01T00:00:00Z",
        "\x00",
        "9" * 4_000,
    ],
    "until": ["", "x", "2026-13-01T00:00:00Z", "2026-01-01T25:00:00Z", "0001-01-01T00:00:00+23:59", b"\xff"],
    "limit": ["", "-1", "1.5", "1e3", "x", "٣", "9" * 30, "0x1", " 1", "\x00", "1_000"],
    "cursor": ["", "-1", "x", "9" * 30, "\x00", "1;DROP"],
    "related_agents": ["", "True", "1", "yes", "\x00", b"\xff"],
    "related_activities": ["", "FALSE", "0", "null"],
    "ascending": ["", "TRUE", "t", "true "],
    "attachments": ["", "1", "tru"],
    "format": ["", "x", "EXACT", "exact ", "\x00", b"\xff"],
}


def asked(query: str) -> Sent:
    return Sent("GET", query)


def a_broken_filter(chance: Chance, right: dict[str, str]) -> Sent:
    name = chance.choice([name for name in QUESTIONS if name in right] or sorted(QUESTIONS))
    broken: dict[str, Any] = right | {name: chance.choice(QUESTIONS[name])}
    return asked(urlencode(broken))


def a_query_broken(chance: Chance, right: dict[str, str]) -> Sent:
    query = urlencode(right)
    name = chance.choice(sorted(right) or ["limit"])
    spoiled = [
        f"{query}&{name}={quote(right.get(name, ''))}&{name}=x",
        f"{query}&x=1",
        f"{query}&%ff=1",
        f"{query}&{name.upper()}=true",
        f"{query}&" + "&".join(f"x{number}=1" for number in range(120)),
        f"{query}&statementId={fresh_id(chance)}&voidedStatementId={fresh_id(chance)}",
        f"statementId={fresh_id(chance)}&verb=http://x.org/v",
        f"statementId={fresh_id(chance)}",
        f"{query}&\x00=1",
        f"{query}&method=GET",
    ]
    return asked(chance.choice(spoiled).strip("&"))


def a_question_of_nobody(chance: Chance, right: dict[str, str]) -> Sent:
    headers = a_broken_header(chance, Sent("GET")).headers
    if not {"HTTP_AUTHORIZATION", "HTTP_X_EXPERIENCE_API_VERSION", "HTTP_CONTENT_ENCODING"} & headers.keys():
        headers = {"HTTP_AUTHORIZATION": "Basic Og=="}
    return Sent("GET", urlencode(right), headers=headers)


QUESTION_KINDS = [a_broken_filter, a_broken_filter, a_query_broken, a_question_of_nobody]


def questions(stored: str) -> list[dict[str, str]]:
    """What may be asked; all of it has an answer."""
    return [
        {},
        {"statementId": stored, "format": "canonical", "attachments": "true"},
        {"agent": AGENT, "related_agents": "true", "limit": "1"},
        {"verb": FULL["verb"]["id"], "activity": QUIZ["id"], "related_activities": "true"},
        {"registration": FULL["context"]["registration"], "ascending": "true", "format": "ids"},
        {"since": "2026-01-01T00:00:00Z", "until": "2126-01-01T00:00:00+07:00", "cursor": "0", "ascending": "true"},
    ]


class Trial:
    """Sends requests and counts what came of them."""

    def __init__(self, store: Store) -> None:
        self.client = store.client
        self.signed_in = {
            "HTTP_AUTHORIZATION": store.headers["Authorization"],
            "HTTP_X_EXPERIENCE_API_VERSION": "1.0.3",
        }
        self.answers: Counter[str] = Counter()
        self.still_valid: list[Sent] = []

    def accepted(self, sent: Sent) -> None:
        response = sent.through(self.client, self.signed_in)
        assert response.status_code in {200, 204}, (sent, response.content)
        assert self.stored()["Statement"] > 0

    def refused(self, sent: Sent, kind: str) -> None:
        """The answer is a refusal with its reason, and nothing was stored; or the request was still valid."""
        before = self.stored()
        response = sent.through(self.client, self.signed_in)
        assert response.status_code < 500, (kind, sent)
        if response.status_code < 300:
            self.still_valid.append(sent)
            self.answers[f"{kind}: valid"] += 1
            return
        assert response.status_code >= 400, (kind, sent)
        assert response["Content-Type"] == "application/json", (kind, sent)
        assert said(response)["error"], (kind, sent)
        assert self.stored() == before, (kind, sent)
        self.answers[kind] += 1

    @staticmethod
    def stored() -> dict[str, int]:
        return {table.__name__: table.objects.count() for table in TABLES} | {"index": len(entries())}


@pytest.fixture
def trial(store: Store) -> Iterator[Trial]:
    """The log would have a line for each refusal."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield Trial(store)
    logger.setLevel(level)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_statements_broken_in_any_way(trial: Trial, carrier: Callable[[bytes, Data], Sent]) -> None:
    chance = random.Random(carrier.__name__)
    whole = full(chance)
    trial.accepted(carrier(as_json(whole), whole))
    for number in range(540):
        kind = JSON_KINDS[number % len(JSON_KINDS)]
        data = full(chance)
        original = {"id": data["id"], "verb": FULL["verb"]}
        trial.refused(carrier(kind(chance, data), original), kind.__name__)
    assert len(trial.still_valid) <= 5, trial.answers


@pytest.mark.parametrize("carrier", CARRIERS)
def test_requests_broken_around_their_statements(trial: Trial, carrier: Callable[[bytes, Data], Sent]) -> None:
    chance = random.Random(carrier.__name__)
    for number in range(120):
        data = full(chance)
        sent = carrier(as_json(data), data)
        if number < 3:
            trial.accepted(sent)
            sent = carrier(as_json(data | {"id": fresh_id(chance)}), data)
        kind = AROUND_KINDS[number % len(AROUND_KINDS)]
        trial.refused(kind(chance, sent), kind.__name__)
    assert len(trial.still_valid) <= 3, trial.answers


def test_files_in_broken_parts(trial: Trial) -> None:
    chance = random.Random("parts")
    for number in range(900):
        data = full(chance)
        right = with_a_file(as_json(data), data)
        if number == 0:
            trial.accepted(right)
        kind = MULTIPART_KINDS[number % len(MULTIPART_KINDS)]
        data["id"] = fresh_id(chance)
        right = with_a_file(as_json(data), data)
        trial.refused(replace(right, body=kind(chance, right.body)), f"{number % len(MULTIPART_KINDS)}")
    assert len(trial.still_valid) <= 5, trial.answers


def test_broken_questions(trial: Trial) -> None:
    chance = random.Random("questions")
    whole = full(chance)
    trial.accepted(with_a_file(as_json(whole), whole))
    right = questions(whole["id"])
    for each in right:
        trial.accepted(asked(urlencode(each)))
    for number in range(800):
        kind = QUESTION_KINDS[number % len(QUESTION_KINDS)]
        trial.refused(kind(chance, chance.choice(right)), kind.__name__)
    assert len(trial.still_valid) <= 5, trial.answers
