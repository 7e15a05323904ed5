"""Two real installations, each with its own DATA_DIR, harvest each other over HTTP."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from sickle import Sickle

from core import fetch
from library import records
from library.models import Record
from tests.oai.books import book
from tests.site import copy_migrated

OWN = ("DATABASE_URL", "SEARCH_URL", "CACHE_URL", "ID_BASE", "BASE_URL")


class Instance:
    """Another installation: its commands, and its web server while it is needed."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if name not in OWN}
        self.environment = environment | {
            "DATA_DIR": str(data_dir),
            "BASE_URL": self.url,
            "PORT": str(port),
        }
        self.server: subprocess.Popen[bytes] | None = None
        copy_migrated(data_dir)
        self.manage("migrate", "--verbosity", "0")
        self.manage("createcachetable", "--database", "cache")

    def manage(self, *arguments: str) -> str:
        """What a command prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=settings.ROOT, env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self) -> None:
        """Start its web server."""
        command = [sys.executable, "manage.py", "runserver", "--noreload", self.url.removeprefix("http://")]
        self.server = subprocess.Popen(
            command, cwd=settings.ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                if fetch.get(f"{self.url}/oai?verb=Identify").ok:
                    return
            except fetch.requests.RequestException:
                time.sleep(0.1)
        raise AssertionError("the second instance does not serve")

    def stop(self) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(20)


@pytest.fixture
def other(tmp_path, unused_tcp_port):
    fetch.allow("127.0.0.1")
    instance = Instance(tmp_path / "data", unused_tcp_port)
    yield instance
    instance.stop()


@pytest.fixture
def unused_tcp_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _held(instance: Instance) -> list[tuple[str, str]]:
    """Source key ("-" for its own) and title of all records of another instance that readers may see."""
    code = (
        "from library.models import Record\n"
        "for r in Record.objects.public().select_related('source').order_by('title', 'pk'):\n"
        "    print('held', r.source.key if r.source else '-', r.title, sep='|')"
    )
    return re.findall(r"^held\|(.*?)\|(.*)$", instance.manage("shell", "-c", code), re.MULTILINE)


@pytest.mark.django_db(transaction=True)
def test_harvesting_each_other(live_server, other, capsys):
    titles = [f"Sách {number:03}" for number in range(150)]
    ours = [records.save(marc=book(title, title))[0] for title in titles]

    added = other.manage("add_source", "Ta", f"{live_server.url}/oai")
    assert added.startswith(f"added ta: {live_server.url}/oai (marc21)")
    assert other.manage("harvest").splitlines()[-1] == (
        "harvested 150: imported 150, updated 0, unchanged 0, deleted 0"
    )
    assert _held(other) == [("ta", title) for title in titles]

    records.save(marc=book("Sách 007", "Sách 007, bản mới"))
    records.delete(ours[8], by=None)
    assert (
        other.manage("harvest", "ta").splitlines()[-1] == "harvested 2: imported 0, updated 1, unchanged 0, deleted 1"
    )
    assert (
        other.manage("harvest", "ta").splitlines()[-1] == "harvested 0: imported 0, updated 0, unchanged 0, deleted 0"
    )

    code = "from library import records; from tests.oai.books import book; records.save(marc=book('x', 'Của họ'))"
    other.manage("shell", "-c", code)
    other.serve()
    theirs = [each.header.identifier for each in Sickle(f"{other.url}/oai").ListRecords(metadataPrefix="marc21")]
    assert len(theirs) == 1  # what they harvested from us is not theirs to give
    capsys.readouterr()
    call_command("add_source", "Họ", f"{other.url}/oai")
    call_command("harvest")
    assert capsys.readouterr().out.splitlines()[-1] == "harvested 1: imported 1, updated 0, unchanged 0, deleted 0"
    harvested = Record.objects.get(source__key="ho")
    assert (harvested.title, harvested.source_identifier) == ("Của họ", theirs[0])
    call_command("harvest")
    assert capsys.readouterr().out.splitlines()[-1] == "harvested 0: imported 0, updated 0, unchanged 0, deleted 0"
    assert other.manage("harvest").splitlines()[-1] == "harvested 0: imported 0, updated 0, unchanged 0, deleted 0"
    assert Record.objects.count() == 151
