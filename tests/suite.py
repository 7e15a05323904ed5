"""What ./test does: checks of the code, then the tests in each world that this machine has.

A world is a database and a search engine: SQLite with the embedded engine always; TEST_DATABASE_URL and TEST_SEARCH_URL
make a second one. TEST_SEARCH_URL may name several engines: the search tests run on each further one too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WORLD_VARIABLES = ("DATABASE_URL", "SEARCH_URL", "CACHE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE")
MANAGE = (sys.executable, "manage.py")

CHECKS: dict[str, tuple[str, ...]] = {
    "lint": (str(BIN / "ruff"), "check", "."),
    "format": (str(BIN / "ruff"), "format", "--check", "--quiet", "."),
    "import arrows": (str(BIN / "lint-imports"), "--no-cache"),
    "types": (str(BIN / "mypy"),),
    "templates": (str(BIN / "djlint"), "templates", "--lint", "--quiet"),
    "migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "system checks": (*MANAGE, "check", "--fail-level", "WARNING"),
}

NEEDS = {  # what a test may want, and how to have it
    "Chromium": "apt install chromium",
    "yaz-client": "apt install yaz",
    "pdftotext": "apt install poppler-utils",
    "TEST_DATABASE_URL": "postgres://USER:PASSWORD@HOST/DATABASE, of a user that may create databases",
    "TEST_SEARCH_URL": "opensearch://127.0.0.1:PORT or elasticsearch://127.0.0.1:PORT; .ci/search/start starts either",
    "../shared/marc": "a folder of real MARC files beside this one",
}


@dataclass
class World:
    """A database and a search engine to run tests on, and what came of it."""

    name: str
    variables: dict[str, str]
    arguments: list[str] = field(default_factory=list)
    outcome: dict[str, int] = field(default_factory=dict)
    status: int = 0
    seconds: float = 0.0


def main(arguments: list[str]) -> int:
    """The exit status: 0 when every check and test passed."""
    failed_checks = [] if arguments else [name for name, command in CHECKS.items() if not _check(name, command)]
    worlds = _worlds(arguments)
    _run_all(worlds)
    _tell_missing()
    _tell_outcome(worlds, failed_checks)
    return 1 if failed_checks or any(world.status for world in worlds) else 0


def _check(name: str, command: tuple[str, ...]) -> bool:
    """Run one check in a clean environment; its output is shown when it fails."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nhasan-check-") as folder:
        done = subprocess.run(
            command, cwd=ROOT, env=_clean() | {"DATA_DIR": folder}, capture_output=True, text=True, check=False
        )
    print(f"{'ok' if done.returncode == 0 else 'FAILED'}: {name} ({time.monotonic() - begun:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in WORLD_VARIABLES}


def _worlds(arguments: list[str]) -> list[World]:
    worlds = [World("SQLite, embedded engine", {}, arguments)]
    database = os.environ.get("TEST_DATABASE_URL", "")
    engines = os.environ.get("TEST_SEARCH_URL", "").split()
    if database or engines:
        variables = {"DATABASE_URL": database} if database else {}
        variables |= {"SEARCH_URL": engines[0]} if engines else {}
        worlds.append(World(_name(database, engines[:1]), variables, ["-m", "not browser", *arguments]))
    if not arguments:
        for engine in engines[1:]:
            name = f"search tests on {urlsplit(engine).scheme}"
            worlds.append(World(name, {"SEARCH_URL": engine}, ["-m", "not browser", "tests/search"]))
    return worlds


def _name(database: str, engines: list[str]) -> str:
    return ", ".join(
        ["PostgreSQL" if database else "SQLite", *(urlsplit(url).scheme for url in engines or ["embedded:"])]
    )


def _run_all(worlds: list[World]) -> None:
    """The worlds side by side; what the first one says is seen at once, what the others say when they have ended."""
    with ExitStack() as stack, ThreadPoolExecutor(os.cpu_count()) as pool:
        said = [None, *(stack.enter_context(tempfile.TemporaryFile("w+")) for _ in worlds[1:])]
        for world, output, _ in zip(worlds, said, pool.map(_run, worlds, said), strict=True):
            if output:
                output.seek(0)
                shutil.copyfileobj(output, sys.stdout)
            print(f"== {world.name}: ended after {world.seconds:.0f} s", flush=True)


def _run(world: World, output: IO[str] | None) -> None:
    """Run pytest in the world; tests/conftest.py writes how it went into the report."""
    print(f"\n== {world.name}", file=output, flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nhasan-suite-") as folder:
        report = Path(folder) / "report.json"
        variables = _clean() | world.variables | {"NHASAN_TEST_REPORT": str(report)}
        command = [sys.executable, "-m", "pytest", "--durations=25", "--durations-min=5", *world.arguments]
        world.status = subprocess.run(
            command, cwd=ROOT, env=variables, stdout=output, stderr=output and subprocess.STDOUT, check=False
        ).returncode
        if report.exists():
            world.outcome = json.loads(report.read_text(encoding="utf-8"))
    world.seconds = time.monotonic() - begun
    if world.status == 5 and world.arguments:  # nothing selected here: a browser test asked for by name, say
        world.status = 0


def _tell_missing() -> None:
    print()
    for name, way in NEEDS.items():
        if not _has(name):
            print(f"skipped for want of {name}; to have it: {way}")


def _has(name: str) -> bool:
    match name:
        case "Chromium":
            return any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
        case "../shared/marc":
            return (ROOT.parent / "shared" / "marc").is_dir()
        case "TEST_DATABASE_URL" | "TEST_SEARCH_URL":
            return bool(os.environ.get(name))
        case program:
            return shutil.which(program) is not None


def _tell_outcome(worlds: list[World], failed_checks: list[str]) -> None:
    rows = [("part", "passed", "failed", "skipped", "time")]
    for world in worlds:
        counts = [str(world.outcome.get(key, 0)) for key in ("passed", "failed", "skipped")]
        rows.append((world.name, *counts, f"{world.seconds:.0f} s"))
    for marker in ("browser", "cluster", "yaz"):
        counts = [
            str(sum(w.outcome.get(f"{marker} {key}", 0) for w in worlds)) for key in ("passed", "failed", "skipped")
        ]
        rows.append((f"  of these {marker}", *counts, ""))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    print(
        "\n" + "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    )
    if failed_checks:
        print(f"FAILED checks: {', '.join(failed_checks)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
