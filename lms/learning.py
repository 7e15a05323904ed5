"""What a learner does: enter a course, answer a question, go on to the next lesson.

Each is one transaction: the statement, what is kept beside it, and the learner's progress refreshed at once.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

import tincan
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from wagtail.models import Revision

from lms import progress, statements, wording
from lms.models import Answer, Enrolment, Lesson, Question
from lms.statements import Occasion
from xapi import verbs
from xapi.models import Statement
from xapi.statements import record


def begin(enrolment: Enrolment, *, at: datetime | None = None, language: str = "") -> None:
    """The learner's first entry. Later ones change nothing: the statement's id is made from the registration.

    language, here and below: in which the learner wants to read; empty: the course's own.
    """
    with transaction.atomic():
        lock(enrolment)
        event, is_stored = place(enrolment, uuid5(enrolment.registration, verbs.INITIALIZED.id))
        if not is_stored:
            happened(enrolment, statements.initialized(enrolment, Occasion.of(at=at, event=event), language=language))


def go_on(
    enrolment: Enrolment,
    lesson: Lesson,
    *,
    event: UUID | None = None,
    at: datetime | None = None,
    language: str = "",
) -> None:
    """The learner went through the lesson. An event that is stored already is the same press sent twice."""
    with transaction.atomic():
        lock(enrolment)
        event, is_stored = place(enrolment, event or uuid4())
        if not is_stored:
            occasion = Occasion.of(at=at, event=event)
            happened(enrolment, statements.experienced(enrolment, lesson, occasion, language=language))


def answer(
    enrolment: Enrolment,
    lesson: Lesson,
    question: Question,
    response: Any,
    *,
    file: UploadedFile | None = None,
    revision: Revision | None = None,
    event: UUID | None = None,
    at: datetime | None = None,
) -> Answer:
    """Grade the answer and keep it. response is what the question's kind read; revision what the learner saw, if not
    the published one.

    The same answer sent twice is kept once; another answer under a known id is another event.
    """
    seen = revision or question.live_revision
    asked = wording.of_revision(seen)
    graded = asked.kind.grade(asked.value, response)
    with transaction.atomic():
        lock(enrolment)
        event, is_stored = place(enrolment, event or uuid4())
        same = Answer.objects.filter(enrolment=enrolment, question=question, response=response)
        if is_stored and (known := same.filter(statement_id=event).first()):
            return known
        occasion = Occasion.of(at=at, event=uuid4() if is_stored else event)
        earlier = Answer.objects.filter(enrolment=enrolment, lesson=lesson, question=question).in_lessons()
        earlier.filter(waits=True).update(waits=False)  # what was handed in again is graded, not what was before
        given = Answer.objects.create(
            enrolment=enrolment,
            lesson=lesson,
            question=question,
            revision=seen,
            statement_id=occasion.event,
            attempt=earlier.count() + 1,
            response=response,
            file=file or "",
            success=graded.success,
            score=None if graded.score is None else Decimal(str(graded.score)),
            answered_at=occasion.at,
            waits=asked.kind.by_person,
        )
        happened(enrolment, statements.answered(enrolment, lesson, question, asked, response, graded, occasion))
    return given


def happened(enrolment: Enrolment, statement: tincan.Statement) -> None:
    """Store the statement and refresh the learner's progress, in the caller's transaction."""
    record([statement])
    progress.refresh([enrolment.registration])


def lock(enrolment: Enrolment) -> None:
    """One act of a learner at a time, so that a double press is seen."""
    Enrolment.objects.select_for_update().only("pk").get(pk=enrolment.pk)


def place(enrolment: Enrolment, event: UUID) -> tuple[UUID, bool]:
    """The id of the event's statement, and whether it is stored: sent twice.

    Who is no part of this may have used the id for another statement; then it is the next id made from it.
    """
    while row := Statement.objects.filter(statement_id=event).first():
        if row.credential_id is None and row.registration == enrolment.registration:
            return event, True
        event = uuid5(enrolment.registration, str(event))
    return event, False


def free_id(enrolment: Enrolment, wanted: UUID) -> UUID:
    """The id, or the next made from it that no statement has: others, and the learner's own presses, may take ids."""
    event, is_stored = place(enrolment, wanted)
    while is_stored:
        event, is_stored = place(enrolment, uuid5(enrolment.registration, str(event)))
    return event
