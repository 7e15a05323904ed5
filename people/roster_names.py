"""Full names that a roster has in two or three columns: "Họ đệm" and "Tên", or under one heading of merged cells."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.table_columns import Column
from core.table_kinds import TableRow
from people.roster_cells import Unclear

PARTS = ("family_name", "middle_name", "given_name")  # in the order in which Vietnamese say them
COLUMNS = (
    Column(
        "family_name",
        gettext_lazy("Họ đệm"),
        also=(
            "Họ",
            "Họ và đệm",
            "Họ và tên đệm",
            "Họ tên đệm",
            "Họ và chữ đệm",
            "Họ chữ đệm",
            "Họ lót",
            "Họ và tên lót",
            "Họ và chữ lót",
            "Surname",
            "Surname and middle name",
            "Surname middle name",
            "Family name",
            "Family and middle name",
            "Last name",
            "Last name and middle name",
        ),
        only_read=True,
    ),
    Column(
        "middle_name",
        gettext_lazy("Chữ đệm"),
        also=("Đệm", "Tên đệm", "Chữ lót", "Tên lót", "Middle name"),
        only_read=True,
    ),
    Column(
        "given_name",
        gettext_lazy("Tên"),
        also=("Tên gọi", "Given name", "First name", "Forename"),
        only_read=True,
    ),
)


def whole(row: TableRow) -> str:
    """The full name of a row. Raises Unclear where a part of it is missing or is perhaps no name."""
    if (row["family_name"] or row["middle_name"]) and not row["given_name"]:
        raise Unclear(_("Có họ, chữ đệm mà chưa có tên. Hãy ghi tên vào cột “Tên”."))
    beside = "" if _has_parts(row) else row["given_name"]
    if beside and (len(beside) == 1 or len(beside.split()) > 2 or not beside.replace(" ", "").isalpha()):
        raise Unclear(
            _("Ô bên phải ghi “%(text)s” nhưng cột ấy không có tiêu đề. Nếu là tên, hãy ghi tiêu đề “Họ đệm”, “Tên”.")
            % {"text": beside[:60]}
        )
    return row["full_name"]


def lacks_family_name(row: TableRow) -> bool:
    """Whether the columns of first parts are empty and the name is of one word."""
    return _has_parts(row) and row["full_name"] == row["given_name"] != "" and " " not in row["given_name"]


def is_all(row: TableRow) -> bool:
    """Whether the row says nothing but a name: the title of a group of rows, a sum or a signature does, too."""
    return not any(text for column, text in row.values.items() if column not in {"full_name", *PARTS})


def _has_parts(row: TableRow) -> bool:
    return any(part in row.values for part in PARTS[:-1])
