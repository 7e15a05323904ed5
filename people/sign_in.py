"""Sign-in by telephone number, e-mail address or user name."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from people.models import User


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
