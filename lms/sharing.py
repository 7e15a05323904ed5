"""Links that a trainer gives out: to a class, or to one lesson for the people of a class."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lms import addresses, qr
from lms.models import Cohort, Lesson


@dataclass(frozen=True)
class Link:
    """What a link leads to."""

    cohort: Cohort
    lesson: Lesson | None


def find(token: str, lesson: str = "") -> Link:
    """Raises Http404 for a token or a lesson that is none."""
    if not token.isprintable():  # PostgreSQL takes no NUL
        raise Http404(token)
    cohort = get_object_or_404(Cohort.objects.select_related("course", "group"), share_token=token)
    return of(cohort, lesson)


def of(cohort: Cohort, lesson: str = "") -> Link:
    """The link to the class, or to the lesson with this key in its course. Raises Http404."""
    if not lesson:
        return Link(cohort, None)
    row = cohort.course.lessons.in_order().filter(key=lesson).first() if lesson.isprintable() else None
    if row is None:
        raise Http404(lesson)
    row.course = cohort.course
    return Link(cohort, row)


def url(link: Link, request: HttpRequest) -> str:
    """The address to give out."""
    if link.lesson is None:
        return request.build_absolute_uri(reverse("lms:shared", args=[link.cohort.share_token]))
    return request.build_absolute_uri(reverse("lms:shared_lesson", args=[link.cohort.share_token, link.lesson.key]))


def goal(link: Link, request: HttpRequest) -> str:
    """Where a member of the class arrives: the lesson, or the first lesson that the course has."""
    lesson = link.lesson or link.cohort.course.lessons.in_order().select_related("course").first()
    return addresses.lesson_url(lesson, request) if lesson else addresses.course_url(link.cohort.course, request)


def context(cohort: Cohort, request: HttpRequest) -> dict[str, Any]:
    """For the page and the poster: the link that ?lesson= names, its picture, and the lessons to choose from."""
    link = of(cohort, request.GET.get("lesson", ""))
    address = url(link, request)
    return {
        "cohort": cohort,
        "link": link,
        "address": address,
        "picture": qr.svg(address),
        "lessons": cohort.course.lessons.in_order(),
    }
