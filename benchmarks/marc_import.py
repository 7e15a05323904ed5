"""How fast records come in, indexing included, beside pymarc only reading the same file.

python benchmarks/marc_import.py FILE.mrc

Uses an empty database and index of its own in a temporary folder (DATABASE_URL and SEARCH_URL choose others). Importing
and indexing run in one process one after the other, as they do on a machine with a single processor.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pymarc_seconds(file: str) -> tuple[int, float]:
    """How many records pymarc reads, and how long it takes."""
    import pymarc

    start = time.perf_counter()
    with Path(file).open("rb") as stream:
        count = sum(1 for _record in pymarc.MARCReader(stream, hide_utf8_warnings=True))
    return count, time.perf_counter() - start


def imported(file: str) -> None:
    """Import and index the file in this process; prints seconds of each and the peak of memory in MB."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("reindex", verbosity=0, stdout=sys.stderr)
    from core import outbox
    from library import importing

    outbox.drain_all(limit=sys.maxsize)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with Path(file).open("rb") as stream:
        counts = importing.import_file(stream, name=Path(file).name)
    middle = time.perf_counter()
    outbox.drain_all(limit=sys.maxsize)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(counts.total(), middle - start, end - middle, before // 1024, peak // 1024)


def main(file: str) -> None:
    """Print both rates, their ratio, and memory."""
    count, reading = pymarc_seconds(file)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment["PYTHONPATH"] = str(ROOT)
        child = [sys.executable, "-P", __file__, "--child", file]  # -P: benchmarks/search_engine.py is not our package
        out = subprocess.run(child, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    ours, importing, indexing, before, peak = map(float, out.split())
    rate, theirs = ours / (importing + indexing), count / reading
    print(f"pymarc reads       {theirs:8,.0f} records/s ({count:,} records)")
    print(f"import and index   {rate:8,.0f} records/s (import {importing:.1f} s, index {indexing:.1f} s)")
    print(f"ratio              {rate / theirs:8.3f}")
    print(f"peak memory        {peak:8,.0f} MB ({before:,.0f} MB before the import)")


if __name__ == "__main__":
    imported(sys.argv[2]) if sys.argv[1] == "--child" else main(sys.argv[1])
