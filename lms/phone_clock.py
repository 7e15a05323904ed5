"""Times that a phone wrote down by its own clock, which may be wrong."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime


def moment(text: Any) -> datetime | None:
    """A moment as phones write it: 2026-11-25T01:02:03.456Z; None for what is none."""
    try:
        said = parse_datetime(text) if isinstance(text, str) and len(text) <= 40 else None
    except (ValueError, OverflowError):
        return None
    return said if said is not None and said.tzinfo is not None else None


def behind(sent_at: Any, now: datetime) -> timedelta:
    """How far the phone's clock is behind ours, from what it said at the time of sending."""
    try:
        return now - (moment(sent_at) or now)
    except OverflowError:
        return timedelta()


def ours(said: datetime, wrong: timedelta, now: datetime) -> datetime:
    """The phone's moment by our clock, never later than now."""
    try:
        return min(said + wrong, now)
    except OverflowError:
        return now
