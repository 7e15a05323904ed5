"""Reads the cells of a roster: what a person is called, when born, by which numbers known. Each says why it cannot."""

import re
from datetime import date, datetime
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.folding import fold
from people import ethnic_groups, languages, phone
from people.models import Audience, User
from people.models.name_fields import validate_username

AUDIENCE_WORDS = {
    Audience.OFFICIALS: ("can bo dan toc", "can bo cong tac dan toc", "cong chuc dan toc", "officials"),
    Audience.COMMUNE_OFFICIALS: ("can bo xa", "cong chuc xa", "can bo cap xa", "commune officials"),
    Audience.VILLAGE_HEADS: (
        "truong thon", "truong ban", "truong ap", "truong buon", "truong xom", "to truong to dan pho", "village head",
        "village heads",
    ),
    Audience.PERSONS_OF_INFLUENCE: ("nguoi co uy tin", "ncut", "uy tin", "person of influence", "persons of influence"),
    Audience.HOUSEHOLDS: ("ho gia dinh", "ho", "kinh te ho", "household", "households"),
    Audience.COOPERATIVES: ("hop tac xa", "htx", "cooperative", "cooperatives"),
    Audience.ENTERPRISES: ("doanh nghiep", "enterprise", "enterprises"),
}  # fmt: skip
GENDERS = {
    "nam": User.Gender.MALE,
    "male": User.Gender.MALE,
    "m": User.Gender.MALE,
    "nu": User.Gender.FEMALE,
    "female": User.Gender.FEMALE,
    "f": User.Gender.FEMALE,
    "khac": User.Gender.OTHER,
    "other": User.Gender.OTHER,
}

# Signs that no Vietnamese name has, nor one of its peoples: what TCVN3 and VNI put in the place of letters.
OTHER_ENCODING = re.compile("[¨©ª«¬®µ¶·¸¹»¼½¾ÆÇËÎÏÖ×ØÛÜÞßäåæçëîïöø÷ûüþ]")


class Unclear(ValueError):
    """Raised when a cell cannot be read; the message says why and what to write."""


def read_name(text: str) -> str:
    """A full name: letters, at least two of them."""
    if not text:
        raise Unclear(_("Hãy ghi họ và tên."))
    if sum(sign.isalpha() for sign in text) < 2 or re.search(r"[0-9@<>=]", text):
        raise Unclear(_("Họ và tên chỉ gồm chữ. Hãy xem có nhầm cột không."))
    if OTHER_ENCODING.search(text):
        raise Unclear(_("Chữ gõ bằng phông cũ (TCVN3, VNI). Hãy chuyển cả tệp sang Unicode rồi tải lại."))
    if len(text) > 150:
        raise Unclear(_("Họ và tên dài quá 150 ký tự."))
    return text


def read_phone(text: str) -> str:
    """E.164; a zero that Excel left out is put back, an apostrophe before or ".0" after it is left out."""
    text = text.removeprefix("'").removesuffix(".0")
    try:
        return phone.normalise("0" + text if re.fullmatch(r"[1-9](?:[ .-]*[0-9]){8}", text) else text)
    except phone.NotANumber as error:
        raise Unclear(_("Số điện thoại chưa đúng. Hãy ghi đủ 10 chữ số, ví dụ 0912 345 678; mỗi ô một số.")) from error


def whole_id(text: str) -> str:
    """An identity number with the zeros that Excel left out before it; new ones of all who were born here have some."""
    text = text.removeprefix("'").removesuffix(".0")
    if re.fullmatch(r"[0-9]{10,11}", text):
        return text.zfill(12)
    return text.zfill(9) if re.fullmatch(r"[0-9]{8}", text) else text


def read_email(text: str) -> str:
    """An address in one spelling."""
    try:
        validate_email(text)
    except ValidationError as error:
        raise Unclear(_("Thư điện tử chưa đúng. Ví dụ: ten@gmail.com. Không có thì để trống.")) from error
    return text.lower()


def read_username(text: str) -> str:
    """A user name in one spelling."""
    try:
        validate_username(text.lower())
    except ValidationError as error:
        raise Unclear(" ".join(error.messages)) from error
    return text.lower()


def read_day(text: str) -> date:
    """A day as 31/12/2026, 31-12-2026, 31.12.2026 or 2026-12-31."""
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.split(" ", maxsplit=1)[0], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unclear(_("Hãy ghi ngày như 31/12/2026."))


def read_gender(text: str) -> str:
    """One of User.Gender."""
    if gender := GENDERS.get(fold(text)):
        return gender
    raise Unclear(_("Giới tính ghi là Nam, Nữ hoặc Khác."))


def read_ethnic_group(text: str) -> str:
    """A code of the state list."""
    found = ethnic_groups.candidates(text)
    if len(found) == 1:
        return found[0].code
    if found:
        names = ", ".join(group.name for group in found)
        raise Unclear(
            _("“%(name)s” là tên gọi của nhiều dân tộc: %(names)s. Hãy ghi rõ.") % {"name": text, "names": names}
        )
    names_by_key = {fold(group.name): group.name for group in ethnic_groups.groups().values()}
    near = get_close_matches(fold(text), names_by_key, n=3, cutoff=0.6)
    hint = " " + _("Có phải: %(names)s?") % {"names": "; ".join(names_by_key[each] for each in near)} if near else ""
    raise Unclear(_("Danh mục 54 dân tộc không có tên “%(name)s”.%(near)s") % {"name": text, "near": hint})


def read_languages(text: str) -> list[str]:
    """Codes, of names or codes between commas."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;,/]", text))):
        code = languages.find(part)
        if code is None:
            raise Unclear(_("Chưa biết ngôn ngữ “%(name)s”. Hãy ghi như: Mông; Thái; Khmer.") % {"name": part[:60]})
        if code not in found:
            found.append(code)
    return found


def read_audiences(text: str) -> list[str]:
    """Of several between semicolons (or commas, where that is not part of a name)."""
    whole = _audience(text)
    if whole:
        return [whole]
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;,\n]| và ", text))):
        audience = _audience(part)
        if audience is None:
            choices = "; ".join(str(label) for label in Audience.labels)
            raise Unclear(
                _("Chưa biết nhóm đối tượng “%(name)s”. Hãy ghi một trong: %(choices)s.")
                % {"name": part[:60], "choices": choices}
            )
        if audience not in found:
            found.append(audience)
    return found


def _audience(text: str) -> str | None:
    key = re.sub(r"[\W_]+", " ", fold(text)).strip()
    for audience, words in AUDIENCE_WORDS.items():
        if key in words or key in (audience.value, re.sub(r"[\W_]+", " ", fold(str(audience.label))).strip()):
            return audience.value
    return None
