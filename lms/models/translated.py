"""What the pages of lms have in common because they are translated: by wagtail-localize, page by page."""

from django.db.models import F
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField


class OwnField(BaseTranslatableField):
    """A field that each translation has of its own: neither taken over from the source nor sent to be translated."""


def as_in_source(*names: str) -> list[SynchronizedField]:
    """Fields that a translation has from its source: the address, and what rules and reports go by."""
    return [SynchronizedField(name, overridable=False) for name in names]


class TranslatedQuerySet(PageQuerySet):
    """Reads of pages in several languages."""

    def written(self) -> "TranslatedQuerySet":
        """Without aliases, which only hold the place of a translation."""
        return self.filter(alias_of=None)

    def in_language(self, code: str) -> "TranslatedQuerySet":
        """Those that readers can open in this language."""
        return self.live().written().filter(locale__language_code=code)


class CoursePageQuerySet(TranslatedQuerySet):
    """Reads of the pages of courses."""

    def sources(self) -> "CoursePageQuerySet":
        """Of each course the page that it was written in; it decides the rules."""
        return self.written().filter(locale__language_code=F("course__language"))


class LessonPageQuerySet(TranslatedQuerySet):
    """Reads of the pages of lessons."""

    def sources(self) -> "LessonPageQuerySet":
        """Of each lesson the page that it was written in; it decides what is asked."""
        return self.written().filter(locale__language_code=F("lesson__course__language"))


TranslatedPages = PageManager.from_queryset(TranslatedQuerySet)
CoursePages = PageManager.from_queryset(CoursePageQuerySet)
LessonPages = PageManager.from_queryset(LessonPageQuerySet)
