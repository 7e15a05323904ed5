"""Sign-in by the national identity provider, and what to do with an identity that means nobody yet."""

import logging
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from people import identities, second_factor
from people.identity_provider import PROVIDER, NationalAdapter, is_configured

logger = logging.getLogger(__name__)


@require_POST
@never_cache
@login_not_required
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider: by a page, since the Content-Security-Policy lets no form lead away from this site."""
    if not is_configured():
        raise Http404
    try:
        leading = NationalAdapter(request, PROVIDER).get_provider().redirect_from_request(request)
        target = leading.headers["Location"]
    except (OAuth2Error, RequestException, KeyError, TypeError, ValueError) as error:
        logger.warning("identity provider: %s", error)
        return render(request, "socialaccount/authentication_error.html", status=502)
    return render(request, "socialaccount/login.html", {"target": target, "name": settings.OIDC_NAME})


class _Callback(OAuth2CallbackView):
    """allauth's, which hands the state's nonce to the check of the id token."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


@require_safe
@never_cache
@login_not_required
def come_back(request: HttpRequest) -> HttpResponse:
    """From the provider. Whatever is wrong with what it sent is told in one plain page."""
    if not is_configured():
        raise Http404
    try:
        return _Callback.adapter_view(NationalAdapter(request, PROVIDER))(request)
    except ImmediateHttpResponse as answer:
        return answer.response
    except (OAuth2Error, RequestException, KeyError, TypeError, ValueError, AttributeError) as error:
        # nobody answers, or what answers is no JSON, or JSON of another shape
        logger.warning("identity provider: %r", error)
        return render(request, "socialaccount/authentication_error.html", status=502)


@never_cache
def identity(request: HttpRequest) -> HttpResponse:
    """An identity that means nobody yet: sign in and join it, or ask for an account."""
    found = identities.waiting(request)
    if found is None:
        return redirect("account_login")
    if request.method != "POST":
        return render(request, "people/identity.html", {"identity": found})
    if not request.user.is_authenticated:
        return redirect("account_login")
    if "join" in request.POST:
        if second_factor.is_staff(request.user) and not request.user.second_factor_given:
            return redirect("mfa_reauthenticate")
        identities.join(found.uid, request.user)
        messages.success(request, _("Từ nay có thể đăng nhập bằng định danh này."))
    identities.forget(request)
    return redirect("home:my")
