"""Shows a lesson. Reading writes nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from wagtail.models import Page

from core import reading_language
from library.models import Record
from lms import (
    addresses,
    catalogue,
    illustrations,
    languages,
    lesson_contents,
    notebook,
    opening,
    places,
    quiz_reading,
    slides,
)
from lms.asking import ask
from lms.models import Enrolment, LessonPage


def serve(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """For who is enrolled; others are led to sign-in or to the course. One that is not open yet says why."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    own = Enrolment.objects.of_person(request.user).filter(course=page.lesson.course_id)
    enrolment = notebook.with_kept(own, page.lesson_id).annotate(asks_first=opening.asks_first()).first()
    if enrolment is None:
        return redirect(page.course_page().get_url(request))
    enrolment.course = page.lesson.course
    if enrolment.learner_id == request.user.pk:
        enrolment.learner = request.user
    around = surroundings(page, request, enrolment)
    if around["reason"]:
        response = TemplateResponse(request, "lms/closed.html", around)
    else:
        template = "lms/lesson_print.html" if "print" in request.GET else page.template
        response = TemplateResponse(request, template, around | contents(page, request, enrolment))
    patch_cache_control(response, private=True, no_cache=True)
    return response


def find(parent: Page, components: Sequence[str]) -> LessonPage | None:
    """The lesson at this path below a page, with all that its page needs; one query instead of two at each level."""
    url_path = f"{parent.url_path}{'/'.join(components)}/"
    pages = LessonPage.objects.filter(path__startswith=parent.path, depth=parent.depth + len(components), live=True)
    return pages.filter(url_path=url_path).select_related("lesson__course", "locale").first()


def preview(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """As a learner will see it, with nothing answered yet; for the editor."""
    shown = surroundings(page, request, None) | contents(page, request, None) | {"is_preview": True}
    return TemplateResponse(request, page.template, shown)


def surroundings(page: LessonPage, request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """The lesson among the lessons of its course; reason: why it is not open yet."""
    course = page.lesson.course
    found = languages.course_pages([course.pk], reading_language.of(request))
    course_page = found.get(course.pk) or page.course_page()  # of a preview the course may be a draft
    steps = catalogue.steps(course_page, request, enrolment)
    index = next((i for i, step in enumerate(steps) if step.page.lesson_id == page.lesson_id), None)
    source = steps[index].source if index is not None else page
    return {
        **languages.said_of(page, request, is_preview=enrolment is None),
        "choices": languages.choices(course, source, request) if enrolment else [],
        "page": page,
        "self": page,
        "request": request,
        "course_page": course_page,
        "course_url": addresses.in_language(course_page, reading_language.of(request), request),
        "course_key": course.key,
        "lesson_key": page.lesson.key,
        "enrolment": enrolment,
        "steps": steps,
        "section": steps[index].section if index is not None else None,
        "done_count": sum(step.done for step in steps),
        "number": index + 1 if index is not None else len(steps) + 1,
        "previous": steps[index - 1] if index else None,
        "is_last": index is not None and index == len(steps) - 1,
        "reason": steps[index].closed if index is not None else "",
    }


def contents(page: LessonPage, request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """Its blocks with questions as their learner stands to them; event: the id of the next press of "next"; kinds: of
    which scripts depend.
    """
    shown = items(page, request, enrolment)
    spoken = [page.locale.language_code, reading_language.of(request)]
    spoken += [item.language for kind, item in shown if kind == "question"]
    return {
        "items": shown,
        "event": uuid4(),
        "kinds": {block.block_type for block in page.body},
        "fonts": languages.fonts(spoken),
        **(_kept(page, enrolment, shown) if enrolment else {}),
    }


def items(page: LessonPage, request: HttpRequest, enrolment: Enrolment | None) -> list[tuple[str, Any]]:
    """The blocks to show, as (kind, what the template needs); a record that readers cannot open is left out.

    Questions that a translation lacks, because they were added since, come at its end.
    """
    illustrations.attach(page)
    slides.attach(page)
    lesson_contents.attach_covers(page, request.user)
    lesson_contents.attach_anchors(page)
    questions = [block.value for block in page.body if block.block_type == "question" and block.value]
    again = request.GET.get("again", "")
    translated = page.locale.language_code != page.lesson.course.language
    all_asked = ask(questions, lesson=page.lesson, enrolment=enrolment, again=again, translated=translated)
    asked = {each.question.key: each for each in all_asked}
    shown: list[tuple[str, Any]] = []
    for block in page.body:
        if block.block_type == "question":
            if block.value and block.value.key in asked:
                shown.append(("question", asked.pop(block.value.key)))
        elif block.block_type == "quiz":
            shown.append(("quiz", quiz_reading.card(page, enrolment)))
        elif block.block_type != "citation" or _is_public(block.value["record"]):
            shown.append((block.block_type, block))
    return shown + [("question", each) for each in asked.values()]


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


def _is_public(record: Record | None) -> bool:
    if record is None or record.deleted_at is not None or record.access == Record.Access.HIDDEN:
        return False
    return record.status == Record.Status.PUBLISHED
