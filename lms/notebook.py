"""What a learner kept at a lesson and in all: notes, marks, questions to trainers."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core.prepared import Prepared
from lms.models import Bookmark, Enrolment, Inquiry, Lesson, Note
from people.models import User


def enrolment_at(user: User, lesson: Lesson) -> Any:
    """The user's enrolment in the lesson's course, with what they kept at the lesson: note_text (or None),
    is_bookmarked, has_asked. None for who is not enrolled. One query.
    """
    return next(iter(_with_kept(user.pk, lesson.course_id, lesson.pk)), None)


@Prepared
def _with_kept(person: int, course: int, lesson: int) -> QuerySet[Enrolment]:
    here = {"enrolment": OuterRef("pk"), "lesson": lesson}
    rows = Enrolment.objects.of_person(User(pk=person)).filter(course=course)
    return rows.annotate(
        note_text=Subquery(Note.objects.filter(**here).order_by().values("text")[:1]),
        is_bookmarked=Exists(Bookmark.objects.filter(**here)),
        has_asked=Exists(Inquiry.objects.filter(**here)),
    )[:1]


def inquiries_at(enrolment: Enrolment, lesson: Lesson) -> list[Inquiry]:
    """What the learner asked at the lesson, the newest first."""
    return list(Inquiry.objects.filter(enrolment=enrolment, lesson=lesson).order_by("-asked_at", "-pk"))


def inquiries_of(user: Any) -> QuerySet[Inquiry]:
    """All that the user asked, the newest first, lessons and courses at hand."""
    return Inquiry.objects.own(user).select_related("lesson", "enrolment__course").order_by("-asked_at", "-pk")
