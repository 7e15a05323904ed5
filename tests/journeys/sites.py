"""Real sites that are copies of a prepared one, and what a test may read of them besides their pages."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from core import outbox
from search.engines import _engine
from search.queries import Query
from tests.site import ROOT, SiteProcess, _sql

FIRST_START = 900.0  # seconds at most; about one minute of work, and machines that test are busy
RESTART = 180.0


class JourneySite(SiteProcess):
    """A site whose database and index can be looked into from outside."""

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What a SELECT finds in the site's database; parameters are written as ?."""
        if url := self.environment.get("DATABASE_URL"):
            import psycopg

            with psycopg.connect(url) as connection:
                return connection.execute(sql.replace("?", "%s"), parameters or None).fetchall()
        with sqlite3.connect(self.data_dir / "nhasan.sqlite3", timeout=20) as connection:
            found = connection.execute(sql, parameters).fetchall()
        connection.close()
        return found

    def count(self, sql: str, *parameters: Any) -> int:
        """The one number that a SELECT gives."""
        [[number]] = self.rows(sql, *parameters)
        return number

    def queued(self) -> dict[str, int]:
        """How many rows wait in each queue that is not empty."""
        sizes = {
            queue.name: self.count(f"SELECT count(*) FROM {queue.model._meta.db_table}") for queue in outbox.queues()
        }
        return {name: size for name, size in sizes.items() if size}

    def wait_until_drained(self, seconds: float = 90) -> None:
        """Returns when every queue is empty."""
        deadline = time.monotonic() + seconds
        while waiting := self.queued():
            assert time.monotonic() < deadline, f"still queued after {seconds} s: {waiting}\n{self.output[-3000:]}"
            time.sleep(0.2)

    def indexed(self, kind: str = "record") -> int:
        """How many documents of a kind are in the search index."""
        prefix = self.environment["SEARCH_INDEX_PREFIX"]
        engine = _engine(self.environment.get("SEARCH_URL", "embedded:"), prefix, str(self.data_dir.resolve()))
        engine.refresh()
        return engine.search(Query(kinds=[kind])).total

    def public_records(self) -> int:
        """How many bibliographic records readers may see."""
        return self.count(
            "SELECT count(*) FROM library_record WHERE kind = 'bib' AND status = 'published' AND deleted_at IS NULL"
        )

    def launch_manage(self, *arguments: str) -> subprocess.Popen[str]:
        """A manage.py command that is not waited for."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def last_line(self, *arguments: str) -> str:
        """The last line that a manage.py command prints."""
        return self.manage(*arguments).stdout.strip().splitlines()[-1]

    def stop(self, number: int = signal.SIGINT) -> int:
        """As by Ctrl-C."""
        return super().stop(number)


class Prepared(JourneySite):
    """A site that was started once and stopped again, to be copied."""

    def __init__(self, data_dir: Path, options: tuple[str, ...], **variables: str) -> None:
        super().__init__(data_dir, **variables)
        self.options = options

    def prepare(self) -> "Prepared":
        """Start it for the first time, wait until all is indexed, stop it."""
        self.migrate()
        self.start(*self.options, seconds=FIRST_START)
        self.wait_until_drained()
        assert self.stop() == 0
        return self


class CopiedSite(JourneySite):
    """A copy, with its own data directory, database, index and port; its ID_BASE is the original's."""

    def __init__(self, prepared: Prepared, data_dir: Path, **variables: str) -> None:
        own = {"ID_BASE": prepared.environment["ID_BASE"]}
        if not os.environ.get("SEARCH_URL"):  # the index is copied, so it keeps its name
            own["SEARCH_INDEX_PREFIX"] = prepared.environment["SEARCH_INDEX_PREFIX"]
        super().__init__(data_dir, **own | variables)
        self.options = prepared.options
        shutil.copytree(prepared.data_dir, data_dir, dirs_exist_ok=True)
        if url := os.environ.get("DATABASE_URL"):
            _sql(url, f'DROP DATABASE "{self._name}"')
            _sql(url, f'CREATE DATABASE "{self._name}" TEMPLATE "{prepared._name}"')
        if os.environ.get("SEARCH_URL"):
            self.manage("reindex")

    def start(self, *options: str, seconds: float = RESTART) -> "CopiedSite":
        super().start(*(options or self.options), seconds=seconds)
        return self
