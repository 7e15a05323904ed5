"""The sign-in page: by name, by one of the names that this phone remembers, by a printed card."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from people import cards, identity_provider, shared_phone
from people.learner_forms import CardForm
from people.models import User
from people.sign_in import enter


@method_decorator(never_cache, name="dispatch")
class SignInView(LoginView):
    """allauth's, with the names that this phone remembers: of those only the PIN or password is asked."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if (who := self._who()) and "data" in kwargs:
            person = User.objects.filter(pk=who.key).first()
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["login"] = person.sign_in_name if person else "-"  # merged or erased since: nobody
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = shared_phone.people(self.request)
        asked_other = "other" in self.request.GET or self.request.method == "POST"
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {"self_registration": settings.SELF_REGISTRATION}
        context |= {"identity_provider": settings.OIDC_NAME if identity_provider.is_configured() else ""}
        return {**context, "who": self._who(), "known": known, "choose": bool(known) and not asked_other}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated and (form.cleaned_data.get("keep_name") or self._who()):
            shared_phone.remember(self.request, response, self.request.user)
        return response

    def _who(self) -> shared_phone.Remembered | None:
        asked = self.request.POST.get("who") or self.request.GET.get("who") or ""
        return shared_phone.find(self.request, asked)


sign_in = SignInView.as_view()


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Take one name off the sign-in page of this phone."""
    response = redirect("account_login")
    shared_phone.forget(request, response, request.POST.get("who", ""))
    return response


@never_cache
@sensitive_post_parameters("password")
def card(request: HttpRequest, token: str) -> HttpResponse:
    """Where the QR code of a card leads: whose it is, and the PIN."""
    person = cards.holder(token)
    if person is None:
        return render(request, "people/card_ended.html", status=404)
    if request.user == person:
        return redirect("home:my")
    form = CardForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            user = get_adapter().authenticate(
                request, username=person.sign_in_name, password=form.cleaned_data["password"]
            )
        except ValidationError as error:
            form.add_error("password", error)
        else:
            if user is not None:
                response = enter(request, user, method="card")
                if form.cleaned_data["keep_name"] and request.user.is_authenticated:
                    shared_phone.remember(request, response, user)
                return response
            form.add_error("password", form.wrong)
    response = render(request, "people/card.html", {"person": person, "form": form})
    response["X-Robots-Tag"] = "noindex"
    return response
