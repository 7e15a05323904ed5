"""How much memory the store's web server takes at its peak, over idle, for the largest things it does.

python benchmarks/xapi_memory.py [STATEMENTS]

A server of its own on an empty SQLite database (DATABASE_URL=postgres://… for another one) stores and gives back a file
of 50 MB, stores a batch of 10,000 statements, and is read whole through its `more` links and by the staff's export
(100,000 statements if no number is given). Before each, the kernel's mark of the highest resident memory (VmHWM) is set
back; Linux only. Idle is after a warm-up, since a process that has done nothing yet has not loaded its code; "over
idle" is over what was resident just before the work.
"""

import hashlib
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from xapi_store import ROOT, as_json, server, statement, statements

Connection = http.client.HTTPConnection
Headers = dict[str, str]

FILE = 50 * 1024 * 1024  # bytes
LARGE_BATCH = 10_000
BOUNDARY = "memory-of-the-store"
PIECE = 256 * 1024
STAFF = """
import time
from django.test import Client
from people.models import User
user, client = User.objects.create_superuser("benchmark", password=None), Client()
client.force_login(user)
session = client.session
session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
session["account_authentication_methods_user"] = str(user.pk)
session.save()
print("; ".join(f"{name}={each.value}" for name, each in client.cookies.items()))
"""


def main() -> None:
    """Print a line for each piece of work."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    sent = {"id": str(uuid.uuid4())}
    with tempfile.TemporaryDirectory() as name, server(Path(name) / "data") as (lrs, _):
        connection, headers, staff = lrs.connected(), lrs.headers, {"Cookie": signed_in(Path(name) / "data")}
        warm(connection, headers)
        export(connection, staff, 1_000)
        print(f"idle {megabytes(peak(), 0):8.1f} MB; over it, at the peak:")
        work: list[tuple[str, Callable[[], object]]] = [
            (f"a file of {FILE // 2**20} MB stored", lambda: store_file(connection, headers, sent["id"])),
            ("it is read", lambda: read_file(connection, headers, sent["id"])),
            (f"a batch of {LARGE_BATCH} statements stored", lambda: store_batch(connection, headers, 0, LARGE_BATCH)),
            ("statements stored in batches of 100", lambda: fill(connection, headers, number - LARGE_BATCH)),
            (f"{number} statements read by `more`", lambda: walk(connection, headers, number)),
            (f"{number} statements exported by staff", lambda: export(connection, staff, number)),
        ]
        for label, do in work:
            measure(label, do)


def measure(label: str, do: Callable[[], object]) -> None:
    """Do it, and print how far the memory rose above what it was just before."""
    before = forget_peak()
    start = time.perf_counter()
    do()
    seconds = time.perf_counter() - start
    print(f"{label:42} {megabytes(peak(), before):8.1f} MB  {seconds:6.1f} s", flush=True)


def warm(connection: Connection, headers: Headers) -> None:
    """A little of everything."""
    for content in (b"small", b"s" * 2_000_000):
        each = str(uuid.uuid4())
        store_file(connection, headers, each, [content])
        read_file(connection, headers, each)
    fill(connection, headers, 1_000)
    walk(connection, headers, None)


def store_file(connection: Connection, headers: Headers, statement_id: str, content: list[bytes] | None = None) -> None:
    """PUT a statement with a file of random bytes."""
    pieces = content or [os.urandom(PIECE)] * (FILE // PIECE)
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    sha2, length = digest.hexdigest(), sum(map(len, pieces))
    attachment = {
        "usageType": "http://example.org/usage",
        "display": {"vi": "Bài làm"},
        "contentType": "application/octet-stream",
        "length": length,
        "sha2": sha2,
    }
    data = statement(random.Random(1)) | {"id": statement_id, "attachments": [attachment]}
    opening = (
        f"--{BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{json.dumps(data)}\r\n--{BOUNDARY}\r\n"
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
        f"X-Experience-API-Hash: {sha2}\r\n\r\n"
    ).encode()
    closing = f"\r\n--{BOUNDARY}--\r\n".encode()
    connection.putrequest("PUT", f"/xapi/statements?statementId={statement_id}")
    own = {
        "Content-Type": f"multipart/mixed; boundary={BOUNDARY}",
        "Content-Length": str(len(opening) + length + len(closing)),
    }
    for name, value in (headers | own).items():
        connection.putheader(name, value)
    connection.endheaders()
    for piece in (opening, *pieces, closing):
        connection.send(piece)
    answered(connection, 204).read()


def read_file(connection: Connection, headers: Headers, statement_id: str) -> None:
    """GET it back, without keeping it."""
    connection.request("GET", f"/xapi/statements?statementId={statement_id}&attachments=true", headers=headers)
    answer = answered(connection, 200)
    while answer.read(PIECE):
        pass


def store_batch(connection: Connection, headers: Headers, first: int, size: int) -> None:
    """POST statements as one batch."""
    connection.request("POST", "/xapi/statements", as_json(statements(first, size)), headers)
    answered(connection, 200).read()


def fill(connection: Connection, headers: Headers, size: int) -> None:
    """POST statements in the usual batches."""
    for first in range(0, size, 100):
        store_batch(connection, headers, first, 100)


def walk(connection: Connection, headers: Headers, expected: int | None) -> None:
    """GET all pages."""
    found, address = 0, "/xapi/statements"
    while address:
        connection.request("GET", address, headers=headers)
        page = json.loads(answered(connection, 200).read())
        found, address = found + len(page["statements"]), page["more"]
    if expected is not None and found < expected:
        raise SystemExit(f"{found} statements came instead of {expected}")


def signed_in(folder: Path) -> str:
    """The cookie of an administrator who has given the second factor."""
    variables = os.environ | {"DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "--no-imports", "--verbosity=0", "-c", STAFF]
    done = subprocess.run(command, env=variables, check=True, capture_output=True, text=True)
    return done.stdout.strip().splitlines()[-1]


def export(connection: Connection, headers: Headers, expected: int) -> None:
    """GET all statements as JSON lines, without keeping them."""
    connection.request("GET", "/admin/statements/export.jsonl", headers=headers)
    answer, lines, last = answered(connection, 200), 0, b""
    while piece := answer.read(PIECE):
        lines, last = lines + piece.count(b"\n"), piece
    if lines <= expected or b'{"end":true' not in last:
        raise SystemExit(f"{lines} lines came instead of more than {expected}")


def answered(connection: Connection, status: int) -> http.client.HTTPResponse:
    """The answer, which must have this status."""
    answer = connection.getresponse()
    if answer.status != status:
        raise SystemExit(f"{answer.status}: {answer.read().decode()[:300]}")
    return answer


def processes() -> list[int]:
    """The web server and its workers: all below this process."""
    found = {os.getpid()}
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


def forget_peak() -> int:
    """Set the marks back; the bytes resident now."""
    for pid in processes():
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _sum("VmRSS")


def peak() -> int:
    """The highest resident bytes since then, of all processes together."""
    return _sum("VmHWM")


def _sum(name: str) -> int:
    lines = [line for pid in processes() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def megabytes(value: int, before: int) -> float:
    """The difference in MB of 2^20 bytes; never below 0, as the kernel counts pages in batches."""
    return max(0, value - before) / 2**20


if __name__ == "__main__":
    main()
