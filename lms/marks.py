"""Marks that a trainer's phone kept while it had no signal, sent later and perhaps more than once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from lms import attendance, phone_clock, phone_sending
from lms.attendance import Said
from lms.models import Mark, Presence, Session
from lms.phone_sending import Answer
from people.models import User

NOTE = 200  # characters


@dataclass(frozen=True)
class _Read:
    event: UUID
    session: UUID
    learner: UUID
    state: str
    note: str
    at: datetime


def receive(body: bytes, *, by: User) -> list[Answer]:
    """Keep what was sent and say of each mark what became of it, in its order. Raises BadRequest."""
    sent = phone_sending.read(body, "marks")
    now = timezone.now()
    wrong = phone_clock.behind(sent.get("sent_at"), now)
    answers: dict[str, Answer] = {}
    by_session: dict[UUID, list[_Read]] = defaultdict(list)
    for item in sent["marks"]:
        event = str(item.get("event", ""))[:64] if isinstance(item, Mapping) else ""
        read = _read(item, wrong, now)
        if read is None:
            answers[event] = Answer(event, _("Lượt điểm danh này không đọc được."))
        else:
            by_session[read.session].append(read)
    sessions = {
        row.uuid: row for row in Session.objects.visible_to(by).filter(uuid__in=by_session).select_related("cohort")
    }
    for uuid, reads in by_session.items():
        for answer in _keep(sessions.get(uuid), reads, by=by):
            answers[answer.event] = answer
    return list(answers.values())


def _keep(session: Session | None, reads: Sequence[_Read], *, by: User) -> list[Answer]:
    if session is None:
        return [Answer(str(read.event), _("Buổi học này không còn do ông, bà phụ trách.")) for read in reads]
    seen = User.objects.visible_to(by).filter(pk__in=attendance.roll_keys(session))
    people = {person.uuid: person for person in seen.filter(uuid__in=[read.learner for read in reads])}
    first = timezone.make_aware(datetime.combine(session.day, time()))
    good = [read for read in reads if read.learner in people and read.at >= first]
    said = [Said(people[read.learner], read.state, read.at, read.event, read.note) for read in good]
    kept = attendance.mark(session, said, by=by, how=Mark.How.LIST)
    return [Answer(str(read.event), _why_not(read, kept, first, people)) for read in reads]


def _why_not(read: _Read, kept: set[UUID], first: datetime, people: Mapping[UUID, User]) -> str:
    if read.event in kept:
        return ""
    if read.learner not in people:
        return _("Người này không có trong danh sách của buổi học.")
    if read.at < first:
        return _("Lượt điểm danh được ghi trước ngày học. Hãy xem lại đồng hồ của điện thoại.")
    return _("Lượt điểm danh này trùng mã với một lượt khác.")


def _read(item: Any, wrong: timedelta, now: datetime) -> _Read | None:
    """The mark with its time by our clock, never later than now; None when something in it is unreadable."""
    if not isinstance(item, Mapping) or item.get("state") not in Presence.values:
        return None
    note, at = item.get("note", ""), phone_clock.moment(item.get("at"))
    if at is None or not isinstance(note, str):
        return None
    try:
        event, session, learner = (UUID(str(item.get(name))) for name in ("event", "session", "learner"))
    except ValueError:
        return None
    note = note.replace("\0", "").strip()[:NOTE]
    return _Read(event, session, learner, item["state"], note, phone_clock.ours(at, wrong, now))
