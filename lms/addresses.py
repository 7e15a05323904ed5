"""Where the pages of courses and lessons are."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from wagtail.models import Page

from core.templatetags.look import localised
from lms.models import Course, CoursePage, Lesson, LessonPage


def course_url(course: Course, request: HttpRequest) -> str:
    """The course's page, or the learner's own page when the course was withdrawn."""
    page = CoursePage.objects.filter(course=course, live=True).order_by("pk").first()
    return (page and page.get_url(request)) or localised("/my/")


def lesson_url(lesson: Lesson, request: HttpRequest) -> str:
    """The lesson's page, or that of its course when the lesson was withdrawn."""
    page = LessonPage.objects.filter(lesson=lesson, live=True).order_by("pk").defer("body").first()
    return (page and page.get_url(request)) or course_url(lesson.course, request)


def lasting_url(page: Page) -> str:
    """The address to keep in an index or a citation: without the language of whoever caused it."""
    with translation.override(settings.LANGUAGE_CODE):
        return page.get_url() or ""
