"""UTCdatetime: datestamps as OAI-PMH writes them, by day or by second, always UTC."""

import re
from datetime import UTC, datetime, timedelta

from django.utils import timezone

DAY = "YYYY-MM-DD"
SECOND = "YYYY-MM-DDThh:mm:ssZ"
FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # no repository is older, and arithmetic with the year 1 fails
SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")


def write(moment: datetime, granularity: str = SECOND) -> str:
    """The moment in UTC, cut to whole seconds or days."""
    text = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    return text if granularity == SECOND else text[:10]


def parse(text: str) -> datetime:
    """The beginning of the second or day; ValueError for anything that is not a datestamp."""
    if not SHAPE.fullmatch(text):
        raise ValueError(f"{text!r} is not a datestamp such as 2026-01-31 or 2026-01-31T23:59:59Z")
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


def of_partner(text: str) -> datetime | None:
    """The moment that a partner writes, in UTC; None when it is no date, or before 1970, or after tomorrow."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST <= moment <= timezone.now() + timedelta(days=1) else None


def granularity(text: str) -> str:
    """The granularity in which a datestamp is written."""
    return DAY if len(text) == len(DAY) else SECOND


def end(text: str) -> datetime | None:
    """The first moment after the second or day, since `until` includes it; None behind the last day there is."""
    try:
        return parse(text) + (timedelta(days=1) if granularity(text) == DAY else timedelta(seconds=1))
    except OverflowError:
        return None
