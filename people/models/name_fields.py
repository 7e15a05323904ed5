"""Fields whose values have one spelling: stored so, and looked up so, however they are typed."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from people import phone


class OneSpellingField(models.CharField):
    """Text brought to one spelling before it is stored or compared exactly; empty text becomes NULL."""

    def spelling(self, value: str) -> str:
        """The one spelling of a value."""
        return unicodedata.normalize("NFKC", value).strip().lower()

    def to_python(self, value: Any) -> str | None:
        value = super().to_python(value)
        return (self.spelling(value) or None) if value else None

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return (self.spelling(value) or None) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class PhoneField(OneSpellingField):
    """A telephone number in E.164, such as +84912345678; 0912 345 678 is understood as Vietnamese."""

    def spelling(self, value: str) -> str:
        """The number in E.164; what is no number stays as it is and is refused by validation."""
        try:
            return phone.normalise(value)
        except phone.NotANumber:
            return value.strip()


def validate_phone(value: str) -> None:
    """Refuse what is no telephone number."""
    try:
        phone.normalise(value)
    except phone.NotANumber as error:
        raise ValidationError(_("Hãy nhập số điện thoại đầy đủ, ví dụ 0912 345 678."), code="phone") from error


def validate_username(value: str) -> None:
    """A user name can be typed on any phone and taken for neither a telephone number nor an e-mail address."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", value) or not re.search(r"[a-z]", value):
        raise ValidationError(
            _("Tên đăng nhập gồm chữ cái không dấu, chữ số và . _ - và phải có ít nhất một chữ cái."), code="username"
        )
