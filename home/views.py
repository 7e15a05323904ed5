"""The learner's own page."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home import front, takeout
from lms import class_pages
from lms.models import Cohort, Delivery
from people import roles

LETTERS = 10  # messages of classes that the page shows


@require_safe
@login_required
def my(request: HttpRequest) -> HttpResponse:
    """Courses, certificates and the account of who is signed in."""
    context = {
        "person": request.user,
        "going_on": front.going_on(request.user),
        "learning": front.learning(request.user),
        "today": timezone.localdate(),
        "letters": Delivery.objects.on_page_of(request.user)[:LETTERS],
        "classes": class_pages.of_learner(request.user),
        "runs_classes": Cohort.objects.visible_to(request.user).exists(),
        "can_manage": roles.holds(request.user, *roles.STAFF),
    }
    return render(request, "home/my.html", context)


@require_safe
@login_required
def my_data(request: HttpRequest) -> StreamingHttpResponse:
    """Everything kept about who is signed in, to take away."""
    headers = {
        "Content-Disposition": 'attachment; filename="nha-san-du-lieu-cua-toi.json"',
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(takeout.stream(request.user), content_type="application/json", headers=headers)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Crawlers may read the public pages, not the learners' and not the protocols."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/admin/", "/my/", "/learn/", "/accounts/", "/xapi/", "/search/")),
    ]
    return HttpResponse("\n".join([*lines, f"# {settings.BASE_URL}", ""]), content_type="text/plain; charset=utf-8")
