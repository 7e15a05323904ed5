"""What learners do. A GET here (a reload, a return from sign-in) changes nothing and leads back to the page."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.models import Revision

from lms import addresses, enrolment, languages, learning, opening, outcome, wording
from lms.asking import anchor, find_revision
from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.models import Answer, Course, Enrolment, Lesson, Question
from people.merging import accounts_of
from people.models import Representation

LONGEST_KEY = 18  # digits; longer ones are no 64-bit numbers


def _of_lesson(view: Callable[[HttpRequest, Enrolment, Lesson], HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for the POST of who is enrolled: others get 404, who is signed out sign-in, a GET the lesson."""

    @wraps(view)
    def wrapped(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
        row = get_object_or_404(Lesson.objects.select_related("course"), course__key=course, key=lesson)
        if not request.user.is_authenticated:
            return redirect_to_login(addresses.lesson_url(row, request))
        own = Enrolment.objects.of_person(request.user).filter(course=row.course).select_related("learner").first()
        if own is None:
            raise Http404
        own.course = row.course
        if request.method != "POST" or opening.why_closed(own, row):  # the lesson's page says why
            return redirect(addresses.lesson_url(row, request))
        languages.keep(request.user, request)
        return view(request, own, row)

    return wrapped


def enrol(request: HttpRequest, course: str) -> HttpResponse:
    """Enrol and enter: the first lesson that is not done yet."""
    row = get_object_or_404(Course.objects.published(), key=course)
    course_url = addresses.course_url(row, request)
    if not request.user.is_authenticated:
        return redirect_to_login(course_url)
    if request.method != "POST":
        return redirect(course_url)
    if opening.unfinished(row, request.user):  # the course's page says which
        return redirect(course_url)
    own = enrolment.enrol(learner=request.user, course=row, learns_for=_learns_for(request))
    languages.keep(request.user, request)
    learning.begin(own, language=languages.preferred(request))
    first = row.lessons.in_order().exclude(done__enrolment=own).first()
    return redirect(addresses.lesson_url(first, request) if first else course_url)


@_of_lesson
def answer(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """Grade one answer and show the lesson again at that question."""
    key = request.POST.get("question", "")
    asked = Question.objects.filter(key=key, lessons=lesson, live=True, live_revision__isnull=False).select_related(
        "live_revision"
    )
    question = get_object_or_404(asked)
    again = ""
    revision = _seen(question, request.POST.get("revision", "")) or question.live_revision
    asked = wording.of_revision(revision)
    try:
        response = asked.kind.read(asked.value, request.POST, request.FILES)
        learning.answer(
            own,
            lesson,
            question,
            response,
            file=request.FILES.get("file") if asked.kind.name == "upload" else None,
            revision=revision,
            event=_event(request),
        )
    except EmptyAnswer as error:
        messages.error(request, str(error))
        again = f"?again={key}"
    except InvalidAnswer as error:
        raise BadRequest(str(error)) from error
    return redirect(f"{addresses.lesson_url(lesson, request)}{again}#{anchor(question)}")


@_of_lesson
def next_lesson(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """The learner went through this lesson: on to the next one, or to the end of the course."""
    learning.go_on(own, lesson, event=_event(request), language=languages.preferred(request))
    following = own.course.lessons.in_order().filter(position__gt=lesson.position or 0).first()
    if following:
        return redirect(addresses.lesson_url(following, request))
    return redirect("lms:finish", course=own.course.key)


def answer_file(request: HttpRequest, statement_id: UUID) -> FileResponse:
    """The file handed in with an answer, always as a download: for the learner and for who may see the learner."""
    row = get_object_or_404(Answer.objects.visible_to(request.user).exclude(file=""), statement_id=statement_id)
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.response["name"])


def finish(request: HttpRequest, course: str) -> HttpResponse:
    """Where the learner stands at the end: done, or what is missing."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    own = Enrolment.objects.of_person(request.user).filter(course__key=course).select_related("course").first()
    if own is None:
        raise Http404
    return render(request, "lms/finish.html", outcome.context(own, request))


def _seen(question: Question, revision: str) -> Revision | None:
    """The revision that the form was made from; None where there is none such."""
    seen = _number(revision)
    return find_revision(question, seen) if seen is not None else None


def _event(request: HttpRequest) -> UUID | None:
    """The id that the form gave this press, so that the same press sent twice is one."""
    try:
        return UUID(request.POST.get("event", ""))
    except ValueError:
        return None


def _learns_for(request: HttpRequest) -> Representation | None:
    """For whom else the learner said to learn; only what is theirs today."""
    chosen = _number(request.POST.get("learns_for", ""))
    if chosen is None:
        return None
    return Representation.objects.on().filter(person__in=accounts_of(request.user), pk=chosen).first()


def _number(text: str) -> int | None:
    """A key of a row, as a form says it."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None
