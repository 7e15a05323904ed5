"""Enrols learners. Enrolling is a register entry; what the learner then does are statements."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from lms import progress
from lms.models import Course, Enrolment
from people.models import Representation, User


def enrol(
    *,
    learner: User,
    course: Course,
    by: User | None = None,
    at: datetime | None = None,
    learns_for: Representation | None = None,
    registration: UUID | None = None,
) -> Enrolment:
    """The learner's enrolment in the course, made if there is none. by: who enrolled, if not the learner.

    One of an account merged into the learner's is the learner's too; of several the one that has come furthest.

    A registration may be given, when a device or a package chose it before this site heard of it; what it said until
    then is counted.
    """
    with transaction.atomic():
        if (present := Enrolment.objects.of_person(learner).filter(course=course).first()) is not None:
            return present
        enrolment, made = Enrolment.objects.get_or_create(
            learner=learner,
            course=course,
            defaults={
                "registration": registration or uuid4(),
                "learns_for": learns_for,
                "enrolled_at": at or timezone.now(),
                "enrolled_by": (by or learner).uuid,
            },
        )
        if made:
            progress.queue([enrolment.registration])
    return enrolment
