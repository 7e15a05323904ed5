"""The second factor of staff, by allauth.mfa: codes by the clock (TOTP), security keys (WebAuthn), recovery codes."""

import base64
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import segno
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import MultiFernet
from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from core.encryption import cipher
from people import roles
from people.models import User

# Wagtail's own ways in ask for no second factor and count no failures.
OTHER_WAYS_IN = {
    "wagtailadmin_login": "account_login",
    "wagtailcore_login": "account_login",
    "wagtailadmin_password_reset": "account_reset_password",
    "wagtailadmin_password_reset_confirm": "account_reset_password",
}
# A password alone does not open these to who has a second factor.
NEEDS_CODE = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}
# What opens an account later: not for who came in by a class code, which shows only that they know a telephone number.
NEEDS_SECRET = NEEDS_CODE | {"account_set_password", "people_identity"}
CLASS_CODE = "class code"  # the way in by class code and number, as the session's records call it
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one of these
BY_PROVIDER = "provider"  # the identity provider asked for it, by settings.OIDC_SECOND_FACTOR


class MFAAdapter(DefaultMFAAdapter):
    """Keeps secrets encrypted by SECRET_KEY (and reads those of SECRET_KEY_FALLBACKS), and draws codes with segno."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Mã chưa đúng. Hãy xem đồng hồ của điện thoại có đúng giờ không, rồi nhập mã mới."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        picture = BytesIO()  # a whole file, since the page shows it as an image
        segno.make(url, error="m").save(picture, kind="svg", scale=5, light="white")  # white in the dark mode too
        return picture.getvalue().decode()

    def get_totp_label(self, user: User) -> str:
        return user.sign_in_name


def _cipher() -> MultiFernet:
    return cipher("people.second_factor")


@transaction.atomic
def add_totp(user: User, secret: str) -> None:
    """Give the user this TOTP secret (base32), instead of the one they had."""
    base64.b32decode(secret, casefold=True)  # a secret that no authenticator could read is refused here
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)


def has_totp(user: User) -> bool:
    """Whether the user has codes by the clock."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def is_set_up(user: User) -> bool:
    """Whether the user has a second factor."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_staff(user: Any) -> bool:
    """Whether the user needs a second factor."""
    if not user.is_authenticated:
        return False
    return user.is_staff or roles.without_code(user) or user.has_perm("wagtailadmin.access_admin")


def given(request: HttpRequest, user: Any) -> bool:
    """Whether the user gave a second factor in this session and still has one, or the provider asked for one."""
    kinds = {row.get("type") for row in get_authentication_records(request, user) if row["method"] == "mfa"}
    return BY_PROVIDER in kinds or (bool(kinds) and is_set_up(user))


def remember_set_up(request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """Setting up a second factor takes a code, so this session has given one (receiver of authenticator_added)."""
    record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)


class CodeStage(AuthenticateStage):
    """allauth's step of sign-in that asks for the second factor, unless it was given on the way here."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return super()._should_handle(request) and not given(request, self.login.user)


class StaffSecondFactorMiddleware:
    """Staff reach nothing under /admin/ before they have set up a second factor and given it in this session.

    Elsewhere they are learners until then (people.roles.without_code). Who has a second factor changes it only with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(partial(_marked_user, request))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """A redirect to where the second factor is set up or asked for; None lets the request through."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in OTHER_WAYS_IN:
            return _redirect(OTHER_WAYS_IN[name], request.GET.get("next") or reverse("wagtailadmin_home"))
        if name in NEEDS_SECRET:
            return _before_ways_in(request, name)
        if not request.path_info.startswith(reverse("wagtailadmin_home")) or name == "wagtailadmin_logout":
            return None
        if request.user.is_anonymous:
            return None  # Wagtail sends them to sign in
        if is_staff(request.user) and not request.user.second_factor_given:
            page = _asking_page(request.user) if is_set_up(request.user) else "mfa_activate_totp"
            return _redirect(page, request.get_full_path())
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return None


def _before_ways_in(request: HttpRequest, name: str) -> HttpResponse | None:
    """Before a page on which ways to sign in are changed; None lets the request through."""
    if shows_only_a_number(request):
        messages.info(request, _("Hãy hỏi giảng viên để nhận thẻ đăng nhập và mã PIN của ông, bà."))
        return redirect("home:my")
    if name in NEEDS_CODE and has_one_to_give(request):
        next_page = _asked_next(request) if name == "account_reauthenticate" else request.path
        return _redirect(_asking_page(request.user), next_page)
    return None


def shows_only_a_number(request: HttpRequest) -> bool:
    """Whether this session began by a class code and no secret of the person's own was given in it.

    A second factor set up in such a session proves nothing.
    """
    if not request.user.is_authenticated:
        return False
    shown = {record["method"] for record in get_authentication_records(request, request.user)}
    return CLASS_CODE in shown and shown <= {CLASS_CODE, "mfa"}


def has_one_to_give(request: HttpRequest) -> bool:
    """Whether the user has a second factor and has not given it in this session."""
    user = request.user
    return user.is_authenticated and not user.second_factor_given and is_set_up(user)


def _asking_page(user: Any) -> str:
    return "mfa_reauthenticate" if has_totp(user) else "mfa_reauthenticate_webauthn"


def _marked_user(request: HttpRequest) -> Any:
    user: Any = get_user(request)
    user.second_factor_given = user.is_authenticated and given(request, user)
    return user


def _asked_next(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or reverse("mfa_index")


def _redirect(name: str, next_page: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': next_page})}")
