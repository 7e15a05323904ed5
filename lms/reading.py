"""Shows a lesson. Reading writes nothing."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control

from library.models import Record
from lms import catalogue, illustrations, lesson_contents, quiz_reading, slides
from lms.asking import ask
from lms.models import Enrolment, LessonPage


def serve(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """For who is enrolled; others are led to sign-in or to the course. One that is not open yet says why."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    own = Enrolment.objects.of_person(request.user)
    enrolment = own.filter(course__lessons=page.lesson_id).select_related("course", "learner").first()
    if enrolment is None:
        return redirect(page.course_page().get_url(request))
    around = surroundings(page, request, enrolment)
    if around["reason"]:
        response = TemplateResponse(request, "lms/closed.html", around)
    else:
        response = TemplateResponse(request, page.template, around | contents(page, request, enrolment))
    patch_cache_control(response, private=True, no_cache=True)
    return response


def preview(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """As a learner will see it, with nothing answered yet; for the editor."""
    shown = surroundings(page, request, None) | contents(page, request, None) | {"is_preview": True}
    return TemplateResponse(request, page.template, shown)


def surroundings(page: LessonPage, request: HttpRequest, enrolment: Enrolment | None) -> dict[str, Any]:
    """The lesson among the lessons of its course; reason: why it is not open yet."""
    course_page = page.course_page()
    steps = catalogue.steps(course_page, request, enrolment)
    index = next((i for i, step in enumerate(steps) if step.page.pk == page.pk), None)
    return {
        "page": page,
        "self": page,
        "request": request,
        "course_page": course_page,
        "course_url": course_page.get_url(request),
        "course_key": course_page.course.key,
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
    kinds = {block.block_type for block in page.body}
    return {"items": items(page, request, enrolment), "event": uuid4(), "kinds": kinds}


def items(page: LessonPage, request: HttpRequest, enrolment: Enrolment | None) -> list[tuple[str, Any]]:
    """The blocks to show, as (kind, what the template needs); a record that readers cannot open is left out."""
    illustrations.attach(page)
    slides.attach(page)
    lesson_contents.attach_covers(page, request.user)
    lesson_contents.attach_anchors(page)
    questions = [block.value for block in page.body if block.block_type == "question" and block.value]
    again = request.GET.get("again", "")
    asked = {each.question.pk: each for each in ask(questions, lesson=page.lesson, enrolment=enrolment, again=again)}
    shown: list[tuple[str, Any]] = []
    for block in page.body:
        if block.block_type == "question":
            if block.value and block.value.pk in asked:
                shown.append(("question", asked.pop(block.value.pk)))
        elif block.block_type == "quiz":
            shown.append(("quiz", quiz_reading.card(page, enrolment)))
        elif block.block_type != "citation" or _is_public(block.value["record"]):
            shown.append((block.block_type, block))
    return shown


def _is_public(record: Record | None) -> bool:
    if record is None or record.deleted_at is not None or record.access == Record.Access.HIDDEN:
        return False
    return record.status == Record.Status.PUBLISHED
