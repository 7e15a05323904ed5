"""A learner asks the trainer at a lesson; who runs the class, or edits the course, answers."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from core import audit, ratelimit
from lms import messages
from lms.exceptions import TooLong, TooMany
from lms.models import Cohort, Enrolment, Inquiry, Lesson
from people.models import User

MOST, STRETCH = 10, 3600  # questions of one learner in so many seconds


def ask(enrolment: Enrolment, lesson: Lesson, text: str, *, event: UUID | None = None) -> Inquiry | None:
    """Keep the question; None for an empty one. Raises TooLong, TooMany. The same press sent twice is one question."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        return None
    if len(text) > Inquiry.LONGEST:
        raise TooLong(Inquiry.LONGEST)
    own = enrolment.inquiries.filter(uuid=event).first() if event else None
    if own is not None:
        return own
    if not ratelimit.take("inquiry", str(enrolment.learner_id), limit=MOST, seconds=STRETCH):
        raise TooMany
    with transaction.atomic():
        if event is None or Inquiry.objects.filter(uuid=event).exists():
            event = uuid4()
        cohort = Cohort.objects.of_member(enrolment.learner).filter(course=enrolment.course_id).order_by("-pk").first()
        return Inquiry.objects.create(uuid=event, enrolment=enrolment, lesson=lesson, cohort=cohort, text=text)


def answer(inquiry: Inquiry, text: str, *, by: User) -> None:
    """Answer, or put a better answer in the place of the first; the learner gets a message each time."""
    with transaction.atomic():
        row = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
        if row.answer == text:
            return
        row.answer, row.answered_at, row.answered_by = text, timezone.now(), by.uuid
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        messages.answer(row, by=by)
        audit.record(by=by, action="lms.answer_inquiry", subject=f"inquiry:{row.uuid}")


def forget(*, person: User, **_signal: object) -> None:
    """Receiver of people.signals.person_erased; messages with the answers go too."""
    Inquiry.objects.filter(enrolment__learner=person).delete()
