"""Forms for coming into a class by its code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models.name_fields import validate_phone
from people.phone import normalise


class CodeForm(forms.Form):
    """The code of a class, as it is typed."""

    code = forms.CharField(
        label=_("Mã lớp"),
        help_text=_("Có trên tờ giấy của lớp, ví dụ ACDK-3479. Chữ hoa hay chữ thường đều được."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PhoneForm(forms.Form):
    """The number by which the class knows its learner; the PIN where one is needed."""

    phone = forms.CharField(
        label=_("Số điện thoại của ông, bà"),
        max_length=30,
        validators=[validate_phone],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    password = forms.CharField(
        label=_("Mã PIN hoặc mật khẩu"),
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_phone(self) -> str:
        return normalise(self.cleaned_data["phone"])

    def ask_secret(self) -> None:
        """The PIN is asked for on the page that comes now."""
        self.fields["password"].widget.attrs["autofocus"] = True
