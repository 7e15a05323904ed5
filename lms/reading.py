"""Shows a lesson to one learner. Reading writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from wagtail.models import Page

from library.models import Record
from lms import catalogue, lesson_contents, notebook, places, quiz_reading, shared_lesson
from lms.asking import ask
from lms.models import Enrolment, LessonPage
from lms.shared_lesson import SharedLesson


@dataclass(frozen=True)
class Cited:
    """A record of the library that readers can open, and why to read it."""

    id: str
    record: Record
    note: str


def serve(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """For who is enrolled; others are led to sign-in or to the course. One that is not open yet says why."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    enrolment = notebook.enrolment_at(request.user, page.lesson)
    if enrolment is None:
        return redirect(page.course_page().get_url(request))
    enrolment.course = page.lesson.course
    if enrolment.learner_id == request.user.pk:
        enrolment.learner = request.user
    shared = shared_lesson.of(page, request)
    around = surroundings(shared, request, enrolment)
    if around["reason"]:
        response = TemplateResponse(request, "lms/closed.html", around)
    else:
        template = "lms/lesson_print.html" if "print" in request.GET else page.template
        response = TemplateResponse(request, template, around | contents(shared, request, enrolment))
    patch_cache_control(response, private=True, no_cache=True)
    return response


def find(parent: Page, components: Sequence[str]) -> LessonPage | None:
    """The lesson at this path below a page, with all that its page needs; one query instead of two at each level."""
    url_path = f"{parent.url_path}{'/'.join(components)}/"
    pages = LessonPage.objects.filter(path__startswith=parent.path, depth=parent.depth + len(components), live=True)
    return pages.filter(url_path=url_path).select_related("lesson__course", "locale").first()


def preview(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """As a learner will see it, with nothing answered yet; for the editor."""
    shared = shared_lesson.make(page, request, is_preview=True)
    shown = surroundings(shared, request, None) | contents(shared, request, None) | {"is_preview": True}
    return TemplateResponse(request, page.template, shown)


def surroundings(shared: SharedLesson, request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """The lesson among the lessons of its course; reason: why it is not open yet."""
    page, way, index = shared.page, shared.way, shared.index
    steps = catalogue.steps(way.places, way.urls, enrolment, asks_first=way.asks_first)
    return {
        **shared.said,
        "choices": shared.choices,
        "page": page,
        "self": page,
        "request": request,
        "doors": shared.doors,
        "course_page": way.page,
        "course_url": way.url,
        "course_key": page.lesson.course.key,
        "lesson_key": page.lesson.key,
        "enrolment": enrolment,
        "steps": steps,
        "section": way.places[index].section if index is not None else None,
        "done_count": sum(step.done for step in steps),
        "number": index + 1 if index is not None else len(steps) + 1,
        "previous": steps[index - 1] if index else None,
        "is_last": index is not None and index == len(steps) - 1,
        "reason": steps[index].closed if index is not None else "",
    }


def contents(shared: SharedLesson, request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """Its blocks with questions as their learner stands to them; event: the id of the next press of "next"; kinds: of
    which scripts depend.
    """
    shown = items(shared, request, enrolment)
    return {
        "items": shown,
        "event": uuid4(),
        "narration": shared.narration,
        "kinds": shared.kinds,
        "fonts": shared.fonts,
        **(_kept(shared.page, enrolment, shown) if enrolment else {}),
    }


def items(shared: SharedLesson, request: HttpRequest, enrolment: Enrolment | None) -> list[tuple[str, Any]]:
    """The blocks to show, as (kind, what the template needs); a record that readers cannot open is left out."""
    page, posed = shared.page, [item for kind, item in shared.parts if kind == "question"]
    asked = iter(ask(posed, page.lesson, enrolment, request.GET.get("again", "")))
    wanted = [item.value["record"].pk for kind, item in shared.parts if kind == "citation" and item.value["record"]]
    cited = lesson_contents.cited(wanted, request.user) if wanted else {}
    shown: list[tuple[str, Any]] = []
    for kind, item in shared.parts:
        if kind == "question":
            shown.append((kind, next(asked)))
        elif kind == "quiz":
            shown.append((kind, quiz_reading.card(page, enrolment)))
        elif kind == "part":
            shown.append((kind, item))
        elif item.value["record"] and (record := cited.get(item.value["record"].pk)):
            shown.append((kind, Cited(item.id, record, item.value["note"])))
    return shown


def _kept(page: LessonPage, enrolment: Any, shown: list[tuple[str, Any]]) -> dict[str, Any]:
    """What the learner asked here, and the part where they stopped reading, unless that is the beginning."""
    parts = [_anchor(kind, item) for kind, item in shown]
    place = places.find(enrolment, page.lesson)
    return {
        "inquiries": notebook.inquiries_at(enrolment, page.lesson) if enrolment.has_asked else [],
        "inquiry_event": uuid4(),
        "place": place if place in parts[1:] else "",
    }


def _anchor(kind: str, item: Any) -> str:
    """The id of a part on the page, as lms/lesson.html writes it."""
    if kind == "question":
        return str(item.anchor)
    return str(item.place) if kind == "quiz" else f"b-{item.id}"
