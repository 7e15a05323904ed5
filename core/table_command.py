"""The shape of every command that imports a table: check, say every problem, write, count."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import table_imports
from core.models import TableImport

OUTCOMES = {"add": "added", "change": "changed", "same": "unchanged", "wrong": "rejected"}


class TableCommand(BaseCommand):
    """`import_… FILE [--dry-run]`; a subclass names its kind, and adds the arguments that the kind's form asks for."""

    kind: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="an .xlsx or a .csv in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="only check")

    def arguments(self, options: dict[str, Any]) -> dict[str, Any]:
        """What the kind's form would ask, from the command's options."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                given = File(stream, name=path.name)
                table_import = table_imports.start(
                    kind=self.kind, file=given, by=None, arguments=self.arguments(options), in_background=False
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.follow(path, table_imports.check(table_import), "checked")
        if table_import.state == TableImport.State.REFUSED:
            raise CommandError(f"{path}: {table_import.refusal}")
        counts = table_import.found
        if options["dry_run"]:
            table_imports.drop(table_import)
        else:
            table_imports.accept(table_import, in_background=False)
            self.follow(path, table_imports.write(table_import), "written")
            counts = table_import.came
        self.report(table_import)
        self.stdout.write(", ".join(f"{word} {counts.get(name, 0)}" for name, word in OUTCOMES.items()))
        if counts.get("wrong"):
            sys.exit(1)

    def follow(self, path: Path, steps: Iterator[int], done: str) -> None:
        """Go through the steps, with a counter for who watches."""
        for rows in steps:
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{path.name[:40]}: {rows} rows {done} ")
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")

    def report(self, table_import: TableImport) -> None:
        """Sheets and columns that were not read, hidden rows that were, and every problem with where it stands."""
        if unread := table_import.headings.get("unread"):
            self.stderr.write(f"sheets not read: {', '.join(unread)}")
        if hidden := table_import.headings.get("hidden"):
            self.stderr.write(f"hidden rows, read as well: {hidden['count']} (lines {hidden['lines']})")
        if ignored := table_import.headings.get("ignored"):
            self.stderr.write(f"columns not used: {', '.join(ignored)}")
        for problem in table_import.problems.iterator(chunk_size=500):
            where = f"row {problem.line}" + (f", {problem.column} “{problem.value}”" if problem.column else "")
            self.stderr.write(f"{where}: {problem.text}" + ("" if problem.fatal else " (written all the same)"))
