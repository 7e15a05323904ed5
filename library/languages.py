"""Names of languages by their MARC code (ISO 639-2/B), and by ISO 639-3 for those of Viet Nam that MARC lacks."""

from typing import Final

from django.utils.translation import gettext_lazy as _

NAMES: Final = {
    "vie": _("Tiếng Việt"),
    "eng": _("Tiếng Anh"),
    "fre": _("Tiếng Pháp"),
    "chi": _("Tiếng Trung"),
    "rus": _("Tiếng Nga"),
    "ger": _("Tiếng Đức"),
    "jpn": _("Tiếng Nhật"),
    "kor": _("Tiếng Hàn"),
    "spa": _("Tiếng Tây Ban Nha"),
    "por": _("Tiếng Bồ Đào Nha"),
    "ita": _("Tiếng Ý"),
    "lat": _("Tiếng Latinh"),
    "tha": _("Tiếng Thái Lan"),
    "lao": _("Tiếng Lào"),
    "khm": _("Tiếng Khmer"),
    "hmn": _("Tiếng Mông"),
    "cjm": _("Tiếng Chăm"),
    "cmc": _("Các tiếng Chăm"),
    "tai": _("Các tiếng Tày – Thái"),
    "mkh": _("Các tiếng Môn – Khmer"),
    "map": _("Các tiếng Nam Đảo"),
    "sit": _("Các tiếng Hán – Tạng"),
    "tyz": _("Tiếng Tày"),
    "nut": _("Tiếng Nùng"),
    "blt": _("Tiếng Thái Đen"),
    "twh": _("Tiếng Thái Trắng"),
    "mtq": _("Tiếng Mường"),
    "rad": _("Tiếng Ê-đê"),
    "jra": _("Tiếng Gia-rai"),
    "bdq": _("Tiếng Ba-na"),
    "hnn": _("Tiếng Hà Nhì"),
    "ium": _("Tiếng Dao"),
    "kpm": _("Tiếng Cơ-ho"),
    "sed": _("Tiếng Xơ-đăng"),
    "hre": _("Tiếng Hrê"),
    "stt": _("Tiếng Xtiêng"),
    "bru": _("Tiếng Bru – Vân Kiều"),
    "mul": _("Nhiều thứ tiếng"),
}

# The two-letter codes with which the pages and the index name a language.
SHORT: Final = {
    "vie": "vi",
    "eng": "en",
    "fre": "fr",
    "chi": "zh",
    "rus": "ru",
    "ger": "de",
    "jpn": "ja",
    "kor": "ko",
    "spa": "es",
    "por": "pt",
    "ita": "it",
    "lat": "la",
    "tha": "th",
    "lao": "lo",
    "khm": "km",
}


def short(code: str) -> str:
    """The code for the index and for HTML: two letters where there are, else the three; "und" for none."""
    return SHORT.get(code, code or "und")


def name(code: str) -> str:
    """The language's name, or its code where we have none."""
    return str(NAMES.get(code, code))
