"""`manage.py serve` as a real process: one line for what is wrong, children that live and end with it."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from core.management.commands import serve
from tests.site import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One site without the starter content, running."""
    from tests.site import SiteProcess

    site = SiteProcess(tmp_path_factory.mktemp("serve") / "data")
    try:
        yield site.start("--no-starter")
    finally:
        site.throw_away()


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ready_means_that_web_and_worker_are_well(site):
    assert f"ready: {site.url}/" in site.lines
    status, body = site.get("/healthz")
    assert (status, '"worker": "ok"' in body) == (200, True)
    assert {kind: bool(pids) for kind, pids in site.pids().items()} == {"supervisor": True, "web": True, "worker": True}


@pytest.mark.parametrize("kind", ["worker", "web"])
def test_a_child_that_is_killed_is_started_again(site, kind):
    before = site.pids()
    os.kill(before[kind][0], signal.SIGKILL)
    wait_until(lambda: not alive(before[kind][0]))

    wait_until(lambda: site.get_or_none("/healthz") == 200 and set(site.pids()[kind]) - set(before[kind]))
    assert site.pids()["supervisor"] == before["supervisor"]
    wait_until(lambda: not any(alive(pid) for pid in before[kind]))  # none of the old ones listens on


def test_a_busy_port_is_told_in_one_line_and_nothing_is_begun(site, tmp_path):
    environment = site.environment | {"DATA_DIR": str(tmp_path / "other")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "serve"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().splitlines() == [
        f"CommandError: port {site.port} on 127.0.0.1 is in use; stop what uses it, or choose another by PORT=8001"
    ]
    assert not (tmp_path / "other" / "nhasan.sqlite3").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_end_it_ends_its_children_and_itself_and_starts_again_quickly(site, number):
    pids = [pid for group in site.pids().values() for pid in group]
    begun = time.monotonic()
    assert site.stop(number) == 0
    assert time.monotonic() - begun < 15
    assert not any(alive(pid) for pid in pids)

    site.start("--no-starter", seconds=60)
    assert site.get("/healthz")[0] == 200


def test_killed_itself_it_leaves_no_children_and_the_port_is_free(site):
    pids = site.pids()
    os.kill(pids["supervisor"][0], signal.SIGKILL)
    site.process.wait(5)
    wait_until(lambda: not any(alive(pid) for pid in pids["web"] + pids["worker"]))

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", site.port))
    site.start("--no-starter", seconds=60)


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), sqlite3.OperationalError("database or disk is full")],
)
def test_a_full_disk_is_told_in_one_line(error):
    assert serve._in_one_line(error).endswith("the disk is full; free some space and start again")


def test_a_setting_that_makes_no_sense_is_told_in_one_line(tmp_path):
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PORT": "http"}
    command = [sys.executable, str(ROOT / "manage.py"), "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == ["PORT=http: write a whole number from 1 to 65535"]
