"""The page where a reader says how pages are to look on this device."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from core import comfort
from core.comfort import Comfort


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie and go back to the page where it was made."""
    if request.method != "POST":
        return render(request, "core/comfort_page.html")
    goal = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        goal = request.path
    response = redirect(goal)
    if value := Comfort.chosen(request.POST).cookie:
        response.set_cookie(
            comfort.COOKIE,
            value,
            max_age=comfort.AGE,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(comfort.COOKIE, samesite="Lax")
    return response
