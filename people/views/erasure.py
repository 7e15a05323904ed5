"""The page on which a person asks that what is kept about them be erased."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people import erasure
from people.models import ErasureRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """What will go and what stays; ask, or withdraw the request."""
    person: Any = request.user
    if request.method == "POST":
        if request.POST.get("do") == "withdraw":
            erasure.withdraw(person)
            messages.success(request, _("Đã rút lại yêu cầu."))
        elif request.POST.get("do") == "ask":
            erasure.ask(person)
            messages.success(request, _("Đã gửi yêu cầu. Cán bộ phụ trách sẽ xác nhận với ông, bà."))
        return redirect("account_erasure")
    last = ErasureRequest.objects.filter(person=person).first()
    return render(request, "people/erasure.html", {"last": last})
