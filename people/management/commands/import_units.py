"""Adds villages, and attributes of villages, communes and provinces, from a table."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from core.table_command import TableCommand


class Command(TableCommand):
    """What `Quản trị → Nhập từ tệp` does, at the shell."""

    help = __doc__
    kind = "units"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--since", type=date.fromisoformat, help="YYYY-MM-DD, for rows without a day; else today")
        parser.add_argument("--document", default="", help="the legal document, for rows without one")

    def arguments(self, options: dict[str, Any]) -> dict[str, Any]:
        since = options["since"]
        return {"since": since.isoformat() if since else "", "document": options["document"]}
