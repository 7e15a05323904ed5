"""Where one is signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from people import sessions


@never_cache
@login_required
def list_sessions(request: HttpRequest) -> HttpResponse:
    """The list; POST ends one (`end`) or all others."""
    user = request.user
    assert not user.is_anonymous
    if request.method == "POST":
        asked = request.POST.get("end", "")
        if asked.isdecimal() and len(asked) <= 18:
            sessions.end(user, int(asked))
        elif asked == "others":
            sessions.end_others(user, request)
        messages.success(request, _("Đã thoát ở máy được chọn."))
        return redirect("usersessions_list")
    return render(request, "people/sessions.html", {"places": sessions.of(user, request)})
