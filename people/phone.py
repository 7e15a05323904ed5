"""Telephone numbers in one spelling: E.164."""

import re
import unicodedata


class NotANumber(ValueError):
    """Raised when a text is no telephone number."""


def normalise(text: str) -> str:
    """E.164 of what a person typed: spaces, dots, hyphens and brackets go, a leading 0 or 84 becomes +84.

    Another country's number begins with + or 00. A Vietnamese number has nine digits after +84, one of a
    landline (2) or of before 2018 (1) ten.
    """
    compact = re.sub(r"[\s.\-()·]", "", unicodedata.normalize("NFKC", text))
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    elif compact.startswith("0"):
        compact = "+84" + compact[1:]
    elif re.fullmatch(r"84[0-9]{9,10}", compact):
        compact = "+" + compact
    compact = re.sub(r"^\+840", "+84", compact)  # "+84 (0) 912 345 678"
    pattern = r"\+84([13-9][0-9]{8}|[12][0-9]{9}|2[0-9]{8})" if compact.startswith("+84") else r"\+[1-9][0-9]{6,14}"
    if not re.fullmatch(pattern, compact):
        raise NotANumber(text)
    return compact
