"""allauth's forms in our words."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people import pins
from people.models import Audience, User
from people.models.name_fields import validate_phone
from people.phone import normalise


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
        self.fields["keep_name"] = _keep_name()
        self.order_fields(["login", "password", "remember", "keep_name"])


def _keep_name() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Hiện tên tôi ở trang đăng nhập của máy này"),
        help_text=_("Lần sau chỉ cần chạm vào tên rồi nhập mã PIN. Máy chỉ giữ tên, không giữ mã PIN."),
        required=False,
    )


def _pin_field(label: Any, *, new: bool, help_text: Any = "") -> forms.CharField:
    attrs = {"inputmode": "numeric", "autocomplete": "new-password" if new else "current-password"}
    return forms.CharField(label=label, help_text=help_text, max_length=20, widget=forms.PasswordInput(attrs=attrs))


class CardForm(forms.Form):
    """The PIN of who holds a card; the password, where they chose one since."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person.pin:
            self.fields["password"] = _pin_field(_("Mã PIN gồm 6 chữ số"), new=False)
        else:
            widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
            self.fields["password"] = forms.CharField(label=_("Mật khẩu"), strip=False, widget=widget)
        self.fields["keep_name"] = _keep_name()
        self.wrong = _("Mã PIN chưa đúng. Hãy xem lại trên thẻ.") if person.pin else _("Mật khẩu chưa đúng.")


class NewPinForm(forms.Form):
    """Twice a new PIN. Those who use it set birth_year and phone, whose digits a PIN must not have."""

    birth_year: int | None = None
    phone: str | None = None

    pin = _pin_field(
        _("Mã PIN mới"), new=True, help_text=_("6 chữ số, dễ nhớ với mình mà người khác khó đoán. Không dùng năm sinh.")
    )
    again = _pin_field(_("Nhập lại mã PIN mới"), new=True)

    def clean_pin(self) -> str:
        return pins.validate(self.cleaned_data["pin"], birth_year=self.birth_year, phone=self.phone)

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "pin" in self.cleaned_data and pins.read(again) != self.cleaned_data["pin"]:
            raise ValidationError(_("Hai mã PIN mới chưa giống nhau."), code="differ")
        return again


class RegistrationForm(NewPinForm):
    """Who asks for an account, and the PIN that will open it."""

    full_name = forms.CharField(
        label=_("Họ và tên"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=30,
        required=False,
        validators=[validate_phone],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử, nếu không có điện thoại"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    birth_year = forms.IntegerField(
        label=_("Năm sinh"),
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
    )
    audiences = forms.MultipleChoiceField(
        label=_("Ông, bà là (có thể chọn nhiều)"),
        choices=Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label=_("Tôi đã đọc và đồng ý với việc dùng dữ liệu như trên"))
    field_order = ["full_name", "phone", "email", "birth_year", "audiences", "pin", "again", "agree"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pin"].label = _("Chọn mã PIN để đăng nhập")
        self.fields["again"].label = _("Nhập lại mã PIN")

    def clean_full_name(self) -> str:
        return " ".join(unicodedata.normalize("NFC", self.cleaned_data["full_name"]).split())

    def clean_phone(self) -> str | None:
        typed: str = self.cleaned_data["phone"]
        return normalise(typed) if typed else None

    def clean_email(self) -> str | None:
        return self.cleaned_data["email"] or None

    def clean_pin(self) -> str:
        self.birth_year, self.phone = self.cleaned_data.get("birth_year"), self.cleaned_data.get("phone")
        return super().clean_pin()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"phone", "email"} & set(self.errors) and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Cần số điện thoại hoặc thư điện tử để đăng nhập và để cán bộ liên hệ."))
        return cleaned


class ChangePinForm(NewPinForm):
    """The PIN of now and a new one."""

    old = _pin_field(_("Mã PIN hiện tại"), new=False)
    field_order = ["old", "pin", "again"]

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.birth_year, self.phone = person, person.birth_year, person.phone

    def clean_old(self) -> str:
        """Counted as a try at sign-in is. Raises what says so."""
        old: str = self.cleaned_data["old"]
        if not get_adapter().reauthenticate(self.person, old):
            raise ValidationError(_("Mã PIN hiện tại chưa đúng."), code="wrong")
        return old


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
            return super().clean()  # type: ignore[no-any-return]


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
