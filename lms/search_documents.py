"""Hands published courses to search."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.html import strip_tags
from wagtail.rich_text import get_text_for_indexing

from lms import addresses, course_tree
from lms.models import Course, CoursePage, LessonPage
from search.documents import Document


def keys() -> Iterable[str]:
    """The keys of all courses that readers can open."""
    return Course.objects.published().values_list("key", flat=True).iterator()


def documents(course_keys: Sequence[str]) -> Iterable[Document]:
    """Those that are published: the course's page with the words of its lessons."""
    for page in CoursePage.objects.filter(
        course__key__in=course_keys, course__published=True, live=True
    ).select_related("course"):
        course = page.course
        lessons = [place.page for place in course_tree.lessons(page)]
        texts = [page.summary, page.title_en, page.summary_en, get_text_for_indexing(page.body)]
        texts += [text for lesson in lessons for text in (lesson.title, _lesson_text(lesson))]
        with translation.override(settings.LANGUAGE_CODE):  # an index has one language, whoever caused the indexing
            audiences = tuple(course.audience_labels)
        yield Document(
            kind="course",
            key=course.key,
            title=page.title,
            subtitle=page.summary,
            text="\n".join(text for text in texts if text),
            url=addresses.lasting_url(page),
            subjects=(course.topic,) if course.topic else (),
            facets={"audience": audiences, "topic": (course.topic,) if course.topic else ()},
            updated=page.last_published_at,
        )


def _lesson_text(page: LessonPage) -> str:
    """What one reads in the lesson; questions are left out, they would give away what is asked."""
    words = [str(block.value) for block in page.body if block.block_type in {"text", "callout"}]
    return strip_tags(" ".join(words).replace("<", " <"))
