"""Viet Nam's tax code of organisations (mã số thuế): ten digits, the last a check digit; a branch has three more."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def normalise(text: str) -> str:
    """One spelling: "0100 109 106 001" is "0100109106-001"; what is no tax code stays as it is, without blanks."""
    code = re.sub(r"[\s.]", "", text)
    digits = code.replace("-", "")
    return f"{digits[:10]}-{digits[10:]}" if re.fullmatch(r"[0-9]{13}", digits) else code


def is_valid(code: str) -> bool:
    """Whether a normalised code has the right form and check digit."""
    if not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", code) or code.endswith("-000"):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=False))
    return int(code[9]) == 10 - total % 11


def validate_tax_code(value: str) -> None:
    """Refuse what is no tax code, a mistyped digit included."""
    if not is_valid(normalise(value)):
        raise ValidationError(
            _("Mã số thuế gồm 10 chữ số (chi nhánh: thêm 3 chữ số sau dấu gạch). Hãy kiểm tra lại từng chữ số."),
            code="tax_code",
        )
