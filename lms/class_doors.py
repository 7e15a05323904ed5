"""Who may enter the pages of a class: those who run it, with their second factor given; for others there is none."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control

from lms.models import Cohort, Session
from people import roles, second_factor

KEEPS = "keeps_classes"  # this browser may keep lists of classes (see the service worker)
KEPT_SECONDS = 4 * 24 * 3600  # a day longer than the worker keeps them
View = Callable[..., HttpResponse]


def shut(request: HttpRequest) -> str | None:
    """Where the asker must go first: to sign in, or to give the second factor; None for who may go on."""
    user = request.user
    if not user.is_authenticated:
        return redirect_to_login("").url
    if roles.without_code(user):
        return reverse("mfa_reauthenticate" if second_factor.has_totp(user) else "mfa_activate_totp")
    return None


def for_trainers(view: View) -> View:
    """A page for who runs classes. Names of learners stand in it, so no cache between may keep it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        door = shut(request)
        if door is not None:
            back = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "")
            return HttpResponseRedirect(f"{door.partition('?')[0]}?{urlencode({'next': back})}")
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        # the pages then come with the script that forgets the lists at sign-out; others need none
        response.set_cookie(KEEPS, "1", max_age=KEPT_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax")
        return response

    return wrapped


def of_class(view: Callable[[HttpRequest, Cohort], HttpResponse]) -> View:
    """A page of one class that the user runs."""

    @for_trainers
    @wraps(view)
    def wrapped(request: HttpRequest, cohort: UUID) -> HttpResponse:
        rows = Cohort.objects.visible_to(request.user).select_related("course", "unit", "organisation", "group")
        return view(request, get_object_or_404(rows, uuid=cohort))

    return wrapped


def of_session(view: Callable[[HttpRequest, Session], HttpResponse]) -> View:
    """A page of one session of a class that the user runs."""

    @for_trainers
    @wraps(view)
    def wrapped(request: HttpRequest, cohort: UUID, session: UUID) -> HttpResponse:
        rows = Session.objects.visible_to(request.user).select_related("cohort__course", "cohort__group")
        return view(request, get_object_or_404(rows, uuid=session, cohort__uuid=cohort))

    return wrapped
