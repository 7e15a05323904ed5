"""A real site for tests: web server and worker as processes, with their own data directory, database and port."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent


class Account(NamedTuple):
    """A starter account; totp is empty for those without a second factor."""

    username: str
    password: str
    totp: str = ""


def template_database() -> Path:
    """A migrated SQLite database, named after everything that migrating depends on; the first run makes it."""
    digest = blake2b(digest_size=8)
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/apps.py"), ROOT / "requirements.lock"]):
        digest.update(path.read_bytes())
    return ROOT / ".cache" / f"test-database-{digest.hexdigest()}.sqlite3"


def copy_migrated(data_dir: Path) -> None:
    """Begin a site with the migrated database, where there is one, since migrating takes half a minute.

    It has no identity yet: the site's own `migrate` gives it one.
    """
    if not template_database().exists():
        return
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = shutil.copyfile(template_database(), data_dir / "nhasan.sqlite3")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM core_identity")


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SiteProcess:
    """`manage.py serve` in a world of its own; on PostgreSQL and a search cluster where the test run is."""

    def __init__(self, data_dir: Path, **variables: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._name = f"nhasan_site_{uuid4().hex[:12]}"
        own = {
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "BASE_URL": self.url,
            "SEARCH_INDEX_PREFIX": self._name,
        }
        self.environment = _inherited() | own | variables
        if url := os.environ.get("DATABASE_URL"):
            self.environment["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{self._name}"))
            _sql(url, f'CREATE DATABASE "{self._name}"')

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return "\n".join(self.lines)

    @property
    def accounts(self) -> dict[str, Account]:
        """The starter accounts by role, as printed."""
        words = [line.split() for line in self.lines if line.startswith("account: ")]
        return {role: Account(*rest) for _, role, *rest in words}

    def migrate(self) -> None:
        """Have the database migrated before the first start, where that costs nothing."""
        if "DATABASE_URL" not in self.environment:
            copy_migrated(self.data_dir)
            self.manage("migrate", "--verbosity", "0")

    def start(self, *options: str, seconds: float = 300) -> "SiteProcess":
        """Returns when it has printed `ready:`."""
        self.launch(*options)
        deadline = time.monotonic() + seconds
        while not any(line.startswith("ready: ") for line in self.lines):
            assert self.process.poll() is None, f"the site ended with {self.process.returncode}:\n{self.output}"
            assert time.monotonic() < deadline, f"the site is not ready after {seconds} s:\n{self.output}"
            time.sleep(0.1)
        return self

    def launch(self, *options: str) -> None:
        """Start it without waiting."""
        self.lines = []
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", *options],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self.process, self.lines), daemon=True)
        self._reader.start()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it cleanly; the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(30)
        self._reader.join(5)
        return status

    def pids(self) -> dict[str, list[int]]:
        """The process ids alive now: supervisor, web (server and its worker), worker."""
        tree = _children(self.process.pid)
        kinds: dict[str, list[int]] = {"supervisor": [self.process.pid], "web": [], "worker": []}
        for pid, command in tree:
            kinds["worker" if "manage.py worker" in command else "web"].append(pid)
        return kinds

    def kill(self) -> None:
        """SIGKILL for all its processes at once, as when the power goes."""
        for pids in self.pids().values():
            for pid in pids:
                _kill(pid)
        self.process.wait(10)
        self._reader.join(5)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A manage.py command with the site's variables."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, (
            f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        return done

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a GET."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get_or_none(self, path: str) -> int | None:
        """The status of a GET, None while nobody answers."""
        try:
            return self.get(path)[0]
        except OSError:
            return None

    def throw_away(self) -> None:
        """End it however it is, and delete its data."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.data_dir, ignore_errors=True)
        if url := os.environ.get("DATABASE_URL"):
            _sql(url, f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
        lines.extend(line.rstrip("\n") for line in process.stdout)


def _inherited() -> dict[str, str]:
    dropped = {"ID_BASE", "SECRET_KEY", "ALLOWED_HOSTS", "HOST", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"PYTHONUNBUFFERED": "1"}


def _sql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def _children(root: int) -> list[tuple[int, str]]:
    """Process id and command of everything below a process (Linux)."""
    found: list[tuple[int, str]] = []
    parents = {root}
    processes = sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    for pid in processes * 2:  # twice: a child may have a lower id than its parent
        try:
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
        except OSError:
            continue
        if parent in parents and pid not in parents:
            parents.add(pid)
            found.append((pid, command))
    return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
