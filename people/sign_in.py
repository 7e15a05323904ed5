"""Sign-in by telephone number, e-mail address or user name, with a password or PIN; and by something else."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import context
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from core import addresses
from people import attempts, consent, second_factor
from people.exceptions import MayNotEnter
from people.models import Registration, User

WRONG = _("Chưa đúng tên, mật khẩu hoặc mã PIN. Hãy xem lại, hoặc hỏi cán bộ phụ trách lớp của ông, bà.")


class SignInBackend(ModelBackend):
    """One field takes any of the three names; permissions are Django's."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_others: Any
    ) -> User | None:
        """The active user of that name and password or PIN, else None, in the same time either way."""
        if username is None or password is None:
            return None
        user = User.objects.named(username).first()
        if user is None:
            registration = Registration.objects.newest_of(username)
            if registration is None:
                User().set_password(password)  # as slow as a check, so that nobody learns which names exist
            elif registration.check_pin(password) and request is not None:
                request.registration_waits = True  # type: ignore[attr-defined]
            return None
        if not user.check_password(password) or not self.user_can_authenticate(user):
            return None
        return None if user.pin and second_factor.is_staff(user) else user  # became staff after the PIN was made


class AccountAdapter(DefaultAccountAdapter):
    """allauth's account pages, with our names, words and limits."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "account_inactive": _("Tài khoản này đã bị khóa."),
        "enter_current_password": _("Mật khẩu hiện tại chưa đúng."),
        "incorrect_password": _("Mật khẩu chưa đúng."),
        "incorrect_code": _("Mã chưa đúng."),
        "invalid_password_reset": _("Đường dẫn đặt lại mật khẩu đã hết hạn hoặc đã được dùng."),
        "registration_waits": _("Đơn đăng ký của ông, bà đang chờ cán bộ xác nhận. Xin thử lại sau."),
        "too_many_login_attempts": _("Đã thử sai quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
        "rate_limited": _("Ông, bà thao tác quá nhanh. Hãy đợi một lát rồi thử lại."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by staff or from rosters; nobody registers alone."""
        return False

    def get_login_stages(self) -> list[str]:
        """What comes after the password."""
        return ["people.second_factor.CodeStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """For allauth's limits and list of sessions."""
        return addresses.of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse what was tried too often. Success gives the try back (authenticate does that)."""
        try:
            self._login_failed_rl_usage = attempts.count(
                request, credentials.get("username", ""), credentials.get("password", "")
            )
        except attempts.TooMany as error:
            raise self.validation_error("too_many_login_attempts") from error

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Who knows the PIN of a request for an account is told that it waits."""
        if getattr(request, "registration_waits", False):
            raise self.validation_error("registration_waits")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """At the first sign-in first the page that says what is done with one's data."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if isinstance(response, HttpResponseRedirect) and consent.is_due(user):
            return consent.page(request, response.url)
        return response

    def logout(self, request: HttpRequest) -> None:
        """What was still to be said to this person is not said to the next one on the same phone."""
        list(messages.get_messages(request))
        super().logout(request)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the password is that of the user who is signed in."""
        found = self.authenticate(context.request, username=user.sign_in_name, password=password)
        return found is not None and found.pk == user.pk


def display_name(user: User) -> str:
    """How allauth's pages call a person."""
    return str(user)


def enter(request: HttpRequest, user: User, *, method: str) -> HttpResponse:
    """Sign a learner in who showed something else than a password: a card, a class code, an identity.

    method is kept in the session's list of what was shown, and in allauth's list of sessions. The answer leads on to
    ?next= (within the site), to a second factor that the learner has set up, or to /my/.
    Raises MayNotEnter for staff and for closed accounts.
    """
    if not user.is_active or second_factor.is_staff(user):
        raise MayNotEnter(user.pk)
    if request.user.is_authenticated:
        AccountAdapter(request).logout(request)
    record_authentication(request, user, method=method)
    return perform_login(request, Login(user=user))
