"""manage.py export_marc [--format mrc|xml|json|mods|ris|bib] [--collection SLUG] OUT"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from library import exporting
from library.management.commands.import_marc import find_collection


class Command(BaseCommand):
    help = (
        "Exports all records that are not deleted. ISO 2709 in UTF-8 comes out as it came in; records too long for "
        "ISO 2709 go to OUT with the ending .long.xml."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", metavar="OUT", help="a file, or - for standard output")
        parser.add_argument(
            "--format", choices=list(exporting.MEDIA_TYPES), help="default: by the ending of OUT, else mrc"
        )
        parser.add_argument("--collection", metavar="SLUG", help="only the records of this collection")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = find_collection(options["collection"])
        out = options["out"]
        ending = out.rpartition(".")[2]
        form = options["format"] or (ending if ending in exporting.MEDIA_TYPES else "mrc")
        try:
            with opened(out) as stream:
                count, long = exporting.write(stream, collection, form=form)
            self.report_long(out, long)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stderr.write(f"exported {count + (0 if out == '-' else len(long))}")
        if long and out == "-":
            sys.exit(1)

    def report_long(self, out: str, long: list[exporting.Long]) -> None:
        """Records that do not fit ISO 2709: into a file beside OUT; with standard output they can only be named."""
        if not long:
            return
        for key, why, _xml in long:
            self.stderr.write(f"record {key}: {why}")
        if out == "-":
            self.stderr.write(f"{len(long)} records do not fit ISO 2709 and are left out; use --format xml")
            return
        beside = str(Path(out).with_suffix(".long.xml"))
        with opened(beside) as stream:
            exporting.write_long(stream, long)
        self.stderr.write(f"{len(long)} records do not fit ISO 2709; they are in {beside}")


@contextmanager
def opened(out: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that stands under its name only once it is complete."""
    if out == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    if path.is_dir():
        raise CommandError(f"{out}: is a directory; name a file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
