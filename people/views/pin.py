"""A learner chooses a PIN of their own."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from people.learner_forms import ChangePinForm
from people.models import User


@sensitive_post_parameters("old", "pin", "again")
@login_required
def change_pin(request: HttpRequest) -> HttpResponse:
    """The PIN of now, and twice the new one. Who has a password changes that instead."""
    person = request.user
    assert isinstance(person, User)
    if not person.pin:
        return redirect("account_change_password")
    form = ChangePinForm(request.POST or None, person=person)
    if not form.is_valid():
        return render(request, "people/change_pin.html", {"form": form})
    with transaction.atomic():
        person.set_pin(form.cleaned_data["pin"], chosen=True)
        person.save(update_fields=["password", "pin"])
    update_session_auth_hash(request, person)
    messages.success(request, _("Đã đổi mã PIN."))
    return redirect("home:my")
