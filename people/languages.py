"""The languages that people here speak: one list, for people and for content. Codes are those of BCP 47."""

import re
from functools import cache

from core.folding import fold


def gettext_noop(text: str) -> str:
    """Marks a message, as Django's own does; that one would ask for the settings, which read this list."""
    return text


LANGUAGES = {
    "vi": "Tiếng Việt",
    "bdq": "Tiếng Ba-na",
    "bru": "Tiếng Bru - Vân Kiều",
    "cjm": "Tiếng Chăm",
    "crw": "Tiếng Chơ-ro",
    "cje": "Tiếng Chu-ru",
    "scb": "Tiếng Chứt",
    "cua": "Tiếng Co",
    "kpm": "Tiếng Cơ-ho",
    "ktv": "Tiếng Cơ-tu",
    "cnc": "Tiếng Cống",
    "ium": "Tiếng Dao",
    "rad": "Tiếng Ê-đê",
    "jra": "Tiếng Gia-rai",
    "pcc": "Tiếng Giáy, Bố Y",
    "jeh": "Tiếng Giẻ",
    "hni": "Tiếng Hà Nhì",
    "zh": "Tiếng Hoa",
    "hre": "Tiếng Hrê",
    "kjm": "Tiếng Kháng",
    "km": "Tiếng Khmer",
    "kjg": "Tiếng Khơ-mú",
    "lbt": "Tiếng La Chí",
    "lha": "Tiếng La Ha",
    "lhu": "Tiếng La Hủ",
    "lo": "Tiếng Lào",
    "khb": "Tiếng Lự",
    "cma": "Tiếng Mạ",
    "zng": "Tiếng Mảng",
    "cmo": gettext_noop("Tiếng Mnông"),
    "hmn": "Tiếng Mông",
    "mtq": "Tiếng Mường",
    "nut": "Tiếng Nùng",
    "tyh": "Tiếng Ơ Đu",
    "pha": "Tiếng Pà Thẻn",
    "laq": "Tiếng Pu Péo",
    "rog": "Tiếng Ra-glai",
    "rmx": "Tiếng Rơ-măm",
    "mlc": "Tiếng Sán Chay",
    "slt": "Tiếng Si La",
    "tth": "Tiếng Tà-ôi",
    "tyz": "Tiếng Tày",
    "blt": gettext_noop("Tiếng Thái"),
    "tou": "Tiếng Thổ",
    "stg": "Tiếng Triêng",
    "puo": "Tiếng Xinh-mun",
    "sed": "Tiếng Xơ-đăng",
    "sti": "Tiếng Xtiêng",
    "brb": "Tiếng Brâu",
    "en": "Tiếng Anh",
}
# In its own writing, where that is known for certain.
OWN_NAMES = {
    "vi": "Tiếng Việt",
    "en": "English",
    "cjm": "ꨌꩌ",
    "rad": "Klei Êđê",
    "jra": "Tơlơi Jrai",
    "km": "ភាសាខ្មែរ",
    "blt": "ꪼꪕꪒꪾ",
    "lo": "ພາສາລາວ",
    "zh": "中文",
}
OTHER_SPELLINGS = {
    "kinh": "vi", "viet": "vi", "pho thong": "vi", "hmong": "hmn", "h mong": "hmn", "meo": "hmn", "ede": "rad",
    "jarai": "jra", "jrai": "jra", "khome": "km", "kho me": "km", "bahnar": "bdq", "bana": "bdq", "ba na": "bdq",
    "sedang": "sed", "k ho": "kpm", "koho": "kpm", "van kieu": "bru", "bru": "bru", "giay": "pcc", "bo y": "pcc",
    "gie trieng": "jeh", "cao lan": "mlc", "katu": "ktv", "raglai": "rog", "m nong": "cmo", "han": "zh",
    "trung": "zh", "trung quoc": "zh", "english": "en",
}  # fmt: skip


def find(text: str) -> str | None:
    """The code of a language by its code or name, with or without marks and the word "tiếng"; None if unknown."""
    code = text.strip().lower()
    return code if code in LANGUAGES else _names().get(_key(text))


def name_of(code: str) -> str:
    """The language's Vietnamese name; the code itself where it is not in the list."""
    return LANGUAGES.get(code, code)


def own_name_of(code: str) -> str:
    """What its speakers call it in their writing; the Vietnamese name where we do not know for certain."""
    return OWN_NAMES.get(code) or name_of(code)


def both_names_of(code: str) -> str:
    """For who cannot read that writing, or whose computer cannot show it: Tiếng Khmer (ភាសាខ្មែរ)."""
    name, own = name_of(code), own_name_of(code)
    return name if name == own else f"{name} ({own})"


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"^tieng\s+", "", fold(text)))


@cache
def _names() -> dict[str, str]:
    named = {_key(name): code for code, name in LANGUAGES.items()}
    return named | {_key(name): code for name, code in OTHER_SPELLINGS.items()}
