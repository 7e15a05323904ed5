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
    """Those that are published: the course's page with the words of its lessons, those of all languages together."""
    for page in (
        CoursePage.objects.live()
        .sources()
        .filter(course__key__in=course_keys, course__published=True)
        .select_related("course", "locale")
    ):
        course = page.course
        lessons = [place.page for place in course_tree.lessons(page)]
        translations = CoursePage.objects.live().written().filter(course=course).exclude(pk=page.pk)
        translated = LessonPage.objects.live().written().filter(lesson__in=[each.lesson_id for each in lessons])
        lessons += translated.exclude(pk__in=[each.pk for each in lessons]).order_by("pk")
        texts = [page.summary, page.title_en, page.summary_en, get_text_for_indexing(page.body)]
        for each in translations.order_by("pk"):
            texts += [each.title, each.summary, get_text_for_indexing(each.body)]
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
            language=course.language,
            subjects=(course.topic,) if course.topic else (),
            facets={"audience": audiences, "topic": (course.topic,) if course.topic else ()},
            updated=page.last_published_at,
        )


def _lesson_text(page: LessonPage) -> str:
    """What one reads in the lesson; questions are left out, they would give away what is asked."""
    words = [str(block.value) for block in page.body if block.block_type in {"text", "callout"}]
    return strip_tags(" ".join(words).replace("<", " <"))
