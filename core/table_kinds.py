"""What a kind of table is: its columns, what its form asks, and how its rows are checked and written."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django import forms

from core import sheet_reading
from core.models import ImportedRow, TableImport
from core.sheet_reading import Sheet
from core.table_columns import Column


@dataclass(frozen=True)
class TableRow:
    """A row: the line where it stands and its cells as text by the columns' names; absent ones are empty.

    hidden: whoever made the file does not see it in their program; it is read all the same.
    """

    line: int
    values: dict[str, str]
    hidden: bool = False

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True)
class Problem:
    """What is wrong: in which column (its name; empty: the row), what to do, and whether it keeps the row out."""

    column: str
    text: str
    fatal: bool = True


@dataclass
class Verdict:
    """What a row would do. plan is the kind's own: what it found while checking and needs for writing."""

    outcome: str = ImportedRow.Outcome.ADD
    problems: list[Problem] = field(default_factory=list)
    plan: Any = None

    @property
    def is_wrong(self) -> bool:
        """Whether the row stays out."""
        return any(problem.fatal for problem in self.problems)


class Work(ABC):
    """One run over the rows of one file, in order; may remember what earlier rows said."""

    def recall(self, rows: Sequence[TableRow]) -> None:  # noqa: B027 - where nothing is remembered
        """Rows that an earlier run wrote, in order, before check() is asked for those below: remember the same."""

    @abstractmethod
    def check(self, rows: Sequence[TableRow]) -> list[Verdict]:
        """One verdict for each row, in a constant number of queries for the batch."""

    @abstractmethod
    def write(self, rows: Sequence[tuple[TableRow, Verdict]]) -> list[str]:
        """Write those that add or change, in the caller's transaction; a detail for each row's report."""


class Kind(ABC):
    """A kind of table. form asks what the file itself does not say; its cleaned data must be JSON."""

    name: str
    title: Any
    help: Any = ""
    permission: str
    columns: Sequence[Column]
    form: type[forms.Form] = forms.Form
    batch = 100
    endings: Sequence[str] = (".xlsx", ".csv")
    preview_template = ""  # shows what preview() gives

    @property
    def template_columns(self) -> Sequence[Column]:
        """Those of the empty table to fill in."""
        return [column for column in self.columns if not column.only_read]

    def sheets(self, file: IO[bytes]) -> Iterator[Sheet]:
        """The tables of the file, headings included; a kind may turn other files into such lines. Raises Unreadable."""
        return sheet_reading.sheets(file)

    def extra_sheets(self) -> Iterator[Any]:
        """Further sheets (core.spreadsheets.Sheet) of the template."""
        return iter(())

    def preview(self, table_import: TableImport, rows: Sequence[TableRow]) -> Sequence[Any]:
        """Each row as it will be, for the page on which its owner accepts it."""
        return ()

    @abstractmethod
    def work(self, table_import: TableImport) -> Work:
        """A new run; table_import.started_by says in whose name, table_import.arguments what the form asked."""
