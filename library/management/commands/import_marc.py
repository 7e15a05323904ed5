"""manage.py import_marc FILE… [--collection SLUG] [--dry-run] [--encoding E] [--match-on M] [--on-match D] [--draft]"""

import gc
import sys
from argparse import ArgumentParser
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from library.exceptions import NotMarc
from library.importing import import_file, look_at
from library.models import Collection, ImportBatch
from library.reading import Refused
from library.vietnamese_encodings import DECODERS

SHOWN = 20  # rejected records that are named per file; all are kept


class Command(BaseCommand):
    help = (
        "Imports MARC records from ISO 2709, MARCXML or MARC-in-JSON, detected by content. Running it again doubles "
        "nothing. The admin lists each file's import and can take it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="ISO 2709, MARCXML or MARC-in-JSON")
        parser.add_argument("--collection", metavar="SLUG", help="put the records into this collection")
        parser.add_argument("--dry-run", action="store_true", help="read and count, change nothing")
        parser.add_argument("--encoding", choices=sorted(DECODERS), default="", help="of an older Vietnamese file")
        parser.add_argument(
            "--match-on", choices=ImportBatch.MatchOn.values, default="number", help="default: number (001 with 003)"
        )
        parser.add_argument(
            "--on-match", choices=ImportBatch.OnMatch.values, default="overlay", help="default: overlay"
        )
        parser.add_argument("--draft", action="store_true", help="new records are drafts")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = find_collection(options["collection"])
        paths = [checked(name) for name in options["files"]]
        total: Counter[str] = Counter()
        gc.freeze()  # what is loaded by now stays: the collector need not look at it with every batch
        gc.set_threshold(200_000)  # a batch makes many small things and hardly a cycle
        try:
            for path in paths:
                total += self.import_path(path, collection, options)
        except KeyboardInterrupt:
            self.stderr.write("\nStopped. What was counted is in; run the same command again to go on.")
            sys.exit(130)
        self.report_repairs(total)
        counts = ", ".join(f"{name} {total[name]}" for name in ("imported", "updated", "unchanged", "rejected"))
        if left := total["skip"] + total["several"]:
            self.stderr.write(f"left as they are here: {left}, of these {total['several']} that match several records")
        self.stdout.write(counts)
        if total["rejected"]:
            sys.exit(1)

    def import_path(self, path: Path, collection: Collection | None, options: dict[str, Any]) -> Counter[str]:
        rejected: list[int] = []

        def on_refused(position: int, refused: Refused) -> None:
            rejected.append(position)
            if len(rejected) <= SHOWN:
                self.stderr.write(f"{path}: record {position} rejected: {refused.reason}")
            elif len(rejected) == SHOWN + 1:
                self.stderr.write(f"{path}: further rejected records are listed in the admin")

        try:
            with path.open("rb") as stream:
                tell = partial(self.show_progress, path, stream, path.stat().st_size or 1)
                if options["dry_run"]:
                    return look_at(stream, encoding=options["encoding"], on_refused=on_refused, on_batch=tell)
                return import_file(
                    stream,
                    name=path.name,
                    collection=collection,
                    encoding=options["encoding"],
                    match_on=options["match_on"],
                    on_match=options["on_match"],
                    publish=not options["draft"],
                    on_refused=on_refused,
                    on_batch=tell,
                )
        except NotMarc as error:
            raise CommandError(f"{path}: {error}") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        finally:
            if sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")

    def show_progress(self, path: Path, stream: BinaryIO, size: int) -> None:
        if sys.stderr.isatty():
            part = stream.tell() / size
            done = round(part * 40)
            sys.stderr.write(f"\r{path.name[:30]} [{'#' * done}{'·' * (40 - done)}] {part:4.0%}")
            sys.stderr.flush()

    def report_repairs(self, total: Counter[str]) -> None:
        repairs = {name: number for name, number in total.items() if name.startswith("repaired: ")}
        if repairs:
            parts = ", ".join(f"{name.removeprefix('repaired: ')} {number}" for name, number in sorted(repairs.items()))
            self.stderr.write(f"repaired on the way: {parts}")


def find_collection(slug: str | None) -> Collection | None:
    """The collection an operator named, or None; an unknown one is refused."""
    if slug is None:
        return None
    try:
        return Collection.objects.get(slug=slug)
    except Collection.DoesNotExist as error:
        known = ", ".join(Collection.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no collection {slug!r}; there are: {known or 'none yet'}") from error


def checked(name: str) -> Path:
    """The path, if it is a file that can be read."""
    path = Path(name)
    if path.is_dir():
        raise CommandError(f"{name}: is a directory; name the files in it")
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
