"""What is done with one's data, in plain words: shown at the first sign-in, and to be read again."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from people import consent


@never_cache
@login_required
def read(request: HttpRequest) -> HttpResponse:
    """The text, and since when the person agrees. POST records it and goes on to ?next=."""
    user = request.user
    assert not user.is_anonymous
    target = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = settings.LOGIN_REDIRECT_URL
    if request.method == "POST":
        consent.record(user)
        return HttpResponseRedirect(target)
    return render(request, "people/consent.html", {"given": consent.given_by(user), "target": target})
