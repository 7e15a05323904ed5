"""allauth's forms in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _


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
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Nhớ tôi trên máy này")
        self.order_fields(["login", "password", "remember"])


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
        self.fields["oldpassword"].label = _("Mật khẩu hiện tại")
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
        self.fields["password"].label = _("Mật khẩu")
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
