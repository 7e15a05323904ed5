"""Days as people write them in tables: 10/03/2026, 2026-03-10, several, or from one to another."""

import re
from datetime import date, timedelta

ONE = r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4})"
SPAN = re.compile(rf"({ONE})\s*(?:-|–|—|đến|to|~)\s*({ONE})")
OF_ONE_MONTH = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})(?=([/.])\d{1,2}\3\d{4}$)")  # 10-12/03/2026
EARLIEST = 1950  # a year before is a slip
LONGEST = 60  # days of one span


def read(text: str) -> tuple[date, ...]:
    """The days in order, each once. Raises ValueError for what is no day, or a span backwards or past LONGEST."""
    found: set[date] = set()
    for part in re.split(r"[;,\n]", text):
        part = " ".join(re.sub(r"\b(từ|ngày)\b", " ", part.lower()).split())  # noqa: PLW2901 - the same words
        if not part:
            continue
        if month := OF_ONE_MONTH.match(part):
            part = f"{month[1]}{part[month.end() :]} - {month[2]}{part[month.end() :]}"  # noqa: PLW2901
        if span := SPAN.fullmatch(part):
            first, last = _day(span[1]), _day(span[2])
            length = (last - first).days
            if not 0 <= length < LONGEST:
                raise ValueError(part)
            found |= {first + timedelta(days=number) for number in range(length + 1)}
        else:
            found.add(_day(part))
    return tuple(sorted(found))


def _day(text: str) -> date:
    if not re.fullmatch(ONE, text):
        raise ValueError(text)
    parts = [int(part) for part in re.split(r"[/.\-]", text)]
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    if year < EARLIEST:
        raise ValueError(text)
    return date(year, month, day)
