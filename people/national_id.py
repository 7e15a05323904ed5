"""National identity numbers: read, judged, sealed and matched without being readable in the database.

The number is encrypted by core.encryption, and found by a keyed hash. Both keys come from SECRET_KEY; after it changed,
those of SECRET_KEY_FALLBACKS still read and find.
"""

import re

from django.utils.translation import gettext as _

from core import encryption
from core.encryption import InvalidToken, cipher

PURPOSE = "people.national_id"
MASK = "•"
SHOWN = 3  # digits at the end that a masked number shows
# The code of the province of birth that the first three digits are; from 100 on they are countries.
PROVINCES = frozenset(
    f"{number:03}"
    for number in (
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44,
        45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89,
        91, 92, 93, 94, 95, 96,
    )
)  # fmt: skip
FIRST_COUNTRY = "100"


class NotAnId(ValueError):
    """Raised when a text is no identity number, or not this person's; the message says why."""


def read(text: str, *, birth_year: int | None = None, gender: str = "") -> str:
    """The digits of a number as typed. Raises NotAnId.

    Twelve digits: province or country of birth, century with gender, two digits of the birth year, six by chance. The
    old number has nine digits that say nothing.
    """
    digits = re.sub(r"[\s.\-]", "", text)
    if re.fullmatch(r"[0-9]{9}", digits):
        return digits
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise NotAnId(_("Số căn cước có 12 chữ số, số chứng minh nhân dân cũ có 9 chữ số."))
    if digits[:3] not in PROVINCES and digits[:3] < FIRST_COUNTRY:
        raise NotAnId(_("Ba chữ số đầu của số căn cước không phải mã tỉnh nào. Hãy xem lại."))
    born = birth_year_of(digits)
    if born is None:
        raise NotAnId(_("Chữ số thứ tư của số căn cước phải từ 0 đến 3. Hãy xem lại."))
    if birth_year is not None and born != birth_year:
        raise NotAnId(
            _("Số căn cước là của người sinh năm %(born)d, nhưng năm sinh ghi là %(given)d. Hãy xem lại cả hai.")
            % {"born": born, "given": birth_year}
        )
    if gender in {"male", "female"} and gender != gender_of(digits):
        raise NotAnId(_("Chữ số thứ tư của số căn cước không khớp với giới tính. Hãy xem lại cả hai."))
    return digits


def birth_year_of(digits: str) -> int | None:
    """What a number of twelve digits says of its owner's birth; None for the old ones and the impossible."""
    if len(digits) != 12 or digits[3] not in "0123":
        return None
    return 1900 + int(digits[3]) // 2 * 100 + int(digits[4:6])


def gender_of(digits: str) -> str:
    """The same of the gender: the fourth digit is even for men."""
    return "female" if int(digits[3]) % 2 else "male"


def masked(digits: str) -> str:
    """The number as pages show it: its last digits."""
    return MASK * (len(digits) - SHOWN) + digits[-SHOWN:] if digits else ""


def seal(digits: str) -> str:
    """The number encrypted."""
    return cipher(PURPOSE).encrypt(digits.encode()).decode()


def open_sealed(sealed: str) -> str:
    """The number again; empty where its key is lost."""
    try:
        return cipher(PURPOSE).decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def match_key(digits: str) -> str:
    """What is stored to find the number by."""
    return match_keys(digits)[0]


def match_keys(digits: str) -> list[str]:
    """What may be stored for the number: by the key of today first, then by former ones."""
    return encryption.match_keys(PURPOSE, digits)
