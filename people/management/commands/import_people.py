"""manage.py import_people FILE.xlsx"""

from typing import Any

from django.core.management.base import CommandParser

from core.table_command import TableCommand
from people.models import Consent
from people.sensitive import DOCUMENT, PURPOSE


class Command(TableCommand):
    """Imports a roster of people, in the name of the site itself."""

    help = "Imports people from an .xlsx or .csv table, after checking every row; see Quản trị → Nhập từ tệp."
    kind = "people"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--basis", choices=Consent.Basis.values, help="legal basis, needed for ethnic groups and identity numbers"
        )
        parser.add_argument("--purpose", default=str(PURPOSE), help="why they are kept")
        parser.add_argument("--document", default=str(DOCUMENT), help="the document that the basis stands on")

    def arguments(self, options: dict[str, Any]) -> dict[str, Any]:
        return {name: options[name] or "" for name in ("basis", "purpose", "document")}
