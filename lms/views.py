"""What learners do. A GET here (a reload, a return from sign-in) changes nothing and leads back to the page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from wagtail.models import Revision

from core import ratelimit
from lms import addresses, enrolment, kept, languages, learning, opening, outcome, watching, wording
from lms.asking import anchor, find_revision
from lms.exceptions import EmptyAnswer, InvalidAnswer
from lms.lesson_door import for_learners
from lms.models import Answer, Course, Enrolment, Lesson, Question
from people.merging import accounts_of
from people.models import Representation

SENDINGS = 60  # of events, that one learner's browsers may make in a minute
LONGEST_KEY = 18  # digits; longer ones are no 64-bit numbers


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


@for_learners("POST")
def answer(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """Grade one answer and show the lesson again at that question."""
    if kept.is_of_another(request):
        return kept.of_another()
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
            event=event_of(request),
            at=kept.moment(request, not_before=own.enrolled_at),
        )
    except EmptyAnswer as error:
        messages.error(request, str(error))
        again = f"?again={key}"
    except InvalidAnswer as error:
        raise BadRequest(str(error)) from error
    return kept.answer(request, f"{addresses.lesson_url(lesson, request)}{again}#{anchor(question)}")


@for_learners("POST")
def next_lesson(request: HttpRequest, own: Enrolment, lesson: Lesson) -> HttpResponse:
    """The learner went through this lesson: on to the next one, or to the end of the course."""
    learning.go_on(own, lesson, event=event_of(request), language=languages.preferred(request))
    following = own.course.lessons.in_order().filter(position__gt=lesson.position or 0).first()
    if following:
        return redirect(addresses.lesson_url(following, request))
    return redirect("lms:finish", course=own.course.key)


@require_POST
def event(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """What the browser tells of the lesson. 401 where one must sign in first, 429 for a while: then it keeps what it
    has and sends it later.
    """
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    row = get_object_or_404(Lesson.objects.select_related("course"), course__key=course, key=lesson)
    own = Enrolment.objects.of_person(request.user).filter(course=row.course).select_related("learner").first()
    if own is None:
        raise Http404
    own.course = row.course
    if opening.why_closed(own, row):
        raise Http404
    if not ratelimit.take("lms.event", str(own.registration), limit=SENDINGS, seconds=60):
        return JsonResponse({}, status=429, headers={"Retry-After": "60"})
    # a page that is being left can send a form only
    body = request.body if request.content_type == "application/json" else request.POST.get("batch", "")
    answers = watching.receive(body, own, row, by=request.user)
    return JsonResponse({"answers": [answer.as_data() for answer in answers]})


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


def event_of(request: HttpRequest) -> UUID | None:
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
