"""Moments told by phones, whose clocks are often wrong: set right by when the phone says that it sends."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

LONGEST = 40  # characters


def aware(text: Any) -> datetime | None:
    """A moment as phones write it: 2026-11-25T01:02:03.456Z. None for anything else."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) and len(text) <= LONGEST else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def behind(sent_at: Any, now: datetime) -> timedelta:
    """How far the clock of who sends is behind ours; nothing where it is not told."""
    try:
        return now - (aware(sent_at) or now)
    except OverflowError:
        return timedelta()


def ours(at: datetime, wrong: timedelta, now: datetime) -> datetime:
    """The moment by our clock, never later than now. Raises OverflowError for the end of time."""
    return min(at + wrong, now)
