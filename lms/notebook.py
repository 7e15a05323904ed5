"""What a learner kept at a lesson and in all: notes, marks, questions to trainers."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lms.models import Bookmark, Enrolment, Inquiry, Lesson, Note


def with_kept(enrolments: QuerySet[Enrolment], lesson: int) -> QuerySet[Any]:
    """Each with what its learner kept at the lesson: note_text (or None), is_bookmarked, has_asked."""
    here = {"enrolment": OuterRef("pk"), "lesson": lesson}
    return enrolments.annotate(
        note_text=Subquery(Note.objects.filter(**here).order_by().values("text")[:1]),
        is_bookmarked=Exists(Bookmark.objects.filter(**here)),
        has_asked=Exists(Inquiry.objects.filter(**here)),
    )


def inquiries_at(enrolment: Enrolment, lesson: Lesson) -> list[Inquiry]:
    """What the learner asked at the lesson, the newest first."""
    return list(Inquiry.objects.filter(enrolment=enrolment, lesson=lesson).order_by("-asked_at", "-pk"))


def inquiries_of(user: Any) -> QuerySet[Inquiry]:
    """All that the user asked, the newest first, lessons and courses at hand."""
    return Inquiry.objects.own(user).select_related("lesson", "enrolment__course").order_by("-asked_at", "-pk")
