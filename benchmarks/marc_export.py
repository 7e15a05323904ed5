"""How fast records go out as MARCXML, beside pymarc's record_to_xml on the same records.

python benchmarks/marc_export.py FILE.mrc

Imports the file into an empty database in a temporary folder first; the export is timed with reading the database.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pymarc_rate(file: str) -> float:
    """Records per second of record_to_xml, the reading of the file not counted."""
    import pymarc

    with Path(file).open("rb") as stream:
        read = [record for record in pymarc.MARCReader(stream, hide_utf8_warnings=True) if record]
    start = time.perf_counter()
    for record in read:
        pymarc.record_to_xml(record)
    return len(read) / (time.perf_counter() - start)


def exported(file: str) -> None:
    """Import the file, then print how many records are exported and how long it takes, as MARCXML and ISO 2709."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from library import exporting, importing

    with Path(file).open("rb") as stream:
        importing.import_file(stream, name=Path(file).name)
    for form in ("xml", "mrc"):
        start = time.perf_counter()
        count, _long = exporting.write(io.BytesIO(), form=form)
        print(count, time.perf_counter() - start)


def main(file: str) -> None:
    """Print both rates and their ratio."""
    theirs = pymarc_rate(file)
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment["PYTHONPATH"] = str(ROOT)
        child = [sys.executable, "-P", __file__, "--child", file]  # -P: benchmarks/search_engine.py is not our package
        out = subprocess.run(child, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    (xml, xml_seconds), (mrc, mrc_seconds) = (map(float, line.split()) for line in out.splitlines())
    rate = xml / xml_seconds
    print(f"pymarc record_to_xml {theirs:8,.0f} records/s")
    print(f"export as MARCXML    {rate:8,.0f} records/s ({xml:,.0f} records)")
    print(f"ratio                {rate / theirs:8.2f}")
    print(f"export as ISO 2709   {mrc / mrc_seconds:8,.0f} records/s")


if __name__ == "__main__":
    exported(sys.argv[2]) if sys.argv[1] == "--child" else main(sys.argv[1])
