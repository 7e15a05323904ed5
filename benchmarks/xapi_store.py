"""How many statements a second are stored over HTTP: by one client in batches of 100, and one by one by 8 clients.

python benchmarks/xapi_store.py [--statements N] [--peer URL --peer-auth USER:PASSWORD]

The server is one of its own, like that of ./run, on SQLite with synchronous=FULL, or on DATABASE_URL=postgres://…,
which must be empty. Beside it, in the same run and taking turns, since machines are shared: another LRS at its xAPI
address (the peer) with the same prepared bodies, and for batches the floor, bare sqlite3 that inserts the same
statements with their ids into one table, with synchronous=FULL, in this process. Trust the ratios.
"""

import argparse
import base64
import http.client
import json
import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BATCH = 100
TURN = 10  # batches
CLIENTS = 8
VERBS = ["initialized", "experienced", "answered", "passed", "failed", "completed", "terminated", "attempted"]
SITE = "https://lms.example.org"


def batches(number: int) -> list[list[dict[str, object]]]:
    """The same statements at every run but for their ids: 2,000 learners, 300 activities, 8 verbs."""
    return [statements(start, BATCH) for start in range(0, number, BATCH)]


def statements(first: int, count: int) -> list[dict[str, object]]:
    """Those from a number on; the same at every run but for their ids."""
    chance = random.Random(first)
    return [statement(chance) for _ in range(count)]


def statement(chance: random.Random) -> dict[str, object]:
    """One answered question, as players send it."""
    learner, activity = chance.randrange(2_000), chance.randrange(300)
    verb = chance.choice(VERBS)
    question = f"{SITE}/courses/so/lessons/{activity % 20}/questions/{activity}"
    return {
        "id": str(uuid.uuid4()),
        "actor": {
            "objectType": "Agent",
            "name": f"Learner {learner}",
            "account": {"homePage": SITE, "name": f"{learner}"},
        },
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en": verb}},
        "object": {
            "objectType": "Activity",
            "id": question,
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "name": {"vi": f"Câu hỏi {activity}", "en": f"Question {activity}"},
                "interactionType": "choice",
                "correctResponsesPattern": ["a"],
                "choices": [{"id": "a", "description": {"vi": "Đúng"}}, {"id": "b", "description": {"vi": "Sai"}}],
            },
        },
        "result": {"success": True, "response": "a", "score": {"scaled": 0.9, "raw": 9, "min": 0, "max": 10}},
        "context": {
            "registration": str(uuid.UUID(int=learner)),
            "language": "vi",
            "contextActivities": {
                "parent": [{"id": f"{SITE}/courses/so/lessons/{activity % 20}"}],
                "grouping": [{"id": f"{SITE}/courses/so"}],
            },
        },
        "timestamp": "2026-11-18T12:17:00.123Z",
    }


@dataclass(frozen=True)
class LRS:
    """A store to send to: where it is, and the headers of a credential."""

    host: str
    path: str
    headers: dict[str, str]

    @classmethod
    def at(cls, url: str, credential: str) -> Self:
        """The store at an address; credential is USER:PASSWORD."""
        parts = urlsplit(url)
        headers = {
            "Authorization": "Basic " + base64.b64encode(credential.encode()).decode(),
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        }
        return cls(parts.netloc, parts.path.rstrip("/"), headers)

    def connected(self) -> http.client.HTTPConnection:
        """A connection, as soon as the server answers."""
        for _ in range(300):
            connection = http.client.HTTPConnection(self.host, timeout=120)
            try:
                connection.request("GET", f"{self.path}/about", headers=self.headers)
                connection.getresponse().read()
            except OSError:
                time.sleep(0.1)
            else:
                return connection
        raise SystemExit(f"{self.host} does not answer")

    def post(self, connection: http.client.HTTPConnection, body: bytes) -> None:
        """Store statements; whatever is not stored ends the run."""
        connection.request("POST", f"{self.path}/statements", body, self.headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self.host}: {answer.status}: {content.decode()[:300]}")


@contextmanager
def server(folder: Path) -> Iterator[tuple[LRS, subprocess.Popen[bytes]]]:
    """A web process like that of ./run on a database of its own."""
    port = 8000 + os.getpid() % 1000
    variables = os.environ | {"DATA_DIR": str(folder), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (["migrate", "--verbosity=0"], ["createcachetable", "--database=cache", "--verbosity=0"]):
        subprocess.run([*manage, *command], env=variables, check=True)
    made = subprocess.run(
        [*manage, "lrs_credential", "benchmark"], env=variables, check=True, capture_output=True, text=True
    )
    key, secret = (line.partition(": ")[2] for line in made.stdout.splitlines()[:2])
    options = f"--interface wsgi --workers 1 --blocking-threads 16 --no-ws --log-level error --port {port}"
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", *options.split(), "config.wsgi:application"], env=variables
    )
    try:
        yield LRS.at(f"http://127.0.0.1:{port}/xapi", f"{key}:{secret}"), web
    finally:
        web.terminate()
        web.wait(20)


def in_batches(lrs: LRS, bodies: list[bytes]) -> float:
    """Seconds for these bodies, one after the other over one connection."""
    connection = lrs.connected()
    start = time.perf_counter()
    for body in bodies:
        lrs.post(connection, body)
    return time.perf_counter() - start


def one_by_one(lrs: LRS, bodies: list[bytes]) -> float:
    """Seconds for these statements in bytes, each in a request of its own, by CLIENTS processes at once."""
    barrier = multiprocessing.Barrier(CLIENTS + 1)
    clients = [
        multiprocessing.Process(target=_client, args=(lrs, bodies[number::CLIENTS], barrier))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    barrier.wait()
    start = time.perf_counter()
    for client in clients:
        client.join()
    if any(client.exitcode for client in clients):
        raise SystemExit("a client failed")
    return time.perf_counter() - start


def _client(lrs: LRS, bodies: list[bytes], barrier: Barrier) -> None:
    connection = lrs.connected()
    barrier.wait()
    for body in bodies:
        lrs.post(connection, body)


def insert(database: sqlite3.Connection, rows: list[list[tuple[str, bytes]]]) -> float:
    """Seconds for these batches with bare sqlite3."""
    start = time.perf_counter()
    for batch in rows:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO statement (uuid, body) VALUES (?, ?)", batch)
        database.execute("COMMIT")
    return time.perf_counter() - start


def bare(path: Path) -> sqlite3.Connection:
    """The floor's table."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE statement (id INTEGER PRIMARY KEY, uuid TEXT UNIQUE, body BLOB)")
    return database


def as_json(value: object) -> bytes:
    """As clients write it."""
    return json.dumps(value, ensure_ascii=False).encode()


def measure_batches(stores: dict[str, LRS], number: int, floor: sqlite3.Connection) -> dict[str, float]:
    """Statements a second in batches, by the name of the store; "bare sqlite3" is the floor."""
    made = batches(number + TURN * BATCH)
    bodies = [as_json(batch) for batch in made]
    rows = [[(str(each["id"]), as_json(each)) for each in batch] for batch in made]
    size = sum(map(len, bodies)) / len(bodies) / BATCH
    print(f"statements of {size:.0f} bytes in batches of {BATCH} by one client, {number} each")
    seconds = dict.fromkeys([*stores, "bare sqlite3"], 0.0)
    for lrs in stores.values():
        in_batches(lrs, bodies[:TURN])  # warm
    for start in range(TURN, len(bodies), TURN):
        turn = slice(start, start + TURN)
        for name, lrs in stores.items():
            seconds[name] += in_batches(lrs, bodies[turn])
        seconds["bare sqlite3"] += insert(floor, rows[turn])
    return {name: number / each for name, each in seconds.items()}


def measure_singles(stores: dict[str, LRS], number: int) -> dict[str, float]:
    """Statements a second one by one, by the name of the store."""
    print(f"one by one by {CLIENTS} clients, {number} each")
    made = [as_json(each) for batch in batches(number) for each in batch]
    seconds = dict.fromkeys(stores, 0.0)
    turn = max(number // 4, 1)
    for start in range(0, len(made), turn):
        for name, lrs in stores.items():
            seconds[name] += one_by_one(lrs, made[start : start + turn])
    return {name: len(made) / each for name, each in seconds.items()}


def show(rates: dict[str, float], unit: str = "statements/s") -> None:
    """Each rate, and ours as a multiple of it."""
    for name, rate in rates.items():
        print(f"  {name:14} {rate:8.0f} {unit}  {rates['this store'] / rate:6.2f}")


def arguments(**defaults: int) -> argparse.Namespace:
    """What the benchmarks of the store take from the command line."""
    parser = argparse.ArgumentParser()
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--peer", help="the xAPI address of another LRS")
    parser.add_argument("--peer-auth", default=":", help="USER:PASSWORD")
    return parser.parse_args()


def main() -> None:
    """Print the rates and our multiples of them."""
    asked = arguments(statements=10_000, singles=2_000)
    with tempfile.TemporaryDirectory() as name, server(Path(name) / "data") as (ours, _):
        stores = {"this store": ours} | ({"peer": LRS.at(asked.peer, asked.peer_auth)} if asked.peer else {})
        floor = bare(Path(name) / "floor.sqlite3")
        show(measure_batches(stores, asked.statements, floor))
        show(measure_singles(stores, asked.singles))
        floor.close()


if __name__ == "__main__":
    main()
