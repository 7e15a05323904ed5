"""allauth's forms in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from people.learner_forms import keep_name_field


class SignInForm(account.LoginForm):
    """One field for any name, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Số điện thoại, e-mail hoặc tên đăng nhập"),
            max_length=254,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "autocorrect": "off",
                    "spellcheck": "false",
                }
            ),
        )
        self.fields["password"].label = _("Mật khẩu hoặc mã PIN")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Nhớ tôi trên máy này")
        self.fields["keep_name"] = keep_name_field()
        self.order_fields(["login", "password", "remember", "keep_name"])


class _TwiceTheSame:
    """Says in our words when the two new passwords differ, and labels them."""

    fields: dict[str, forms.Field]
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Mật khẩu mới")
        self.fields["password1"].help_text = _("Ít nhất 8 ký tự. Một câu ngắn dễ nhớ là tốt nhất.")
        self.fields["password2"].label = _("Nhập lại mật khẩu mới")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}  # type: ignore[arg-type]
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Hai mật khẩu mới chưa giống nhau."))  # type: ignore[attr-defined]
        return cleaned


class ChangePasswordForm(_TwiceTheSame, account.ChangePasswordForm):
    """The old password and twice the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Mật khẩu hoặc mã PIN hiện tại")
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(_TwiceTheSame, account.SetPasswordForm):
    """Twice a first password."""


class ResetPasswordKeyForm(_TwiceTheSame, account.ResetPasswordKeyForm):
    """Twice a new password, after the link in a mail."""


class ResetPasswordForm(account.ResetPasswordForm):
    """The address to send the link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Địa chỉ e-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Mật khẩu hoặc mã PIN")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class _Code:
    """The field for a code, labelled in our words."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Mã xác thực")
        self.fields["code"].widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        )


class CodeForm(_Code, mfa.AuthenticateForm):
    """The code at sign-in."""


class CodeAgainForm(_Code, mfa.ReauthenticateForm):
    """The code before something that matters."""


class SetUpCodeForm(_Code, totp.ActivateTOTPForm):
    """The first code, which shows that the authenticator has the secret."""


class _KeyName:
    """The field for a key's name, labelled in our words."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Tên khóa, để phân biệt")
        self.fields["name"].widget.attrs["maxlength"] = 60


class AddKeyForm(_KeyName, webauthn.AddWebAuthnForm):
    """A new security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": {"name": str(_("Khóa bảo mật"))}})

    def clean(self) -> dict[str, Any]:
        with _as_wrong_answer():
            return super().clean()


class UseKeyForm(webauthn.AuthenticateWebAuthnForm):
    """A security key at sign-in."""

    def clean_credential(self) -> Any:
        with _as_wrong_answer():
            return super().clean_credential()


class UseKeyAgainForm(webauthn.ReauthenticateWebAuthnForm):
    """A security key before something that matters."""

    def clean_credential(self) -> Any:
        with _as_wrong_answer():
            return super().clean_credential()


@contextmanager
def _as_wrong_answer() -> Iterator[None]:
    """What no key would send is told as a wrong answer; the library stumbles over it."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


class RenameKeyForm(_KeyName, webauthn.EditWebAuthnForm):
    """Another name for a security key."""
