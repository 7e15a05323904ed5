"""Forms that a learner's device kept while it had no network, and sends later by static/keep.js.

Such a form says by whom it was filled in (by), when (at) and when it is sent (sent_at), both by the device's clock, and
asks for JSON: {"to": URL} is where the result is seen. Without JavaScript the same form is answered with a redirect.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from lms import phone_clock


def moment(request: HttpRequest, *, not_before: datetime) -> datetime | None:
    """When the form was filled in, by our clock: between not_before and now. None where the form does not say so."""
    at, now = phone_clock.moment(request.POST.get("at")), timezone.now()
    if at is None:
        return None
    return max(phone_clock.ours(at, phone_clock.behind(request.POST.get("sent_at"), now), now), not_before)


def is_of_another(request: HttpRequest) -> bool:
    """Whether somebody else filled it in, who was signed in on this device when its page was opened."""
    by = request.POST.get("by")
    return by is not None and by != str(getattr(request.user, "uuid", ""))


def of_another() -> HttpResponse:
    """Not taken: the device keeps it for its owner's next visit."""
    return HttpResponse(status=409)


def answer(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to the result, in the way that the sender understands."""
    return JsonResponse({"to": url}) if _by_script(request) else redirect(url)


def closed(request: HttpRequest, url: str, reason: str) -> HttpResponse:
    """The lesson is not open: the device tells why and goes on with what else it has, a browser shows the lesson."""
    return JsonResponse({"reason": reason}, status=410) if _by_script(request) else redirect(url)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
