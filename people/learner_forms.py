"""Forms of learners: a card's PIN, a new PIN, a request for an account."""

import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people import pins
from people.models import Audience, User
from people.models.name_fields import validate_phone
from people.phone import normalise


def keep_name_field() -> forms.BooleanField:
    """Consent to be offered on this phone; see people.shared_phone."""
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
        self.fields["keep_name"] = keep_name_field()
        self.wrong = _("Mã PIN chưa đúng. Hãy xem lại trên thẻ.") if person.pin else _("Mật khẩu chưa đúng.")


class NewPinForm(forms.Form):
    """Twice a new PIN. Those who use it set of_year and of_phone, whose digits a PIN must not have."""

    of_year: int | None = None
    of_phone: str | None = None

    pin = _pin_field(
        _("Mã PIN mới"), new=True, help_text=_("6 chữ số, dễ nhớ với mình mà người khác khó đoán. Không dùng năm sinh.")
    )
    again = _pin_field(_("Nhập lại mã PIN mới"), new=True)

    def clean_pin(self) -> str:
        return pins.validate(self.cleaned_data["pin"], birth_year=self.of_year, phone=self.of_phone)

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
    agree = forms.BooleanField(
        label=_("Tôi đã đọc và đồng ý với việc dùng dữ liệu như trên"),
        error_messages={"required": _("Hãy đọc rồi đánh dấu vào ô này nếu ông, bà đồng ý.")},
    )
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
        self.of_year, self.of_phone = self.cleaned_data.get("birth_year"), self.cleaned_data.get("phone")
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
        self.person, self.of_year, self.of_phone = person, person.birth_year, person.phone

    def clean_old(self) -> str:
        """Counted as a try at sign-in is. Raises what says so."""
        old: str = self.cleaned_data["old"]
        if not get_adapter().reauthenticate(self.person, old):
            raise ValidationError(_("Mã PIN hiện tại chưa đúng."), code="wrong")
        return old
