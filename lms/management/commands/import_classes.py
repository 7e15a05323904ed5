"""manage.py import_classes"""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandError, CommandParser

from core.models import TableImport
from core.table_command import TableCommand
from lms import class_evidence
from lms.models import Cohort


class Command(TableCommand):
    """Past classes; see lms.past_classes."""

    help = "Import classes that are over: one row for each person of a class. The same file again changes nothing."
    kind = "past_classes"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--source", default="", help="the document behind the table; its name otherwise")
        parser.add_argument(
            "--evidence",
            type=Path,
            action="append",
            default=[],
            help="a scanned list (PDF, JPEG or PNG) of its classes",
        )

    def arguments(self, options: dict[str, Any]) -> dict[str, Any]:
        self.source = options["source"] or options["file"].name
        self.evidence: list[Path] = options["evidence"]
        for path in self.evidence:
            if not path.is_file():
                raise CommandError(f"{path}: no such file")
        return {"source": options["source"]}

    def report(self, table_import: TableImport) -> None:
        """The problems; then the scanned lists go to every class of this source."""
        super().report(table_import)
        if table_import.state != TableImport.State.DONE:
            return
        for cohort in Cohort.objects.filter(entered_afterwards=True, source=self.source[:200]):
            for path in self.evidence:
                try:
                    with path.open("rb") as stream:
                        class_evidence.attach(cohort, File(stream, name=path.name), by=None)
                except ValueError as error:
                    raise CommandError(str(error)) from error
