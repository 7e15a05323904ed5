"""Results of many learners, written straight into the tables that pages of reports read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from lms import wording
from lms.models import Answer, Course, Enrolment, Lesson, LessonDone, Question
from people import accounts
from people.models import Unit, User
from tests.people.signing_in import sign_in_staff


def staff(name: str, role: str) -> tuple[User, Client]:
    """A member of staff and their browser, second factor given."""
    user = accounts.create(full_name=name, username=name.lower().replace(" ", "."), roles=(role,))
    return user, sign_in_staff(Client(), user)


def learner_in(
    course: Course,
    name: str,
    *,
    done: Sequence[Lesson] = (),
    score: float | None = None,
    active: timedelta | None = None,
    finished: bool = False,
    unit: Unit | None = None,
) -> Enrolment:
    """A learner as progress would have them. active: how long ago they last learned."""
    now = timezone.now()
    at = None if active is None else now - active
    person = accounts.create(full_name=name, username=f"n-{uuid4().hex[:12]}", unit=unit)
    enrolment = Enrolment.objects.create(
        learner=person,
        course=course,
        enrolled_at=now,
        enrolled_by=person.uuid,
        status="completed" if finished else "in_progress" if at else "enrolled",
        lessons_done=len(done),
        score=None if score is None else Decimal(str(score)),
        active_at=at,
        completed_at=at if finished else None,
    )
    LessonDone.objects.bulk_create(LessonDone(enrolment=enrolment, lesson=lesson, at=at or now) for lesson in done)
    return enrolment


def said(
    enrolment: Enrolment, lesson: Lesson, question: Question, response: Any, *, at: datetime | None = None, **more: Any
) -> Answer:
    """An answer graded as the site grades it, without its statement."""
    asked = wording.of_question(question)
    grade = asked.kind.grade(asked.value, response)
    fields: dict[str, Any] = {
        "revision": question.live_revision,
        "attempt": 1,
        "success": grade.success,
        "score": None if grade.score is None else Decimal(str(grade.score)),
        "answered_at": at or timezone.now(),
    }
    return Answer.objects.create(
        enrolment=enrolment, lesson=lesson, question=question, response=response, **fields | more
    )
