"""How fast records come in, indexing included, beside pymarc only reading the same file.

python benchmarks/marc_import.py FILE.mrc [--one-process]

Uses an empty database and index of its own in a temporary folder (DATABASE_URL and SEARCH_URL choose others). The
worker indexes beside the import, as on a site; with --one-process one process does both, one after the other. All
processes have started and loaded Django before the clock begins, as pymarc is loaded before it reads; the clock stops
when the last record is in the index. pymarc reads the file before and after, since machines are shared.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pymarc_seconds(file: str) -> tuple[int, float, float]:
    """How many records pymarc reads, how long it takes, and how much of a processor."""
    import pymarc

    start, used = time.perf_counter(), time.process_time()
    with Path(file).open("rb") as stream:
        count = sum(1 for _record in pymarc.MARCReader(stream, hide_utf8_warnings=True))
    return count, time.perf_counter() - start, time.process_time() - used


def imported(file: str, *, drain: bool) -> None:
    """Import the file in this process; prints records, seconds, processor seconds, MB before and at the peak."""
    from django.core.management import call_command

    from core import outbox
    from library.management.commands import import_marc

    wait_for_start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, used = time.perf_counter(), time.process_time()
    said = io.StringIO()
    call_command(import_marc.Command(), file, stdout=said)
    middle = time.perf_counter()
    if drain:
        outbox.drain_all(limit=sys.maxsize)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = int(said.getvalue().split()[1].rstrip(","))
    print(records, middle - start, end - middle, time.process_time() - used, before // 1024, peak // 1024)


def prepare() -> None:
    """An empty database with an index."""
    from django.core.management import call_command

    wait_for_start()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    call_command("reindex", verbosity=0, stdout=sys.stderr)
    print("done")


def indexed() -> None:
    """Wait until the worker has indexed all and say so; then print how many records are found."""
    from search.engines import engine
    from search.models import IndexQueue

    wait_for_start()
    while IndexQueue.objects.exists():
        time.sleep(0.02)
    print("indexed", flush=True)
    print(sum(1 for _key in engine().ids("record")))


def wait_for_start() -> None:
    """Say that this process has loaded what it needs, and wait until it may begin."""
    print("ready", flush=True)
    sys.stdin.readline()


def child(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """This program in a process of its own, which is ready; go lets it begin."""
    command = [sys.executable, "-P", __file__, *arguments]  # -P: benchmarks/search_engine.py is not our package
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if answer(process) != "ready":
        raise SystemExit(f"{arguments[0]} did not start")
    return process


def go(process: subprocess.Popen[str]) -> str:
    """Let a child begin; returns the next line that it prints."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return answer(process)


def answer(process: subprocess.Popen[str]) -> str:
    """The next line that a child prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def processor_seconds(pid: int) -> float:
    """How much of a processor a running process has used (Linux)."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def beside_worker(file: str, environment: dict[str, str]) -> list[float]:
    """Records, seconds until imported and until indexed, processor seconds of both processes, memory of the import."""
    worker = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "worker"], env=environment)
    try:
        importer, watcher = child(environment, "--import", file), child(environment, "--indexed")
        time.sleep(8)  # the worker has found its queues empty by then
        start, used = time.perf_counter(), processor_seconds(worker.pid)
        records, importing, _none, ours, before, peak = map(float, go(importer).split())
        go(watcher)
        took, its = time.perf_counter() - start, processor_seconds(worker.pid) - used
        found = float(answer(watcher))
    finally:
        worker.terminate()
        worker.wait()
    if found != records:
        raise SystemExit(f"{records} imported, but {found} in the index")
    return [records, importing, took, ours, its, before, peak]


def main(file: str, *, one_process: bool) -> None:
    """Print both rates, their ratio, and memory."""
    count, reading, used = pymarc_seconds(file)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment["PYTHONPATH"] = str(ROOT)
        go(child(environment, "--prepare"))
        if one_process:
            out = go(child(environment, "--import", file, "--drain"))
            records, importing, indexing, ours, before, peak = map(float, out.split())
            took, its = importing + indexing, 0.0
        else:
            records, importing, took, ours, its, before, peak = beside_worker(file, environment)
    _count, again, used_again = pymarc_seconds(file)
    theirs_used = (used + used_again) / 2
    rate, theirs = records / took, 2 * count / (reading + again)
    print(
        f"pymarc reads       {theirs:8,.0f} records/s ({count:,} records; {count / reading:,.0f}, {count / again:,.0f})"
    )
    print(f"import and index   {rate:8,.0f} records/s (imported after {importing:.1f} s, indexed after {took:.1f} s)")
    print(f"ratio              {rate / theirs:8.3f}")
    print(
        f"processor time     pymarc {theirs_used / count * 1e6:.0f} µs a record, import {ours / records * 1e6:.0f} µs, "
        f"worker {its / records * 1e6:.0f} µs: ratio {theirs_used / max(ours, its):.3f} with a processor for each"
    )
    print(f"peak memory        {peak:8,.0f} MB ({before:,.0f} MB before the import)")


if __name__ == "__main__":
    if sys.argv[1].startswith("--"):
        import django

        django.setup()
    match sys.argv[1:]:
        case ["--prepare"]:
            prepare()
        case ["--import", path, *rest]:
            imported(path, drain=rest == ["--drain"])
        case ["--indexed"]:
            indexed()
        case [path, *rest]:
            main(path, one_process=rest == ["--one-process"])
