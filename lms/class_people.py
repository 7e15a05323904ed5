"""Which person a row of a table about classes means, among those whom the one who hands it in may see."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.table_columns import Column
from core.table_kinds import Problem, TableRow
from people import roster_birth, roster_cells, roster_gender, roster_headings, roster_names
from people.folding import fold
from people.merging import persons_of_accounts
from people.models import User

COLUMNS = (
    Column(
        "phone",
        gettext_lazy("Số điện thoại"),
        also=roster_headings.PHONE,
        example="0912345678",
        as_text=True,
    ),
    Column("username", gettext_lazy("Tên đăng nhập"), also=("Tài khoản", "User name", "Username"), example="pao.giang"),
    Column(
        "full_name",
        gettext_lazy("Họ và tên"),
        also=roster_headings.NAME,
        example="Giàng A Páo",
        parts=roster_names.PARTS,
    ),
    *roster_names.COLUMNS,
    *roster_gender.COLUMNS,
    Column("birth_year", gettext_lazy("Năm sinh"), also=roster_headings.BIRTH, example="1985"),
)


def find(rows: Sequence[TableRow], reader: User | None) -> list[User | Problem]:
    """The person of each row, or why there is none; six queries. reader: None where a command is run: then all people.

    What means an account that was merged means the one kept.
    By telephone number or user name where the row has one; else by the full name, if it means one person only. Lists
    have names in capitals, too.
    """
    everybody = User.objects.filter(Q(is_active=True) | Q(merged_as__isnull=False))
    seen = everybody if reader is None else User.objects.visible_to(reader)
    phones = {_phone(row) for row in rows if row["phone"]}
    usernames = {row["username"].strip().lower() for row in rows if row["username"]}
    named = list(seen.filter(Q(phone__in=phones) | Q(username__in=usernames))) if phones or usernames else []
    persons = persons_of_accounts(named)
    by_phone = {account.phone: persons[account.pk] for account in named if account.phone}
    by_username = {account.username: persons[account.pk] for account in named if account.username}
    by_name: dict[str, list[User]] = defaultdict(list)
    nameless = [row for row in rows if not row["phone"] and not row["username"] and row["full_name"]]
    if nameless:
        names = {_name(row) for row in nameless}
        spelled = names | {name.title() for name in names} | {*map(str.upper, names)}
        found_by_name = list(seen.filter(full_name__in=spelled))
        persons = persons_of_accounts(found_by_name)
        for account in found_by_name:
            people = by_name[account.full_name.casefold()]
            if persons[account.pk] not in people:
                people.append(persons[account.pk])
    found: list[User | Problem] = []
    for row in rows:
        if row["phone"]:
            found.append(by_phone.get(_phone(row)) or _nobody("phone"))
        elif row["username"]:
            found.append(by_username.get(row["username"].strip().lower()) or _nobody("username"))
        else:
            found.append(_by_name(row, by_name.get(_name(row).casefold(), [])))
    return found


def warnings(row: TableRow, person: User) -> list[Problem]:
    """What looks wrong and does not keep the row out: another name than that of the account."""
    if row["full_name"] and fold(row["full_name"]) != fold(person.full_name):
        text = _("Tài khoản này mang tên %(name)s. Hãy xem có đúng người không.") % {"name": person.full_name}
        return [Problem("full_name", text, fatal=False)]
    return []


def _by_name(row: TableRow, people: list[User]) -> User | Problem:
    if not row["full_name"]:
        return Problem("", _("Cần số điện thoại, tên đăng nhập hoặc họ và tên."))
    try:
        birth = row["birth_year"] or roster_gender.birth(row)
        born = roster_birth.read_birth_year(birth) if birth else None
    except roster_cells.Unclear as error:
        return Problem("birth_year", str(error))
    if born:
        people = [person for person in people if person.birth_year == born]
    if len(people) > 1:
        text = _("Có %(count)s người cùng tên này. Hãy ghi số điện thoại, tên đăng nhập hoặc năm sinh.")
        return Problem("full_name", text % {"count": len(people)})
    return people[0] if people else _nobody("full_name")


def _nobody(column: str) -> Problem:
    return Problem(
        column, _("Không có ai như vậy trong số những người ông, bà được xem. Hãy nhập danh sách người học trước.")
    )


def _phone(row: TableRow) -> str:
    """As the register has it; what is no number is nobody's."""
    try:
        return roster_cells.read_phone(row["phone"])
    except roster_cells.Unclear:
        return row["phone"]


def _name(row: TableRow) -> str:
    return " ".join(unicodedata.normalize("NFC", row["full_name"]).split())
