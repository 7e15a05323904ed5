"""Where the pages of courses and lessons are."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from wagtail.models import Page

from core import reading_language
from core.templatetags.look import localised
from lms import languages
from lms.models import Course, Lesson


def course_url(course: Course, request: HttpRequest) -> str:
    """The course's page in the language that the reader prefers, or the learner's own page when it was withdrawn."""
    language = languages.preferred(request)
    page = languages.course_pages([course.pk], language).get(course.pk)
    return in_language(page, language, request) or localised("/my/")


def lesson_url(lesson: Lesson, request: HttpRequest) -> str:
    """The lesson's page in that language, or that of its course when the lesson was withdrawn."""
    language = languages.preferred(request)
    page = languages.lesson_pages([lesson.pk], language).get(lesson.pk)
    return in_language(page, language, request) or course_url(lesson.course, request)


def in_language(page: Page | None, language: str, request: HttpRequest) -> str:
    """The address at which the page is read among others in this language."""
    url = page and page.get_url(request)
    return reading_language.in_language(url, language) if url else ""


def lasting_url(page: Page) -> str:
    """The address to keep in an index or a citation: without the language of whoever caused it."""
    with translation.override(settings.LANGUAGE_CODE):
        return page.get_url() or ""
