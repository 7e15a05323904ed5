"""Asking for an account: first the commune, then oneself. Staff confirm it."""

import time
from typing import Any

from django.conf import settings
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from core import addresses, ratelimit
from people import identities, registration
from people.folding import fold
from people.learner_forms import RegistrationForm
from people.models import Group, Unit

SHOWN = 30  # communes found
BOUND = "people_registration"  # in the session: {"group": key, "phone": …, "at": …}, set by who sends people here
KEPT = 600  # seconds
PER_ADDRESS, PER_NAME = 300, 5  # an hour behind one address: classes together; a day for one number or address


def bind(request: HttpRequest, group: Group, *, phone: str = "") -> None:
    """The next request from this browser is for this group; staff who lead it may confirm it. For ten minutes."""
    request.session[BOUND] = {"group": group.pk, "phone": phone, "at": time.time()}


@never_cache
@sensitive_post_parameters("pin", "again")
def register(request: HttpRequest) -> HttpResponse:
    """The search for a commune, or with ?unit= the form."""
    if not settings.SELF_REGISTRATION:
        return render(request, "account/signup_closed.html")
    if request.user.is_authenticated:
        return redirect("home:my")
    unit = _unit(request.GET.get("unit", ""))
    if unit is None:
        text = request.GET.get("q", "").strip()[:100]
        found = _communes(text) if text else []
        context = {"text": text, "found": found, "with_identity": "identity" in request.GET}
        return render(request, "people/register_unit.html", context)
    identity = identities.waiting(request) if "identity" in request.GET else None  # not who used the phone before
    bound = request.session.get(BOUND, {})
    if time.time() - bound.get("at", 0) > KEPT:
        bound = {}
    group = Group.objects.filter(pk=bound.get("group")).first()
    initial: dict[str, Any] = {"phone": bound.get("phone", "")}
    if identity:
        initial = {"full_name": identity.name, "phone": identity.phone, "email": identity.email}
    form = RegistrationForm(request.POST or None, initial=initial)
    if form.is_valid() and _may_ask(request, form):
        registration.ask(
            **{name: form.cleaned_data[name] for name in ("full_name", "phone", "email", "birth_year", "audiences")},
            unit=unit,
            pin=form.cleaned_data["pin"],
            group=group,
            identity=identity.uid if identity else "",
        )
        identities.forget(request)
        request.session.pop(BOUND, None)
        return redirect("people_registered")
    return render(request, "people/register.html", {"form": form, "unit": unit, "group": group, "identity": identity})


def _may_ask(request: HttpRequest, form: RegistrationForm) -> bool:
    """Counted by address, wide enough for classes, and by what is asked for."""
    names = [name for name in (form.cleaned_data["phone"], form.cleaned_data["email"]) if name]
    counted = [ratelimit.take("register", addresses.of(request), limit=PER_ADDRESS, seconds=3600)]
    counted += [ratelimit.take("register", name, limit=PER_NAME, seconds=86_400) for name in names]
    if not all(counted):
        form.add_error(None, _("Đã có quá nhiều đơn đăng ký. Xin thử lại sau, hoặc nhờ cán bộ phụ trách lớp."))
    return all(counted)


def _unit(text: str) -> Unit | None:
    if not text.isdecimal() or len(text) > 18:
        return None
    return Unit.objects.current().filter(pk=int(text), level=Unit.Level.COMMUNE).select_related("parent").first()


def _communes(text: str) -> list[Unit]:
    """Those of today whose name, or whose province's name, holds every word, marks or no marks; whole names first."""
    condition = Q()
    for word in fold(text).split():
        condition &= Q(search_key__contains=word) | Q(parent__search_key__contains=word)
    found = Unit.objects.current().filter(condition, level=Unit.Level.COMMUNE).select_related("parent")
    named_so = Case(When(search_key__contains=f" {fold(text)} ", then=0), default=1)
    return list(found.order_by(named_so, "short_name", "parent__short_name")[: SHOWN + 1])
