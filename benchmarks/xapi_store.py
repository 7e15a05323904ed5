"""How many statements a second one client stores over HTTP, beside bare sqlite3 with the same bodies in the same run.

python benchmarks/xapi_store.py [STATEMENTS]

The client sends prepared batches of 100 statements of 1.1 kB over one connection to a server of its own, on SQLite with
synchronous=FULL (DATABASE_URL=postgres://… for another database, which must be empty). The floor inserts the same
statements with their ids into one table by sqlite3 in transactions of the same size, also with synchronous=FULL, in
this process. The two take turns, since machines are shared: trust the ratio.
"""

import base64
import http.client
import json
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BATCH = 100
TURN = 10  # batches
VERBS = ["initialized", "experienced", "answered", "passed", "failed", "completed", "terminated", "attempted"]
SITE = "https://lms.example.org"


def batches(number: int) -> list[list[dict[str, object]]]:
    """The same statements at every run but for their ids: 2,000 learners, 300 activities, 8 verbs."""
    chance = random.Random(7)
    return [[statement(chance) for _ in range(BATCH)] for _ in range(number // BATCH)]


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


@contextmanager
def server(folder: Path) -> Iterator[tuple[http.client.HTTPConnection, dict[str, str]]]:
    """A web process like that of ./run, a connection to it, and the headers of a credential."""
    port = 8000 + os.getpid() % 1000
    variables = os.environ | {"DATA_DIR": str(folder), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (["migrate", "--verbosity=0"], ["createcachetable", "--database=cache", "--verbosity=0"]):
        subprocess.run([*manage, *command], env=variables, check=True)
    made = subprocess.run(
        [*manage, "lrs_credential", "benchmark"], env=variables, check=True, capture_output=True, text=True
    )
    key, secret = (line.partition(": ")[2] for line in made.stdout.splitlines())
    options = f"--interface wsgi --workers 1 --blocking-threads 16 --no-ws --log-level error --port {port}"
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", *options.split(), "config.wsgi:application"], env=variables
    )
    try:
        headers = {
            "Authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode(),
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        }
        yield connected(port), headers
    finally:
        web.terminate()
        web.wait(20)


def connected(port: int) -> http.client.HTTPConnection:
    """A connection to the server, as soon as it answers."""
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/xapi/about")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return connection
    raise SystemExit("the server does not answer")


def send(connection: http.client.HTTPConnection, headers: dict[str, str], bodies: list[bytes]) -> float:
    """Seconds for these batches over HTTP."""
    start = time.perf_counter()
    for body in bodies:
        connection.request("POST", "/xapi/statements", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {content.decode()[:300]}")
    return time.perf_counter() - start


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


def main() -> None:
    """Print both rates and their ratio."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    made = batches(number + TURN * BATCH)
    bodies = [json.dumps(batch, ensure_ascii=False).encode() for batch in made]
    rows = [[(str(each["id"]), json.dumps(each, ensure_ascii=False).encode()) for each in batch] for batch in made]
    size = sum(map(len, bodies)) / len(bodies) / BATCH
    ours = floor = 0.0
    with tempfile.TemporaryDirectory() as name, server(Path(name) / "data") as (connection, headers):
        database = bare(Path(name) / "floor.sqlite3")
        send(connection, headers, bodies[:TURN])  # warm
        for start in range(TURN, len(bodies), TURN):
            ours += send(connection, headers, bodies[start : start + TURN])
            floor += insert(database, rows[start : start + TURN])
        database.close()
    print(f"statements of {size:.0f} bytes in batches of {BATCH}, one client, {number} stored")
    print(f"this store over HTTP   {number / ours:8.0f} statements/s")
    print(f"bare sqlite3           {number / floor:8.0f} statements/s")
    print(f"ratio                  {floor / ours:8.2f}")


if __name__ == "__main__":
    main()
