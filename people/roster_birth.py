"""The year of birth in a cell, however people type the day; what is not sure is asked, never guessed."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from people.roster_cells import Unclear

OLDEST = 120  # years
_DAY = re.compile(r"([0-9]{1,2}) ?([/.-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_MONTH = re.compile(r"([0-9]{1,2}) ?[/.-] ?([0-9]{4})")
_WORDS = re.compile(
    r"(?:sinh )?(?:(?:ngày )?([0-9]{1,2}) )?(?:tháng ([0-9]{1,2}) ?(?:năm|[/.-]) ?|năm )([0-9]{4}|[0-9]{2})",
    re.IGNORECASE,
)


def read_birth_year(text: str) -> int:
    """Of 1985, 12/03/1985, 12-3-85, 12.03.1985, 1985-03-12, 03/1985, "tháng 3 năm 1985". Raises Unclear."""
    written, month, day = _read(re.sub(r"[ T][0-9]{1,2}:[0-9]{2}.*|(?<=^[0-9]{4})\.0$", "", text))
    years = [int(written)] if len(written) == 4 else [1900 + int(written), 2000 + int(written)]
    spans = [span for year in years if (span := _span(year, month, day))]
    if not spans:
        raise Unclear(
            _("Không có ngày này. Hãy ghi ngày trước, tháng sau, như 12/03/1985; không rõ ngày thì chỉ ghi năm.")
        )
    if len(years) > 1:
        return _of_two_digits(text, spans)
    today = timezone.localdate()
    if not today.year - OLDEST <= years[0] <= today.year:
        bounds = {"first": today.year - OLDEST, "last": today.year}
        raise Unclear(_("Năm sinh phải từ %(first)d đến %(last)d. Ví dụ: 1985.") % bounds)
    if spans[0][0] > today:
        raise Unclear(_("Ngày này chưa đến."))
    return years[0]


def _read(text: str) -> tuple[str, int | None, int | None]:
    """(year as it is written, month, day) of what is written."""
    if re.fullmatch(r"[0-9]{4}", text):
        return text, None, None
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], int(found[3]), int(found[4])
    if found := _DAY.fullmatch(text):
        return found[4], int(found[3]), int(found[1])
    if found := _MONTH.fullmatch(text):
        return found[2], int(found[1]), None
    if found := _WORDS.fullmatch(text):
        return found[3], int(found[2]) if found[2] else None, int(found[1]) if found[1] else None
    raise Unclear(_("Hãy ghi ngày sinh như 12/03/1985, hoặc chỉ năm: 1985."))


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """The first and the last day that may be meant; None where there is no such day. 00 is how unknown is written."""
    if day and not month:
        return None
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None
    return first, last


def _of_two_digits(text: str, spans: Sequence[tuple[date, date]]) -> int:
    """Of 1985 and 2085 the one by which the person is between 0 and 100 years old, if only one is."""
    today = timezone.localdate()
    possible = [
        first.year
        for first, last in spans
        if first <= today and today.year - last.year - ((today.month, today.day) < (last.month, last.day)) <= 100
    ]
    if len(possible) == 1:
        return possible[0]
    raise Unclear(_("“%(text)s”: không rõ là năm nào. Hãy ghi năm sinh đủ bốn chữ số.") % {"text": text[:60]})
