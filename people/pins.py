"""PINs: six digits that stand in for a password, for learners without e-mail. Staff have none.

A PIN is stored in the password's place by the password hasher, keyed by SECRET_KEY before: of a million PINs a stolen
table alone tells none. It is guarded by stricter limits on tries than a password (people.attempts).
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import hashers
from django.core.exceptions import ValidationError
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from people.models import User

DIGITS = 6
FEWEST = 3  # different digits


def read(typed: str) -> str | None:
    """The PIN in what a person typed ("123 456", digits of any script); None where that is no PIN."""
    compact = re.sub(r"[\s.-]", "", unicodedata.normalize("NFKC", typed))
    if len(compact) != DIGITS or not compact.isdecimal():
        return None
    return "".join(str(unicodedata.decimal(sign)) for sign in compact)


def new(user: "User") -> str:
    """A random PIN that is not weak for this person."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if weakness(pin, birth_year=user.birth_year, phone=user.phone) is None:
            return pin


def validate(typed: str, *, birth_year: int | None = None, phone: str | None = None) -> str:
    """The PIN that was typed; ValidationError says what is wrong with it."""
    pin = read(typed)
    if pin is None:
        raise ValidationError(_("Mã PIN gồm đúng 6 chữ số."), code="pin")
    if (why := weakness(pin, birth_year=birth_year, phone=phone)) is not None:
        raise ValidationError(why, code="weak_pin")
    return pin


def weakness(pin: str, *, birth_year: int | None = None, phone: str | None = None) -> str | None:
    """Why others would guess the PIN soon; None where they would not."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(set(pin)) < FEWEST or steps in ({1}, {9}) or pin[:3] == pin[3:] or pin[:3] == pin[:2:-1]:
        return str(_("Mã này dễ đoán vì các chữ số lặp lại hoặc liền nhau. Hãy chọn mã khác."))
    if birth_year and (str(birth_year) in pin or pin.endswith(f"19{birth_year % 100:02}")):
        return str(_("Mã này có năm sinh nên dễ đoán. Hãy chọn mã khác."))
    digits = re.sub(r"\D", "", phone or "")
    if pin in digits or pin in f"0{digits[2:]}":
        return str(_("Mã này lấy từ số điện thoại nên dễ đoán. Hãy chọn mã khác."))
    return None


def encode(uuid: object, pin: str) -> str:
    """What is stored in the password's place."""
    return hashers.make_password(_keyed(uuid, pin, settings.SECRET_KEY))


def check(uuid: object, typed: str, encoded: str) -> bool:
    """Whether the typed PIN is the stored one; as slow for what is no PIN."""
    pin = read(typed) or ""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any([hashers.check_password(_keyed(uuid, pin, key), encoded) for key in keys]) and bool(pin)  # noqa: C419 - the same time for each key


def _keyed(uuid: object, pin: str, key: str | bytes) -> str:
    return hmac.new(force_bytes(key), f"people.pins {uuid} {pin}".encode(), hashlib.sha256).hexdigest()
