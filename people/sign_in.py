"""Sign-in by telephone number, e-mail address or user name, and how often it may be tried."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import addresses
from people.models import User

WRONG = _("Chưa đúng tên hoặc mật khẩu. Hãy xem lại, hoặc hỏi cán bộ phụ trách lớp của bạn.")


class SignInBackend(ModelBackend):
    """One field takes any of the three names; permissions are Django's."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_others: Any
    ) -> User | None:
        """The active user of that name and password, else None, in the same time either way."""
        if username is None or password is None:
            return None
        user = User.objects.named(username).first()
        if user is None:
            User().set_password(password)  # as slow as a check, so that nobody learns which names exist
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


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
        "too_many_login_attempts": _("Đã thử sai quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
        "rate_limited": _("Bạn thao tác quá nhanh. Hãy đợi một lát rồi thử lại."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by staff or from rosters; nobody registers alone."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """For allauth's limits and list of sessions."""
        return addresses.of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse too many failures for an account from one address, and for an account from anywhere.

        Never by the address alone: a whole class sits behind one. Success gives the try back (authenticate does that).
        Strangers' failures do not lock people out where they have signed in before.
        """
        account = _account_key(credentials.get("username", ""))
        used: list[ratelimit.SingleRateLimitUsage] = []
        keys = {"login_failed": f"{account} {ratelimit.get_ip(request)}"}
        if not _signed_in_before(credentials.get("username", ""), addresses.of(request)):
            keys["login_failed_anywhere"] = account
        for action, key in keys.items():
            usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not usage:
                raise self.validation_error("too_many_login_attempts")
            used += usage.usage
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(usage=used)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the password is that of the user who is signed in."""
        found = self.authenticate(context.request, username=user.sign_in_name, password=password)
        return found is not None and found.pk == user.pk


def display_name(user: User) -> str:
    """How allauth's pages call a person."""
    return str(user)


def _account_key(name: str) -> str:
    """One key for an account, whichever of its names is typed."""
    user = User.objects.named(name).only("pk").first()
    return f"user {user.pk}" if user else f"name {name.strip().lower()}"


def _signed_in_before(name: str, address: str) -> bool:
    """Whether the account has a session that began at this address."""
    return UserSession.objects.filter(user__in=User.objects.named(name), ip=address).exists()
