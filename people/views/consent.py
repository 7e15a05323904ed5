"""What is done with one's data, in plain words: shown at the first sign-in, to be read again, and to be taken back."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
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
    given = consent.given_by(user)
    context = {
        "given": given,
        "in_force": consent.in_force(user),
        "withdrawn": None if given else consent.last_withdrawn(user),
        "target": target,
    }
    return render(request, "people/consent.html", context)


@never_cache
@login_required
def withdraw(request: HttpRequest) -> HttpResponse:
    """What taking the agreement back means; POST does it."""
    user = request.user
    assert not user.is_anonymous
    if request.method == "POST":
        if consent.withdraw(user, request):
            messages.success(request, _("Đã rút lại sự đồng ý."))
        return redirect("people_consent")
    given = consent.given_by(user)
    if given is None:
        return redirect("people_consent")
    return render(request, "people/withdraw_consent.html", {"given": given})
