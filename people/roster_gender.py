"""Rosters with "Nam" and "Nữ" as two columns, in which people write a year of birth or a mark, as in state forms."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.table_columns import Column
from core.table_kinds import TableRow
from people.models import User
from people.roster_cells import Unclear

GENDERS = {"male": User.Gender.MALE, "female": User.Gender.FEMALE}
COLUMNS = (
    Column("male", gettext_lazy("Nam"), only_read=True),
    Column("female", gettext_lazy("Nữ"), only_read=True),
)
MARKS = {"x", "v", "1", "✓", "✔", "√", "có"}
EMPTY = {"", "0", "-", "–", "—"}


def column_of(row: TableRow) -> str:
    """Which of the two columns the row fills; empty where none. Raises Unclear where both are filled."""
    filled = [name for name in GENDERS if row[name] not in EMPTY]
    if len(filled) > 1:
        raise Unclear(_("Cả cột “Nam” và cột “Nữ” đều có chữ. Hãy để trống một cột."))
    return filled[0] if filled else ""


def birth(row: TableRow) -> str:
    """What the filled column says of the day of birth; empty where it holds a mark or nothing. Raises Unclear."""
    text = row[column_of(row)]
    return "" if text.casefold() in MARKS else text
