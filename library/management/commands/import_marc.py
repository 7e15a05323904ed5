"""manage.py import_marc FILE… [--collection SLUG] [--dry-run]"""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from library.exceptions import NotMarc
from library.importing import import_file
from library.models import Collection
from library.reading import Refused

SHOWN = 20  # rejected records that are named per file; all are kept


class Command(BaseCommand):
    help = "Imports MARC records from ISO 2709 or MARCXML, detected by content. Running it again doubles nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="ISO 2709 or MARCXML")
        parser.add_argument("--collection", metavar="SLUG", help="put the records into this collection")
        parser.add_argument("--dry-run", action="store_true", help="read and count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = find_collection(options["collection"])
        paths = [checked(name) for name in options["files"]]
        total: Counter[str] = Counter()
        try:
            for path in paths:
                total += self.import_path(path, collection, dry_run=options["dry_run"])
        except KeyboardInterrupt:
            self.stderr.write("\nStopped. What was counted is in; run the same command again to go on.")
            sys.exit(130)
        self.report_repairs(total)
        counts = ", ".join(f"{name} {total[name]}" for name in ("imported", "updated", "unchanged", "rejected"))
        self.stdout.write(counts)
        if total["rejected"]:
            sys.exit(1)

    def import_path(self, path: Path, collection: Collection | None, *, dry_run: bool) -> Counter[str]:
        rejected: list[int] = []

        def on_refused(position: int, refused: Refused) -> None:
            rejected.append(position)
            if len(rejected) <= SHOWN:
                self.stderr.write(f"{path}: record {position} rejected: {refused.reason}")
            elif len(rejected) == SHOWN + 1:
                self.stderr.write(f"{path}: further rejected records are listed in the admin")

        size = path.stat().st_size or 1
        try:
            with path.open("rb") as stream:
                return import_file(
                    stream,
                    name=path.name,
                    collection=collection,
                    dry_run=dry_run,
                    on_refused=on_refused,
                    on_batch=lambda: self.show_progress(path, stream.tell() / size),
                )
        except NotMarc as error:
            raise CommandError(f"{path}: {error}") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        finally:
            if sys.stderr.isatty():
                sys.stderr.write("\r\x1b[K")

    def show_progress(self, path: Path, part: float) -> None:
        if sys.stderr.isatty():
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
