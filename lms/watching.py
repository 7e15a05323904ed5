"""What a browser tells of a lesson: recordings and films played, paused, sought through, heard to their end, and that
the lesson was left.

The browser sends events, never conclusions: the statements are made here, by the ADL xAPI video profile, and none of
them finishes a lesson. An event that is sent twice is stored once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import tincan
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms import phone_clock, phone_sending, statements
from lms.models import Enrolment, Lesson, LessonMedia
from lms.phone_sending import Answer
from lms.statements import Occasion
from people.models import User
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record

LONGEST = 24 * 3600.0  # seconds: of a film, of a reading
SEGMENTS = 200  # stretches played, in one event
WHOLE = 0.95  # share of a film that must have been played to call it seen
PLAYERS = {"played": verbs.PLAYED, "paused": verbs.PAUSED, "seeked": verbs.SEEKED, "completed": verbs.COMPLETED}


class _Refused(Exception):
    """Raised when an event cannot be kept; says why."""


def receive(body: bytes | str, enrolment: Enrolment, lesson: Lesson, *, by: User) -> list[Answer]:
    """Keep what was sent, in one transaction, and say of each event what became of it.

    Raises BadRequest, and PermissionDenied where the browser has the events of another learner.

    body: {"learner": UUID, "sent_at": "2026-11-25T01:02:03Z", "events": [{"event": UUID, "at": …, "verb": "played",
    "media": UUID, "session": UUID, "time": 3.2, "length": 90}, …]}; see docs/partners.md for all of it.
    """
    sent = phone_sending.read(body, "events")
    if sent.get("learner", str(by.uuid)) != str(by.uuid):
        raise PermissionDenied("events of somebody else")
    now = timezone.now()
    wrong = phone_clock.behind(sent.get("sent_at"), now)
    media = {str(medium.uuid): medium for medium in LessonMedia.objects.filter(lessons=lesson)}
    answers: dict[str, Answer] = {}
    made: dict[UUID, tincan.Statement] = {}
    for item in sent["events"]:
        event = str(item.get("event", ""))[:64] if isinstance(item, Mapping) else ""
        try:
            statement = _statement(item, enrolment, lesson, media, (wrong, now))
            made.setdefault(statement.id, statement)
            answers[event] = Answer(event)
        except _Refused as refused:
            answers[event] = Answer(event, str(refused))
    _store(enrolment, made)
    return list(answers.values())


def _store(enrolment: Enrolment, made: Mapping[UUID, tincan.Statement]) -> None:
    """Store those that are not stored yet."""
    with transaction.atomic():
        Enrolment.objects.select_for_update().only("pk").get(pk=enrolment.pk)
        known = Statement.objects.filter(statement_id__in=made).values_list("statement_id", flat=True)
        stored = set(known)
        new = [statement for key, statement in made.items() if key not in stored]
        if new:
            record(new)


def _statement(
    item: Any,
    enrolment: Enrolment,
    lesson: Lesson,
    media: Mapping[str, LessonMedia],
    clock: tuple[timedelta, datetime],
) -> tincan.Statement:
    """The statement of one event. Its id is made from the registration and the event's own id."""
    if not isinstance(item, Mapping):
        raise _Refused(_("Sự kiện này không đọc được."))
    occasion = _occasion(item, enrolment, clock)
    if item.get("verb") == "terminated":
        return statements.terminated(enrolment, lesson, occasion, timedelta(seconds=_seconds(item, "seconds")))
    verb = PLAYERS.get(str(item.get("verb")))
    medium = media.get(str(item.get("media")))
    if verb is None or medium is None:
        raise _Refused(_("Bài học này không có bản ghi âm, phim hay việc như vậy."))
    return statements.watched(
        enrolment, lesson, medium, verb, occasion, result=_result(item, verb, medium), context=_context(item, medium)
    )


def _occasion(item: Mapping[str, Any], enrolment: Enrolment, clock: tuple[timedelta, datetime]) -> Occasion:
    at = phone_clock.moment(item.get("at"))
    if at is None:
        raise _Refused(_("Sự kiện này không có thời gian."))
    return Occasion.of(at=phone_clock.ours(at, *clock), event=uuid5(enrolment.registration, str(_uuid(item, "event"))))


def _result(item: Mapping[str, Any], verb: verbs.Verb, medium: LessonMedia) -> tincan.Result:
    """Of the video profile's four verbs; progress is counted here from what was played."""
    if verb == verbs.SEEKED:
        return _extended({"time-from": _seconds(item, "from"), "time-to": _seconds(item, "to")})
    time = {"time": _seconds(item, "time")}
    if verb == verbs.PLAYED:
        return _extended(time)
    length = _length(item, medium)
    segments = _segments(item, length)
    played = sum(end - start for start, end in segments)
    share = min(round(played / length, 3), 1.0)
    pattern = "[,]".join(f"{start:g}[.]{end:g}" for start, end in segments)
    result = _extended({**time, "progress": share, "played-segments": pattern})
    if verb == verbs.COMPLETED:
        if share < WHOLE:
            raise _Refused(_("Chưa nghe, xem đủ để tính là đến hết."))
        result.completion, result.duration = True, timedelta(seconds=played)
    return result


def _context(item: Mapping[str, Any], medium: LessonMedia) -> dict[str, Any]:
    said = {"session-id": str(_uuid(item, "session")), "length": _length(item, medium)}
    if item.get("verb") == "completed":
        said["completion-threshold"] = WHOLE
    return {statements.video_extension(name): value for name, value in said.items()}


def _extended(said: Mapping[str, Any]) -> tincan.Result:
    return tincan.Result(
        extensions=tincan.Extensions({statements.video_extension(name): value for name, value in said.items()})
    )


def _length(item: Mapping[str, Any], medium: LessonMedia) -> float:
    """What the trainer entered, else what the browser saw; in seconds."""
    return medium.duration or _seconds(item, "length", least=0.001)


def _segments(item: Mapping[str, Any], length: float) -> list[tuple[float, float]]:
    """The stretches played, joined where they meet: [[0, 12.5], [30, 45]] in seconds, within the length."""
    said = item.get("segments")
    if not isinstance(said, list) or len(said) > SEGMENTS:
        raise _Refused(_("Sự kiện này không đọc được."))
    pairs = [_pair(each) for each in said]
    joined: list[tuple[float, float]] = []
    for start, end in sorted((start, min(end, length)) for start, end in pairs if start < min(end, length)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _pair(said: Any) -> tuple[float, float]:
    if not isinstance(said, Sequence) or isinstance(said, str) or len(said) != 2:
        raise _Refused(_("Sự kiện này không đọc được."))
    return _number(said[0]), _number(said[1])


def _seconds(item: Mapping[str, Any], name: str, *, least: float = 0) -> float:
    return max(_number(item.get(name)), least)


def _number(said: Any) -> float:
    """Seconds, to the millisecond."""
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not 0 <= said <= LONGEST:
        raise _Refused(_("Sự kiện này không đọc được."))
    return round(float(said), 3)


def _uuid(item: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(str(item.get(name)))
    except ValueError as error:
        raise _Refused(_("Sự kiện này không có mã riêng.")) from error
