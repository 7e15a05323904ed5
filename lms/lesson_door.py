"""Who may do something in a lesson: those enrolled, while it is open."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from lms import addresses, kept, languages, opening
from lms.models import Enrolment, Lesson

View = Callable[..., HttpResponse]


def for_learners(*methods: str) -> Callable[[View], View]:
    """A view for these methods of who is enrolled, as view(request, enrolment, lesson, …).

    Others get 404, who is signed out sign-in; other methods, and who comes before it opens, the lesson's page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, course: str, lesson: str, **more: Any) -> HttpResponse:
            row = get_object_or_404(Lesson.objects.select_related("course"), course__key=course, key=lesson)
            if not request.user.is_authenticated:
                return redirect_to_login(addresses.lesson_url(row, request))
            own = Enrolment.objects.of_person(request.user).filter(course=row.course).select_related("learner").first()
            if own is None:
                raise Http404
            own.course = row.course
            if request.method not in methods:
                return redirect(addresses.lesson_url(row, request))
            if reason := opening.why_closed(own, row):
                return kept.closed(request, addresses.lesson_url(row, request), reason)
            if request.method == "POST":
                languages.keep(request.user, request)
            return view(request, own, row, **more)

        return wrapped

    return decorate
