"""The store behind its real web server: what no client of Django's tests can send, and how much memory it takes."""

import base64
import hashlib
import json
import os
import random
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.xapi.conftest import new_id, statement
from tests.xapi.test_attachments import TEXT, attachment, first, multipart, part

Chance = random.Random
MB = 2**20
FILE = 50 * MB
BOUNDARY = "live"
TYPE = f"Content-Type: multipart/mixed; boundary={BOUNDARY}"


class Live:
    """A client of a running site that writes its requests by hand."""

    def __init__(self, site: Any) -> None:
        self.site = site
        printed = site.manage("lrs_credential", f"live {new_id()}").stdout.splitlines()
        key, secret = (line.partition(": ")[2] for line in printed)
        self.signed_in = "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()

    def head(self, request: str, *headers: str) -> bytes:
        """A request's first line and headers."""
        own = ["Host: 127.0.0.1", f"Authorization: {self.signed_in}", "X-Experience-API-Version: 1.0.3", *headers]
        return "\r\n".join([f"{request} HTTP/1.1", *own, "", ""]).encode("latin-1")

    def says(self, *pieces: bytes, end: bool = True) -> tuple[int, bytes]:
        """Status and body of the answer to these bytes; 0 where there is none. end: no more bytes will come."""
        with socket.create_connection(("127.0.0.1", self.site.port), timeout=20) as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
                if end:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the server has had enough; its answer may be there
            return answer(connection)

    def stored(self) -> int:
        """How many statements are found, at most a page."""
        status, body = self.says(self.head("GET /xapi/statements", "Connection: close"), end=False)
        assert status == 200, body
        return len(json.loads(body)["statements"])


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """The first answer on the connection."""
    got = bytearray()
    try:
        while b"\r\n\r\n" not in got and (piece := connection.recv(65_536)):
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        if not head:
            return 0, b""
        lengths = [
            line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
        ]
        while (not lengths or len(body) < int(lengths[0])) and (piece := connection.recv(65_536)):
            body += piece
    except ConnectionResetError:
        return 0, b""
    return int(head.split(b" ")[1]), bytes(body)


@pytest.fixture(scope="module")
def live(live_site: Any) -> Live:
    return Live(live_site)


JSON = "Content-Type: application/json"


def right(chance: Chance) -> tuple[str, bytes]:
    """A type and a body that are accepted."""
    data = statement(id=new_id(), attachments=[attachment(TEXT)])
    if chance.random() < 0.5:
        return JSON, json.dumps(statement(id=new_id())).encode()
    return 'Content-Type: multipart/mixed; boundary="abcABC0123\'()+_,-./:=?"', multipart(first(data), part(TEXT))


def half_sent(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    return [
        live.head("POST /xapi/statements", kind, f"Content-Length: {len(body)}"),
        body[: chance.randrange(len(body))],
    ]


def more_promised(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    more = len(body) + chance.choice([1, 100, 10**6])
    return [live.head("POST /xapi/statements", kind, f"Content-Length: {more}"), body]


def less_promised(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    less = chance.randrange(len(body) - 4)
    return [live.head("POST /xapi/statements", kind, "Connection: close", f"Content-Length: {less}"), body]


def no_length(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    lie = chance.choice(["-1", "x", "1e3", "0x10", "", "1, 2", "9" * 30, "+5", " "])
    return [live.head("POST /xapi/statements", kind, f"Content-Length: {lie}"), body]


def two_lengths(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    lengths = f"Content-Length: {len(body)}", f"Content-Length: {len(body) - 1}"
    return [live.head("POST /xapi/statements", kind, *lengths), body]


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def chunks_cut_off(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    at = chance.randrange(1, len(body) - 4)
    return [live.head("POST /xapi/statements", kind, "Transfer-Encoding: chunked"), chunk(body[:at])]


def chunks_broken(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    broken = chance.choice(
        [b"zz\r\n", b"-5\r\n", b"f" * 40 + b"\r\n", b"\r\n", b"5;" + b"x" * 50_000, b"\x00\r\n", b"10\n"]
    )
    return [
        live.head("POST /xapi/statements", kind, "Transfer-Encoding: chunked"),
        chunk(body[:9]),
        broken,
        b"0\r\n\r\n",
    ]


def another_coding(live: Live, chance: Chance) -> list[bytes]:
    kind, body = right(chance)
    coding = chance.choice(["gzip", "identity", "chunked, gzip", "xchunked"])
    return [live.head("POST /xapi/statements", kind, f"Transfer-Encoding: {coding}"), chunk(body), b"0\r\n\r\n"]


def no_http(live: Live, chance: Chance) -> list[bytes]:
    return [
        chance.choice(
            [chance.randbytes(200), b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01" * 50]
        )
    ]


def a_target_broken(live: Live, chance: Chance) -> list[bytes]:
    query = chance.choice(
        ["verb=%ff", "verb=\xff\xfe", "x=\x00", "agent=%", "limit=%00", "x=" + "a" * 70_000, "verb=http://x\x7f"]
    )
    return [live.head(f"GET /xapi/statements?{query}", "Connection: close")]


def headers_broken(live: Live, chance: Chance) -> list[bytes]:
    bad = chance.choice(
        ["X\x00: y", "no colon", ": y", "X: a\x00b", "X y: z", "X: " + "a" * 500_000, "\xff: x", "\x7f:"]
    )
    return [live.head("GET /xapi/statements?x=1", bad, "Connection: close")]


def too_many_headers(live: Live, chance: Chance) -> list[bytes]:
    return [live.head("GET /xapi/statements?x=1", *[f"X-{number}: y" for number in range(chance.choice([150, 2_000]))])]


BROKEN = [
    half_sent,
    more_promised,
    less_promised,
    no_length,
    two_lengths,
    chunks_cut_off,
    chunks_broken,
    another_coding,
    no_http,
    a_target_broken,
    headers_broken,
    too_many_headers,
]


def test_400_requests_that_are_no_http_or_break_off(live: Live) -> None:
    chance = Chance("raw")
    before = live.stored()
    answers: dict[str, Counter[int]] = {}
    for number in range(400):
        kind = BROKEN[number % len(BROKEN)]
        status, body = live.says(*kind(live, chance))
        assert status == 0 or 400 <= status < 500, (kind.__name__, status, body)
        answers.setdefault(kind.__name__, Counter())[status] += 1
    assert answers["no_length"].keys() == answers["two_lengths"].keys() == {400}
    assert live.stored() == before
    assert "Traceback" not in live.site.output


@pytest.mark.parametrize("number", [0, 1])
def test_chunked_encoding_is_understood(live: Live, number: int) -> None:
    kind, body = [right(Chance(seed)) for seed in range(9)][number]
    pieces = [chunk(body[at : at + 100]) for at in range(0, len(body), 100)]
    head = live.head("POST /xapi/statements", kind, "Transfer-Encoding: chunked")
    status, ids = live.says(head, *pieces, b"0\r\n\r\n", end=False)
    assert status == 200, ids
    [statement_id] = json.loads(ids)
    status, _ = live.says(live.head(f"GET /xapi/statements?statementId={statement_id}"), end=False)
    assert status == 200


def test_one_connection_goes_on_after_a_refusal(live: Live) -> None:
    kind, body = right(Chance(1))
    broken = live.head("POST /xapi/statements?x=1", kind, f"Content-Length: {len(body)}") + body
    with socket.create_connection(("127.0.0.1", live.site.port), timeout=20) as connection:
        for _ in range(3):
            connection.sendall(broken)
            status, said = answer(connection)
            assert (status, json.loads(said)["error"][:28]) == (400, "x: is not a parameter here; ")


def test_a_refusal_reaches_who_is_still_sending(live: Live) -> None:
    head = live.head("POST /xapi/statements", JSON, f"Content-Length: {3 * MB}")
    for _ in range(10):
        status, body = live.says(head.replace(live.signed_in.encode(), b"Basic eDp5"), b" " * 3 * MB, end=False)
        assert (status, json.loads(body)) == (401, {"error": "unknown key or wrong secret"})


def test_a_client_that_waits_to_be_asked_need_not_send_what_is_refused(live: Live) -> None:
    head = live.head("POST /xapi/statements", JSON, "Expect: 100-continue", f"Content-Length: {10**12}")
    status, body = live.says(head, end=False)
    assert (status, json.loads(body)) == (413, {"error": "the request is larger than this store takes"})


# Memory.


def web_memory(live: Live, name: str) -> int:
    """Bytes of the web server's processes; VmHWM is the highest since `forget_peak`."""
    lines = [line for pid in live.site.pids()["web"] for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def forget_peak(live: Live) -> int:
    for pid in live.site.pids()["web"]:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return web_memory(live, "VmRSS")


def with_large_file(statement_id: str) -> tuple[list[bytes], str]:
    """A body with a file of 50 MB, in pieces, and the file's SHA-2."""
    pieces = [os.urandom(MB)] * (FILE // MB)
    sha2 = hashlib.sha256(b"".join(pieces)).hexdigest()
    data = statement(id=statement_id, attachments=[attachment(b"", length=FILE, sha2=sha2)])
    opening = f"--{BOUNDARY}\r\n".encode() + first(data) + f"\r\n--{BOUNDARY}\r\n".encode()
    return [opening + part(b"", X_Experience_API_Hash=sha2), *pieces, f"\r\n--{BOUNDARY}--".encode()], sha2


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is known on Linux only")
def test_a_file_of_50_mb_passes_through_a_few_mb_of_memory(live: Live) -> None:
    statement_id = new_id()
    body, sha2 = with_large_file(statement_id)
    idle = forget_peak(live)
    head = live.head("POST /xapi/statements", TYPE, f"Content-Length: {sum(map(len, body))}")
    assert live.says(head, *body, end=False) == (200, f'["{statement_id}"]'.encode())
    assert web_memory(live, "VmHWM") - idle < 25 * MB
    idle = forget_peak(live)
    target = f"GET /xapi/statements?statementId={statement_id}&attachments=true"
    status, got = live.says(live.head(target, "Connection: close"), end=False)
    assert status == 200
    assert web_memory(live, "VmHWM") - idle < 25 * MB
    assert len(got) > FILE
    assert f"X-Experience-API-Hash: {sha2}".encode() in got
