"""How fast OAI-PMH gives its records away over raw HTTP, beside the same pages ready-made in memory (the floor).

python benchmarks/oai_listrecords.py [RECORDS]

Makes that many records (5,000) in an empty database in a temporary folder (DATABASE_URL chooses another), serves them
by the same web server as ./run, and takes all pages of 100 by one connection, one after the other, in turns with the
floor. A second of the server's processor says more than one of the clock when other programs run.
"""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
TOKEN = re.compile(rb"<resumptionToken [^>]*>([^<]+)<")
TICKS = os.sysconf("SC_CLK_TCK")
WORDS = (  # noqa: SIM905 (a list of words reads better as text)
    "truyện cổ dân ca lễ hội phong tục tập quán chữ viết trang phục nhà sàn bản làng người Tày Nùng Mông Dao Thái "
    "Mường Khmer Chăm Ê Đê Ba Na ở vùng cao Tây Bắc Việt Bắc Tây Nguyên Nam Bộ nghiên cứu giới thiệu tuyển tập"
).split()


def fill(count: int) -> None:
    """Put records of usual size (about 800 bytes) into the database."""
    import random

    import django

    django.setup()
    from django.core.management import call_command

    from library import records
    from library.marc import ControlField, DataField, MarcRecord

    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    chance = random.Random(1087)

    def text(number: int) -> str:
        return " ".join(chance.choices(WORDS, k=number)).capitalize()

    def book(number: int) -> MarcRecord:
        fields: list[Any] = [ControlField("001", f"vn{number:07}"), ControlField("003", "NhaSan")]
        fields += [ControlField("008", "260301s2019    vm            000 0 vie d")]
        parts = [("020", "  ", "a", f"978604{number:07}"), ("100", "1 ", "a", text(3)), ("245", "10", "a", text(9))]
        parts += [("260", "  ", "a", "Hà Nội :"), ("300", "  ", "a", "250 tr."), ("520", "  ", "a", text(60))]
        parts += [("650", " 4", "a", text(3)) for _ in range(3)] + [("700", "1 ", "a", text(3))]
        fields += [DataField.of(tag, indicators, [(code, value)]) for tag, indicators, code, value in parts]
        return MarcRecord("00000nam a2200000 a 4500", fields)

    for start in range(0, count, 200):
        made = [book(number) for number in range(start, min(start + 200, count))]
        records.save_many([records.Incoming(marc, str(start + at).encode(), "iso2709") for at, marc in enumerate(made)])


def ready_made(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The floor: a WSGI application that answers with the page named in the query, out of memory."""
    page = PAGES[int(_environ["QUERY_STRING"])]
    start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(page)))])
    return [page]


PAGES: list[bytes] = []
if pages_file := os.environ.get("BENCHMARK_PAGES"):
    PAGES = [page.encode() for page in json.loads(Path(pages_file).read_text(encoding="utf-8"))]


@contextmanager
def served(application: str, environment: dict[str, str]) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """A web server, a connection to it and its process's number."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = "--interface wsgi --workers 1 --blocking-threads 4 --no-ws --log-level error --host 127.0.0.1 --port"
    command = [sys.executable, "-m", "granian", *options.split(), str(port), application]
    server = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(600):
            try:
                connection.connect()
                break
            except OSError:
                time.sleep(0.1)
        yield connection, server.pid
    finally:
        server.terminate()
        server.wait(20)


def processor_seconds(pid: int) -> float:
    """What a process and its children have used."""
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    total = 0
    for each in [pid, *map(int, children.stdout.split())]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of an answer."""
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise SystemExit(f"{path}: {response.status} {body[:300]!r}")
    return body


def harvest(connection: http.client.HTTPConnection, prefix: str) -> list[bytes]:
    """All pages of a list."""
    pages = [get(connection, "/oai?" + urlencode({"verb": "ListRecords", "metadataPrefix": prefix}))]
    while found := TOKEN.search(pages[-1]):
        query = urlencode({"verb": "ListRecords", "resumptionToken": found[1].decode()})
        pages.append(get(connection, f"/oai?{query}"))
    return pages


def compare(prefix: str, environment: dict[str, str], folder: str) -> None:
    """Print the rates of ours and of the floor for one format."""
    kept = Path(folder) / f"{prefix}.json"
    with served("config.wsgi:application", environment) as (ours, our_pid):
        pages = harvest(ours, prefix)
        count = sum(page.count(b"<header>") for page in pages)
        kept.write_text(json.dumps([page.decode() for page in pages]), encoding="utf-8")
        floor_environment = environment | {"BENCHMARK_PAGES": str(kept), "PYTHONPATH": f"{ROOT}/benchmarks"}
        with served("oai_listrecords:ready_made", floor_environment) as (floor, floor_pid):
            get(floor, "/?0")
            rounds = []
            for _ in range(ROUNDS):
                begin, used = time.perf_counter(), processor_seconds(our_pid)
                harvest(ours, prefix)
                middle, floor_used = time.perf_counter(), processor_seconds(floor_pid)
                used = processor_seconds(our_pid) - used
                for number in range(len(pages)):
                    get(floor, f"/?{number}")
                end, floor_used = time.perf_counter(), processor_seconds(floor_pid) - floor_used
                rounds.append((middle - begin, used, end - middle, floor_used))
    clocks, useds, floor_clocks, floor_useds = zip(*rounds, strict=True)
    clock, floor_clock = statistics.median(clocks), statistics.median(floor_clocks)
    used, floor_used = sum(useds) / ROUNDS, sum(floor_useds) / ROUNDS  # ticks are too coarse for one round
    size = sum(map(len, pages)) / count
    print(f"{prefix}: {count:,} records of {size:,.0f} bytes in {len(pages)} pages")
    print(f"  ours   {count / clock:10,.0f} records/s {count / used:10,.0f} per processor second")
    per_second = f"{count / floor_used:10,.0f}" if floor_used else "       n/a"
    print(f"  floor  {count / floor_clock:10,.0f} records/s {per_second} per processor second")
    print(f"  ratio  {floor_clock / clock:10.2f}")


def main(count: int) -> None:
    """Fill, then compare both formats."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}  # this folder has names like our packages
        subprocess.run([sys.executable, __file__, "--fill", str(count)], env=environment, check=True)
        for prefix in ("oai_dc", "marc21"):
            compare(prefix, environment, folder)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--fill"]:
        fill(int(arguments[1]))
    else:
        main(int(arguments[0]) if arguments else 5000)
